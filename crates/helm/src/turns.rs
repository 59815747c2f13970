//! Threads that are about to do the same thing: one does it, the others wait for it.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::{Condvar, Mutex, PoisonError};

/// What is being done at this moment.
#[derive(Debug)]
pub(crate) struct Turns<K> {
    open: Mutex<HashSet<K>>,
    done: Condvar,
}

impl<K> Default for Turns<K> {
    fn default() -> Turns<K> {
        Turns { open: Mutex::default(), done: Condvar::new() }
    }
}

/// The right to do one thing, until it is dropped.
pub(crate) struct Turn<'t, K: Eq + Hash> {
    turns: &'t Turns<K>,
    key: &'t K,
}

impl<K: Eq + Hash + Clone> Turns<K> {
    /// Waits until nobody does this.
    pub(crate) fn take<'t>(&'t self, key: &'t K) -> Turn<'t, K> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        while !open.insert(key.clone()) {
            open = self.done.wait(open).unwrap_or_else(PoisonError::into_inner);
        }
        Turn { turns: self, key }
    }
}

impl<K: Eq + Hash> Drop for Turn<'_, K> {
    fn drop(&mut self) {
        let mut open = self.turns.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(self.key);
        self.turns.done.notify_all();
    }
}
