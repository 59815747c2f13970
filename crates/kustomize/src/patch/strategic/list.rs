//! Lists whose items are told apart by keys, and lists of scalars that are sets.
//! (kyaml: `yaml/walk/associative_sequence.go`)

use ecow::EcoString;
use goyaml::{Content, Node};
use rustc_hash::{FxHashMap, FxHashSet};
use schema::Type;
use source::{Place, Result};

use super::directive::{self, Directive, asked};
use super::elements::{Elements, Values};
use super::{ListOrder, Merge, Outcome};
use crate::resource::{Before, PartStep};

impl<'a> Merge<'a, '_, '_> {
    pub(super) fn walk_list(
        &mut self,
        dest: Option<&mut Node>,
        patch: Option<Node>,
        ty: Option<Type<'a>>,
    ) -> Result<Outcome> {
        match (dest, patch) {
            (Some(_), Some(patch)) if patch.is_null() => Ok(Outcome::Clear),
            (Some(dest), Some(mut patch)) => match directive::take_list(&mut patch)? {
                Directive::Delete => Ok(Outcome::Clear),
                Directive::Merge => {
                    let (old, new) = (take_items(dest), take_items(&mut patch));
                    let merged = self.merge_lists(old, Some(new), false, ty)?;
                    dest.content = Content::Sequence(merged);
                    Ok(Outcome::Keep)
                }
                Directive::Replace => {
                    self.same_list(&mut patch, ty)?;
                    Ok(Outcome::Take(patch))
                }
            },
            (Some(dest), None) => {
                let merged = self.merge_lists(take_items(dest), None, false, ty)?;
                dest.content = Content::Sequence(merged);
                Ok(Outcome::Keep)
            }
            (None, Some(mut patch)) => {
                self.same_list(&mut patch, ty)?;
                Ok(Outcome::Take(patch))
            }
            (None, None) => Ok(Outcome::Clear),
        }
    }

    pub(super) fn same_list(
        &mut self,
        node: &mut Node,
        ty: Option<Type<'a>>,
    ) -> Result<()> {
        let merged = self.merge_lists(take_items(node), None, true, ty)?;
        node.content = Content::Sequence(merged);
        Ok(())
    }

    fn merge_lists(
        &mut self,
        dest: Vec<Node>,
        patch: Option<Vec<Node>>,
        same: bool,
        ty: Option<Type<'a>>,
    ) -> Result<Vec<Node>> {
        let mut keys: Vec<EcoString> =
            ty.into_iter().flat_map(|ty| ty.merge_keys()).map(EcoString::from).collect();
        if keys.is_empty() {
            keys.push(EcoString::new());
        }
        let elements = Elements::new(dest, patch, same, keys);
        let values = elements.values(self.order);
        if values.is_empty() {
            return Ok(elements.into_dest());
        }
        let items = ty.and_then(|ty| ty.items());
        match elements.is_regular(&values, self.order) {
            true => self.merge_regular(elements, values, items),
            false => self.merge_literally(elements, values, items),
        }
    }

    /// Every item has its keys: by index. Of equal items the first is merged and the last, as it
    /// was, takes its place: upstream's oddity.
    fn merge_regular(
        &mut self,
        mut elements: Elements,
        values: Vec<Values>,
        ty: Option<Type<'a>>,
    ) -> Result<Vec<Node>> {
        let several = elements.valid_keys(&values).len() > 1;
        let in_dest = elements.index(&elements.dest);
        let in_patch = elements.index(elements.patch.as_deref().unwrap_or(&[]));
        let mut results: Vec<(Option<usize>, usize)> = Vec::with_capacity(values.len());
        let mut gone = FxHashSet::default();
        for tuple in &values {
            let (dest, last) = in_dest.get(tuple).copied().unzip();
            let patch = match elements.same {
                true => dest,
                false => in_patch.get(tuple).map(|(first, _)| *first),
            };
            match self.merge_pair(&mut elements, dest, patch, ty, true)? {
                Some(value) => {
                    elements.retag_scalar(value);
                    results.push((last, value));
                }
                None => gone.extend(dest),
            }
        }
        let mut order: Vec<usize> = Vec::with_capacity(results.len());
        match (self.order, several) {
            (ListOrder::Prepend, false) => {
                order.extend(results.iter().map(|(dest, value)| dest.unwrap_or(*value)));
            }
            (ListOrder::Prepend, true) => {
                let added = results.iter().filter(|(dest, _)| dest.is_none());
                order.extend(added.map(|(_, value)| *value));
                order.extend(elements.dest.iter().filter(|at| !gone.contains(at)));
            }
            (ListOrder::Append, _) => {
                order.extend(results.iter().map(|(_, value)| *value))
            }
        }
        Ok(elements.into_nodes(&order))
    }

    /// Step by step what upstream does, for lists with missing keys, equal keys, nulls.
    fn merge_literally(
        &mut self,
        mut elements: Elements,
        values: Vec<Values>,
        ty: Option<Type<'a>>,
    ) -> Result<Vec<Node>> {
        let values = match elements.keys.len() > 1 {
            true => unify(values),
            false => values,
        };
        let valid = elements.valid_keys(&values);
        let keys: Vec<EcoString> =
            valid.iter().filter_map(|at| elements.keys.get(*at).cloned()).collect();
        let mut added: Vec<usize> = Vec::new();
        for tuple in &values {
            let own: Values =
                valid.iter().filter_map(|at| tuple.get(*at).cloned()).collect();
            let dest = elements.find(&elements.dest, &keys, &own);
            let patch = match elements.same {
                true => dest,
                false => {
                    elements.patch.as_deref().and_then(|p| elements.find(p, &keys, &own))
                }
            };
            let merged = self.merge_pair(&mut elements, dest, patch, ty, false)?;
            let Some(value) = merged.filter(|at| !elements.is_nothing(*at)) else {
                let mut list = std::mem::take(&mut elements.dest);
                elements.set(&mut list, None, &keys, &own)?;
                elements.dest = list;
                continue;
            };
            elements.set_keys(value, &keys, &own);
            elements.set(&mut added, Some(value), &keys, &own)?;
        }
        let dest = std::mem::take(&mut elements.dest);
        let merged = match self.order {
            ListOrder::Prepend => elements.append(added, &dest, &keys)?,
            ListOrder::Append => elements.append(dest, &added, &keys)?,
        };
        Ok(elements.into_nodes(&merged))
    }

    /// Merges two items of the arena; the place of the result, `None` if nothing is left.
    fn merge_pair(
        &mut self,
        elements: &mut Elements,
        dest: Option<usize>,
        patch: Option<usize>,
        ty: Option<Type<'a>>,
        once: bool,
    ) -> Result<Option<usize>> {
        if elements.same {
            let Some(at) = dest else { return Ok(None) };
            let mut node = elements.take(at);
            let keep = self.walk_same(&mut node, ty)?;
            elements.put(at, node);
            return Ok(keep.then_some(at).filter(|at| !elements.is_nothing(*at)));
        }
        let mut old = dest.map(|at| elements.take(at));
        let new = patch.map(|at| match once {
            true => elements.take(at),
            false => elements.copy_without_directive(at),
        });
        let before = old.as_ref().map(Before::of);
        let keys = new.as_ref().filter(|_| old.is_some()).map(|new| {
            let key = |key: &EcoString| new.get(key).map(Node::place);
            elements.keys.iter().filter_map(key).collect::<Vec<Place>>()
        });
        let (known, asked) =
            (self.removed(), new.as_ref().and_then(|new| asked(None, new)));
        let outcome =
            self.because_of(keys.unwrap_or_default(), |merge| -> Result<Outcome> {
                let outcome = merge.walk(old.as_mut(), new, ty)?;
                if let Some(old) = &old {
                    merge.note_removed(&outcome, old, asked);
                }
                Ok(outcome)
            })?;
        if let (Some(at), Some(node)) = (dest, old) {
            let key = elements.keys.first().map_or("", EcoString::as_str);
            self.within(known, || PartStep::item(at, &node, key));
            elements.put(at, node);
        }
        let found = match outcome {
            Outcome::Clear => None,
            Outcome::Keep => dest,
            Outcome::Take(mut node) => {
                self.record(before.unwrap_or_default(), &mut node);
                let Some(at) = patch else { return Ok(None) };
                elements.put(at, node);
                Some(at)
            }
        };
        Ok(found.filter(|at| !elements.is_nothing(*at)))
    }
}

fn take_items(node: &mut Node) -> Vec<Node> {
    node.items_mut().map(std::mem::take).unwrap_or_default()
}

/// Makes equal what differs only in keys that one of two items does not have.
/// (kyaml: `mergeValues`)
fn unify(mut values: Vec<Values>) -> Vec<Values> {
    if values.iter().all(|tuple| tuple.iter().all(|value| !value.is_empty())) {
        return values;
    }
    for group in groups(&values) {
        for &i in &group {
            // As in Go, the outer value is the one that stood there before the inner loop.
            let Some(outer) = values.get(i).cloned() else { continue };
            for &j in &group {
                let Some(inner) = values.get(j) else { continue };
                let Some(both) = fits(&outer, inner) else { continue };
                if let Some(slot) = values.get_mut(i) {
                    slot.clone_from(&both);
                }
                if let Some(slot) = values.get_mut(j) {
                    *slot = both;
                }
            }
        }
    }
    values
}

/// Items that can fit each other: those with the same first key, if all have one.
fn groups(values: &[Values]) -> Vec<Vec<usize>> {
    let first = |tuple: &Values| tuple.first().cloned().unwrap_or_default();
    if values.iter().any(|tuple| first(tuple).is_empty()) {
        return vec![(0..values.len()).collect()];
    }
    let mut numbers: FxHashMap<EcoString, usize> = FxHashMap::default();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (at, tuple) in values.iter().enumerate() {
        let number = *numbers.entry(first(tuple)).or_insert(groups.len());
        match groups.get_mut(number) {
            Some(group) => group.push(at),
            None => groups.push(vec![at]),
        }
    }
    groups
}

fn fits(a: &Values, b: &Values) -> Option<Values> {
    let mut common = false;
    let mut both = Values::with_capacity(a.len());
    for (x, y) in a.iter().zip(b) {
        common |= x == y;
        match (x.is_empty(), y.is_empty()) {
            _ if x == y => both.push(x.clone()),
            (false, false) => return None,
            (false, true) => both.push(x.clone()),
            (true, _) => both.push(y.clone()),
        }
    }
    common.then_some(both)
}
