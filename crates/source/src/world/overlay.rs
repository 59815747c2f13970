//! A world with a few files of another replaced.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EntryKind, NotVendored, ReadError, Remote, World};
use crate::VPath;

/// A world with some files replaced or added: "what if this line were different".
pub struct OverlayWorld<'a> {
    base: &'a dyn World,
    changed: BTreeMap<VPath, Arc<[u8]>>,
}

impl<'a> OverlayWorld<'a> {
    /// `base` with the files of `changed` in place of its own.
    pub fn new(base: &'a dyn World, changed: Vec<(VPath, Vec<u8>)>) -> OverlayWorld<'a> {
        let changed = changed.into_iter().map(|(p, b)| (p, b.into())).collect();
        OverlayWorld { base, changed }
    }
}

impl World for OverlayWorld<'_> {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        match self.changed.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.base.read(path),
        }
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let mut entries: BTreeMap<_, _> = self.base.list(path)?.into_iter().collect();
        for name in self.changed.keys().filter_map(|p| p.strip(path)) {
            if !name.is_empty() && !name.contains('/') {
                entries.insert(name.to_owned(), EntryKind::File);
            }
        }
        Ok(entries.into_iter().collect())
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        match self.changed.contains_key(path) {
            true => Some(EntryKind::File),
            false => self.base.kind(path),
        }
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        match self.changed.contains_key(path) {
            true => Ok(path.clone()),
            false => self.base.canonical(path),
        }
    }

    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        self.base.broken_link(folder)
    }

    fn display(&self, path: &VPath) -> String {
        self.base.display(path)
    }

    fn absolute(&self, path: &VPath) -> String {
        self.base.absolute(path)
    }

    fn vendored(&self, remote: &Remote<'_>) -> Result<Option<VPath>, NotVendored> {
        self.base.vendored(remote)
    }
}
