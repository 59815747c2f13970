//! Deep equality, and hashes that go with it. (Go's `reflect.DeepEqual`)

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use gotemplate::{Data, Value};

/// How deep values are compared; deeper ones, and maps that hold themselves, are unequal.
const MAX_DEPTH: usize = 1000;

/// Are the values of one type, with equal content? A nil list is no empty list.
pub(super) fn deep_equal(a: &Value, b: &Value) -> bool {
    equal(a, b, 0, &mut HashSet::new())
}

/// Pairs of lists or maps that are being compared, or were: they count as equal, as in Go.
type Visited = HashSet<(usize, usize)>;

fn equal(a: &Value, b: &Value, depth: usize, visited: &mut Visited) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    match (&a.data, &b.data) {
        (Data::Nil, Data::Nil) => true,
        (Data::Bool(a), Data::Bool(b)) => a == b,
        (Data::Int(a, x), Data::Int(b, y)) => a == b && x == y,
        (Data::Uint(a, x), Data::Uint(b, y)) => a == b && x == y,
        (Data::Float(a), Data::Float(b)) => a == b,
        (Data::Complex(a), Data::Complex(b)) => a == b,
        (Data::Str(a), Data::Str(b)) => a == b,
        (Data::List(a), Data::List(b)) => {
            a.type_of() == b.type_of()
                && a.is_nil() == b.is_nil()
                && a.len() == b.len()
                && (a.same(b)
                    || !visited.insert((a.address(), b.address()))
                    || a.values()
                        .iter()
                        .zip(b.values())
                        .all(|(a, b)| equal(a, b, depth + 1, visited)))
        }
        (Data::Map(a), Data::Map(b)) => {
            if a.type_of() != b.type_of()
                || a.is_nil() != b.is_nil()
                || a.len() != b.len()
            {
                return false;
            }
            a.same(b)
                || !visited.insert((a.address(), b.address()))
                || a.entries().iter().zip(b.entries()).all(|((key, a), (other, b))| {
                    *key == other && equal(a, &b, depth + 1, visited)
                })
        }
        (Data::Object(a), Data::Object(b)) => {
            a.same(b)
                || (a.type_name() == b.type_name()
                    && a.go_syntax() == b.go_syntax()
                    && a.string() == b.string())
        }
        _ => false,
    }
}

/// Values that were seen, found again in constant time.
#[derive(Default)]
pub(super) struct Seen {
    by_hash: BTreeMap<u64, Vec<Value>>,
}

impl Seen {
    /// Is an equal value among them?
    pub(super) fn contains(&self, value: &Value) -> bool {
        let bucket = self.by_hash.get(&hash_of(value));
        bucket.is_some_and(|bucket| bucket.iter().any(|other| deep_equal(value, other)))
    }

    /// Adds a value; says whether it is the first of its kind.
    pub(super) fn insert(&mut self, value: &Value) -> bool {
        let bucket = self.by_hash.entry(hash_of(value)).or_default();
        let first = !bucket.iter().any(|other| deep_equal(value, other));
        if first {
            bucket.push(value.clone());
        }
        first
    }
}

fn hash_of(value: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    hash(value, &mut hasher, 0, &mut { MOST_HASHED });
    hasher.finish()
}

/// A hash tells by so many values at most: the rest is compared.
const MOST_HASHED: usize = 10_000;

fn hash(value: &Value, hasher: &mut DefaultHasher, depth: usize, left: &mut usize) {
    let Some(less) = left.checked_sub(1) else { return };
    *left = less;
    std::mem::discriminant(&value.data).hash(hasher);
    match &value.data {
        Data::Bool(b) => b.hash(hasher),
        Data::Int(n, _) => n.hash(hasher),
        Data::Uint(n, _) => n.hash(hasher),
        // Zeros are equal whatever their sign.
        Data::Float(n) => (n + 0.0).to_bits().hash(hasher),
        Data::Str(text) => text.hash(hasher),
        Data::List(list) if depth < 8 => {
            list.len().hash(hasher);
            list.values().iter().for_each(|item| hash(item, hasher, depth + 1, left));
        }
        Data::Map(map) if depth < 8 => {
            for (key, item) in map.entries() {
                key.hash(hasher);
                hash(&item, hasher, depth + 1, left);
            }
        }
        _ => {}
    }
}
