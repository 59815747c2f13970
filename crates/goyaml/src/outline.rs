//! The outline of a document: which keys it has and on which lines their values stand.
//!
//! Most large documents (custom resource definitions, manifests) are block mappings that use
//! little of YAML, and most readers of them want a key or two. [`Outline::of`] looks at each
//! line once; it knows the common forms and answers `None` at the first line that it does
//! not. So an outline is also a proof: the text parses, decodes without a fault in
//! [`Dialect::V2`], and all that it holds can be written as JSON.

use std::ops::Range;

use ecow::EcoString;
use rustc_hash::FxHashSet;
use source::{FileId, Span};

use crate::chars::is_readable;
use crate::resolve::{Resolved, resolve};
use crate::{Data, Dialect, Value, decode, parse_first};

/// How deep collections may be in an outline.
const MAX_DEPTH: usize = 100;

/// How long a key may be in an outline, in bytes.
const MAX_KEY: usize = 256;

/// The entries of a block mapping, their values unread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// The entries in the order of the text; no two have one key.
    pub entries: Vec<OutlineEntry>,
}

/// An entry of an [`Outline`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineEntry {
    /// The key.
    pub key: EcoString,
    /// The bytes of its lines, from the key to the next one.
    pub lines: Range<usize>,
    /// Is its value a mapping in block style?
    pub is_mapping: bool,
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
        let mut reader = Reader { column, ..Reader::default() };
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

/// A line that holds something.
struct Line<'t> {
    /// Where it begins.
    start: usize,
    /// How many spaces it begins with.
    indent: usize,
    /// The rest, without spaces at the end.
    content: &'t str,
}

#[derive(Clone)]
struct Lines<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Lines<'t> {
    /// The next line, blank or not, without its line break.
    fn any(&mut self) -> Option<Line<'t>> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
        let indent = spaces(rest);
        let inside = rest.get(indent..).unwrap_or(&[]);
        let length = indent + memchr::memchr(b'\n', inside).unwrap_or(inside.len());
        self.at = start + length + 1;
        let line = rest.get(indent..length).unwrap_or(&[]);
        let after = line.iter().rev().take_while(|byte| **byte == b' ').count();
        let end = length - after;
        let content = self.text.get(start + indent..start + end).unwrap_or("");
        Some(Line { start, indent, content })
    }

    /// Skips lines that are blank or begin with so many spaces.
    fn skip_indented(&mut self, indent: usize) {
        let text = self.text.as_bytes();
        while let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let found = spaces(rest);
            let inside = rest.get(found..).unwrap_or(&[]);
            let length = memchr::memchr(b'\n', inside).unwrap_or(inside.len());
            if found < indent && length > 0 {
                break;
            }
            self.at += found + length + 1;
        }
    }
}

/// How many spaces a text begins with.
fn spaces(text: &[u8]) -> usize {
    let (eights, _) = text.as_chunks::<8>();
    let whole = eights.iter().take_while(|eight| **eight == [b' '; 8]).count() * 8;
    let rest = text.get(whole..).unwrap_or(&[]);
    whole + rest.iter().take_while(|byte| **byte == b' ').count()
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    /// The next line that is neither blank nor a comment.
    fn next(&mut self) -> Option<Line<'t>> {
        loop {
            let line = self.any()?;
            if !line.content.is_empty() && !line.content.starts_with('#') {
                return Some(line);
            }
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collection {
    Mapping,
    Sequence,
}

#[derive(Default)]
struct Reader {
    /// The collections that are open, and the columns of their entries.
    levels: Vec<(usize, Collection)>,
    /// Does the last entry of the innermost collection have no value so far?
    awaiting: bool,
    /// Was there a `---`?
    begun: bool,
    /// The column of the keys.
    column: usize,
    entries: Vec<OutlineEntry>,
}

impl Reader {
    fn line(&mut self, line: &Line<'_>, lines: &mut Lines<'_>) -> Option<()> {
        if line.content == "---" && line.indent == 0 && self.levels.is_empty() {
            return (!std::mem::replace(&mut self.begun, true)).then_some(());
        }
        if matches!(line.content, "{}" | "[]") {
            return self.empty(line.indent);
        }
        let item = item(line.content);
        let of = match item {
            Some(_) => Collection::Sequence,
            None => Collection::Mapping,
        };
        self.enter(line.indent, of)?;
        match item {
            Some("") => self.awaiting = true,
            Some(rest) => {
                let column = line.indent + line.content.len() - rest.len();
                match key(rest) {
                    Some((_, value)) => {
                        self.levels.push((column, Collection::Mapping));
                        self.value(value, column, lines)?;
                    }
                    None if item_in(rest) => return None,
                    None => self.value(rest, line.indent, lines)?,
                }
            }
            None => {
                let (key, value) = key(line.content)?;
                if self.levels.len() == 1 {
                    let lines = line.start..line.start;
                    let key = EcoString::from(key);
                    self.entries.push(OutlineEntry { key, lines, is_mapping: false });
                }
                self.value(value, line.indent, lines)?;
            }
        }
        Some(())
    }

    /// An empty collection on a line of its own, as templates print what may have entries:
    /// the value of the last entry.
    fn empty(&mut self, indent: usize) -> Option<()> {
        let inside = self.levels.last().is_some_and(|(column, _)| *column < indent);
        (inside && std::mem::replace(&mut self.awaiting, false)).then_some(())
    }

    /// Closes the collections that end before a line, and opens the one that it begins.
    fn enter(&mut self, indent: usize, of: Collection) -> Option<()> {
        while self.levels.pop_if(|(column, _)| *column > indent).is_some() {
            self.awaiting = false;
        }
        match self.levels.last() {
            None if indent != self.column || of == Collection::Sequence => None,
            None if !self.entries.is_empty() => None,
            None => {
                self.levels.push((indent, of));
                Some(())
            }
            Some((column, known)) if *column == indent => match (known, of) {
                // A sequence may stand below its key.
                (Collection::Mapping, Collection::Sequence) => self.open(indent, of),
                (Collection::Sequence, Collection::Mapping) => {
                    self.levels.pop();
                    self.awaiting = false;
                    let above = (indent, Collection::Mapping);
                    (self.levels.last() == Some(&above)).then_some(())
                }
                _ => Some(()),
            },
            Some(_) => self.open(indent, of),
        }
    }

    /// Opens a collection that is the value of the last entry.
    fn open(&mut self, indent: usize, of: Collection) -> Option<()> {
        if !self.awaiting || self.levels.len() >= MAX_DEPTH {
            return None;
        }
        if self.levels.len() == 1
            && let Some(entry) = self.entries.last_mut()
        {
            entry.is_mapping = of == Collection::Mapping;
        }
        self.levels.push((indent, of));
        Some(())
    }

    /// What stands behind a key or a dash; `column` is that of the entry.
    fn value(&mut self, value: &str, column: usize, lines: &mut Lines<'_>) -> Option<()> {
        self.awaiting = value.is_empty();
        match value.as_bytes() {
            [] | b"{}" | b"[]" => Some(()),
            b"|" | b"|-" => literal(column, lines),
            [b'[', ..] => flow(value),
            [b'\'', inside @ ..] => quoted(inside, single_quoted, column, lines),
            [b'"', inside @ ..] => quoted(inside, double_quoted, column, lines),
            _ => plain(value, column, lines),
        }
    }
}

/// What follows the dash of an item, if the line is one.
fn item(content: &str) -> Option<&str> {
    match content.strip_prefix('-')? {
        "" => Some(""),
        rest => rest.starts_with(' ').then(|| rest.trim_start_matches(' ')),
    }
}

/// Does an item hold what is no scalar: an item, or a comment?
fn item_in(rest: &str) -> bool {
    item(rest).is_some() || rest.starts_with('#')
}

/// The key that a line begins with, and what follows its colon.
fn key(content: &str) -> Option<(&str, &str)> {
    let bytes = content.as_bytes();
    let (key, rest) = match bytes.first()? {
        quote @ (b'"' | b'\'') => {
            let (key, rest) = content.get(1..)?.split_once(char::from(*quote))?;
            (Some(key).filter(|key| !key.contains('\\'))?, rest)
        }
        b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' => {
            let part = |b: &u8| {
                b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'/' | b'$')
            };
            let end = bytes.iter().position(|b| !part(b))?;
            let (key, rest) = content.split_at_checked(end)?;
            let text = resolve(key, Dialect::V2, false) == Resolved::Str;
            (text.then_some(key)?, rest)
        }
        _ => return None,
    };
    let value = rest.strip_prefix(':')?;
    let apart = value.is_empty() || value.starts_with(' ');
    let value = value.trim_start_matches(' ');
    (apart && key.len() <= MAX_KEY && !value.starts_with('#')).then_some((key, value))
}

/// Skips the further lines of a scalar in plain style, if it is one that JSON can hold.
fn plain(value: &str, column: usize, lines: &mut Lines<'_>) -> Option<()> {
    let bytes = value.as_bytes();
    let begins = match bytes {
        [b'-', next, ..] => *next != b' ',
        [first, ..] => !b"-?:,[]{}#&*!|>'\"%@`".contains(first),
        [] => false,
    };
    let number = matches!(bytes.first(), Some(b'0'..=b'9' | b'+' | b'-' | b'.'));
    let finite = || match resolve(value, Dialect::V2, false) {
        Resolved::Float(f) => f.is_finite(),
        _ => true,
    };
    if !begins || !goes_on(value) || value == "<<" || number && !finite() {
        return None;
    }
    let mut ahead = lines.clone();
    while let Some(line) = ahead.any() {
        match line.content {
            "" => continue,
            content if line.indent <= column || content.starts_with('#') => break,
            content if !goes_on(content) => return None,
            _ => *lines = ahead.clone(),
        }
    }
    Some(())
}

/// Is it a sequence in flow style, on one line, of plain words and simple quoted texts?
fn flow(value: &str) -> Option<()> {
    let items = value.strip_prefix('[')?.strip_suffix(']')?;
    let between = |item: &str, quote: char| {
        let text = item.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        text.is_some_and(|text| !text.contains([quote, '\\']))
    };
    let plain = |item: &str| {
        let part = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        let begins = item.starts_with(|c: char| c.is_ascii_alphanumeric());
        begins && item.bytes().all(part)
    };
    let known = |item: &str| {
        let item = item.trim_matches(' ');
        between(item, '"') || between(item, '\'') || plain(item)
    };
    items.split(',').all(known).then_some(())
}

/// Does a line of a plain scalar hold nothing that ends it?
fn goes_on(line: &str) -> bool {
    let bytes = line.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    // Looking at all pairs is faster than stopping at the first: many are done at once.
    let ends = pairs.fold(false, |ends, (first, second)| {
        let value = (*first == b':') & (*second == b' ');
        let comment = (*first == b' ') & (*second == b'#');
        ends | value | comment
    });
    !ends && !line.ends_with(':')
}

/// Skips the further lines of a quoted scalar, if nothing follows its end.
fn quoted(
    inside: &[u8],
    ends: fn(&[u8]) -> Option<bool>,
    column: usize,
    lines: &mut Lines<'_>,
) -> Option<()> {
    let mut ended = ends(inside)?;
    while !ended {
        let line = lines.any()?;
        if line.indent <= column && !line.content.is_empty() {
            return None;
        }
        ended = ends(line.content.as_bytes())?;
    }
    Some(())
}

/// Does the scalar end with this line? `None` if something follows its end.
fn single_quoted(line: &[u8]) -> Option<bool> {
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        if *byte == b'\'' {
            match bytes.next() {
                None => return Some(true),
                Some(b'\'') => {}
                Some(_) => return None,
            }
        }
    }
    Some(false)
}

/// The same; `None` for all but the common escapes, too.
fn double_quoted(line: &[u8]) -> Option<bool> {
    let mut bytes = line.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return bytes.next().is_none().then_some(true),
            b'\\' if !matches!(bytes.next(), Some(b'"' | b'\\' | b'n' | b't')) => {
                return None;
            }
            _ => {}
        }
    }
    Some(false)
}

/// Skips the lines of a literal block below an entry in this column.
fn literal(column: usize, lines: &mut Lines<'_>) -> Option<()> {
    let mut longest = 0;
    let mut indent = None;
    let mut ahead = lines.clone();
    while let Some(line) = ahead.any() {
        match line.content.is_empty() {
            true => longest = longest.max(line.indent),
            false if line.indent <= column => break,
            false => indent = Some(line.indent),
        }
        *lines = ahead.clone();
        if let Some(indent) = indent {
            lines.skip_indented(indent);
            break;
        }
    }
    // Longer blank lines at the start would tell the indentation.
    (longest <= indent.unwrap_or(0)).then_some(())
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
