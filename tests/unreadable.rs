//! A folder that cannot be read, whoever runs the test: a world that refuses it.

use std::sync::Arc;

use source::{EntryKind, MemoryWorld, ReadError, ReadErrorKind, SourceMap, VPath, World};

use crate::fixture::FLEET;

/// The small fleet, in which one folder is closed.
struct Closed(MemoryWorld, &'static str);

impl Closed {
    fn check(&self, path: &VPath) -> Result<(), ReadError> {
        let kind = ReadErrorKind::Other("Permission denied (os error 13)".to_owned());
        let closed = VPath::new(self.1).is_some_and(|closed| path.is_under(&closed));
        if closed { Err(ReadError { path: path.to_string(), kind }) } else { Ok(()) }
    }
}

impl World for Closed {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        self.check(path).and_then(|()| self.0.read(path))
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.check(path).and_then(|()| self.0.list(path))
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        self.0.kind(path)
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        self.0.canonical(path)
    }
}

#[test]
fn an_unreadable_folder_is_one_clear_fault() {
    for closed in ["overlays", "overlays/cluster-02-edge", "base/web"] {
        let mut world = MemoryWorld::new();
        FLEET.iter().for_each(|(path, text)| world.insert(path, text));
        let (world, sources) = (Closed(world, closed), SourceMap::new());
        let faults = match thanos_gitops::load(&world, &sources) {
            Err(faults) => faults,
            Ok(repo) => {
                let renders = thanos_gitops::render(&repo, &Default::default());
                renders.into_iter().filter_map(|r| r.outcome.err()).flatten().collect()
            }
        };
        let words: Vec<&str> = faults.iter().map(|d| d.message.as_str()).collect();
        assert!(!words.is_empty(), "{closed}: nothing is said");
        for message in &words {
            assert!(message.contains("Permission denied"), "{closed}: {words:?}");
            assert!(message.contains(closed), "{closed}: {words:?}");
        }
    }
}
