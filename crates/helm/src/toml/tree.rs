//! The tables of a document while it is read. (parse.go, `addContext`, `setValue`)

use ecow::EcoString;
use goyaml::{Data, Entry, Map, Value};

use super::reader::Read;

/// How a table came to be; it decides what may be added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// `[a]`, or a part of its name.
    Header,
    /// `a.b = 1`
    Dotted,
    /// `a = {}`
    Inline,
}

/// The document as it grows.
pub(super) struct Tree {
    pub(super) root: Value,
    /// The tables that were made, by their path, and how.
    made: std::collections::BTreeMap<Vec<String>, Made>,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree { root: Value::new(Map::default()), made: std::collections::BTreeMap::new() }
    }
}

impl Tree {
    /// The table at a path, made if need be; of an array of tables, the last.
    fn table(&mut self, path: &[String], made: Made) -> Read<&mut Map> {
        let mut at = &mut self.root;
        for (n, part) in path.iter().enumerate() {
            let Data::Map(map) = &mut at.data else {
                return Err(defined(path.get(..n).unwrap_or(path)));
            };
            let entry = map
                .entry(EcoString::from(part.as_str()))
                .or_insert_with(|| Entry::from(Value::new(Map::default())));
            let so_far = path.get(..=n).unwrap_or(path).to_vec();
            if self.made.get(&so_far) == Some(&Made::Inline) {
                return Err(defined(&so_far));
            }
            if made == Made::Dotted {
                self.made.entry(so_far).or_insert(made);
            }
            at = match entry.value {
                Value { data: Data::Seq(ref mut items), .. } => {
                    items.last_mut().ok_or_else(|| defined(path))?
                }
                ref mut value => value,
            };
        }
        match &mut at.data {
            Data::Map(map) => Ok(map),
            _ => Err(defined(path)),
        }
    }

    pub(super) fn open_table(&mut self, path: &[String]) -> Read<()> {
        if self.made.contains_key(path) {
            return Err(defined(path));
        }
        self.table(path, Made::Header)?;
        self.made.insert(path.to_vec(), Made::Header);
        Ok(())
    }

    pub(super) fn push_table(&mut self, path: &[String]) -> Read<()> {
        let Some((last, parents)) = path.split_last() else { return Ok(()) };
        let map = self.table(parents, Made::Header)?;
        let entry = map
            .entry(EcoString::from(last.as_str()))
            .or_insert_with(|| Entry::from(Value::new(Vec::new())));
        let Data::Seq(items) = &mut entry.value.data else {
            let path = shown_path(path);
            let words = "was already created and cannot be used as an array.";
            return Err(format!("Key '{path}' {words}"));
        };
        items.push(Value::new(Map::default()));
        // The new table is empty: what stood below the path belongs to the one before.
        self.made.retain(|made, _| !made.starts_with(path));
        Ok(())
    }

    pub(super) fn assign(
        &mut self,
        table: &[String],
        key: &[String],
        value: Value,
    ) -> Read<()> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let path = [table, parents].concat();
        let is_inline = matches!(value.data, Data::Map(_) | Data::Seq(_));
        let made = if parents.is_empty() { Made::Header } else { Made::Dotted };
        let map = self.table(&path, made)?;
        let whole = [path.as_slice(), std::slice::from_ref(last)].concat();
        if map.contains_key(last.as_str()) {
            return Err(defined(&whole));
        }
        map.insert(EcoString::from(last.as_str()), Entry::from(value));
        if is_inline {
            self.made.insert(whole, Made::Inline);
        }
        Ok(())
    }
}

/// The error of a key that comes twice.
pub(super) fn defined(path: &[String]) -> String {
    format!("Key '{}' has already been defined.", shown_path(path))
}

/// A key with its parts, quoted where they must be. (meta.go, `Key.String`)
pub(super) fn shown_path(path: &[String]) -> String {
    let mut name = String::new();
    for (n, part) in path.iter().enumerate() {
        if n > 0 {
            name.push('.');
        }
        super::write::push_key(&mut name, part);
    }
    name
}
