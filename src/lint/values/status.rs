//! What became of each value that somebody wrote.

use goyaml::{Data, Entry, Value};
use source::Span;

use super::given::Given;

/// What became of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// A render looked at it, or it switches a dependency.
    Live,
    /// A template mentions it, but nothing looked at it.
    Inactive,
    /// The chart's defaults or its schema have it, but no template mentions it.
    Forgotten,
    /// Nothing of the chart knows it.
    Dead,
}

/// A value of a document, and what became of it and all in it.
pub(super) struct Key<'g> {
    /// Its path; items of lists are `[0]`.
    pub(super) path: Vec<&'g str>,
    /// Where its key is written; of items, where they start.
    pub(super) span: Span,
    /// The value.
    pub(super) value: &'g Value,
    /// What became of it.
    pub(super) status: Status,
}

/// The outermost values of which nothing had an effect; those of which something had are
/// looked into.
pub(super) fn without_effect(given: &Given) -> Vec<Key<'_>> {
    let mut judge = Judge { given, indexes: &given.indexes, next: 1, found: Vec::new() };
    if let Data::Map(map) = &given.values.data {
        let mut path = Vec::new();
        for (key, entry) in map {
            judge.entry(&mut path, key, entry);
        }
    }
    judge.found
}

struct Judge<'g> {
    given: &'g Given,
    /// `[0]`, `[1]`, …, as far as the longest list goes.
    indexes: &'g [String],
    /// The number of the next node, in preorder.
    next: usize,
    found: Vec<Key<'g>>,
}

impl<'g> Judge<'g> {
    fn entry(
        &mut self,
        path: &mut Vec<&'g str>,
        key: &'g str,
        entry: &'g Entry,
    ) -> Status {
        path.push(key);
        let status = self.value(path, entry.key_span, &entry.value);
        path.pop();
        status
    }

    /// Judges a value. If nothing in it had an effect and all of it is alike, one key remains.
    fn value(&mut self, path: &mut Vec<&'g str>, span: Span, value: &'g Value) -> Status {
        let mark = self.found.len();
        let own = self.own(path);
        let inner = self.inner(path, value);
        let best = inner.iter().copied().min_by_key(|status| rank(*status));
        if best == Some(Status::Live) {
            return Status::Live;
        }
        // Nobody knows the items of a list that nobody reads.
        let list = own == Status::Forgotten && value.as_seq().is_some();
        if !list && inner.iter().any(|status| *status != own) {
            return best.unwrap_or(own);
        }
        self.found.truncate(mark);
        if own != Status::Live {
            self.found.push(Key { path: path.clone(), span, value, status: own });
        }
        own
    }

    /// Judges what is in a container.
    fn inner(&mut self, path: &mut Vec<&'g str>, value: &'g Value) -> Vec<Status> {
        let mut inner = Vec::new();
        match &value.data {
            Data::Map(map) => {
                for (key, entry) in map {
                    inner.push(self.entry(path, key, entry));
                }
            }
            Data::Seq(items) => {
                for (n, item) in items.iter().enumerate() {
                    path.push(self.indexes.get(n).map_or("[]", String::as_str));
                    inner.push(self.value(path, item.span, item));
                    path.pop();
                }
            }
            _ => {}
        }
        inner
    }

    /// What became of the value itself, whatever is in it.
    fn own(&mut self, path: &[&str]) -> Status {
        let number = self.next;
        self.next += 1;
        let given = self.given;
        let read = given.read.as_ref().and_then(|read| read.get(number));
        let keys: Vec<&str> = path.iter().map(|key| plain(key)).collect();
        if read == Some(&true) || given.keys.switches(&keys) {
            Status::Live
        } else if given.mentions(&keys) {
            Status::Inactive
        } else if given.keys.declares(&keys) || given.keys.default(path).is_some() {
            Status::Forgotten
        } else {
            Status::Dead
        }
    }
}

fn rank(status: Status) -> u8 {
    match status {
        Status::Live => 0,
        Status::Inactive => 1,
        Status::Forgotten => 2,
        Status::Dead => 3,
    }
}

/// The key without the brackets of an item.
pub(super) fn plain(key: &str) -> &str {
    key.strip_prefix('[').and_then(|key| key.strip_suffix(']')).unwrap_or(key)
}
