//! From bytes to text: UTF-8, UTF-16, and characters that YAML does not allow
//! (`readerc.go`).

use std::borrow::Cow;
use std::ops::Range;

use source::{FileId, Span};

use crate::chars::is_readable;
use crate::fault::Fault;

/// The text of a file, as go-yaml would read it: UTF-16 if it starts with the byte order
/// mark of that, else UTF-8.
///
/// The fault is upstream's for bytes that are neither.
pub fn read_text(bytes: &[u8], file: FileId) -> Result<Cow<'_, str>, Fault> {
    let wide = match bytes {
        [0xff, 0xfe, rest @ ..] => Some((rest, u16::from_le_bytes as fn([u8; 2]) -> u16)),
        [0xfe, 0xff, rest @ ..] => Some((rest, u16::from_be_bytes as fn([u8; 2]) -> u16)),
        _ => None,
    };
    if let Some((rest, unit)) = wide {
        return read_utf16(rest, unit).map(Cow::Owned).map_err(|(at, message)| {
            Fault::syntax(Span::new(file, at + 2, at + 4), 0, message)
        });
    }
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let at = error.valid_up_to();
        let before = bytes.get(..at).and_then(|bytes| std::str::from_utf8(bytes).ok());
        if let Some(range) = before.and_then(first_unreadable) {
            let span = Span::new(file, range.start, range.end);
            return Fault::syntax(span, 0, "control characters are not allowed");
        }
        let message = utf8_fault(bytes.get(at..).unwrap_or(&[]));
        Fault::syntax(Span::new(file, at, at + 1), 0, message)
    })
}

fn utf8_fault(bytes: &[u8]) -> &'static str {
    let width = match bytes.first() {
        Some(0xc0..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf7) => 4,
        _ => return "invalid leading UTF-8 octet",
    };
    let Some(sequence) = bytes.get(..width) else {
        return "incomplete UTF-8 octet sequence";
    };
    if sequence.iter().skip(1).any(|byte| byte & 0xc0 != 0x80) {
        return "invalid trailing UTF-8 octet";
    }
    let overlong = match sequence {
        [0xc0 | 0xc1, ..] => true,
        [0xe0, second, ..] => *second < 0xa0,
        [0xf0, second, ..] => *second < 0x90,
        _ => false,
    };
    match overlong {
        true => "invalid length of a UTF-8 sequence",
        false => "invalid Unicode character",
    }
}

fn read_utf16(
    bytes: &[u8],
    unit: fn([u8; 2]) -> u16,
) -> Result<String, (usize, &'static str)> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    let mut at = 0;
    for c in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let c = c.map_err(|error| {
            let low = (0xdc00..0xe000).contains(&error.unpaired_surrogate());
            let message = match low {
                true => "unexpected low surrogate area",
                false if at + 2 >= bytes.len() => "incomplete UTF-16 surrogate pair",
                false => "expected low surrogate area",
            };
            (at, message)
        })?;
        at += 2 * c.len_utf16();
        text.push(c);
    }
    match rest {
        [] => Ok(text),
        _ => Err((at, "incomplete UTF-16 character")),
    }
}

/// The first character that YAML does not allow.
pub(super) fn first_unreadable(text: &str) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let suspect = |byte: u8| !matches!(byte, b' '..=b'~' | b'\n' | 0xc3..=0xee | 0xf0..=0xff | 0x80..=0xbf);
    let mut at = 0;
    while let Some(found) = bytes.get(at..)?.iter().position(|byte| suspect(*byte)) {
        at += found;
        let c = text.get(at..).and_then(|rest| rest.chars().next())?;
        let end = at + c.len_utf8();
        if !is_readable(c) {
            return Some(at..end);
        }
        at = end;
    }
    None
}
