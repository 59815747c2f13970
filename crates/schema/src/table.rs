//! Definitions as lines of text, indexed once; the format is told at the head of the data.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use crate::Scope;

/// A set of definitions.
#[derive(Debug)]
pub(crate) struct Table {
    text: Cow<'static, str>,
    definitions: Vec<Range<usize>>,
    names: HashMap<String, usize>,
    kinds: HashMap<String, usize>,
    scopes: HashMap<String, Scope>,
}

impl Table {
    /// Indexes a text of `D` and `S` lines.
    pub(crate) fn new(text: impl Into<Cow<'static, str>>) -> Table {
        let mut table = Table {
            text: text.into(),
            definitions: Vec::new(),
            names: HashMap::new(),
            kinds: HashMap::new(),
            scopes: HashMap::new(),
        };
        let text = std::mem::take(&mut table.text);
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            table.index(line.trim_end_matches('\n'), start);
            start += line.len();
        }
        table.text = text;
        table
    }

    fn index(&mut self, line: &str, start: usize) {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next()) {
            (Some("S"), Some(kind), Some(scope)) => {
                let scope = if scope == "N" { Scope::Namespaced } else { Scope::Cluster };
                self.scopes.insert(kind.to_owned(), scope);
            }
            (Some("D"), Some(name), Some(kinds)) => {
                let number = self.definitions.len();
                self.names.insert(name.to_owned(), number);
                for kind in kinds.split(',').filter(|kind| *kind != "-") {
                    self.kinds.insert(kind.to_owned(), number);
                }
                let fields = start + 2 + name.len() + 1 + kinds.len();
                self.definitions.push(fields..start + line.len());
            }
            _ => {}
        }
    }

    /// The fields of a definition: ` name:type name:type`, or ` =type`.
    pub(crate) fn fields(&self, number: usize) -> &str {
        let range = self.definitions.get(number).cloned().unwrap_or(0..0);
        self.text.get(range).unwrap_or("")
    }

    /// The definition with this name.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The definition of `apiVersion/kind`.
    pub(crate) fn kind(&self, kind: &str) -> Option<usize> {
        self.kinds.get(kind).copied()
    }

    /// The scope of `apiVersion/kind`.
    pub(crate) fn scope(&self, kind: &str) -> Option<Scope> {
        self.scopes.get(kind).copied()
    }
}

/// Spells a name so that it holds no character that the format uses.
pub(crate) fn escape(name: &str) -> Cow<'_, str> {
    let special = |c: char| c.is_whitespace() || "%!+,:".contains(c);
    if !name.contains(special) {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len() + 8);
    for c in name.chars() {
        match special(c) {
            true => out.push_str(&format!("%{:x};", u32::from(c))),
            false => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Undoes [`escape`].
pub(crate) fn unescape(name: &str) -> Cow<'_, str> {
    if !name.contains('%') {
        return Cow::Borrowed(name);
    }
    let mut out = String::with_capacity(name.len());
    let mut parts = name.split('%');
    out.push_str(parts.next().unwrap_or(""));
    for part in parts {
        let (code, rest) = part.split_once(';').unwrap_or(("", part));
        let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32);
        out.extend(c);
        out.push_str(rest);
    }
    Cow::Owned(out)
}
