//! Which forms of YAML an outline knows, line by line.

use ecow::EcoString;

use super::entry::OutlineEntry;
use super::lines::{Line, Lines};
use crate::Dialect;
use crate::resolve::{Resolved, resolve};

/// How deep collections may be in an outline.
const MAX_DEPTH: usize = 100;

/// How long a key may be in an outline, in bytes.
const MAX_KEY: usize = 256;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Collection {
    Mapping,
    Sequence,
}

/// The state between two lines.
#[derive(Default)]
pub(super) struct Reader {
    /// The collections that are open, and the columns of their entries.
    levels: Vec<(usize, Collection)>,
    /// Does the last entry of the innermost collection have no value so far?
    awaiting: bool,
    /// Was there a `---`?
    begun: bool,
    /// The column of the keys.
    column: usize,
    pub(super) entries: Vec<OutlineEntry>,
}

impl Reader {
    /// Before the first line of a mapping whose keys stand in a column.
    pub(super) fn at(column: usize) -> Reader {
        Reader { column, ..Reader::default() }
    }

    pub(super) fn line(&mut self, line: &Line<'_>, lines: &mut Lines<'_>) -> Option<()> {
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
pub(super) fn key(content: &str) -> Option<(&str, &str)> {
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
