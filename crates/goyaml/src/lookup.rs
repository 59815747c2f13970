//! Finding nodes by key and by path.

use source::Span;

use crate::{Content, Node};

/// One step of a path into a tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step<'a> {
    /// The value of a key.
    Key(&'a str),
    /// The item at an index, from 0.
    Index(usize),
}

impl<'a> From<&'a str> for Step<'a> {
    fn from(key: &'a str) -> Step<'a> {
        Step::Key(key)
    }
}

impl From<usize> for Step<'_> {
    fn from(index: usize) -> Self {
        Step::Index(index)
    }
}

impl Node {
    /// The value of the first entry whose key has this text.
    ///
    /// Aliases and merge keys are not looked through: see [`Node::expand`].
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The value of the first entry whose key has this text, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let entries = self.entries_mut()?;
        entries.iter_mut().find(|(k, _)| k.text() == Some(key)).map(|(_, value)| value)
    }

    /// The first entry whose key has this text.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&(Node, Node)> {
        self.entries()?.iter().find(|(k, _)| k.text() == Some(key))
    }

    /// Where a key is written.
    #[must_use]
    pub fn key_span(&self, key: &str) -> Option<Span> {
        self.entry(key).map(|(key, _)| key.span)
    }

    /// Sets the value of a key; adds the entry at the end if there is none.
    ///
    /// Returns the value that was there. Does nothing on nodes that are no mappings.
    pub fn set(&mut self, key: &str, value: Node) -> Option<Node> {
        if let Some(old) = self.get_mut(key) {
            return Some(std::mem::replace(old, value));
        }
        let key = Node::string(key).from_origin(value.origin);
        if let Some(entries) = self.entries_mut() {
            entries.push((key, value));
        }
        None
    }

    /// Removes the first entry with this key.
    pub fn remove(&mut self, key: &str) -> Option<(Node, Node)> {
        let entries = self.entries_mut()?;
        let at = entries.iter().position(|(k, _)| k.text() == Some(key))?;
        Some(entries.remove(at))
    }

    /// The node at the end of a path.
    pub fn lookup<'a>(&self, path: impl IntoIterator<Item = Step<'a>>) -> Option<&Node> {
        path.into_iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get(key),
            Step::Index(index) => node.items()?.get(index),
        })
    }

    /// The node at the end of a path, to change.
    pub fn lookup_mut<'a>(
        &mut self,
        path: impl IntoIterator<Item = Step<'a>>,
    ) -> Option<&mut Node> {
        path.into_iter().try_fold(self, |node, step| match step {
            Step::Key(key) => node.get_mut(key),
            Step::Index(index) => node.items_mut()?.get_mut(index),
        })
    }

    /// Calls `visit` for this node and all below, keys included, in the order of the text.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Node)) {
        visit(self);
        match &self.content {
            Content::Scalar(_) | Content::Alias(_) => {}
            Content::Sequence(items) => items.iter().for_each(|item| item.walk(visit)),
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    key.walk(visit);
                    value.walk(visit);
                }
            }
        }
    }

    /// Calls `visit` for this node and all below, parents first, to change them.
    pub fn walk_mut(&mut self, visit: &mut dyn FnMut(&mut Node)) {
        visit(self);
        match &mut self.content {
            Content::Scalar(_) | Content::Alias(_) => {}
            Content::Sequence(items) => {
                items.iter_mut().for_each(|item| item.walk_mut(visit));
            }
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    key.walk_mut(visit);
                    value.walk_mut(visit);
                }
            }
        }
    }
}
