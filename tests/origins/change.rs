//! What differs between two builds of one target.
//!
//! Items of lists are compared with those that they were: an item that comes in at the front
//! changes none of the others. Objects that got another name or kind, and items that are not
//! quite the same, are those that have most in common with what they were.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

use goyaml::{Node, Step};
use source::Place;
use thanos_gitops::Render;
use thanos_gitops::explain::FieldPath;
use thanos_gitops::fleet::Object;

use super::fields::{is_leaf, objects};

/// A field that is another, or in one of both builds only.
pub(super) struct Change {
    /// The old field: its object's number and its path.
    pub(super) old: Option<(usize, String)>,
    pub(super) old_place: Option<Place>,
    pub(super) new_place: Option<Place>,
    /// The places of the keys that lead to it, in the old build and in the new one.
    pub(super) keys: [Vec<Place>; 2],
    /// For people.
    pub(super) label: String,
}

/// Lists longer than this are compared place by place.
const LONGEST: usize = 600;

pub(super) fn changes(old: &Render, new: &Render) -> Vec<Change> {
    let (old, new) = (objects(old), objects(new));
    let id = |n: &Object<'_>| n.subject("").object;
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
    // An object that is gone was renamed if one came that is like it.
    let gone = (0..old.len()).filter(|at| !new_ids.contains(&old_ids[*at]));
    let gone: Vec<usize> = gone.collect();
    let is_one = |before: usize, after: usize| {
        let (kind, name) = old_ids[before].split_once(' ').unwrap_or_default();
        let (other, called) = new_ids[after].split_once(' ').unwrap_or_default();
        other == kind || called == name
    };
    let renamed = alike(&old, &new, &gone, &come, &is_one);
    for at in gone {
        let one = renamed.iter().find(|(before, _)| *before == at);
        pairs.push((Some(at), one.map(|(_, after)| *after)));
    }
    come.retain(|at| !renamed.iter().any(|(_, after)| after == at));
    pairs.extend(come.into_iter().map(|at| (None, Some(at))));
    let mut found = Vec::new();
    for (before, after) in pairs {
        let label = before.map_or_else(
            || new_ids[after.unwrap_or(0)].clone(),
            |before| old_ids[before].clone(),
        );
        let mut walk = Walk { object: before, label, found: &mut found };
        let node = |objects: &[Object<'_>], at: Option<usize>| {
            at.map(|at| objects[at].node().clone())
        };
        let (before, after) = (node(&old, before), node(&new, after));
        walk.node(&mut Vec::new(), before.as_ref(), after.as_ref());
    }
    found
}

/// Which objects are which: the pairs that have most in common.
fn alike(
    old: &[Object<'_>],
    new: &[Object<'_>],
    gone: &[usize],
    come: &[usize],
    is_one: &dyn Fn(usize, usize) -> bool,
) -> Vec<(usize, usize)> {
    let leaves = |objects: &[Object<'_>], at: &[usize]| -> Vec<Vec<u64>> {
        at.iter().map(|at| leaves(objects[*at].node())).collect()
    };
    let (before, after) = (leaves(old, gone), leaves(new, come));
    let mut likely = Vec::new();
    for (a, old) in before.iter().enumerate() {
        for (b, new) in after.iter().enumerate() {
            let common = in_common(old, new);
            if is_one(gone[a], come[b]) || common * 2 > old.len().min(new.len()) {
                likely.push((common, a, b));
            }
        }
    }
    likely.sort_by_key(|(common, a, b)| (Reverse(*common), *a, *b));
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (_, a, b) in likely {
        if !found.iter().any(|(x, y)| *x == gone[a] || *y == come[b]) {
            found.push((gone[a], come[b]));
        }
    }
    found
}

/// Digests of all scalars and their paths, sorted.
fn leaves(node: &Node) -> Vec<u64> {
    let mut found = Vec::new();
    leaves_below(node, 0, &mut found);
    found.sort_unstable();
    found
}

fn leaves_below(node: &Node, path: u64, found: &mut Vec<u64>) {
    let mut below = |key: &str, value: &Node| {
        let mut hasher = DefaultHasher::new();
        (path, key).hash(&mut hasher);
        leaves_below(value, hasher.finish(), found);
    };
    for (key, value) in node.entries().unwrap_or_default() {
        below(key.text().unwrap_or(""), value);
    }
    for item in node.items().unwrap_or_default() {
        below("", item);
    }
    if is_leaf(node) {
        found.push(path ^ fingerprint(node));
    }
}

fn in_common(a: &[u64], b: &[u64]) -> usize {
    let (mut i, mut j, mut count) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(i), b.get(j)) {
        count += usize::from(x == y);
        (i, j) = (i + usize::from(x <= y), j + usize::from(y <= x));
    }
    count
}

struct Walk<'a> {
    object: Option<usize>,
    label: String,
    found: &'a mut Vec<Change>,
}

#[derive(Clone)]
enum At {
    Key(String, [Option<Place>; 2]),
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
                    let name = key.text().unwrap_or("").to_owned();
                    let place = |of: Option<&Node>| of.map(|_| key.place());
                    at.push(At::Key(name, [place(old), place(new)]));
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
            // A key that a template wrote twice is two entries.
            for (key, nth, value) in numbered(before) {
                let other = entry(after, key, nth);
                at.push(step(key, [Some(key), other.map(|(key, _)| key)]));
                self.node(at, Some(value), other.map(|(_, value)| value));
                at.pop();
            }
            for (key, nth, value) in numbered(after) {
                if entry(before, key, nth).is_none() {
                    at.push(step(key, [None, Some(key)]));
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
        let mut keys = [Vec::new(), Vec::new()];
        for step in at {
            path.push(match step {
                At::Key(key, places) => {
                    for (keys, place) in keys.iter_mut().zip(places) {
                        keys.extend(*place);
                    }
                    Step::Key(key)
                }
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
            keys,
            label,
        });
    }
}

type Entries = [(Node, Node)];

fn step(key: &Node, places: [Option<&Node>; 2]) -> At {
    let places = places.map(|key| key.map(Node::place));
    At::Key(key.text().unwrap_or("").to_owned(), places)
}

/// Entries with how many of the same key there are before.
fn numbered(entries: &Entries) -> impl Iterator<Item = (&Node, usize, &Node)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    entries.iter().map(move |(key, value)| {
        let count = counts.entry(key.text().unwrap_or("")).or_default();
        *count += 1;
        (key, *count - 1, value)
    })
}

fn entry<'n>(entries: &'n Entries, key: &Node, nth: usize) -> Option<&'n (Node, Node)> {
    entries.iter().filter(|(other, _)| other.text() == key.text()).nth(nth)
}

/// Which items of two lists are the same ones: pairs, in order.
fn aligned(old: &[Node], new: &[Node]) -> Vec<(Option<usize>, Option<usize>)> {
    let prints = |list: &[Node]| list.iter().map(fingerprint).collect::<Vec<u64>>();
    let (a, b) = (prints(old), prints(new));
    // What is the same at both ends need not be looked for.
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev());
    let tail = tail.take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[head..a.len() - tail], &b[head..b.len() - tail]);
    let mut pairs: Vec<(Option<usize>, Option<usize>)> =
        (0..head).map(|n| (Some(n), Some(n))).collect();
    if a.len().max(b.len()) > LONGEST {
        let own = |n: usize, list: &[u64]| (n < list.len()).then_some(head + n);
        pairs.extend((0..a.len().max(b.len())).map(|n| (own(n, a), own(n, b))));
    } else {
        let same = common(a.len(), b.len(), &|i, j| usize::from(a[i] == b[j]));
        let mut from = (head, head);
        for (i, j) in same.into_iter().chain([(a.len(), b.len())]) {
            between(old, new, from, (head + i, head + j), &mut pairs);
            if i < a.len() {
                pairs.push((Some(head + i), Some(head + j)));
            }
            from = (head + i + 1, head + j + 1);
        }
    }
    let last = |list: &[Node], n: usize| Some(list.len() - tail + n);
    pairs.extend((0..tail).map(|n| (last(old, n), last(new, n))));
    pairs
}

/// The pairs of two sequences, in order, whose weights are most together.
fn common(
    a: usize,
    b: usize,
    weight: &dyn Fn(usize, usize) -> usize,
) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0_usize; b + 1]; a + 1];
    let mut taken = vec![vec![false; b + 1]; a + 1];
    for i in (0..a).rev() {
        for j in (0..b).rev() {
            let (own, apart) = (weight(i, j), best[i + 1][j].max(best[i][j + 1]));
            let together = best[i + 1][j + 1] + own;
            taken[i][j] = own > 0 && together >= apart;
            best[i][j] = if taken[i][j] { together } else { apart };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < a && j < b {
        if taken[i][j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i + 1][j] >= best[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// What is between two equal items: those that have most in common are the same one; of the
/// rest those are that are in one place.
fn between(
    old: &[Node],
    new: &[Node],
    from: (usize, usize),
    to: (usize, usize),
    pairs: &mut Vec<(Option<usize>, Option<usize>)>,
) {
    let parts = |list: &[Node], from: usize, to: usize| -> Vec<Vec<u64>> {
        list[from..to].iter().map(leaves).collect()
    };
    let (a, b) = (parts(old, from.0, to.0), parts(new, from.1, to.1));
    let same = common(a.len(), b.len(), &|i, j| match old[from.0 + i].text() {
        Some(_) => 0,
        None => in_common(&a[i], &b[j]),
    });
    let mut at = (0, 0);
    for (i, j) in same.into_iter().chain([(a.len(), b.len())]) {
        let (gone, come) = (i - at.0, j - at.1);
        for n in 0..gone.max(come) {
            let before = (n < gone).then_some(from.0 + at.0 + n);
            let after = (n < come).then_some(from.1 + at.1 + n);
            pairs.push((before, after));
        }
        if i < a.len() {
            pairs.push((Some(from.0 + i), Some(from.1 + j)));
        }
        at = (i + 1, j + 1);
    }
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
