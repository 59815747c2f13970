//! Aliases and merge keys: which node an alias means, and writing them out.

use ecow::EcoString;
use rustc_hash::{FxHashMap, FxHashSet};
use source::Span;

use crate::fault::{Fault, FaultKind};
use crate::parse::MAX_DEPTH;
use crate::{Content, Node, Tag};

/// How many nodes [`Node::expand`] may add to a document.
pub const EXPANSION_BUDGET: usize = 400_000;

/// The node that each alias of a tree means: the last one before it with its anchor.
#[derive(Default)]
pub(crate) struct Targets<'a> {
    targets: FxHashMap<*const Node, &'a Node>,
}

impl<'a> Targets<'a> {
    pub(crate) fn of(root: &'a Node) -> Targets<'a> {
        let mut anchors: FxHashMap<&'a str, &'a Node> = FxHashMap::default();
        let mut targets = FxHashMap::default();
        root.walk(&mut |node| {
            if let Content::Alias(name) = &node.content
                && let Some(target) = anchors.get(name.as_str())
            {
                targets.insert(std::ptr::from_ref(node), *target);
            }
            if let Some(anchor) = node.anchor() {
                anchors.insert(anchor, node);
            }
        });
        Targets { targets }
    }

    pub(crate) fn get(&self, alias: &Node) -> Option<&'a Node> {
        self.targets.get(&std::ptr::from_ref(alias)).copied()
    }
}

impl Node {
    /// Writes out every alias and merge key of a document, as kyaml's `DeAnchor` does
    /// (`yaml/rnode.go`, v0.21).
    ///
    /// Own entries stay where they are and win; merged ones follow. What is written out
    /// keeps the place where it was defined. At most `budget` nodes are added (see
    /// [`EXPANSION_BUDGET`]). If it fails, the tree is written out in part.
    pub fn expand(&mut self, budget: usize) -> Result<(), Fault> {
        let mut used = FxHashSet::default();
        let mut merges = false;
        self.walk(&mut |node| {
            merges |= node.tag == Tag::Merge;
            if let Content::Alias(name) = &node.content {
                used.insert(name.clone());
            }
        });
        if used.is_empty() && !merges {
            self.walk_mut(&mut clear_anchor);
            return Ok(());
        }
        let anchors = FxHashMap::default();
        Expansion { used, anchors, budget, depth: 0 }.node(self)
    }
}

fn clear_anchor(node: &mut Node) {
    if let Some(meta) = &mut node.meta {
        meta.anchor = None;
    }
}

struct Expansion {
    /// Anchors that some alias names: only these are kept.
    used: FxHashSet<EcoString>,
    /// Anchored nodes, written out, and how many nodes each has; `None` while inside one.
    anchors: FxHashMap<EcoString, Option<(Node, usize)>>,
    budget: usize,
    depth: usize,
}

impl Expansion {
    fn node(&mut self, node: &mut Node) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = format!("yaml: exceeded max depth of {MAX_DEPTH}");
            return Err(Fault::plain(FaultKind::Limit, node.span, message));
        }
        let anchor = node.meta.as_mut().and_then(|meta| meta.anchor.take());
        let anchor = anchor.filter(|name| self.used.contains(name));
        if let Some(name) = &anchor {
            self.anchors.insert(name.clone(), None);
        }
        match &mut node.content {
            Content::Scalar(_) => {}
            Content::Alias(name) => {
                let name = name.clone();
                *node = self.copy(&name, node.span)?;
            }
            Content::Sequence(items) => {
                for item in items {
                    self.node(item)?;
                }
            }
            Content::Mapping(entries) => self.mapping(entries)?,
        }
        if let Some(name) = anchor {
            let mut count = 0;
            node.walk(&mut |_| count += 1);
            self.spend(count, node.span)?;
            self.anchors.insert(name, Some((node.clone(), count)));
        }
        self.depth -= 1;
        Ok(())
    }

    fn copy(&mut self, name: &EcoString, span: Span) -> Result<Node, Fault> {
        let count = match self.anchors.get(name) {
            Some(Some((_, count))) => *count,
            Some(None) => {
                let message = format!("anchor '{name}' value contains itself");
                return Err(Fault::syntax(span, 0, message));
            }
            None => {
                let message = format!("unknown anchor '{name}' referenced");
                return Err(Fault::syntax(span, 0, message));
            }
        };
        self.spend(count, span)?;
        let found = self.anchors.get(name).and_then(Option::as_ref);
        Ok(found.map_or_else(Node::null, |(node, _)| node.clone()))
    }

    fn spend(&mut self, count: usize, span: Span) -> Result<(), Fault> {
        match self.budget.checked_sub(count) {
            Some(left) => {
                self.budget = left;
                Ok(())
            }
            None => Err(Fault::syntax(span, 0, "document contains excessive aliasing")),
        }
    }

    fn mapping(&mut self, entries: &mut Vec<(Node, Node)>) -> Result<(), Fault> {
        let mut merge: Option<(Node, bool)> = None;
        let mut own = Vec::with_capacity(entries.len());
        for (mut key, mut value) in std::mem::take(entries) {
            let alias = matches!(value.content, Content::Alias(_));
            self.node(&mut key)?;
            self.node(&mut value)?;
            if key.tag != Tag::Merge {
                own.push((key, value));
            } else if merge.replace((value, alias)).is_some() {
                return Err(plain(key.span, "duplicate merge key"));
            }
        }
        if let Some((value, alias)) = merge {
            merge_into(&mut own, merge_values(value, alias)?);
        }
        *entries = own;
        Ok(())
    }
}

fn plain(span: Span, message: &str) -> Fault {
    Fault::plain(FaultKind::Limit, span, message)
}

/// The mappings to merge, those that win last.
fn merge_values(value: Node, alias: bool) -> Result<Vec<Vec<(Node, Node)>>, Fault> {
    let span = value.span;
    match value.content {
        Content::Mapping(entries) => Ok(vec![entries]),
        Content::Sequence(_) if alias => {
            Err(plain(span, "invalid map merge: received alias for a non-map value"))
        }
        Content::Sequence(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items.into_iter().rev() {
                if matches!(item.content, Content::Sequence(_)) {
                    let message = "invalid map merge: received a nested sequence";
                    return Err(plain(item.span, message));
                }
                values.extend(merge_values(item, false)?);
            }
            Ok(values)
        }
        _ if alias => {
            Err(plain(span, "invalid map merge: received alias for a non-map value"))
        }
        _ => Err(plain(span, "map merge requires map or sequence of maps as the value")),
    }
}

fn merge_into(own: &mut Vec<(Node, Node)>, merged: Vec<Vec<(Node, Node)>>) {
    let name = |key: &Node| EcoString::from(key.text().unwrap_or(""));
    let mine: FxHashSet<EcoString> = own.iter().map(|(key, _)| name(key)).collect();
    let mut added: FxHashMap<EcoString, usize> = FxHashMap::default();
    for (key, value) in merged.into_iter().flatten() {
        let name = name(&key);
        if mine.contains(&name) {
            continue;
        }
        match added.get(&name).and_then(|at| own.get_mut(*at)) {
            Some(entry) => *entry = (key, value),
            None => {
                added.insert(name, own.len());
                own.push((key, value));
            }
        }
    }
}
