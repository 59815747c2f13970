//! Go's string and character literals. (strconv: `Unquote`, `UnquoteChar`)

use std::borrow::Cow;

use crate::fmt::{append_rune, decode_rune};

/// The text of a literal with its quotes; `None` if its syntax is invalid.
pub(super) fn unquote(literal: &[u8]) -> Option<Cow<'_, [u8]>> {
    let (quote, inner) = match literal {
        [b'`', inner @ .., b'`'] => (b'`', inner),
        [b'"', inner @ .., b'"'] => (b'"', inner),
        _ => return None,
    };
    if quote == b'`' {
        return Some(match memchr::memchr(b'\r', inner) {
            None => Cow::Borrowed(inner),
            Some(_) => inner.iter().copied().filter(|b| *b != b'\r').collect(),
        });
    }
    // Nothing to replace: what is no UTF-8 would be.
    if memchr::memchr2(b'\\', quote, inner).is_none() && inner.is_ascii() {
        return Some(Cow::Borrowed(inner));
    }
    let mut out = Vec::with_capacity(inner.len());
    let mut rest = inner;
    while !rest.is_empty() {
        let (rune, after) = unquote_char(rest, quote)?;
        match rune {
            Rune::Byte(b) => out.push(b),
            Rune::Point(c) => append_rune(&mut out, c),
        }
        rest = after;
    }
    Some(Cow::Owned(out))
}

/// What one character of a literal stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Rune {
    /// `\xff`, or ASCII
    Byte(u8),
    /// `é`
    Point(u32),
}

/// The first character of the inside of a literal, and the rest.
pub(super) fn unquote_char(text: &[u8], quote: u8) -> Option<(Rune, &[u8])> {
    match text {
        [] => None,
        [first, ..] if *first == quote => None,
        [b'\\', escape, rest @ ..] => escaped(*escape, rest, quote),
        [b'\\'] => None,
        [first, rest @ ..] if first.is_ascii() => Some((Rune::Byte(*first), rest)),
        _ => {
            let (rune, width) = decode_rune(text);
            Some((Rune::Point(rune), text.get(width..)?))
        }
    }
}

fn escaped(escape: u8, rest: &[u8], quote: u8) -> Option<(Rune, &[u8])> {
    let byte = match escape {
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' => b'\\',
        b'\'' | b'"' if escape == quote => escape,
        b'x' => {
            let (value, rest) = digits(rest, 2, 16)?;
            return Some((Rune::Byte(u8::try_from(value).ok()?), rest));
        }
        b'u' | b'U' => {
            let (value, rest) = digits(rest, if escape == b'u' { 4 } else { 8 }, 16)?;
            char::from_u32(value)?;
            return Some((Rune::Point(value), rest));
        }
        b'0'..=b'7' => {
            let (value, rest) = digits(rest, 2, 8)?;
            let value = u32::from(escape - b'0') * 64 + value;
            return Some((Rune::Byte(u8::try_from(value).ok()?), rest));
        }
        _ => return None,
    };
    Some((Rune::Byte(byte), rest))
}

fn digits(text: &[u8], count: usize, base: u32) -> Option<(u32, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let mut value: u32 = 0;
    for digit in digits {
        value =
            value.checked_mul(base)?.checked_add(char::from(*digit).to_digit(base)?)?;
    }
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::unquote;

    #[test]
    fn literals() {
        assert_eq!(
            unquote(br#""a\x41\101\u00e9\"""#),
            Some("aAA\u{e9}\"".as_bytes().into())
        );
        assert_eq!(unquote(b"`a\r\n`"), Some(b"a\n".as_slice().into()));
        assert_eq!(unquote(br#""\'""#), None);
        assert_eq!(unquote(br#""\400""#), None);
        assert_eq!(unquote(br#""\ud800""#), None);
    }
}
