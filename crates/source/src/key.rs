//! Where the key of a value is written.

use crate::{SourceMap, Span};

/// The key of the mapping entry whose value is written at `value`; `None` if none is seen
/// there: the value is a list's, or its text was made.
pub(crate) fn before(map: &SourceMap, value: Span) -> Option<Span> {
    let file = map.file(value.file);
    let (start, end) = ends(file.text.get(..value.start as usize)?)?;
    Some(Span::new(value.file, start, end))
}

/// The key at the end of a text, its quotes included, without its colon.
fn ends(text: &str) -> Option<(usize, usize)> {
    let mut end = text.len();
    let line = loop {
        let start = text.get(..end)?.rfind('\n').map_or(0, |at| at + 1);
        let line = text.get(start..end)?;
        let bare = line.trim_start().trim_start_matches("- ").trim();
        // What a mapping or list stands below of.
        if !bare.is_empty() && !bare.starts_with('#') {
            break (start, line);
        }
        end = start.checked_sub(1)?;
    };
    let (start, mut line) = line;
    if end < text.len() {
        line = line.split_once(" #").map_or(line, |(line, _)| line);
    }
    // An anchor or a tag stands between.
    while let Some((before, word)) = line.trim_end().rsplit_once(' ')
        && word.starts_with(['&', '!'])
    {
        line = before;
    }
    let line = line.trim_end().strip_suffix(':')?.trim_end();
    let from = match line.chars().next_back()? {
        quote @ ('"' | '\'') => line.get(..line.len() - 1)?.rfind(quote)?,
        _ => line.rfind(['{', ',']).map_or(0, |at| at + 1),
    };
    let key = line.get(from..)?;
    let bare = key.trim_start().trim_start_matches("- ").trim_start();
    let from = from + key.len() - bare.len();
    (!bare.is_empty()).then_some((start + from, start + line.len()))
}

#[cfg(test)]
mod tests {
    use super::ends;

    #[test]
    fn keys_stand_before_their_values() {
        for (text, key) in [
            ("tcp:\n  8080: ", "8080"),
            ("tcp:\n  \"8080\": ", "\"8080\""),
            ("tcp:  # which\n  # these\n\n  - ", "tcp"),
            ("a: {b: 1, c: ", "c"),
            ("a: {'b, c' : ", "'b, c'"),
            ("- a b: &x !!str ", "a b"),
        ] {
            let found = ends(text).and_then(|(start, end)| text.get(start..end));
            assert_eq!(found, Some(key), "{text}");
        }
        assert_eq!(ends("a: [b, "), None);
        assert_eq!(ends("- "), None);
        assert_eq!(ends(""), None);
    }
}
