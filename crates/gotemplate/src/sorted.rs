//! [`SortedMap`]: a map in the order of its keys that is small while it has few entries.

use std::borrow::Borrow;
use std::collections::{BTreeMap, btree_map};
use std::iter::Chain;
use std::sync::atomic::{AtomicU32, Ordering};
use std::vec;

/// A map with more entries than this is a tree.
const FEW: usize = 64;

/// Among so many a key is found by looking at each.
const LINEAR: usize = 16;

/// Where a key was found last, for any thread.
#[derive(Debug, Default)]
pub(crate) struct Hint(AtomicU32);

/// Entries in the order of their keys.
///
/// Charts have thousands of maps of a few entries each: as a sorted list one takes no more
/// memory than its entries, where a tree has room for eleven. Large maps are trees, so that
/// no number of entries makes inserting slow.
#[derive(Clone, Debug)]
pub struct SortedMap<K, V> {
    /// Sorted; empty if there are many.
    few: Vec<(K, V)>,
    #[expect(
        clippy::box_collection,
        reason = "nearly all maps have none, and are smaller"
    )]
    many: Option<Box<BTreeMap<K, V>>>,
}

impl<K, V> Default for SortedMap<K, V> {
    fn default() -> SortedMap<K, V> {
        SortedMap { few: Vec::new(), many: None }
    }
}

impl<K: Ord, V> SortedMap<K, V> {
    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.few.len() + self.many.as_ref().map_or(0, |many| many.len())
    }

    /// Is there no entry?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a key.
    #[must_use]
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Some(at) => self.few.get(at).map(|(_, value)| value),
            None => self.many.as_ref()?.get(key),
        }
    }

    /// The value of a key, looked for where it was last: a place of a template sees maps of
    /// the same keys.
    pub(crate) fn get_near<Q: Ord + ?Sized>(&self, key: &Q, hint: &Hint) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        let last = hint.0.load(Ordering::Relaxed) as usize;
        if let Some((known, value)) = self.few.get(last)
            && known.borrow() == key
        {
            return Some(value);
        }
        let Some(at) = self.find(key) else { return self.many.as_ref()?.get(key) };
        if let Ok(place) = u32::try_from(at) {
            hint.0.store(place, Ordering::Relaxed);
        }
        self.few.get(at).map(|(_, value)| value)
    }

    /// The value of a key, to change it.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Some(at) => self.few.get_mut(at).map(|(_, value)| value),
            None => self.many.as_mut()?.get_mut(key),
        }
    }

    /// Sets the value of a key, and returns the one that it had.
    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        match self.place(&key) {
            Ok(at) => {
                let old = self.few.get_mut(at).map(|(_, old)| old);
                old.map(|old| std::mem::replace(old, value))
            }
            Err(at) if self.many.is_none() && self.few.len() < FEW => {
                self.few.insert(at, (key, value));
                None
            }
            Err(_) => {
                let many = self.many.get_or_insert_default();
                many.extend(std::mem::take(&mut self.few));
                many.insert(key, value)
            }
        }
    }

    /// Takes a key out, and returns its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        match self.find(key) {
            Some(at) => Some(self.few.remove(at).1),
            None => self.many.as_mut()?.remove(key),
        }
    }

    /// Keeps the entries that `keep` wants.
    pub fn retain(&mut self, mut keep: impl FnMut(&K, &V) -> bool) {
        self.few.retain(|(key, value)| keep(key, value));
        self.many.iter_mut().for_each(|many| many.retain(|key, value| keep(key, value)));
    }

    /// The entries in the order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        let many = self.many.iter().flat_map(|many| many.iter());
        self.few.iter().map(|(key, value)| (key, value)).chain(many)
    }

    /// The keys in their order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.iter().map(|(key, _)| key)
    }

    /// The values in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.iter().map(|(_, value)| value)
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        let many = self.many.iter_mut().flat_map(|many| many.values_mut());
        self.few.iter_mut().map(|(_, value)| value).chain(many)
    }

    /// The entry of a key among few.
    fn find<Q: Ord + ?Sized>(&self, key: &Q) -> Option<usize>
    where
        K: Borrow<Q>,
    {
        match self.few.len() {
            // Keys of other lengths are told apart without a look at them.
            ..=LINEAR => self.few.iter().position(|(known, _)| known.borrow() == key),
            _ => self.place(key).ok(),
        }
    }

    /// Where a key is among few, or would be.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Result<usize, usize>
    where
        K: Borrow<Q>,
    {
        self.few.binary_search_by(|(known, _)| known.borrow().cmp(key))
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SortedMap<K, V> {
    /// Of equal keys the last counts.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> SortedMap<K, V> {
        let mut few: Vec<(K, V)> = entries.into_iter().collect();
        if few.len() > FEW {
            let many = Some(Box::new(few.into_iter().collect()));
            return SortedMap { few: Vec::new(), many };
        }
        if !few.is_sorted_by(|(a, _), (b, _)| a < b) {
            few.sort_by(|(a, _), (b, _)| a.cmp(b));
            few.dedup_by(|later, earlier| {
                let same = later.0 == earlier.0;
                if same {
                    std::mem::swap(later, earlier);
                }
                same
            });
        }
        few.shrink_to_fit();
        SortedMap { few, many: None }
    }
}

impl<K, V> IntoIterator for SortedMap<K, V> {
    type Item = (K, V);
    type IntoIter = Chain<vec::IntoIter<(K, V)>, btree_map::IntoIter<K, V>>;

    fn into_iter(self) -> Self::IntoIter {
        self.few.into_iter().chain(*self.many.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{FEW, Hint, SortedMap};

    type Both = (SortedMap<String, usize>, BTreeMap<String, usize>);

    fn same((map, tree): &Both) {
        assert!(map.iter().eq(tree) && map.keys().eq(tree.keys()));
        assert!(map.values().eq(tree.values()));
        assert_eq!((map.len(), map.is_empty()), (tree.len(), tree.is_empty()));
        assert!(tree.iter().all(|(key, value)| map.get(key) == Some(value)));
        assert!(map.clone().into_iter().eq(tree.clone()));
    }

    #[test]
    fn a_hint_of_another_map_misleads_nobody() {
        let map = |keys: usize| -> SortedMap<String, usize> {
            (0..keys).map(|n| (format!("k{n}"), n)).collect()
        };
        let (hint, none) = (Hint::default(), Hint::default());
        for keys in [0, 1, 3, 20, FEW, FEW + 1, 5, 1] {
            let map = map(keys);
            for key in ["k0", "k2", "k19", "k0", "none"] {
                assert_eq!(map.get_near(key, &hint), map.get(key), "{keys} {key}");
            }
            assert_eq!(map.get_near("none", &none), None);
        }
    }

    #[test]
    fn few_and_many_entries_are_as_in_a_tree() {
        for keys in [1, 5, FEW, FEW + 1, 200] {
            let entry = |n: usize| (format!("k{}", n * 37 % keys), n);
            let mut both = Both::default();
            for (key, n) in (0..300).map(entry) {
                assert_eq!(both.0.insert(key.clone(), n), both.1.insert(key, n));
                same(&both);
            }
            let (map, tree) = &mut both;
            for key in ["k0", "k1", "none"] {
                assert_eq!(map.remove(key), tree.remove(key));
                assert_eq!(map.get_mut(key), None);
            }
            map.retain(|_, n| n % 3 > 0);
            tree.retain(|_, n| *n % 3 > 0);
            map.values_mut().for_each(|n| *n += 1);
            tree.values_mut().for_each(|n| *n += 1);
            same(&both);
            same(&((0..300).map(entry).collect(), (0..300).map(entry).collect()));
        }
    }
}
