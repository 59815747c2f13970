//! What differs between two builds of one target.
//!
//! Items of lists are compared with those that they were: an item that comes in at the front
//! changes none of the others.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use goyaml::{Node, Step};
use source::Place;
use thanos_gitops::Render;
use thanos_gitops::explain::FieldPath;

use super::fields::{is_leaf, objects};

/// A field that is another, or in one of both builds only.
pub(super) struct Change {
    /// The old field: its object's number and its path.
    pub(super) old: Option<(usize, String)>,
    pub(super) old_place: Option<Place>,
    pub(super) new_place: Option<Place>,
    /// For people.
    pub(super) label: String,
}

/// Lists longer than this are compared place by place.
const LONGEST: usize = 600;

pub(super) fn changes(old: &Render, new: &Render) -> Vec<Change> {
    let (old, new) = (objects(old), objects(new));
    let id = |n: &thanos_gitops::fleet::Object<'_>| n.subject("").object;
    let old_ids: Vec<String> = old.iter().map(id).collect();
    let new_ids: Vec<String> = new.iter().map(id).collect();
    let mut pairs: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    let mut come: Vec<usize> = Vec::new();
    for (at, id) in new_ids.iter().enumerate() {
        match old_ids.iter().position(|old| old == id) {
            Some(before) => pairs.push((Some(before), Some(at))),
            None => come.push(at),
        }
    }
    // An object that is gone was renamed if one of its kind came, or one of its name.
    for (at, id) in old_ids.iter().enumerate().filter(|(_, id)| !new_ids.contains(id)) {
        let (kind, name) = id.split_once(' ').unwrap_or((id, ""));
        let same = |new: &&usize| {
            let (other, called) = new_ids[**new].split_once(' ').unwrap_or_default();
            other == kind || called == name
        };
        let renamed = come.iter().position(|new| same(&new));
        pairs.push((Some(at), renamed.map(|new| come.remove(new))));
    }
    pairs.extend(come.into_iter().map(|at| (None, Some(at))));
    let mut found = Vec::new();
    for (before, after) in pairs {
        let label = before.map_or_else(
            || new_ids[after.unwrap_or(0)].clone(),
            |before| old_ids[before].clone(),
        );
        let mut walk = Walk { object: before, label, found: &mut found };
        let node = |objects: &[thanos_gitops::fleet::Object<'_>], at: Option<usize>| {
            at.map(|at| objects[at].node().clone())
        };
        let (before, after) = (node(&old, before), node(&new, after));
        walk.node(&mut Vec::new(), before.as_ref(), after.as_ref());
    }
    found
}

struct Walk<'a> {
    object: Option<usize>,
    label: String,
    found: &'a mut Vec<Change>,
}

#[derive(Clone)]
enum At {
    Key(String),
    Index(usize),
}

impl Walk<'_> {
    fn node(&mut self, at: &mut Vec<At>, old: Option<&Node>, new: Option<&Node>) {
        match (old, new) {
            (Some(old), Some(new)) => self.both(at, old, new),
            (Some(one), None) | (None, Some(one)) => {
                if is_leaf(one) {
                    return self.change(at, old, new);
                }
                for (key, value) in one.entries().unwrap_or_default() {
                    at.push(At::Key(key.text().unwrap_or("").to_owned()));
                    self.node(at, old.map(|_| value), new.map(|_| value));
                    at.pop();
                }
                for (index, item) in one.items().unwrap_or_default().iter().enumerate() {
                    at.push(At::Index(index));
                    self.node(at, old.map(|_| item), new.map(|_| item));
                    at.pop();
                }
            }
            (None, None) => {}
        }
    }

    fn both(&mut self, at: &mut Vec<At>, old: &Node, new: &Node) {
        if is_leaf(old) && is_leaf(new) {
            if fingerprint(old) != fingerprint(new) {
                self.change(at, Some(old), Some(new));
            }
            return;
        }
        if let (Some(before), Some(after)) = (old.entries(), new.entries()) {
            for (key, value) in before {
                let name = key.text().unwrap_or("");
                at.push(At::Key(name.to_owned()));
                self.node(at, Some(value), new.get(name));
                at.pop();
            }
            for (key, value) in after {
                let name = key.text().unwrap_or("");
                if old.get(name).is_none() {
                    at.push(At::Key(name.to_owned()));
                    self.node(at, None, Some(value));
                    at.pop();
                }
            }
            return;
        }
        if let (Some(before), Some(after)) = (old.items(), new.items()) {
            for (a, b) in aligned(before, after) {
                at.push(At::Index(a.or(b).unwrap_or(0)));
                self.node(at, a.map(|a| &before[a]), b.map(|b| &after[b]));
                at.pop();
            }
            return;
        }
        self.node(at, Some(old), None);
        self.node(at, None, Some(new));
    }

    fn change(&mut self, at: &[At], old: Option<&Node>, new: Option<&Node>) {
        let mut path = FieldPath::default();
        for step in at {
            path.push(match step {
                At::Key(key) => Step::Key(key),
                At::Index(index) => Step::Index(*index),
            });
        }
        let path = path.to_string();
        let label = format!("{} {path}", self.label);
        let object = self.object.filter(|_| old.is_some());
        self.found.push(Change {
            old: object.map(|object| (object, path)),
            old_place: old.map(Node::place),
            new_place: new.map(Node::place),
            label,
        });
    }
}

/// Which items of two lists are the same ones: pairs, in order.
fn aligned(old: &[Node], new: &[Node]) -> Vec<(Option<usize>, Option<usize>)> {
    let in_place = || {
        let most = old.len().max(new.len());
        let own = |n: usize, list: &[Node]| (n < list.len()).then_some(n);
        (0..most).map(|n| (own(n, old), own(n, new))).collect()
    };
    if old.len() == new.len() || old.len().max(new.len()) > LONGEST {
        return in_place();
    }
    let prints = |list: &[Node]| list.iter().map(fingerprint).collect::<Vec<u64>>();
    let (a, b) = (prints(old), prints(new));
    // The longest common subsequence, from the end.
    let mut best = vec![vec![0_usize; b.len() + 1]; a.len() + 1];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            best[i][j] = match a[i] == b[j] {
                true => best[i + 1][j + 1] + 1,
                false => best[i + 1][j].max(best[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    let (mut gone, mut come) = (Vec::new(), Vec::new());
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            close(&mut gone, &mut come, &mut pairs);
            pairs.push((Some(i), Some(j)));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && best[i + 1][j] >= best[i][j + 1]) {
            gone.push(i);
            i += 1;
        } else {
            come.push(j);
            j += 1;
        }
    }
    close(&mut gone, &mut come, &mut pairs);
    pairs
}

/// What is between two equal items: in order, the rest alone.
fn close(
    gone: &mut Vec<usize>,
    come: &mut Vec<usize>,
    pairs: &mut Vec<(Option<usize>, Option<usize>)>,
) {
    let most = gone.len().max(come.len());
    pairs.extend((0..most).map(|n| (gone.get(n).copied(), come.get(n).copied())));
    gone.clear();
    come.clear();
}

/// Equal nodes have equal ones; where they stand is no part of it.
fn fingerprint(node: &Node) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(node, &mut hasher);
    hasher.finish()
}

fn hash(node: &Node, hasher: &mut DefaultHasher) {
    if let Some(entries) = node.entries() {
        (1, entries.len()).hash(hasher);
        for (key, value) in entries {
            key.text().hash(hasher);
            hash(value, hasher);
        }
    } else if let Some(items) = node.items() {
        (2, items.len()).hash(hasher);
        items.iter().for_each(|item| hash(item, hasher));
    } else {
        (3, node.text()).hash(hasher);
    }
}
