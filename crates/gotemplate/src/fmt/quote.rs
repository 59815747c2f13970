//! Go's quoted strings: `strconv.Quote` and its relatives, and decoding UTF-8 as Go does.

use super::unicode::{ALPHANUMERIC, PRINTABLE};

/// What Go puts in place of bytes that are no UTF-8.
const RUNE_ERROR: u32 = 0xfffd;

/// Decodes the first rune of `bytes`: its code point and width; an invalid byte is U+FFFD of
/// width 1, the end width 0. (utf8: `DecodeRune`)
#[must_use]
pub fn decode_rune(bytes: &[u8]) -> (u32, usize) {
    let Some(&first) = bytes.first() else {
        return (RUNE_ERROR, 0);
    };
    let width = match first {
        0..=0x7f => return (u32::from(first), 1),
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return (RUNE_ERROR, 1),
    };
    let text = bytes.get(..width).and_then(|b| std::str::from_utf8(b).ok());
    match text.and_then(|t| t.chars().next()) {
        Some(c) => (u32::from(c), width),
        None => (RUNE_ERROR, 1),
    }
}

/// How many runes `bytes` hold; each invalid byte counts as one. (utf8: `RuneCount`)
#[must_use]
pub fn rune_count(bytes: &[u8]) -> usize {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().count(),
        Err(_) => {
            let (mut rest, mut count) = (bytes, 0);
            while !rest.is_empty() {
                rest = rest.get(decode_rune(rest).1..).unwrap_or(&[]);
                count += 1;
            }
            count
        }
    }
}

/// Appends a code point in UTF-8; what is none becomes U+FFFD. (utf8: `AppendRune`)
pub fn append_rune(out: &mut Vec<u8>, rune: u32) {
    let c = char::from_u32(rune).unwrap_or(char::REPLACEMENT_CHARACTER);
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn within(table: &[(u32, u32)], rune: u32) -> bool {
    let after = table.partition_point(|range| range.1 < rune);
    table.get(after).is_some_and(|range| range.0 <= rune)
}

/// Is the rune printable? (strconv: `IsPrint`)
#[must_use]
pub fn is_print(rune: u32) -> bool {
    match rune {
        0x20..=0x7e => true,
        0..=0x7f => false,
        _ => within(PRINTABLE, rune),
    }
}

/// Is the rune a letter, a digit or an underscore?
pub(crate) fn is_alphanumeric(rune: u32) -> bool {
    match u8::try_from(rune) {
        Ok(b) if b.is_ascii() => b == b'_' || b.is_ascii_alphanumeric(),
        _ => within(ALPHANUMERIC, rune),
    }
}

/// Quotes a string as a Go literal. (strconv: `Quote`)
#[must_use]
pub fn quote(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quoted(&mut out, text, false);
    String::from_utf8_lossy(&out).into_owned()
}

/// Appends a double-quoted Go literal. (strconv: `AppendQuote`, `AppendQuoteToASCII`)
pub fn append_quoted(out: &mut Vec<u8>, text: &[u8], ascii: bool) {
    out.push(b'"');
    let mut rest = text;
    while !rest.is_empty() {
        let (rune, width) = decode_rune(rest);
        if width == 1 && rune == RUNE_ERROR {
            out.extend_from_slice(
                format!("\\x{:02x}", rest.first().unwrap_or(&0)).as_bytes(),
            );
        } else {
            append_escaped(out, rune, b'"', ascii);
        }
        rest = rest.get(width..).unwrap_or(&[]);
    }
    out.push(b'"');
}

/// Appends a single-quoted Go rune. (strconv: `AppendQuoteRune`, `AppendQuoteRuneToASCII`)
pub fn append_quoted_rune(out: &mut Vec<u8>, rune: u32, ascii: bool) {
    let rune = char::from_u32(rune).map_or(RUNE_ERROR, u32::from);
    out.push(b'\'');
    append_escaped(out, rune, b'\'', ascii);
    out.push(b'\'');
}

fn append_escaped(out: &mut Vec<u8>, rune: u32, quote: u8, ascii: bool) {
    if rune == u32::from(quote) || rune == u32::from(b'\\') {
        out.push(b'\\');
        return append_rune(out, rune);
    }
    if is_print(rune) && (!ascii || rune < 0x80) {
        return append_rune(out, rune);
    }
    let escape = match rune {
        0x07 => "\\a".to_owned(),
        0x08 => "\\b".to_owned(),
        0x0c => "\\f".to_owned(),
        0x0a => "\\n".to_owned(),
        0x0d => "\\r".to_owned(),
        0x09 => "\\t".to_owned(),
        0x0b => "\\v".to_owned(),
        0..0x20 | 0x7f => format!("\\x{rune:02x}"),
        0..0x1_0000 => format!("\\u{rune:04x}"),
        _ => format!("\\U{rune:08x}"),
    };
    out.extend_from_slice(escape.as_bytes());
}

/// Can the text stand between backquotes unchanged? (strconv: `CanBackquote`)
#[must_use]
pub fn can_backquote(text: &[u8]) -> bool {
    let bad =
        |c: char| c == '\u{feff}' || (c < ' ' && c != '\t') || c == '`' || c == '\u{7f}';
    std::str::from_utf8(text).is_ok_and(|text| !text.contains(bad))
}

/// What `%#U` prints for a rune: `U+0078 'x'`.
pub(crate) fn sharp_u(rune: u32) -> String {
    match char::from_u32(rune).filter(|c| is_print(u32::from(*c))) {
        Some(c) => format!("U+{rune:04X} '{c}'"),
        None => format!("U+{rune:04X}"),
    }
}
