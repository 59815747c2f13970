//! The outline of a document: which keys it has and on which lines their values stand.
//!
//! Most large documents (custom resource definitions, manifests) are block mappings that use
//! little of YAML, and most readers of them want a key or two. [`Outline::of`] looks at each
//! line once; it knows the common forms and answers `None` at the first line that it does
//! not. So an outline is also a proof: the text parses, decodes without a fault in
//! [`Dialect::V2`], and all that it holds can be written as JSON.

mod entry;
mod lines;
mod reader;

use rustc_hash::FxHashSet;
use source::{FileId, Span};

pub use self::entry::OutlineEntry;
use self::lines::Lines;
use self::reader::{Reader, key};
use crate::chars::is_readable;
use crate::resolve::{Resolved, resolve};
use crate::{Data, Dialect, Value, decode, parse_first};

/// The entries of a block mapping, their values unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The entries in the order of the text; no two have one key.
    pub entries: Vec<OutlineEntry>,
}

impl Outline {
    /// The outline of a text; `None` if it is anything but one plain block mapping.
    #[must_use]
    pub fn of(text: &str) -> Option<Outline> {
        if is_plain(text) { Outline::from(text, 0, 0) } else { None }
    }

    /// The outline of the lines from a byte on, whose keys stand in a column.
    fn from(text: &str, at: usize, column: usize) -> Option<Outline> {
        let mut lines = Lines { text, at };
        let mut reader = Reader::at(column);
        while let Some(line) = lines.next() {
            reader.line(&line, &mut lines)?;
        }
        let mut entries = reader.entries;
        let mut end = text.len();
        for entry in entries.iter_mut().rev() {
            entry.lines.end = end;
            end = entry.lines.start;
        }
        let mut keys = FxHashSet::default();
        let once = entries.iter().all(|entry| keys.insert(&entry.key));
        (once && !entries.is_empty()).then_some(Outline { entries })
    }

    /// The entry of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&OutlineEntry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl OutlineEntry {
    /// The outline of the value, if it is a mapping that has one; `text` is the text of the
    /// outline that this is an entry of.
    #[must_use]
    pub fn outline(&self, text: &str) -> Option<Outline> {
        if !self.is_mapping {
            return None;
        }
        let text = text.get(..self.lines.end)?;
        let mut lines = Lines { text, at: self.lines.start };
        // The line of the key.
        lines.next()?;
        let at = lines.at;
        let column = lines.next()?.indent;
        Outline::from(text, at, column)
    }

    /// The value, if it is a word: a text in plain style on the line of the key.
    #[must_use]
    pub fn word<'t>(&self, text: &'t str) -> Option<&'t str> {
        let mut lines = Lines { text: text.get(..self.lines.end)?, at: self.lines.start };
        let (_, value) = key(lines.next()?.content)?;
        let is_word = value.starts_with(|c: char| c.is_ascii_alphabetic())
            && resolve(value, Dialect::V2, false) == Resolved::Str;
        (is_word && lines.next().is_none()).then_some(value)
    }

    /// Reads the value; `text` is the text of the outline, `file` its file.
    #[must_use]
    pub fn read(&self, text: &[u8], file: FileId) -> Value {
        let lines = text.get(self.lines.clone()).unwrap_or(&[]);
        let lines = std::str::from_utf8(lines).unwrap_or("");
        let document = parse_first(lines, file, Dialect::V2).ok().flatten();
        let value = document.and_then(|found| decode(&found.root, Dialect::V2).ok());
        let entry = value.and_then(|mut map| map.as_map_mut()?.pop());
        let mut value = entry.map(|(_, entry)| entry.value).unwrap_or_default();
        shift(&mut value, self.lines.start);
        value
    }
}

/// Moves the spans of a value that was read from a part of its text.
fn shift(value: &mut Value, by: usize) {
    let moved = |span: Span| {
        Span::new(span.file, span.start as usize + by, span.end as usize + by)
    };
    value.span = moved(value.span);
    match &mut value.data {
        Data::Seq(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Data::Map(map) => map.values_mut().for_each(|entry| {
            entry.key_span = moved(entry.key_span);
            shift(&mut entry.value, by);
        }),
        _ => {}
    }
}

/// How many bytes are looked at as ASCII at once.
const PIECE: usize = 1 << 10;

/// Are all its characters such as YAML allows, and none but `\n` ends a line?
fn is_plain(text: &str) -> bool {
    let ascii = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    let other = |c: char| {
        !matches!(c, '\t' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
            && is_readable(c)
    };
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        // The first test is done for many bytes at once, and hardly a piece needs another.
        let plain = piece.bytes().fold(true, |all, byte| all & ascii(byte));
        if !plain && !piece.chars().all(other) {
            return false;
        }
        rest = after;
    }
    true
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use source::FileId;

    use super::Outline;
    use crate::{Data, Dialect, Map, Value, decode, parse_first};

    const MANIFEST: &str = "\
# a comment
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: 'it''s'
  labels: {}
  none:
    {}
  annotations:
    \"helm.sh/hook\": \"a \\\"b\\\"\"
items:
- a: 1
  b: |-
    # no comment
      - x

    y
-
  c: https://example.com/?a=b#c
- \"d: e\"
- 'f
  ''g'
- [h, \"i\", 'j']
plain: on

  several lines
  - of text
last: -1
";

    fn whole(text: &str) -> Value {
        let document = parse_first(text, FileId::NONE, Dialect::V2).unwrap();
        decode(&document.unwrap().root, Dialect::V2).unwrap()
    }

    fn pieces(text: &str, outline: &Outline) -> Value {
        let mut map = Map::default();
        for entry in &outline.entries {
            let value = entry.read(text.as_bytes(), FileId::NONE);
            assert_eq!(
                entry.is_mapping,
                matches!(&value.data, Data::Map(m) if !m.is_empty())
            );
            map.insert(entry.key.clone(), value.into());
        }
        Value::new(map)
    }

    #[test]
    fn a_manifest_is_read_in_pieces() {
        let outline = Outline::of(MANIFEST).unwrap();
        let keys: Vec<&str> = outline.entries.iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["apiVersion", "kind", "metadata", "items", "plain", "last"]);
        assert_eq!(pieces(MANIFEST, &outline), whole(MANIFEST));
        let metadata = outline.get("metadata").unwrap();
        let name = metadata.read(MANIFEST.as_bytes(), FileId::NONE);
        let span = name.get("name").unwrap().span;
        assert_eq!(MANIFEST.get(span.range()), Some("'it''s'"));
        let inside = metadata.outline(MANIFEST).unwrap();
        assert_eq!(pieces(MANIFEST, &inside), name);
        let word = |key: &str| outline.get(key).and_then(|entry| entry.word(MANIFEST));
        assert_eq!(word("kind"), Some("ConfigMap"));
        assert_eq!((word("last"), word("plain"), word("items")), (None, None, None));
    }

    #[test]
    fn what_is_not_plain_has_no_outline() {
        for text in [
            "",
            "# a",
            "a",
            "- a",
            " a: 1",
            "a: 1\nb",
            "a: &x 1",
            "a: *x",
            "a: !!str 1",
            "a: 1\n  b: 2",
            "a: b\n c:",
            "a: b\n #c\n d",
            "a: 'b\nc'",
            "a: 'b",
            "a: 'b' c",
            "a: \"\\x41\"",
            "a: [[1]]",
            "a: [b: c]",
            "a: [.inf]",
            "a: [b,]",
            "a: [b] c",
            "a: [b]\n  c: d",
            "a: [*b]",
            "a: ['b'c]",
            "a:\n{}",
            "a:\n  {}\n  b: 1",
            "a: {}\n  []",
            "a: {b: 1}",
            "a: b: c",
            "a: b #c",
            "a: .inf",
            "a: >\n b",
            "a: |+\n b",
            "a: |2\n  b",
            "a: |\n   \n b",
            "null: 1",
            "<<: a",
            "a: 1\na: 2",
            "a: 1\n---\nb: 2",
            "a:\tb",
            "a: 1\r\nb: 2",
            "? a\n: b",
            "a:\n  b: 1\n c: 2",
            "- a\nb: 1",
            "a:\n- - b",
            "a: 1\n...",
            "a: @b",
            "a: %b",
            "a: \u{85}b",
            "a:\n  - b\n - c",
        ] {
            assert_eq!(Outline::of(text), None, "{text:?}");
        }
    }

    fn line() -> impl Strategy<Value = String> {
        let contents = [
            "",
            "#c",
            "a:",
            "b: 1",
            "c: x",
            "'d': y",
            "- a: 1",
            "- x",
            "-",
            "- |",
            "e: |-",
            "f: |",
            "text",
            "g: {}",
            "- - x",
            "h: 'i",
            "---",
            "y: 1",
            "j: .nan",
            "- k:",
            "l: # m",
            "n: o #p",
            "q : 1",
            "r: \"s\\n\"",
            "z'",
            "w\"",
            "h: \"i",
            "'' j",
            "k: [l, \"m\", 'n', 1.5]",
            "- [o,p ]",
            "[q]: r",
            "s: ['t''u']",
            "v: [ ]",
            "{}",
            "[]",
            "w: [x, -y]",
            "t:u",
            "- v:w",
            "\"x\":",
            "-y: z",
            "é: ü",
            "  ",
        ];
        (0..5_usize, prop::sample::select(contents.to_vec()))
            .prop_map(|(indent, content)| format!("{}{content}\n", " ".repeat(indent)))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn an_outline_is_a_proof(lines in prop::collection::vec(line(), 1..9)) {
            let text = format!("a: 1\n{}", lines.concat());
            if let Some(outline) = Outline::of(&text) {
                prop_assert_eq!(pieces(&text, &outline), whole(&text));
                for entry in &outline.entries {
                    let value = entry.read(text.as_bytes(), FileId::NONE);
                    if let Some(inside) = entry.outline(&text) {
                        prop_assert_eq!(&pieces(&text, &inside), &value);
                    }
                    if let Some(word) = entry.word(&text) {
                        prop_assert_eq!(value.data, Data::Str(word.into()));
                    }
                }
            }
        }
    }
}
