//! Bracket classes: `[^a-z\d[:upper:]]`. (`parseClass`)

use std::fmt::Write as _;

use crate::escape::{self, Escape};
use crate::fault::{Fault, readable};

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print",
    "punct", "space", "upper", "word", "xdigit",
];

/// Translates the class at the start of `text`; returns it and what follows.
pub(crate) fn translate(
    text: &str,
    unreadable: Option<char>,
) -> Result<(String, &str), Fault<'_>> {
    let mut out = String::from("[");
    let mut rest = text.get(1..).unwrap_or_default();
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    // `]` is an ordinary character if it comes first.
    let mut first = true;
    while first || !rest.starts_with(']') {
        first = false;
        rest = item((text, unreadable), rest, &mut out)?;
    }
    out.push(']');
    Ok((out, rest.get(1..).unwrap_or_default()))
}

/// Translates one item: a named class, an escape, a character or a range.
///
/// `whole` is the class, with what stands in it for bytes that are no UTF-8.
fn item<'p>(
    whole: (&'p str, Option<char>),
    text: &'p str,
    out: &mut String,
) -> Result<&'p str, Fault<'p>> {
    if let Some((name, rest)) = posix(text)? {
        out.push_str(name);
        return Ok(rest);
    }
    let (low, rest) = match character(whole, text)? {
        (Escape::Class(class), rest) => {
            out.push_str(&class);
            return Ok(rest);
        }
        (Escape::Char(c), rest) => (c, rest),
    };
    // `[a-]` is `a` or `-`.
    let is_range = rest.starts_with('-') && rest.len() > 1 && !rest.starts_with("-]");
    if !is_range {
        push_range(out, low.unwrap_or('\u{E000}'), low.unwrap_or('\u{D7FF}'));
        return Ok(rest);
    }
    let behind = rest.get(1..).unwrap_or_default();
    let (high, rest) = match character(whole, behind)? {
        (Escape::Char(c), rest) => (c, rest),
        (Escape::Class(_), _) => {
            let at = behind.get(..2).unwrap_or(behind);
            return Err(Fault { code: "invalid escape sequence", at });
        }
    };
    if low.zip(high).is_some_and(|(low, high)| high < low) {
        let at = text.get(..text.len() - rest.len()).unwrap_or(text);
        return Err(Fault { code: "invalid character class range", at });
    }
    push_range(out, low.unwrap_or('\u{E000}'), high.unwrap_or('\u{D7FF}'));
    Ok(rest)
}

/// Reads `[:alpha:]`; `None` if that is not what stands there. (`parseNamedClass`)
fn posix(text: &str) -> Result<Option<(&str, &str)>, Fault<'_>> {
    let Some(len) = text.strip_prefix("[:").and_then(|t| t.find(":]")) else {
        return Ok(None);
    };
    let (class, rest) = text.split_at_checked(len + 4).unwrap_or((text, ""));
    let name = class.get(2..len + 2).unwrap_or_default();
    match POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        true => Ok(Some((class, rest))),
        false => Err(Fault { code: "invalid character class range", at: class }),
    }
}

fn character<'p>(
    (whole, unreadable): (&'p str, Option<char>),
    text: &'p str,
) -> Result<(Escape, &'p str), Fault<'p>> {
    readable(text, unreadable)?;
    match text.chars().next() {
        None => Err(Fault { code: "missing closing ]", at: whole }),
        Some('\\') => escape::parse(text, unreadable),
        Some(c) => {
            Ok((Escape::Char(Some(c)), text.get(c.len_utf8()..).unwrap_or_default()))
        }
    }
}

/// Writes a range; nothing if it is empty, as ranges of surrogates are.
fn push_range(out: &mut String, low: char, high: char) {
    if low <= high {
        let _ = write!(out, r"\x{{{:X}}}-\x{{{:X}}}", u32::from(low), u32::from(high));
    }
}
