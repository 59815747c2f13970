//! Texts cut and put together with their marks.

use std::ops::Range;

use gotemplate::fmt::{decode_rune, quote};
use gotemplate::{Call, Str, Value, map_ranges};
use memchr::memmem;

use super::args::Text;
use super::text::runes::runes;

/// Does `part` stand in `text`?
pub(super) fn contains(text: &[u8], part: &[u8]) -> bool {
    memmem::find(text, part).is_some()
}

/// The range that is left without the characters around that are to go.
pub(super) fn trimmed(text: &[u8], goes: impl Fn(char) -> bool) -> Range<usize> {
    let rune = |rest: &[u8]| {
        let (code, width) = decode_rune(rest);
        (char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), width)
    };
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let (c, width) = rune(rest);
        if !goes(c) {
            break;
        }
        start += width;
    }
    let mut end = text.len();
    while end > start {
        let width = last_width(text.get(start..end).unwrap_or_default());
        if !goes(rune(text.get(end - width..end).unwrap_or_default()).0) {
            break;
        }
        end -= width;
    }
    start..end
}

/// The width of the last character; 1 for a byte that belongs to none.
fn last_width(text: &[u8]) -> usize {
    (1..=text.len().min(4))
        .find(|&width| {
            let tail = text.get(text.len() - width..).unwrap_or_default();
            decode_rune(tail).1 == width && std::str::from_utf8(tail).is_ok()
        })
        .unwrap_or(1)
}

/// Changes characters one by one; marks follow them.
pub(super) fn map_chars(text: &Str, change: fn(char) -> char) -> Str {
    if text.as_bytes().is_ascii() {
        let new: Vec<u8> = text
            .as_bytes()
            .iter()
            .map(|&b| u8::try_from(change(char::from(b))).unwrap_or(b))
            .collect();
        let len = new.len();
        return map_ranges(text, new, [(0..len, 0..len)]);
    }
    let mut new = Vec::with_capacity(text.len());
    let mut moved = Vec::new();
    let mut at = 0;
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        let (code, width) = decode_rune(rest);
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        let start = new.len();
        new.extend_from_slice(change(c).encode_utf8(&mut [0; 4]).as_bytes());
        moved.push((at..at + width, start..new.len()));
        at += width;
        rest = rest.get(width..).unwrap_or_default();
    }
    map_ranges(text, new, moved)
}

/// A marked text as it stands in its `quoted` form, between the quotes; every part and every
/// line keeps its mark. `None` if it has no marks, or parts are not quoted one by one.
pub(super) fn escaped(text: &Str, quoted: &str) -> Option<Str> {
    let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
    let (mut moved, mut at) = (Vec::new(), 0);
    for mark in text.marks() {
        let (mut from, to) = (mark.start as usize, mark.end as usize);
        // What stands between marks.
        at += quote(text.as_bytes().get(moved_to(&moved)..from)?).len() - 2;
        while from < to {
            let rest = text.as_bytes().get(from..to)?;
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let width = quote(rest.get(..line)?).len() - 2;
            moved.push((from..from + line, at..at + width));
            (from, at) = (from + line, at + width);
        }
    }
    let rest = text.as_bytes().get(moved_to(&moved)..)?;
    let whole = !moved.is_empty() && at + quote(rest).len() - 2 == inner.len();
    whole.then(|| map_ranges(text, inner, moved))
}

/// How far a text is told of.
fn moved_to(moved: &[(Range<usize>, Range<usize>)]) -> usize {
    moved.last().map_or(0, |(old, _)| old.end)
}

/// Puts `before` in front and `pad` before every line; marks move along.
pub(super) fn indent(
    text: &Str,
    pad: &[u8],
    before: &[u8],
    limit: usize,
) -> Result<Str, String> {
    let lines = text.as_bytes().iter().filter(|&&b| b == b'\n').count() + 1;
    let len = text.len() + lines.saturating_mul(pad.len()) + before.len();
    if len > limit {
        return Err(format!("a text of more than {limit} bytes"));
    }
    let mut new = Vec::with_capacity(len);
    new.extend_from_slice(before);
    let mut moved = Vec::with_capacity(lines);
    let mut at = 0;
    for line in text.as_bytes().split_inclusive(|&b| b == b'\n') {
        new.extend_from_slice(pad);
        let start = new.len();
        new.extend_from_slice(line);
        moved.push((at..at + line.len(), start..new.len()));
        at += line.len();
    }
    // An empty text, and what follows a last line break, are lines too.
    if text.as_bytes().last().is_none_or(|&b| b == b'\n') {
        new.extend_from_slice(pad);
    }
    Ok(map_ranges(text, new, moved))
}

/// Replaces every `old` by `new`; each piece keeps its origin. (strings.Replace)
pub(super) fn replace(call: &mut Call<'_>, old: &Str, new: &Text, text: Text) -> Value {
    let source = &text.text;
    let places = match old.is_empty() {
        true => rune_starts(source.as_bytes()),
        false => memmem::find_iter(source.as_bytes(), old.as_bytes()).collect(),
    };
    if places.is_empty() || *old == new.text {
        return text.into_value();
    }
    let mut out = call.builder();
    let mut from = 0;
    for at in places {
        out.push_str(&source.slice(from..at), text.origin);
        out.push_str(&new.text, new.origin);
        from = at + old.len();
    }
    out.push_str(&source.slice(from..source.len()), text.origin);
    out.finish()
}

/// Where characters start, and the end.
fn rune_starts(text: &[u8]) -> Vec<usize> {
    let mut starts = vec![0];
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        at += decode_rune(rest).1;
        starts.push(at);
    }
    starts
}

/// Cuts a text; an empty separator cuts between characters. (strings.SplitN)
pub(super) fn split(separator: &Str, text: &Text, limit: Option<usize>) -> Vec<Value> {
    let source = &text.text;
    let cuts: Vec<Range<usize>> = match separator.is_empty() {
        true => {
            let starts = rune_starts(source.as_bytes());
            let inner = starts.iter().skip(1).take(starts.len().saturating_sub(2));
            inner.map(|&at| at..at).collect()
        }
        false => memmem::find_iter(source.as_bytes(), separator.as_bytes())
            .map(|at| at..at + separator.len())
            .collect(),
    };
    let most = match limit {
        Some(0) => return Vec::new(),
        Some(limit) => limit - 1,
        None => usize::MAX,
    };
    if separator.is_empty() && source.is_empty() {
        return Vec::new();
    }
    let mut pieces = Vec::with_capacity(cuts.len() + 1);
    let mut from = 0;
    for cut in cuts.into_iter().take(most) {
        pieces.push(Value::from(source.slice(from..cut.start)).with_origin(text.origin));
        from = cut.end;
    }
    pieces.push(Value::from(source.slice(from..source.len())).with_origin(text.origin));
    pieces
}

/// The characters of a text, bytes that are none replaced one by one.
pub(super) fn mended(text: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(text) {
        Ok(text) => text.into(),
        Err(_) => runes(text).collect::<String>().into(),
    }
}
