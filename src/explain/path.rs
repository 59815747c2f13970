//! Paths of fields as people write them: `spec.containers[0].args`, `[name=web]`, `["a.b/c"]`.

use std::fmt;

use goyaml::{Node, Step};
use kustomize::PartStep;

/// A path from the root of an object to a field.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldPath {
    steps: Vec<FieldStep>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum FieldStep {
    /// `.name`, `["a.b"]`
    Key(String),
    /// `[0]`
    Index(usize),
    /// `[name=web]`
    Match(String, String),
}

impl FieldPath {
    /// Reads a path; the empty text is the whole object.
    pub fn parse(text: &str) -> Result<FieldPath, String> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            rest = match rest.strip_prefix('[') {
                Some(inner) => {
                    let (step, after) = bracket(inner)
                        .ok_or_else(|| format!("`[` without `]` in path `{text}`"))?;
                    steps.push(step);
                    after
                }
                None => {
                    let name = rest.strip_prefix('.').unwrap_or(rest);
                    let end = name.find(['.', '[']).unwrap_or(name.len());
                    if end == 0 {
                        return Err(format!("empty field name in path `{text}`"));
                    }
                    steps.push(FieldStep::Key(name[..end].to_owned()));
                    &name[end..]
                }
            };
        }
        Ok(FieldPath { steps })
    }

    /// Follows the path; `at` becomes the path with matches replaced by indices.
    ///
    /// Where it leads nowhere, `Err` says what is missing and what is there instead.
    pub(super) fn resolve<'n>(
        &self,
        node: &'n Node,
        at: &mut FieldPath,
    ) -> Result<&'n Node, Stuck> {
        let mut node = node;
        let mut steps = self.steps.as_slice();
        while let Some((step, rest)) = steps.split_first() {
            let Some((next, resolved, taken)) = follow(node, step, rest) else {
                return Err(Stuck::new(at, node, step));
            };
            at.steps.push(resolved);
            steps = rest.get(taken..).unwrap_or_default();
            node = next;
        }
        Ok(node)
    }

    /// The keys of mappings on the way from `node`, where they are written.
    pub(super) fn keys<'n>(&self, node: &'n Node) -> Vec<&'n Node> {
        let (mut node, mut keys) = (node, Vec::new());
        for step in &self.steps {
            let next = match step {
                FieldStep::Key(name) => {
                    let mut entries = node.entries().unwrap_or_default().iter();
                    let found = entries.find(|(key, _)| key.text() == Some(name));
                    keys.extend(found.map(|(key, _)| key));
                    found.map(|(_, value)| value)
                }
                FieldStep::Index(index) => {
                    node.items().and_then(|items| items.get(*index))
                }
                FieldStep::Match(..) => None,
            };
            let Some(next) = next else { break };
            node = next;
        }
        keys
    }

    /// The path of a part that is gone, if this path leads to it or to what is around it;
    /// `None` as well if `root` has such a part.
    pub(super) fn leading_to<'s>(
        &self,
        root: &Node,
        part: impl Iterator<Item = &'s PartStep>,
    ) -> Option<FieldPath> {
        let (mut at, mut path) = (Some(root), FieldPath::default());
        let mut own = self.steps.as_slice();
        for step in part {
            let (next, resolved) = gone(at, step);
            if !own.is_empty() {
                own = after(own, step, &resolved)?;
            }
            path.steps.push(resolved);
            at = next;
        }
        (own.is_empty() && at.is_none()).then_some(path)
    }

    /// Is it the whole object?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Adds a step.
    pub fn push(&mut self, step: Step<'_>) {
        self.steps.push(match step {
            Step::Key(key) => FieldStep::Key(key.to_owned()),
            Step::Index(index) => FieldStep::Index(index),
        });
    }

    pub(super) fn pop(&mut self) {
        self.steps.pop();
    }

    pub(super) fn starts_with_any(&self, keys: &[&str]) -> bool {
        matches!(self.steps.first(), Some(FieldStep::Key(key)) if keys.contains(&key.as_str()))
    }

    /// The last step, if it is a key.
    pub(super) fn last_key(&self) -> Option<&str> {
        match self.steps.last()? {
            FieldStep::Key(key) => Some(key),
            FieldStep::Index(_) | FieldStep::Match(..) => None,
        }
    }
}

/// Why a path leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stuck {
    /// What could be followed.
    pub(super) at: FieldPath,
    /// The first step that could not.
    pub(super) missing: String,
    /// The steps that there are instead; empty at a scalar.
    pub(super) known: Vec<String>,
}

impl Stuck {
    fn new(at: &FieldPath, node: &Node, missing: &FieldStep) -> Stuck {
        let shown = |step: FieldStep| FieldPath { steps: vec![step] }.to_string();
        let keys = node.entries().unwrap_or_default().iter();
        let keys = keys.filter_map(|(key, _)| key.text().map(str::to_owned));
        let items = node.items().unwrap_or_default().iter().enumerate();
        let items =
            items.map(|(index, item)| match item.get("name").and_then(Node::text) {
                Some(name) => FieldStep::Match("name".to_owned(), name.to_owned()),
                None => FieldStep::Index(index),
            });
        let known = keys.map(FieldStep::Key).chain(items).map(shown).collect();
        Stuck { at: at.clone(), missing: shown(missing.clone()), known }
    }
}

/// The node that a step leads to, the step as an index if it is a match, and how many of the
/// steps after it were taken as well: `annotations.a.b/c` may mean the key `a.b/c`.
fn follow<'n>(
    node: &'n Node,
    step: &FieldStep,
    rest: &[FieldStep],
) -> Option<(&'n Node, FieldStep, usize)> {
    match step {
        FieldStep::Key(key) => {
            if let Some(value) = node.get(key) {
                return Some((value, step.clone(), 0));
            }
            let mut joined = key.clone();
            for (taken, next) in rest.iter().enumerate() {
                let FieldStep::Key(next) = next else { return None };
                joined = format!("{joined}.{next}");
                if let Some(value) = node.get(&joined) {
                    return Some((value, FieldStep::Key(joined), taken + 1));
                }
            }
            None
        }
        FieldStep::Index(index) => Some((node.items()?.get(*index)?, step.clone(), 0)),
        FieldStep::Match(key, value) => {
            let fits =
                |item: &Node| item.get(key).and_then(Node::text) == Some(value.as_str());
            let index = node.items()?.iter().position(fits)?;
            Some((node.items()?.get(index)?, FieldStep::Index(index), 0))
        }
    }
}

/// What is left at a step to a part that is gone, and the step as it is shown.
fn gone<'n>(node: Option<&'n Node>, step: &PartStep) -> (Option<&'n Node>, FieldStep) {
    match step {
        PartStep::Key(key) => {
            (node.and_then(|node| node.get(key)), FieldStep::Key(key.to_string()))
        }
        PartStep::Item { at, named } => {
            let items = node.and_then(Node::items);
            let Some((key, name)) = named else {
                return (items.and_then(|items| items.get(*at)), FieldStep::Index(*at));
            };
            let fits = |item: &Node| item.get(key).and_then(Node::text) == Some(name);
            let found = items.and_then(|items| items.iter().position(fits));
            match found {
                Some(found) => {
                    let item = items.and_then(|items| items.get(found));
                    (item, FieldStep::Index(found))
                }
                None => (None, FieldStep::Match(key.to_string(), name.to_string())),
            }
        }
    }
}

/// What follows of a path whose first step leads where this one does: `annotations.a.b/c` may
/// mean the key `a.b/c`.
fn after<'p>(
    own: &'p [FieldStep],
    step: &PartStep,
    resolved: &FieldStep,
) -> Option<&'p [FieldStep]> {
    let (first, mut rest) = own.split_first()?;
    match (first, step) {
        (FieldStep::Key(first), PartStep::Key(key)) => {
            let mut joined = first.clone();
            while joined != key.as_str() {
                let (FieldStep::Key(next), left) = rest.split_first()? else {
                    return None;
                };
                joined = format!("{joined}.{next}");
                rest = left;
            }
            Some(rest)
        }
        (FieldStep::Index(index), PartStep::Item { at, .. }) => {
            let same = first == resolved
                || matches!(resolved, FieldStep::Match(..)) && index == at;
            same.then_some(rest)
        }
        (FieldStep::Match(key, value), PartStep::Item { named: Some(named), .. }) => {
            (*key == named.0 && *value == named.1).then_some(rest)
        }
        _ => None,
    }
}

/// What stands between brackets, and what comes after them.
fn bracket(inner: &str) -> Option<(FieldStep, &str)> {
    for quote in ['"', '\''] {
        if let Some(quoted) = inner.strip_prefix(quote) {
            let (key, rest) = quoted.split_once(&format!("{quote}]"))?;
            return Some((FieldStep::Key(key.to_owned()), rest));
        }
    }
    let (words, rest) = inner.split_once(']')?;
    let step = match (words.parse(), words.split_once('=')) {
        (Ok(index), _) => FieldStep::Index(index),
        (_, Some((key, value))) => FieldStep::Match(key.to_owned(), value.to_owned()),
        _ => FieldStep::Key(words.to_owned()),
    };
    Some((step, rest))
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, step) in self.steps.iter().enumerate() {
            match step {
                FieldStep::Key(key) if key.contains(['.', '[', '/', ' ', '"']) => {
                    write!(f, "[\"{key}\"]")?
                }
                FieldStep::Key(key) if n == 0 => f.write_str(key)?,
                FieldStep::Key(key) => write!(f, ".{key}")?,
                FieldStep::Index(index) => write!(f, "[{index}]")?,
                FieldStep::Match(key, value) => write!(f, "[{key}={value}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::FieldPath;

    #[test]
    fn paths_print_as_they_are_read() {
        for text in [
            "spec.replicas",
            "spec.containers[0].args[2]",
            "metadata.annotations[\"a.b/c\"]",
            "spec.containers[name=query].image",
            "",
        ] {
            assert_eq!(FieldPath::parse(text).unwrap().to_string(), text);
        }
        assert!(FieldPath::parse("spec..x").is_err());
        assert!(FieldPath::parse("spec[0").is_err());
    }
}
