//! What another version of a chart changes in its default values, and whom it meets.

use std::collections::BTreeMap;

use goyaml::{Content, Dialect, Node};
use source::{FileId, Span, is_secret_key};

/// How deep default values are compared.
const MAX_DEPTH: usize = 64;

/// The differences of two versions' default values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The differences, by path.
    pub differences: Vec<Difference>,
}

/// One key that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The key's path: `prometheus.replicas`.
    pub path: String,
    /// What happened to it.
    pub change: ValuesChange,
    /// The line in the old `values.yaml`, from 1; 0 if it is not there.
    pub old_line: usize,
    /// The line in the new `values.yaml`, from 1; 0 if it is not there.
    pub new_line: usize,
}

/// What happened to a key. Values are for people: short, and masked where they are secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValuesChange {
    /// It is new, with this value.
    Added(String),
    /// It is gone; perhaps it has another name.
    Removed(Option<String>),
    /// It has another value.
    Changed(String, String),
    /// It was a map and is none, or the other way round.
    Reshaped(String, String),
}

/// A value of the team's own whose key is gone or has another shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Met {
    /// Where the value stands.
    pub span: Span,
    /// The key's path.
    pub path: String,
    /// What happened to the key.
    pub change: ValuesChange,
}

/// Compares the texts of two `values.yaml`.
#[must_use]
pub fn compare(old: &str, new: &str) -> Changes {
    let (old, new) = (Side::read(old), Side::read(new));
    let mut changes = Changes::default();
    if let (Some(old_root), Some(new_root)) = (&old.root, &new.root) {
        let mut differences = Vec::new();
        let compared = Compared { old: &old, new: &new };
        compared.maps("", old_root, new_root, &mut differences, 0);
        changes.differences = differences;
    }
    changes.find_renames(&old);
    changes
}

impl Changes {
    /// Is nothing different?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    /// How many keys were added, removed, and changed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let mut counts = (0, 0, 0);
        for difference in &self.differences {
            match difference.change {
                ValuesChange::Added(_) => counts.0 += 1,
                ValuesChange::Removed(_) => counts.1 += 1,
                _ => counts.2 += 1,
            }
        }
        counts
    }

    /// The places in a team's values whose keys are gone or reshaped.
    #[must_use]
    pub fn met_by(&self, values: &Node) -> Vec<Met> {
        let matters = |d: &&Difference| {
            matches!(d.change, ValuesChange::Removed(_) | ValuesChange::Reshaped(..))
        };
        let met = self.differences.iter().filter(matters).filter_map(|difference| {
            let mut node = values;
            for key in keys(&difference.path) {
                node = node.get(&key)?;
            }
            // A map over a map that became a value is met; a null that removes a key is not.
            let reshaped = matches!(difference.change, ValuesChange::Reshaped(..));
            if node.is_null() && reshaped {
                return None;
            }
            Some(Met {
                span: node.span,
                path: difference.path.clone(),
                change: difference.change.clone(),
            })
        });
        met.collect()
    }

    /// A key that is gone may have come back elsewhere: the same last part, the same value.
    fn find_renames(&mut self, old: &Side) {
        let mut added: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for difference in &self.differences {
            if let ValuesChange::Added(value) = &difference.change {
                let key = (last(&difference.path), value.clone());
                added.entry(key).or_default().push(difference.path.clone());
            }
        }
        for difference in &mut self.differences {
            let ValuesChange::Removed(renamed) = &mut difference.change else { continue };
            let value = old.values.get(&difference.path).cloned().unwrap_or_default();
            if let Some([only]) =
                added.get(&(last(&difference.path), value)).map(Vec::as_slice)
            {
                *renamed = Some(only.clone());
            }
        }
    }
}

/// One `values.yaml`.
#[derive(Default)]
struct Side {
    root: Option<Node>,
    lines: Vec<usize>,
    /// What each removed key held, as people see it.
    values: BTreeMap<String, String>,
}

impl Side {
    fn read(text: &str) -> Side {
        let parsed = goyaml::parse_first(text, FileId::NONE, Dialect::V2);
        let root = parsed.ok().flatten().map(|document| document.root);
        let lines = text.match_indices('\n').map(|(at, _)| at).collect();
        let mut side = Side { root, lines, values: BTreeMap::new() };
        if side.root.is_none() {
            side.root = Some(Node::mapping(Vec::new()));
        }
        let mut values = BTreeMap::new();
        if let Some(root) = &side.root {
            collect(root, "", &mut values, 0);
        }
        side.values = values;
        side
    }

    fn line(&self, node: &Node) -> usize {
        let at = node.span.start as usize;
        self.lines.partition_point(|&end| end < at) + 1
    }
}

/// What every key holds.
fn collect(node: &Node, path: &str, values: &mut BTreeMap<String, String>, depth: usize) {
    for (key, value) in node.entries().unwrap_or_default() {
        let path = joined(path, key.text().unwrap_or(""));
        if depth < MAX_DEPTH {
            collect(value, &path, values, depth + 1);
        }
        let shown = shown(&path, value);
        values.insert(path, shown);
    }
}

struct Compared<'s> {
    old: &'s Side,
    new: &'s Side,
}

impl Compared<'_> {
    fn maps(
        &self,
        path: &str,
        old: &Node,
        new: &Node,
        found: &mut Vec<Difference>,
        depth: usize,
    ) {
        if depth > MAX_DEPTH {
            return;
        }
        let (old_map, mut new_map) = (by_key(old), by_key(new));
        for (key, (old_key, old)) in old_map {
            let path = joined(path, &key);
            let old_line = self.old.line(old_key);
            let Some((new_key, new)) = new_map.remove(&key) else {
                let change = ValuesChange::Removed(None);
                found.push(Difference { path, change, old_line, new_line: 0 });
                continue;
            };
            let new_line = self.new.line(new_key);
            let is_map = |node: &Node| node.entries().is_some();
            let texts = (shown(&path, old), shown(&path, new));
            let change = match (is_map(old), is_map(new)) {
                (true, true) => {
                    self.maps(&path, old, new, found, depth + 1);
                    continue;
                }
                (false, false) if same(old, new, 0) => continue,
                (false, false) => ValuesChange::Changed(texts.0, texts.1),
                // `key:` and `key: {}` are the same to most templates.
                _ if old.is_null() || new.is_null() => {
                    ValuesChange::Changed(texts.0, texts.1)
                }
                _ => ValuesChange::Reshaped(texts.0, texts.1),
            };
            found.push(Difference { path, change, old_line, new_line });
        }
        for (key, (new_key, new)) in new_map {
            let path = joined(path, &key);
            let change = ValuesChange::Added(shown(&path, new));
            let new_line = self.new.line(new_key);
            found.push(Difference { path, change, old_line: 0, new_line });
        }
    }
}

/// The entries of a map, each with its key's node.
fn by_key(node: &Node) -> BTreeMap<String, (&Node, &Node)> {
    let entries = node.entries().unwrap_or_default().iter();
    entries
        .map(|(key, value)| (key.text().unwrap_or("").to_owned(), (key, value)))
        .collect()
}

fn same(old: &Node, new: &Node, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return true;
    }
    match (&old.content, &new.content) {
        (Content::Sequence(a), Content::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b, depth + 1))
        }
        (Content::Mapping(a), Content::Mapping(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| {
                    same(&a.0, &b.0, depth + 1) && same(&a.1, &b.1, depth + 1)
                })
        }
        _ => old.text() == new.text() && old.short_tag() == new.short_tag(),
    }
}

/// A value on one line; a secret one is not shown.
fn shown(path: &str, node: &Node) -> String {
    const LONGEST: usize = 60;
    if is_secret_key(&last(path)) && !node.is_null() && node.text() != Some("") {
        return "(hidden)".to_owned();
    }
    if let Some(entries) = node.entries() {
        let plural = if entries.len() == 1 { "key" } else { "keys" };
        return match entries.len() {
            0 => "{}".to_owned(),
            n => format!("{{{n} {plural}}}"),
        };
    }
    if let Some(items) = node.items() {
        let plural = if items.len() == 1 { "item" } else { "items" };
        return match items.len() {
            0 => "[]".to_owned(),
            n => format!("[{n} {plural}]"),
        };
    }
    if node.is_null() {
        return "null".to_owned();
    }
    let text = node.text().unwrap_or("");
    let line = text.lines().next().unwrap_or("");
    let short: String = line.chars().take(LONGEST).collect();
    let more = if short.len() < text.trim_end().len() { "…" } else { "" };
    match node.as_str() {
        Some(_) => format!("\"{short}{more}\""),
        None => format!("{short}{more}"),
    }
}

/// A part with a dot in it is put in quotes.
fn joined(path: &str, key: &str) -> String {
    let key = match key.contains(['.', '"']) || key.is_empty() {
        true => format!("{key:?}"),
        false => key.to_owned(),
    };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

/// The parts of a path that [`joined`] made.
fn keys(path: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in path.chars() {
        match c {
            _ if escaped => {
                escaped = false;
                parts.last_mut().map(|part| part.push(c)).unwrap_or_default();
            }
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => parts.push(String::new()),
            c => parts.last_mut().map(|part| part.push(c)).unwrap_or_default(),
        }
    }
    parts
}

fn last(path: &str) -> String {
    keys(path).pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use goyaml::Dialect;
    use source::FileId;

    use super::{ValuesChange, compare};

    const OLD: &str = "\
image:
  tag: v1
  pullPolicy: Always
replicas: 1
query:
  enabled: true
  \"a.b\": 1
adminPassword: old
service: {}
tolerations: []
";

    const NEW: &str = "\
# moved
image: {tag: v2}
global:
  pullPolicy: Always
replicas:
  min: 1
adminPassword: new
service:
tolerations: [{}]
";

    #[test]
    fn differences_have_lines_and_hide_secrets() {
        let changes = compare(OLD, NEW);
        let shown: Vec<String> = changes
            .differences
            .iter()
            .map(|d| format!("{} {:?} {} {}", d.path, d.change, d.old_line, d.new_line))
            .collect();
        assert_eq!(
            shown,
            [
                "adminPassword Changed(\"(hidden)\", \"(hidden)\") 8 7",
                "image.pullPolicy Removed(None) 3 0",
                "image.tag Changed(\"\\\"v1\\\"\", \"\\\"v2\\\"\") 2 2",
                "query Removed(None) 5 0",
                "replicas Reshaped(\"1\", \"{1 key}\") 4 5",
                "service Changed(\"{}\", \"null\") 9 8",
                "tolerations Changed(\"[]\", \"[1 item]\") 10 9",
                "global Added(\"{1 key}\") 0 3",
            ]
        );
        assert_eq!(changes.counts(), (1, 2, 5));
        assert!(compare(OLD, OLD).is_empty());
        assert!(compare("", "# nothing\n").is_empty());
    }

    #[test]
    fn own_values_that_meet_a_key_which_is_gone_are_found() {
        let changes = compare(OLD, NEW);
        let own = "image: {tag: x}\nquery:\n  \"a.b\": 2\nreplicas: 3\n";
        let file = FileId::NONE;
        let own = goyaml::parse_first(own, file, Dialect::V3).unwrap().unwrap().root;
        let met = changes.met_by(&own);
        let paths: Vec<&str> = met.iter().map(|m| m.path.as_str()).collect();
        assert_eq!(paths, ["query", "replicas"]);
    }

    #[test]
    fn a_key_that_came_back_elsewhere_is_renamed() {
        let changes = compare("a: {tag: v1}\n", "a: {}\nb: {}\n");
        assert_eq!(changes.differences[0].change, ValuesChange::Removed(None));
        let changes =
            compare("a: {tag: v1, x: 1}\nb: {y: 1}\n", "a: {x: 1}\nb: {y: 1, tag: v1}\n");
        let renamed = ValuesChange::Removed(Some("b.tag".into()));
        assert_eq!(changes.differences[0].change, renamed);
    }
}
