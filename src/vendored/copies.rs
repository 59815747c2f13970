//! Copies of charts in the tree, where Kustomize looks for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use source::{Sink, VPath, World};

use super::Use;
use vendor::{Cache, Lock, Wanted};

/// A chart's files and where they belong in the tree.
#[derive(Clone, Debug)]
pub struct Copy {
    /// The chart's folder.
    pub folder: VPath,
    /// Its name, for messages.
    pub name: String,
    /// The files, relative to the folder.
    files: Vec<(String, Arc<[u8]>)>,
}

impl Copy {
    /// The copies that the uses of a tree ask for; charts that the cache does not hold are
    /// passed over.
    #[must_use]
    pub fn all(uses: &[Use], lock: &Lock, cache: &Cache) -> Vec<Copy> {
        let mut copies: Vec<Copy> = Vec::new();
        let mut seen = BTreeSet::new();
        for used in uses {
            let Wanted::Chart { name, repository, version, .. } = &used.wanted else {
                continue;
            };
            // A chart of a vendored base has no place in the tree.
            let chart = used.chart.as_ref().filter(|c| !source::is_vendored(&c.home));
            let Some(chart) = chart else { continue };
            let Some(locked) = lock.chart(name, repository, version) else { continue };
            let Some(folder) =
                chart.folder(name).filter(|folder| seen.insert(folder.clone()))
            else {
                continue;
            };
            let files =
                cache.get(&locked.sha256).map(|bytes| helm::archive_files(&bytes));
            if let Some(Ok(files)) = files {
                copies.push(Copy { folder, name: name.clone(), files });
            }
        }
        copies
    }

    /// Where each file belongs.
    fn paths(&self) -> impl Iterator<Item = (VPath, &Arc<[u8]>)> {
        self.files.iter().filter_map(|(name, bytes)| {
            let path = self.folder.join(name)?;
            path.is_under(&self.folder).then_some((path, bytes))
        })
    }
}

/// The copies that are in the tree and are not what is locked: each with the first file that
/// differs, is missing, or is too much.
#[must_use]
pub fn differing<'c>(world: &dyn World, copies: &'c [Copy]) -> Vec<(&'c Copy, VPath)> {
    let mut found = Vec::new();
    for copy in copies.iter().filter(|copy| world.kind(&copy.folder).is_some()) {
        let paths: Vec<(VPath, &Arc<[u8]>)> = copy.paths().collect();
        let known: BTreeSet<&VPath> = paths.iter().map(|(path, _)| path).collect();
        let other = paths.iter().find(|(path, bytes)| {
            world.read(path).map_or(true, |found| without_mark(&found) != &***bytes)
        });
        let present = files_below(world, &copy.folder);
        let extra = || present.into_iter().find(|path| !known.contains(path));
        found.extend(
            other.map(|(path, _)| path.clone()).or_else(extra).map(|p| (copy, p)),
        );
    }
    found
}

/// The copies that are not in the tree at all.
#[must_use]
pub fn missing<'c>(world: &dyn World, copies: &'c [Copy]) -> Vec<&'c Copy> {
    copies.iter().filter(|copy| world.kind(&copy.folder).is_none()).collect()
}

/// Writes the copies that are missing or differ; returns how many.
pub fn write(
    world: &dyn World,
    copies: &[Copy],
    sink: &dyn Sink,
) -> std::io::Result<usize> {
    let mut wanted = missing(world, copies);
    wanted.extend(differing(world, copies).into_iter().map(|(copy, _)| copy));
    for copy in &wanted {
        let paths: Vec<(VPath, &Arc<[u8]>)> = copy.paths().collect();
        for (path, bytes) in &paths {
            sink.stage(path, bytes)?;
        }
        // `Chart.yaml` comes last: a folder without it is no chart, whenever a run ends.
        let is_last = |path: &VPath| path.strip(&copy.folder) == Some("Chart.yaml");
        let (last, first): (Vec<_>, Vec<_>) = paths.iter().partition(|(p, _)| is_last(p));
        let known: BTreeSet<&VPath> = paths.iter().map(|(path, _)| path).collect();
        for path in
            files_below(world, &copy.folder).iter().filter(|path| !known.contains(path))
        {
            sink.remove(path)?;
        }
        for (path, _) in first.into_iter().chain(last) {
            sink.publish(path)?;
        }
    }
    Ok(wanted.len())
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The files below a folder.
#[must_use]
pub fn files_below(world: &dyn World, folder: &VPath) -> Vec<VPath> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.clone(), 32)];
    while let Some((folder, depth)) = folders.pop() {
        for (name, kind) in world.list(&folder).unwrap_or_default() {
            let Some(path) = folder.join(&name) else { continue };
            match kind {
                source::EntryKind::File => files.push(path),
                source::EntryKind::Folder if depth > 0 => folders.push((path, depth - 1)),
                source::EntryKind::Folder => {}
            }
        }
    }
    files
}
