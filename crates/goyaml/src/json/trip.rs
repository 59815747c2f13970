//! What becomes of a string that is printed as JSON and read by go-yaml v2
//! (`JSONToYAML` of sigs.k8s.io/yaml).

use std::borrow::Cow;

use source::Span;

use crate::chars::is_readable;
use crate::fault::Fault;

/// Where the string stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Place {
    Key,
    Value,
}

/// go-yaml reads no simple key of more characters, quotes included.
const KEY_LIMIT: usize = 1024;

/// The string as it comes back; or why go-yaml refuses to read it.
pub(crate) fn round_trip(text: &str, place: Place) -> Result<Cow<'_, str>, Fault> {
    let mut next_lines = false;
    for c in text.chars() {
        // What JSON escapes is no character of the YAML text.
        if c >= ' ' && !is_readable(c) {
            return Err(Fault::syntax(
                Span::NONE,
                0,
                "control characters are not allowed",
            ));
        }
        next_lines |= c == '\u{85}';
    }
    if place == Place::Key && (next_lines || printed_length(text) + 2 > KEY_LIMIT) {
        return Err(Fault::syntax(Span::NONE, 0, "did not find expected ',' or '}'"));
    }
    if next_lines && has_document_indicator(text) {
        return Err(Fault::syntax(Span::NONE, 0, "found unexpected document indicator"));
    }
    Ok(match next_lines {
        true => Cow::Owned(fold_next_lines(text)),
        false => Cow::Borrowed(text),
    })
}

/// How many characters `encoding/json` prints.
fn printed_length(text: &str) -> usize {
    if text.len() * 6 + 2 <= KEY_LIMIT {
        return text.len();
    }
    let width = |c| match c {
        '"' | '\\' | '\n' | '\r' | '\t' | '\x08' | '\x0c' => 2,
        '\0'..='\x1f' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => 6,
        _ => 1,
    };
    text.chars().map(width).sum()
}

/// Does `---` or `...` stand alone behind a raw NEL, at the start of a line to YAML?
fn has_document_indicator(text: &str) -> bool {
    text.split('\u{85}').skip(1).any(|line| {
        let rest = line.strip_prefix("---").or_else(|| line.strip_prefix("..."));
        // A line that ends here ends with another NEL; the last one ends with a quote.
        rest.is_some_and(|rest| {
            rest.starts_with(' ') || rest.is_empty() && !text.ends_with(line)
        })
    })
}

/// A raw NEL is a line break to YAML, and is folded with the spaces around it.
fn fold_next_lines(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find([' ', '\u{85}']) {
        let run = &rest[start..];
        let end = run.find(|c| c != ' ' && c != '\u{85}').unwrap_or(run.len());
        folded.push_str(&rest[..start]);
        match run[..end].matches('\u{85}').count() {
            0 => folded.push_str(&run[..end]),
            1 => folded.push(' '),
            breaks => folded.extend(std::iter::repeat_n('\n', breaks - 1)),
        }
        rest = &run[end..];
    }
    folded.push_str(rest);
    folded
}

/// Text with each byte that is no UTF-8 replaced, as `encoding/json` prints it.
pub(crate) fn mend_utf8(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(std::iter::repeat_n('\u{fffd}', chunk.invalid().len()));
    }
    text
}
