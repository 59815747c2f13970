//! The ownership lists: which files of the output are ours, and may be removed.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use source::{Sink, VPath};

/// The folder of the lists, inside the output.
pub(crate) const FOLDER: &str = ".thanos-gitops";

/// The list of one component.
pub(crate) fn path(cluster: &str, component: &str) -> Option<VPath> {
    VPath::new(&format!("{FOLDER}/{cluster}/{component}.list"))
}

/// A list as a file: one path a line, sorted; nothing at all for no paths.
pub(crate) fn text(paths: &BTreeSet<VPath>) -> Vec<u8> {
    let mut text = String::new();
    for path in paths {
        text.push_str(path.as_str());
        text.push('\n');
    }
    text.into_bytes()
}

/// Reads a list. Lines that lead out of the component's folder own nothing: a list is a
/// file that anyone may have edited.
pub(crate) fn read(sink: &dyn Sink, list: &VPath) -> io::Result<BTreeSet<VPath>> {
    let text = sink.read(list)?.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let folder = list.as_str().strip_prefix(FOLDER).unwrap_or("");
    let folder = VPath::new(folder.strip_suffix(".list").unwrap_or(folder));
    let inside =
        |path: &VPath| folder.as_ref().is_some_and(|f| path != f && path.is_under(f));
    Ok(text.lines().filter_map(VPath::new).filter(inside).collect())
}

/// Every list that is published, with what it owns. `clusters` limits it; empty means all.
pub(crate) fn read_all(
    sink: &dyn Sink,
    clusters: &BTreeSet<&str>,
) -> io::Result<BTreeMap<VPath, BTreeSet<VPath>>> {
    let mut lists = BTreeMap::new();
    let Some(root) = VPath::new(FOLDER) else { return Ok(lists) };
    for cluster in sink.list(&root)? {
        let wanted = clusters.is_empty() || clusters.contains(&*cluster);
        if wanted && !cluster.starts_with('.') {
            find(sink, &root, &cluster, 0, &mut lists)?;
        }
    }
    Ok(lists)
}

/// How deep the output is looked into; a component's name may hold a slash.
const MAX_DEPTH: u32 = 8;

/// Every file below the folders of clusters that tools of delivery take for a manifest, but
/// for `ours`. `clusters` limits it; empty means all.
pub(crate) fn foreign(
    sink: &dyn Sink,
    clusters: &[String],
    ours: &BTreeSet<&VPath>,
) -> io::Result<Vec<VPath>> {
    let mut found = Vec::new();
    for name in sink.list(&VPath::root())? {
        if !name.starts_with('.') && (clusters.is_empty() || clusters.contains(&name)) {
            gather((sink, ours), &VPath::root(), &name, 0, &mut found)?;
        }
    }
    Ok(found)
}

fn gather(
    (sink, ours): (&dyn Sink, &BTreeSet<&VPath>),
    folder: &VPath,
    name: &str,
    depth: u32,
    found: &mut Vec<VPath>,
) -> io::Result<()> {
    let Some(path) = folder.join(name) else { return Ok(()) };
    // Nearly all are, and the disk need not be asked what they are.
    if ours.contains(&path) {
        return Ok(());
    }
    let is_manifest = [".yaml", ".yml", ".json"].iter().any(|end| name.ends_with(end));
    let below = match sink.list(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            found.extend((is_manifest && depth > 0).then_some(path));
            return Ok(());
        }
        below => below?,
    };
    if depth < MAX_DEPTH {
        let seen = below.iter().filter(|name| !name.starts_with('.'));
        for name in seen {
            gather((sink, ours), &path, name, depth + 1, found)?;
        }
    }
    Ok(())
}

fn find(
    sink: &dyn Sink,
    folder: &VPath,
    name: &str,
    depth: u32,
    lists: &mut BTreeMap<VPath, BTreeSet<VPath>>,
) -> io::Result<()> {
    let Some(path) = folder.join(name) else { return Ok(()) };
    if name.ends_with(".list") && depth > 0 {
        let owned = read(sink, &path)?;
        lists.insert(path, owned);
    } else if depth < MAX_DEPTH {
        let below = match sink.list(&path) {
            // A file that someone put there is none of our business.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => Vec::new(),
            below => below?,
        };
        below.iter().try_for_each(|below| find(sink, &path, below, depth + 1, lists))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io;

    use source::{MemorySink, Sink, VPath};

    use super::read_all;

    /// Lists of a cluster that nobody may read, and a file among the clusters.
    struct Closed;

    impl Sink for Closed {
        fn stage(&self, _path: &VPath, _bytes: &[u8]) -> io::Result<()> {
            Ok(())
        }
        fn publish(&self, _path: &VPath) -> io::Result<()> {
            Ok(())
        }
        fn remove(&self, _path: &VPath) -> io::Result<()> {
            Ok(())
        }
        fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
            MemorySink::new().read(path)
        }
        fn list(&self, path: &VPath) -> io::Result<Vec<String>> {
            match path.name() {
                ".thanos-gitops" => Ok(vec!["README".to_owned(), "central".to_owned()]),
                "README" => Err(io::ErrorKind::NotADirectory.into()),
                _ => Err(io::ErrorKind::PermissionDenied.into()),
            }
        }
    }

    #[test]
    fn a_folder_of_lists_that_cannot_be_read_is_not_an_empty_one() {
        let only = |cluster| read_all(&Closed, &BTreeSet::from([cluster]));
        assert!(only("README").unwrap().is_empty());
        let error = only("central").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::PermissionDenied);
    }
}
