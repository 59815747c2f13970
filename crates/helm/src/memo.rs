//! Renders that are remembered, as many as there is room for.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use ecow::EcoString;

/// Renders by what they depend on; those that nobody asked for in the longest time go first.
#[derive(Debug)]
pub(crate) struct Memo<K, V> {
    room: usize,
    held: usize,
    /// Counts questions.
    clock: u64,
    known: HashMap<K, Known<V>>,
    /// What was asked for when, the oldest first.
    asked: BTreeMap<u64, (K, Option<EcoString>)>,
}

#[derive(Debug)]
enum Known<V> {
    /// Neither clock nor randomness was asked.
    Always(Option<Kept<V>>),
    /// By seed.
    Seeded(HashMap<EcoString, Kept<V>>),
}

#[derive(Debug)]
struct Kept<V> {
    value: Arc<V>,
    bytes: usize,
    asked: u64,
}

impl<K: Clone + Eq + Hash, V> Memo<K, V> {
    /// A memo that holds this many bytes, and the last render whatever its size.
    pub(crate) fn with_room(room: usize) -> Memo<K, V> {
        let (known, asked) = Default::default();
        Memo { room, held: 0, clock: 0, known, asked }
    }

    /// What is known of a render with this seed.
    pub(crate) fn find(&mut self, key: &K, seed: Option<&EcoString>) -> Option<Arc<V>> {
        self.clock += 1;
        let kept = match self.known.get_mut(key)? {
            Known::Always(kept) => kept.as_mut()?,
            Known::Seeded(by_seed) => by_seed.get_mut(seed?)?,
        };
        let name = self.asked.remove(&kept.asked)?;
        kept.asked = self.clock;
        self.asked.insert(self.clock, name);
        Some(kept.value.clone())
    }

    /// Is it known that the render asks for the clock or for randomness?
    pub(crate) fn draws(&self, key: &K) -> bool {
        matches!(self.known.get(key), Some(Known::Seeded(_)))
    }

    /// Remembers a render of so many bytes; with a seed if it asked for clock or randomness.
    pub(crate) fn add(
        &mut self,
        key: &K,
        seed: Option<EcoString>,
        bytes: usize,
        value: Arc<V>,
    ) {
        self.clock += 1;
        let kept = Kept { value, bytes, asked: self.clock };
        let known = self.known.entry(key.clone()).or_insert_with(|| match seed {
            None => Known::Always(None),
            Some(_) => Known::Seeded(HashMap::new()),
        });
        let replaced = match (known, &seed) {
            (Known::Always(known), None) => known.replace(kept),
            (Known::Seeded(by_seed), Some(seed)) => by_seed.insert(seed.clone(), kept),
            // A render draws or it does not.
            _ => return,
        };
        if let Some(old) = replaced {
            self.held -= old.bytes;
            self.asked.remove(&old.asked);
        }
        self.held += bytes;
        self.asked.insert(self.clock, (key.clone(), seed));
        while self.held > self.room && self.asked.len() > 1 {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        let Some((_, (key, seed))) = self.asked.pop_first() else { return };
        let old = match (seed, self.known.get_mut(&key)) {
            (Some(seed), Some(Known::Seeded(by_seed))) => by_seed.remove(&seed),
            (None, Some(Known::Always(known))) => known.take(),
            _ => None,
        };
        if matches!(self.known.get(&key), Some(Known::Always(None))) {
            self.known.remove(&key);
        }
        self.held -= old.map_or(0, |old| old.bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ecow::EcoString;

    use super::Memo;

    #[test]
    fn what_was_asked_for_last_stays() {
        let mut memo: Memo<&str, u32> = Memo::with_room(10);
        memo.add(&"a", None, 4, Arc::new(1));
        memo.add(&"b", None, 4, Arc::new(2));
        assert_eq!(memo.find(&"a", None).as_deref(), Some(&1));
        memo.add(&"c", None, 4, Arc::new(3));
        assert_eq!(memo.find(&"b", None), None);
        assert_eq!(memo.find(&"a", None).as_deref(), Some(&1));
        memo.add(&"d", None, 40, Arc::new(4));
        assert_eq!(memo.find(&"d", None).as_deref(), Some(&4));
        assert_eq!((memo.held, memo.known.len(), memo.asked.len()), (40, 1, 1));
    }

    #[test]
    fn what_draws_is_known_by_its_seed() {
        let mut memo: Memo<&str, u32> = Memo::with_room(10);
        let seed = |name: &str| Some(EcoString::from(name));
        memo.add(&"a", seed("x"), 4, Arc::new(1));
        memo.add(&"a", seed("y"), 4, Arc::new(2));
        memo.add(&"a", seed("y"), 4, Arc::new(3));
        assert!(memo.draws(&"a"));
        assert_eq!(memo.find(&"a", seed("y").as_ref()).as_deref(), Some(&3));
        memo.add(&"a", seed("z"), 4, Arc::new(4));
        assert_eq!(memo.find(&"a", seed("x").as_ref()), None);
        // That it draws is known even of a render that was forgotten.
        memo.add(&"b", None, 10, Arc::new(5));
        assert!(memo.draws(&"a"));
        assert_eq!((memo.held, memo.asked.len()), (10, 1));
    }
}
