//! The items of two lists in one arena, found by the values of their keys.
//!
//! Upstream's lists share nodes; here they share places of an arena.
//! (kyaml: `yaml/fns.go`, `ElementSetter`, `ElementMatcher`; `appendListNode`)

use ecow::EcoString;
use goyaml::{Kind, Node};
use rustc_hash::{FxHashMap, FxHashSet};
use source::Result;

use super::{ListOrder, directive};
use crate::resource::{appended, is_nil_or_empty};
use crate::upstream::wrong_kind;

/// The values of an item's keys, in the order of the keys; empty where a key is missing.
pub(super) type Values = Vec<EcoString>;

/// The items of both lists.
pub(super) struct Elements {
    arena: Vec<Node>,
    /// The items of the destination.
    pub(super) dest: Vec<usize>,
    /// The items of the patch, if it is another list.
    pub(super) patch: Option<Vec<usize>>,
    /// Is the patch's list the destination's list?
    pub(super) same: bool,
    /// The keys; one empty key for lists of scalars.
    pub(super) keys: Vec<EcoString>,
}

impl Elements {
    pub(super) fn new(
        dest: Vec<Node>,
        patch: Option<Vec<Node>>,
        same: bool,
        keys: Vec<EcoString>,
    ) -> Elements {
        let split = dest.len();
        let mut arena = dest;
        let patch = patch.map(|nodes| {
            let count = nodes.len();
            arena.extend(nodes);
            (split..split + count).collect()
        });
        Elements { arena, dest: (0..split).collect(), patch, same, keys }
    }

    /// The distinct values of the keys, in the order in which items are merged.
    /// (kyaml: `elementValues`, `elementPrimitiveValues`)
    pub(super) fn values(&self, order: ListOrder) -> Vec<Values> {
        let patch = self.patch.as_deref().unwrap_or(&[]);
        let (first, second) = match order {
            ListOrder::Prepend => (patch, self.dest.as_slice()),
            ListOrder::Append => (self.dest.as_slice(), patch),
        };
        let mut seen = FxHashSet::default();
        let tuples = first.iter().chain(second).map(|at| self.tuple(*at));
        tuples.filter(|tuple| seen.insert(tuple.clone())).collect()
    }

    fn node(&self, at: usize) -> Option<&Node> {
        self.arena.get(at)
    }

    fn tuple(&self, at: usize) -> Values {
        let value = |key: &EcoString| -> EcoString {
            let Some(node) = self.node(at) else { return EcoString::new() };
            let field = match key.is_empty() {
                true => return node.text().unwrap_or("").into(),
                false => node.get(key).filter(|field| !is_nil_or_empty(field)),
            };
            field.and_then(Node::text).unwrap_or("").into()
        };
        self.keys.iter().map(value).collect()
    }

    /// Which keys any item has; all of them if no item has one. (kyaml: `validateKeys`)
    pub(super) fn valid_keys(&self, values: &[Values]) -> Vec<usize> {
        let has = |at: &usize| {
            values.iter().any(|tuple| tuple.get(*at).is_some_and(|v| !v.is_empty()))
        };
        let valid: Vec<usize> = (0..self.keys.len()).filter(has).collect();
        if valid.is_empty() { (0..self.keys.len()).collect() } else { valid }
    }

    /// Has every item all keys that any has, and has no list two equal items?
    ///
    /// Equal items do no harm where one key decides and the last of them wins.
    pub(super) fn is_regular(&self, values: &[Values], order: ListOrder) -> bool {
        let valid = self.valid_keys(values);
        let twice = valid.len() == 1 && order == ListOrder::Prepend;
        let lists = [self.dest.as_slice(), self.patch.as_deref().unwrap_or(&[])];
        let scalars = self.keys.first().is_some_and(EcoString::is_empty);
        lists.iter().all(|list| {
            let mut seen = FxHashSet::default();
            list.iter().all(|at| {
                let tuple = self.tuple(*at);
                let kind = self.node(*at).filter(|node| !node.is_null()).map(Node::kind);
                let fits = match scalars {
                    true => kind == Some(Kind::Scalar),
                    false => kind == Some(Kind::Mapping),
                };
                let complete = |at: &usize| tuple.get(*at).is_some_and(|v| !v.is_empty());
                fits && valid.iter().all(complete) && (seen.insert(tuple) || twice)
            })
        })
    }

    /// The items of a list by the values of their keys; of equal ones the first and the last.
    pub(super) fn index(&self, list: &[usize]) -> FxHashMap<Values, (usize, usize)> {
        let mut index = FxHashMap::default();
        for &at in list {
            index.entry(self.tuple(at)).or_insert((at, at)).1 = at;
        }
        index
    }

    /// The first item of a list with these values; keys without a value do not count, unless
    /// none has a value. (kyaml: `elementValueList`)
    pub(super) fn find(
        &self,
        list: &[usize],
        keys: &[EcoString],
        values: &[EcoString],
    ) -> Option<usize> {
        let any = values.iter().any(|value| !value.is_empty());
        let pairs: Vec<_> =
            keys.iter().zip(values).filter(|(_, v)| !any || !v.is_empty()).collect();
        let fits = |node: &Node| {
            pairs.iter().all(|(key, value)| match key.is_empty() {
                true => node.text().unwrap_or("") == value.as_str(),
                false => node.get(key).is_some_and(|f| f.text().unwrap_or("") == *value),
            })
        };
        list.iter().copied().find(|at| self.node(*at).is_some_and(fits))
    }

    pub(super) fn take(&mut self, at: usize) -> Node {
        self.arena
            .get_mut(at)
            .map_or_else(Node::null, |n| std::mem::replace(n, Node::null()))
    }

    pub(super) fn put(&mut self, at: usize, node: Node) {
        if let Some(slot) = self.arena.get_mut(at) {
            *slot = node;
        }
    }

    /// A copy of a patch's item; the directive is taken out of the item itself, as upstream
    /// finds it gone when the item is looked at again.
    pub(super) fn copy_without_directive(&mut self, at: usize) -> Node {
        let Some(node) = self.arena.get_mut(at) else { return Node::null() };
        let copy = node.clone();
        let _ = directive::take(node);
        copy
    }

    /// Null or an empty mapping: such items are dropped.
    pub(super) fn is_nothing(&self, at: usize) -> bool {
        self.node(at).is_none_or(|node| {
            node.is_null() || node.kind() == Kind::Mapping && is_nil_or_empty(node)
        })
    }

    /// Adds the keys that a merged item does not have.
    pub(super) fn set_keys(
        &mut self,
        at: usize,
        keys: &[EcoString],
        values: &[EcoString],
    ) {
        for (key, value) in keys.iter().zip(values) {
            if value.is_empty() {
                continue;
            }
            if key.is_empty() {
                self.retag_scalar(at);
                continue;
            }
            let Some(node) = self.arena.get_mut(at) else { continue };
            if node.kind() == Kind::Mapping && node.get(key).is_none() {
                let mut made = appended(value.clone());
                made.origin = node.origin;
                made.span = node.span;
                node.set(key, made);
            }
        }
    }

    /// Makes a scalar of a set what its text and style say, whatever its tag was.
    pub(super) fn retag_scalar(&mut self, at: usize) {
        if self.keys.first().is_none_or(|key| !key.is_empty()) {
            return;
        }
        let Some(node) = self.arena.get_mut(at) else { return };
        if node.kind() != Kind::Scalar {
            return;
        }
        node.set_untagged();
    }

    /// Replaces, adds or (without an element) removes the items that have these values.
    /// (kyaml: `ElementSetter.Filter`, oddities included)
    pub(super) fn set(
        &self,
        list: &mut Vec<usize>,
        element: Option<usize>,
        keys: &[EcoString],
        values: &[EcoString],
    ) -> Result<()> {
        let for_maps = keys.first().is_some_and(|key| !key.is_empty())
            && values.first().is_some_and(|value| !value.is_empty());
        let mut found = false;
        let mut kept = Vec::with_capacity(list.len() + 1);
        for &at in list.iter() {
            let Some(node) = self.node(at) else { continue };
            if self.is_nothing(at) {
                continue;
            }
            if node.kind() != Kind::Mapping && for_maps {
                kept.push(at);
                continue;
            }
            if !has_values(node, keys, values)? {
                if !values.is_empty() {
                    kept.push(at);
                }
                continue;
            }
            found = true;
            kept.extend(element);
        }
        *list = kept;
        let Some(element) = element else { return Ok(()) };
        let null = self.node(element).is_none_or(Node::is_null);
        if !found && !null {
            list.push(element);
        }
        Ok(())
    }

    /// Puts the items of `source` into `list`, each in the place of its like.
    /// (kyaml: `appendListNode`)
    pub(super) fn append(
        &self,
        mut list: Vec<usize>,
        source: &[usize],
        keys: &[EcoString],
    ) -> Result<Vec<usize>> {
        let scalars = keys.first().is_some_and(EcoString::is_empty);
        for &at in source {
            let Some(node) = self.node(at) else { continue };
            if scalars {
                let value = EcoString::from(node.text().unwrap_or(""));
                self.set(&mut list, Some(at), keys, &[value])?;
                continue;
            }
            if !node.is_null() && node.kind() != Kind::Mapping {
                return Err(wrong_kind(Kind::Mapping, node));
            }
            let mut values = Values::new();
            for key in keys {
                match node.get(key) {
                    Some(field) => values.push(field.text().unwrap_or("").into()),
                    None => list.push(at),
                }
            }
            if keys.len() > 1 {
                self.set(&mut list, None, keys, &values)?;
            }
            self.set(&mut list, Some(at), keys, &values)?;
        }
        Ok(list)
    }

    /// The destination's items as they are.
    pub(super) fn into_dest(self) -> Vec<Node> {
        let order = self.dest.clone();
        self.into_nodes(&order)
    }

    /// These items of the arena; one that stands twice is copied.
    pub(super) fn into_nodes(self, order: &[usize]) -> Vec<Node> {
        let mut arena: Vec<Option<Node>> = self.arena.into_iter().map(Some).collect();
        let mut uses: FxHashMap<usize, usize> = FxHashMap::default();
        for at in order {
            *uses.entry(*at).or_default() += 1;
        }
        let mut nodes = Vec::with_capacity(order.len());
        for at in order {
            let last = uses.get_mut(at).is_some_and(|count| {
                *count -= 1;
                *count == 0
            });
            let Some(slot) = arena.get_mut(*at) else { continue };
            nodes.extend(if last { slot.take() } else { slot.clone() });
        }
        nodes
    }
}

/// Has an item these values? An empty value asks only that the key is there; keys beyond the
/// values are not asked for.
fn has_values(node: &Node, keys: &[EcoString], values: &[EcoString]) -> Result<bool> {
    let mut found = false;
    for (key, value) in keys.iter().zip(values) {
        if key.is_empty() {
            if node.kind() != Kind::Scalar {
                return Err(wrong_kind(Kind::Scalar, node));
            }
            found = node.text().unwrap_or("") == value.as_str();
        } else {
            if node.kind() != Kind::Mapping {
                return Err(wrong_kind(Kind::Mapping, node));
            }
            let field = node.get(key);
            found = field
                .is_some_and(|f| value.is_empty() || f.text().unwrap_or("") == *value);
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(found)
}
