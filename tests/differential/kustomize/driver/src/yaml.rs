//! YAML as it is generated: a tree whose spelling is part of it, so that it can be cut down.

/// A node and how it is spelt.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// A mapping; `true` for `{a: b}`.
    Map(bool, Vec<(String, Yaml)>),
    /// A sequence; `true` for `[a, b]`.
    Seq(bool, Vec<Yaml>),
    /// A scalar, alias or anchored scalar, as it stands in the text.
    Plain(String),
    /// A literal block with its header, such as `|-`.
    Block(&'static str, String),
}

/// A plain scalar.
pub fn s(text: impl Into<String>) -> Yaml {
    Yaml::Plain(text.into())
}

/// A double-quoted scalar.
pub fn quoted(text: &str) -> Yaml {
    Yaml::Plain(serde_json::Value::from(text).to_string())
}

/// A block mapping.
pub fn map<const N: usize>(entries: [(&str, Yaml); N]) -> Yaml {
    Yaml::Map(false, entries.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
}

/// A block sequence.
pub fn seq(items: Vec<Yaml>) -> Yaml {
    Yaml::Seq(false, items)
}

impl Yaml {
    /// Adds an entry to a mapping.
    pub fn put(&mut self, key: &str, value: Yaml) -> &mut Yaml {
        if let Yaml::Map(_, entries) = self {
            match entries.iter_mut().find(|(k, _)| k == key) {
                Some(entry) => entry.1 = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
        self
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Yaml> {
        match self {
            Yaml::Map(_, entries) => entries.iter().find(|(k, _)| k == key).map(|e| &e.1),
            _ => None,
        }
    }

    /// The document's text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        match self {
            Yaml::Map(false, e) if !e.is_empty() => block(self, 0, &mut out),
            Yaml::Seq(false, e) if !e.is_empty() => block(self, 0, &mut out),
            _ => {
                flow(self, &mut out);
                out.push('\n');
            }
        }
        out
    }

    /// The node with the `n`th removable part taken away, simplest cuts first.
    pub fn without(&self, n: &mut usize) -> Option<Yaml> {
        let count = match self {
            Yaml::Map(_, entries) => entries.len(),
            Yaml::Seq(_, items) => items.len(),
            _ => return None,
        };
        if *n < count {
            let at = *n;
            let mut cut = self.clone();
            match &mut cut {
                Yaml::Map(_, entries) => drop(entries.remove(at)),
                Yaml::Seq(_, items) => drop(items.remove(at)),
                _ => {}
            }
            return Some(cut);
        }
        *n -= count;
        for at in 0..count {
            let child = match self {
                Yaml::Map(_, entries) => &entries[at].1,
                Yaml::Seq(_, items) => &items[at],
                _ => return None,
            };
            if let Some(smaller) = child.without(n) {
                let mut cut = self.clone();
                match &mut cut {
                    Yaml::Map(_, entries) => entries[at].1 = smaller,
                    Yaml::Seq(_, items) => items[at] = smaller,
                    _ => {}
                }
                return Some(cut);
            }
        }
        None
    }
}

fn flow(node: &Yaml, out: &mut String) {
    match node {
        Yaml::Map(_, entries) => {
            out.push('{');
            let shown = entries.iter().filter(|(key, _)| !key.starts_with('#'));
            for (i, (key, value)) in shown.enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                out.push_str(key);
                out.push_str(": ");
                flow(value, out);
            }
            out.push('}');
        }
        Yaml::Seq(_, items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                flow(item, out);
            }
            out.push(']');
        }
        Yaml::Plain(text) => {
            let bare = text.split(" #").next().unwrap_or("");
            out.push_str(if bare.is_empty() { "null" } else { bare });
        }
        Yaml::Block(_, text) => {
            out.push_str(&serde_json::Value::from(text.as_str()).to_string())
        }
    }
}

fn pad(depth: usize, out: &mut String) {
    (0..depth).for_each(|_| out.push_str("  "));
}

fn block(node: &Yaml, depth: usize, out: &mut String) {
    match node {
        Yaml::Map(_, entries) => {
            for (key, value) in entries {
                pad(depth, out);
                out.push_str(key);
                if key.starts_with('#') {
                    out.push('\n');
                    continue;
                }
                out.push(':');
                after(value, depth, out);
            }
        }
        Yaml::Seq(_, items) => {
            for item in items {
                pad(depth, out);
                out.push('-');
                match item {
                    Yaml::Map(false, entries)
                        if entries.first().is_some_and(|(k, _)| !k.starts_with('#')) =>
                    {
                        let mut inner = String::new();
                        block(item, depth + 1, &mut inner);
                        out.push(' ');
                        out.push_str(inner.trim_start());
                    }
                    _ => after(item, depth, out),
                }
            }
        }
        _ => {}
    }
}

/// What follows `key:` or `-`.
fn after(value: &Yaml, depth: usize, out: &mut String) {
    let real =
        |entries: &[(String, Yaml)]| entries.iter().any(|(k, _)| !k.starts_with('#'));
    match value {
        Yaml::Map(false, entries) if real(entries) => {
            out.push('\n');
            block(value, depth + 1, out);
        }
        Yaml::Seq(false, items) if !items.is_empty() => {
            out.push('\n');
            block(value, depth, out);
        }
        Yaml::Block(header, text) => {
            out.push(' ');
            out.push_str(header);
            out.push('\n');
            for line in text.lines() {
                if !line.is_empty() {
                    pad(depth + 1, out);
                    out.push_str(line);
                }
                out.push('\n');
            }
        }
        Yaml::Plain(text) => {
            out.push_str(if text.is_empty() { "" } else { " " });
            out.push_str(text);
            out.push('\n');
        }
        _ => {
            out.push(' ');
            flow(value, out);
            out.push('\n');
        }
    }
}
