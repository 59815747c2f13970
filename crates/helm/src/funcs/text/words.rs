//! Words, widths and initials. (Masterminds/goutils v1.1.1, wordutils.go, stringutils.go)

use super::runes::{
    is_digit, is_letter, is_lower, is_space, is_title, is_upper, runes, to_lower,
    to_title, to_upper,
};

/// Wraps a line at blanks, in bytes. (`Wrap`, `WrapCustom`)
///
/// `None` if upstream runs out of its slice: a width that overflows.
pub(crate) fn wrap(text: &[u8], width: i64, newline: &[u8], cut_long: bool) -> Vec<u8> {
    let width = usize::try_from(width).unwrap_or(1).max(1);
    let newline: &[u8] = if newline.is_empty() { b"\n" } else { newline };
    let mut out = Vec::with_capacity(text.len() + 16);
    let mut rest = text;
    while rest.len() > width {
        if let Some(after) = rest.strip_prefix(b" ") {
            rest = after;
            continue;
        }
        let head = rest.get(..=width).unwrap_or(rest);
        let (line, skipped) = if let Some(blank) = head.iter().rposition(|&b| b == b' ') {
            (blank, 1)
        } else if cut_long {
            (width, 0)
        } else {
            let tail = rest.get(width..).unwrap_or_default();
            match tail.iter().position(|&b| b == b' ') {
                Some(blank) => (width + blank, 1),
                None => break,
            }
        };
        out.extend_from_slice(rest.get(..line).unwrap_or_default());
        out.extend_from_slice(newline);
        rest = rest.get(line + skipped..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

/// Shortens a text to `width` bytes around `offset`, with ellipses. (`AbbreviateFull`)
///
/// Widths too small give an empty text, since sprig ignores the error. `None` if upstream
/// slices out of bounds.
pub(crate) fn abbreviate(text: &[u8], offset: i64, width: i64) -> Option<Vec<u8>> {
    let Ok(width) = usize::try_from(width) else { return Some(Vec::new()) };
    if text.is_empty() || width < 4 {
        return Some(Vec::new());
    }
    if text.len() <= width {
        return Some(text.to_vec());
    }
    let len = i64::try_from(text.len()).ok()?;
    let kept = i64::try_from(width - 3).ok()?;
    let mut offset = offset.min(len);
    if len - offset < kept {
        offset = len - kept;
    }
    if offset <= 4 {
        return Some([text.get(..width - 3)?, b"..."].concat());
    }
    if width < 7 {
        return Some(Vec::new());
    }
    let offset = usize::try_from(offset).ok()?;
    if offset + width - 3 < text.len() {
        let middle = abbreviate(text.get(offset..)?, 0, kept)?;
        return Some([b"...".as_slice(), &middle].concat());
    }
    Some([b"...".as_slice(), text.get(text.len() - (width - 3)..)?].concat())
}

/// The first letters of words; bytes are read as Latin-1, as upstream does. (`Initials`)
pub(crate) fn initials(text: &[u8]) -> Vec<u8> {
    let mut out = String::new();
    let mut after_gap = true;
    for c in text.iter().copied().map(char::from) {
        if is_space(c) {
            after_gap = true;
        } else if after_gap {
            out.push(c);
            after_gap = false;
        }
    }
    out.into_bytes()
}

/// Removes blanks; bytes are read as Latin-1, unless nothing changes. (`DeleteWhiteSpace`)
pub(crate) fn delete_white_space(text: &[u8]) -> Vec<u8> {
    let latin = || text.iter().copied().map(char::from);
    match latin().any(is_space) {
        true => latin().filter(|&c| !is_space(c)).collect::<String>().into_bytes(),
        false => text.to_vec(),
    }
}

/// Makes the first letter of each word small. (`Uncapitalize`)
pub(crate) fn uncapitalize(text: &[u8]) -> String {
    let mut at_start = true;
    let mut change = |c: char| {
        let first = std::mem::replace(&mut at_start, is_space(c)) && !is_space(c);
        if first { to_lower(c) } else { c }
    };
    runes(text).map(&mut change).collect()
}

/// Swaps upper and lower case; the first letter of a word becomes title case. (`SwapCase`)
pub(crate) fn swap_case(text: &[u8]) -> String {
    let mut after_space = true;
    let mut change = |c: char| {
        if is_upper(c) || is_title(c) {
            after_space = false;
            to_lower(c)
        } else if is_lower(c) {
            match std::mem::replace(&mut after_space, false) {
                true => to_title(c),
                false => to_upper(c),
            }
        } else {
            after_space = is_space(c);
            c
        }
    };
    runes(text).map(&mut change).collect()
}

/// Makes the first letter of each word title case. (Go's `strings.Title`)
pub(crate) fn title(text: &[u8]) -> String {
    let mut before = ' ';
    runes(text)
        .map(|c| {
            let first = is_separator(std::mem::replace(&mut before, c));
            if first { to_title(c) } else { c }
        })
        .collect()
}

fn is_separator(c: char) -> bool {
    match c.is_ascii() {
        true => !c.is_ascii_alphanumeric() && c != '_',
        false => !is_letter(c) && !is_digit(c) && is_space(c),
    }
}

#[cfg(test)]
mod tests {
    use super::{abbreviate, swap_case, title, wrap};

    #[test]
    fn as_upstream() {
        assert_eq!(wrap(b"Hello World", 5, b"", false), b"Hello\nWorld");
        assert_eq!(wrap(b"aaaa bbbbbbb", 5, b"|", true), b"aaaa|bbbbb|bb");
        assert_eq!(abbreviate(b"hello world", 0, 5), Some(b"he...".to_vec()));
        assert_eq!(abbreviate(b"1234 5678 9123", 5, 10), Some(b"...5678...".to_vec()));
        assert_eq!(swap_case(b"This Is A.Test"), "tHIS iS a.tEST");
        assert_eq!(title(b"hello w_orld 'x"), "Hello W_orld 'X");
    }
}
