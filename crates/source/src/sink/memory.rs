//! Output that stays in memory.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, PoisonError};

use super::Sink;
use crate::VPath;

/// Files in memory, with a disk that can fill up: the test double of [`DiskSink`](super::DiskSink).
#[derive(Debug, Default)]
pub struct MemorySink {
    state: Mutex<MemoryState>,
    fail_at: Option<usize>,
}

#[derive(Debug, Default)]
struct MemoryState {
    published: BTreeMap<VPath, Vec<u8>>,
    staged: BTreeMap<VPath, Vec<u8>>,
    operations: usize,
}

impl MemorySink {
    /// An empty sink that never fails.
    #[must_use]
    pub fn new() -> MemorySink {
        MemorySink::default()
    }

    /// A sink that holds `files` and whose operation number `fail_at` (from 0, counting
    /// stages, publishes and removals) and all later ones fail as a full disk does.
    #[must_use]
    pub fn failing(
        files: BTreeMap<VPath, Vec<u8>>,
        fail_at: Option<usize>,
    ) -> MemorySink {
        let state = MemoryState { published: files, ..MemoryState::default() };
        MemorySink { state: Mutex::new(state), fail_at }
    }

    /// What is published.
    #[must_use]
    pub fn files(&self) -> BTreeMap<VPath, Vec<u8>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).published.clone()
    }

    /// How many operations were asked for.
    #[must_use]
    pub fn operations(&self) -> usize {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).operations
    }

    fn change<T>(
        &self,
        act: impl FnOnce(&mut MemoryState) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let number = state.operations;
        state.operations += 1;
        if self.fail_at.is_some_and(|at| number >= at) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        act(&mut state)
    }
}

impl Sink for MemorySink {
    fn stage(&self, path: &VPath, bytes: &[u8]) -> io::Result<()> {
        self.change(|state| {
            state.staged.insert(path.clone(), bytes.to_vec());
            Ok(())
        })
    }

    fn publish(&self, path: &VPath) -> io::Result<()> {
        self.change(|state| {
            let bytes = state.staged.remove(path).ok_or(io::ErrorKind::NotFound)?;
            state.published.insert(path.clone(), bytes);
            Ok(())
        })
    }

    fn remove(&self, path: &VPath) -> io::Result<()> {
        self.change(|state| {
            state.published.remove(path);
            Ok(())
        })
    }

    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(state.published.get(path).cloned())
    }

    fn list(&self, path: &VPath) -> io::Result<Vec<String>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let below = state.published.keys().filter_map(|p| p.strip(path));
        let names: BTreeSet<_> =
            below.filter_map(|rest| rest.split('/').next()).collect();
        Ok(names.into_iter().filter(|n| !n.is_empty()).map(str::to_owned).collect())
    }
}
