//! A disk that fills up at any moment never leaves half a file.

use std::collections::BTreeMap;

use source::{MemorySink, MemoryWorld, Sink, SourceMap, VPath};

use crate::fixture::FLEET;

fn world(change: impl Fn(&str, &str) -> String) -> MemoryWorld {
    FLEET.iter().fold(MemoryWorld::new(), |world, (path, text)| {
        world.with(path, change(path, text))
    })
}

fn write(world: &MemoryWorld, sink: &MemorySink) -> bool {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).unwrap();
    let renders = thanos_gitops::render(&repo, &thanos_gitops::RenderOptions::default());
    thanos_gitops::write(&repo, &renders, sink).is_ok()
}

fn manifests(sink: &MemorySink) -> BTreeMap<VPath, Vec<u8>> {
    let mut files = sink.files();
    files.retain(|path, _| !path.as_str().starts_with(".thanos-gitops"));
    files
}

#[test]
fn every_file_is_old_or_new_whenever_the_disk_is_full() {
    let old_world = world(|_, text| text.to_owned());
    let new_world = world(|path, text| match path {
        "base/web/service.yaml" => text.replace("name: web", "name: site"),
        _ => text.replace("one", "uno"),
    });
    let (old, new) = (MemorySink::new(), MemorySink::new());
    assert!(write(&old_world, &old) && write(&new_world, &new));
    let (before, after) = (manifests(&old), manifests(&new));
    assert_ne!(before, after);
    for n in 0.. {
        let sink = MemorySink::failing(old.files(), Some(n));
        if write(&new_world, &sink) {
            assert!(n > 5, "it took only {n} operations");
            assert_eq!(sink.files(), new.files());
            return;
        }
        for (path, bytes) in &manifests(&sink) {
            let whole = before.get(path) == Some(bytes) || after.get(path) == Some(bytes);
            assert!(whole, "after {n} operations {path} is neither old nor new");
        }
        // With room again, the next build ends where a first one would have.
        let again = MemorySink::failing(sink.files(), None);
        assert!(write(&new_world, &again), "after {n} operations");
        assert_eq!(again.files(), new.files(), "after {n} operations");
    }
}

#[test]
fn nothing_changes_while_files_are_staged() {
    let sink = MemorySink::new();
    let whole = world(|_, text| text.to_owned());
    let operations = {
        let counted = MemorySink::new();
        assert!(write(&whole, &counted));
        counted.operations()
    };
    // Half of the operations put bytes aside; none of them shows.
    let full = MemorySink::failing(BTreeMap::new(), Some(operations / 2));
    assert!(!write(&whole, &full));
    assert_eq!(full.files(), sink.files());
    assert!(sink.list(&VPath::root()).unwrap().is_empty());
}
