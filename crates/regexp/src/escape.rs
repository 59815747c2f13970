//! Backslashes: reading them, writing them.

use crate::fault::{Fault, readable};

/// What stands for itself behind a backslash, or for many.
pub(crate) enum Escape {
    /// `\n`, `\x41`, `\.`; `None` for a surrogate, `\x{D800}`.
    Char(Option<char>),
    /// `\d`, `\pL`: what to write inside brackets of the crate.
    Class(String),
}

/// Reads an escape at the start of `text`; returns it and what follows.
/// (`parseUnicodeClass`, `parsePerlClassEscape`, `parseEscape`)
pub(crate) fn parse(
    text: &str,
    unreadable: Option<char>,
) -> Result<(Escape, &str), Fault<'_>> {
    let rest = text.get(1..).unwrap_or_default();
    readable(rest, unreadable)?;
    let Some(c) = rest.chars().next() else {
        return Err(Fault { code: "trailing backslash at end of expression", at: "" });
    };
    let rest = rest.get(c.len_utf8()..).unwrap_or_default();
    let perl = match c {
        'd' => "0-9",
        'D' => "[^0-9]",
        's' => r"\t\n\x0C\r\x20",
        'S' => r"[^\t\n\x0C\r\x20]",
        'w' => "0-9A-Za-z_",
        'W' => "[^0-9A-Za-z_]",
        'p' | 'P' => return parse_unicode(text),
        _ => return parse_char(text, c, rest).map(|(c, rest)| (Escape::Char(c), rest)),
    };
    Ok((Escape::Class(perl.to_owned()), rest))
}

/// Reads `\pL`, `\p{Greek}`, `\P{^Greek}`. (`parseUnicodeClass`)
///
/// Names are matched loosely by both, since Go 1.25.
fn parse_unicode(text: &str) -> Result<(Escape, &str), Fault<'_>> {
    let fail = |at| Err(Fault { code: "invalid character class range", at });
    let body = text.get(2..).unwrap_or_default();
    let (name, len) = match body.chars().next() {
        None => return fail(text),
        Some('{') => match body.find('}') {
            None => return fail(text),
            Some(end) => (body.get(1..end).unwrap_or_default(), end + 1),
        },
        Some(c) => (body.get(..c.len_utf8()).unwrap_or_default(), c.len_utf8()),
    };
    let (sequence, rest) = text.split_at_checked(2 + len).unwrap_or((text, ""));
    let negated = name.starts_with('^') != text.starts_with(r"\P");
    let name = name.strip_prefix('^').unwrap_or(name);
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ');
    let class = format!(r"\{}{{{name}}}", if negated { 'P' } else { 'p' });
    let known = !name.is_empty()
        && name.chars().all(is_word)
        && regex::Regex::new(&class).is_ok();
    match known {
        true => Ok((Escape::Class(class), rest)),
        false => fail(sequence),
    }
}

/// Reads the escape of one character, `c`, with `rest` behind it. (`parseEscape`)
fn parse_char<'p>(
    text: &'p str,
    c: char,
    rest: &'p str,
) -> Result<(Option<char>, &'p str), Fault<'p>> {
    let octal =
        |n: usize| rest.as_bytes().get(n).is_some_and(|b| (b'0'..=b'7').contains(b));
    let mut after = rest;
    let value = match c {
        '0'..='7' if c == '0' || octal(0) => {
            let more = (0..2).take_while(|&n| octal(n)).count();
            let digits = text.get(1..2 + more).unwrap_or_default();
            after = rest.get(more..).unwrap_or_default();
            u32::from_str_radix(digits, 8).ok()
        }
        'x' => {
            let (value, behind) = parse_hex(rest);
            after = behind;
            value
        }
        'a' => Some(7),
        'f' => Some(12),
        'n' => Some(10),
        'r' => Some(13),
        't' => Some(9),
        'v' => Some(11),
        _ if c.is_ascii() && !c.is_ascii_alphanumeric() => Some(u32::from(c)),
        _ => None,
    };
    let Some(value) = value else {
        let at = text.get(..text.len() - after.len()).unwrap_or(text);
        return Err(Fault { code: "invalid escape sequence", at });
    };
    Ok((char::from_u32(value), after))
}

/// Reads `41` or `{1F600}`; what follows is where Go stopped reading, also on a fault.
fn parse_hex(text: &str) -> (Option<u32>, &str) {
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return (None, text) };
    if first != '{' {
        let second = chars.next();
        let value = first.to_digit(16).zip(second.and_then(|c| c.to_digit(16)));
        return (value.map(|(high, low)| high * 16 + low), chars.as_str());
    }
    let mut value = None;
    while let Some(c) = chars.next() {
        if c == '}' {
            return (value, chars.as_str());
        }
        let Some(digit) = c.to_digit(16) else { break };
        let next = value.unwrap_or(0) * 16 + digit;
        if next > 0x10_FFFF {
            break;
        }
        value = Some(next);
    }
    (None, chars.as_str())
}

/// Writes text so that it matches itself. (`QuoteMeta`)
#[must_use]
pub fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}
