//! Where the key of a value is written.

use crate::{SourceMap, Span};

/// The key of the mapping entry whose value is written at `value`; `None` if none is seen
/// there: the value is a list's, or its text was made.
pub(crate) fn before(map: &SourceMap, value: Span) -> Option<Span> {
    let file = map.file(value.file);
    let (start, end) = ends(file.text.get(..value.start as usize)?)?;
    Some(Span::new(value.file, start, end))
}

/// The key of a mapping or list that begins on a line below it; else what is written at `value`.
pub(crate) fn heading(map: &SourceMap, value: Span) -> Span {
    let file = map.file(value.file);
    let whole = file.text.get(value.range()).unwrap_or("");
    let start = value.start as usize;
    let line = file.text.get(..start).unwrap_or("").rsplit('\n').next().unwrap_or("");
    let is_block = whole.trim_end().contains('\n')
        && !whole.starts_with(['|', '>', '"', '\'', '{', '[', ' ', '#'])
        && line.trim().is_empty();
    let key = before(map, value).filter(|_| is_block && file.rendered.is_none());
    key.unwrap_or(value)
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
    use super::{ends, heading};
    use crate::{SourceMap, Span};

    #[test]
    fn mappings_and_lists_below_their_key_are_known_by_it() {
        let map = SourceMap::new();
        let text = "a:\n  b: 1\n  c: 2\nd: {e: 1,\n  f: 2}\nl:\n- g: 1\n  h: 2\n- i: 1\n";
        let file = map.add("values.yaml", text);
        let told = |value: &str| {
            let start = text.find(value).expect("it is there");
            map.text(heading(&map, Span::new(file, start, start + value.len())))
        };
        assert_eq!(told("b: 1\n  c: 2"), "a");
        assert_eq!(told("- g: 1\n  h: 2\n- i: 1"), "l");
        for own in ["1", "{e: 1,\n  f: 2}", "g: 1\n  h: 2"] {
            assert_eq!(told(own), own);
        }
    }

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
