//! Paths of fields as people write them: `spec.containers[0].args`, `[name=web]`, `["a.b/c"]`.

use std::fmt;

use goyaml::{Node, Step};

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
    pub(super) fn resolve<'n>(
        &self,
        node: &'n Node,
        at: &mut FieldPath,
    ) -> Option<&'n Node> {
        let mut node = node;
        for step in &self.steps {
            let (next, resolved) = match step {
                FieldStep::Key(key) => (node.get(key)?, step.clone()),
                FieldStep::Index(index) => (node.items()?.get(*index)?, step.clone()),
                FieldStep::Match(key, value) => {
                    let fits = |item: &Node| {
                        item.get(key).and_then(Node::text) == Some(value.as_str())
                    };
                    let index = node.items()?.iter().position(fits)?;
                    (&node.items()?[index], FieldStep::Index(index))
                }
            };
            at.steps.push(resolved);
            node = next;
        }
        Some(node)
    }

    pub(super) fn push(&mut self, step: Step<'_>) {
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

/// What stands between brackets, and what comes after them.
fn bracket(inner: &str) -> Option<(FieldStep, &str)> {
    if let Some(quoted) = inner.strip_prefix('"') {
        let (key, rest) = quoted.split_once("\"]")?;
        return Some((FieldStep::Key(key.to_owned()), rest));
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
                FieldStep::Key(key) if key.contains(['.', '[', '/']) => {
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
