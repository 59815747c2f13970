//! [`Paths`]: which entries of a tree of values templates could look at, whatever is in it.
//!
//! An abstract execution: every branch is taken, every loop runs, every include that can be
//! told is followed; what cannot be followed counts as looking at everything. So what is not
//! among the paths is mentioned by no template. `walk.rs` executes, `calls.rs` knows what
//! functions do by their [`Look`], `value.rs` is what is computed with.

mod calls;
mod printed;
mod value;
mod walk;

use std::collections::BTreeMap;

use ecow::EcoString;

pub use value::Abstract;

use crate::{Look, TemplateSet};

/// Names a node of [`Paths`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PathId(u32);

/// Deeper paths than this are looked at as a whole.
const MAX_DEPTH: u32 = 32;

/// The entries that templates mention: a tree, from the root of the values down.
#[derive(Clone, Debug)]
pub struct Paths {
    nodes: Vec<Node>,
    /// Texts in templates that say `.Values`: templates of templates.
    pub quoted: Vec<EcoString>,
}

#[derive(Clone, Debug, Default)]
struct Node {
    depth: u32,
    entries: BTreeMap<EcoString, PathId>,
    any: Option<PathId>,
    whole: bool,
}

impl Default for Paths {
    fn default() -> Paths {
        Paths::new()
    }
}

impl Paths {
    /// The root of the values.
    pub const ROOT: PathId = PathId(0);

    /// Nothing is mentioned yet.
    #[must_use]
    pub fn new() -> Paths {
        Paths { nodes: vec![Node::default()], quoted: Vec::new() }
    }

    /// Adds what a template could look at when it is executed with this dot.
    pub fn collect<'a>(
        &mut self,
        set: &TemplateSet,
        look: fn(&str) -> Look,
        starts: impl IntoIterator<Item = (&'a str, Abstract)>,
    ) {
        let mut walk = walk::Walk::new(self, set, look);
        for (name, dot) in starts {
            walk.start(name, &dot);
        }
        if walk.gave_up() {
            self.look_whole(Paths::ROOT);
        }
    }

    /// The entry of a key, which is mentioned from here on; `None` if it is too deep.
    pub fn entry(&mut self, of: PathId, key: &str) -> Option<PathId> {
        let found = self.node(of)?.entries.get(key).copied();
        if found.is_some() {
            return found;
        }
        let made = self.make(of)?;
        self.nodes.get_mut(of.0 as usize)?.entries.insert(key.into(), made);
        Some(made)
    }

    /// Any entry: of a key that is not known, or the items of a list.
    pub fn any(&mut self, of: PathId) -> Option<PathId> {
        let found = self.node(of)?.any;
        if found.is_some() {
            return found;
        }
        let made = self.make(of)?;
        self.nodes.get_mut(of.0 as usize)?.any = Some(made);
        Some(made)
    }

    /// Mentions everything below.
    pub fn look_whole(&mut self, at: PathId) {
        if let Some(node) = self.nodes.get_mut(at.0 as usize) {
            node.whole = true;
        }
    }

    /// Is an entry mentioned?
    ///
    /// Below what is looked at as a whole everything is; and below what is looked at although
    /// none of its entries is: only a function that cannot be seen through does that.
    #[must_use]
    pub fn mentions<'k>(&self, path: impl IntoIterator<Item = &'k str>) -> bool {
        let mut at = vec![Paths::ROOT];
        for key in path {
            let mut next = Vec::new();
            for id in at {
                let Some(node) = self.node(id) else { continue };
                let leaf = node.entries.is_empty() && node.any.is_none();
                if node.whole || leaf && id != Paths::ROOT {
                    return true;
                }
                next.extend(node.entries.get(key));
                next.extend(node.any);
            }
            if next.is_empty() {
                return false;
            }
            at = next;
        }
        true
    }

    /// The entries of a node that are known by their keys.
    pub fn entries(&self, of: PathId) -> impl Iterator<Item = (&str, PathId)> {
        let entries = self.node(of).into_iter().flat_map(|node| &node.entries);
        entries.map(|(key, id)| (key.as_str(), *id))
    }

    /// The node of any entry, if there is one.
    #[must_use]
    pub fn any_of(&self, of: PathId) -> Option<PathId> {
        self.node(of)?.any
    }

    fn node(&self, id: PathId) -> Option<&Node> {
        self.nodes.get(id.0 as usize)
    }

    fn make(&mut self, of: PathId) -> Option<PathId> {
        let depth = self.node(of)?.depth + 1;
        if depth > MAX_DEPTH || self.nodes.len() > 1 << 20 {
            self.look_whole(of);
            return None;
        }
        let id = PathId(u32::try_from(self.nodes.len()).ok()?);
        self.nodes.push(Node { depth, ..Node::default() });
        Some(id)
    }
}

#[cfg(test)]
mod tests;
