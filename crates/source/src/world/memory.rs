//! A world in memory.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{EntryKind, ReadError, ReadErrorKind, World};
use crate::VPath;

/// Files in memory; for tests and for embedded trees.
#[derive(Clone, Debug, Default)]
pub struct MemoryWorld {
    files: BTreeMap<VPath, Arc<[u8]>>,
}

impl MemoryWorld {
    /// An empty world.
    #[must_use]
    pub fn new() -> MemoryWorld {
        MemoryWorld::default()
    }

    /// Adds or replaces a file. Paths that leave the root are passed over.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl AsRef<[u8]>) -> MemoryWorld {
        self.insert(path, bytes);
        self
    }

    /// Adds or replaces a file. Paths that leave the root are passed over.
    pub fn insert(&mut self, path: &str, bytes: impl AsRef<[u8]>) {
        if let Some(path) = VPath::new(path) {
            self.files.insert(path, bytes.as_ref().into());
        }
    }

    fn inside<'a>(&'a self, folder: &'a VPath) -> impl Iterator<Item = &'a str> {
        self.files.keys().filter_map(|p| p.strip(folder)).filter(|rest| !rest.is_empty())
    }
}

impl World for MemoryWorld {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        self.files.get(path).cloned().ok_or_else(|| {
            let folder = self.kind(path) == Some(EntryKind::Folder);
            let kind = match folder {
                true => ReadErrorKind::IsFolder,
                false => ReadErrorKind::NotFound,
            };
            ReadError { path: path.to_string(), kind }
        })
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let mut entries = BTreeMap::new();
        for rest in self.inside(path) {
            match rest.split_once('/') {
                Some((name, _)) => entries.insert(name.to_owned(), EntryKind::Folder),
                None => entries.insert(rest.to_owned(), EntryKind::File),
            };
        }
        if entries.is_empty() && *path != VPath::root() {
            let kind = match self.files.contains_key(path) {
                true => ReadErrorKind::NotFolder,
                false => ReadErrorKind::NotFound,
            };
            return Err(ReadError { path: path.to_string(), kind });
        }
        Ok(entries.into_iter().collect())
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        if self.files.contains_key(path) {
            return Some(EntryKind::File);
        }
        let folder = *path == VPath::root() || self.inside(path).next().is_some();
        folder.then_some(EntryKind::Folder)
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        match self.kind(path) {
            Some(_) => Ok(path.clone()),
            None => {
                let kind = ReadErrorKind::NotFound;
                Err(ReadError { path: path.to_string(), kind })
            }
        }
    }
}
