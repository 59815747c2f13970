//! Copies of charts in the tree, where Kustomize looks for them.

use std::collections::BTreeSet;
use std::sync::Arc;

use source::{ReadError, ReadErrorKind, Sink, VPath, World};

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
    pub fn all(uses: &[Use], lock: &Lock, cache: &Cache) -> Result<Vec<Copy>, String> {
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
            let Some(bytes) = cache.get(&locked.sha256) else { continue };
            let files = helm::archive_files(&bytes).map_err(|words| {
                format!("the archive of chart `{name}` {}: {words}", locked.version)
            })?;
            copies.push(Copy { folder, name: name.clone(), files });
        }
        Ok(copies)
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
pub fn differing<'c>(
    world: &dyn World,
    copies: &'c [Copy],
) -> Result<Vec<(&'c Copy, VPath)>, ReadError> {
    let mut found = Vec::new();
    for copy in copies.iter().filter(|copy| world.kind(&copy.folder).is_some()) {
        let paths: Vec<(VPath, &Arc<[u8]>)> = copy.paths().collect();
        let known: BTreeSet<&VPath> = paths.iter().map(|(path, _)| path).collect();
        let mut other = None;
        for (path, bytes) in &paths {
            if !holds(world, path, bytes)? {
                other = Some(path.clone());
                break;
            }
        }
        let present = files_below(world, &copy.folder)?;
        let extra = || present.into_iter().find(|path| !known.contains(path));
        found.extend(other.or_else(extra).map(|path| (copy, path)));
    }
    Ok(found)
}

/// Is this what the file holds?
fn holds(world: &dyn World, path: &VPath, bytes: &[u8]) -> Result<bool, ReadError> {
    match world.read(path) {
        Ok(found) => Ok(without_mark(&found) == bytes),
        Err(error) => match error.kind {
            ReadErrorKind::NotFound
            | ReadErrorKind::IsFolder
            | ReadErrorKind::NotFolder => Ok(false),
            _ => Err(error),
        },
    }
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
    let differing = differing(world, copies).map_err(std::io::Error::other)?;
    wanted.extend(differing.into_iter().map(|(copy, _)| copy));
    for copy in &wanted {
        let paths: Vec<(VPath, &Arc<[u8]>)> = copy.paths().collect();
        for (path, bytes) in &paths {
            sink.stage(path, bytes)?;
        }
        // `Chart.yaml` comes last: a folder without it is no chart, whenever a run ends.
        let is_last = |path: &VPath| path.strip(&copy.folder) == Some("Chart.yaml");
        let (last, first): (Vec<_>, Vec<_>) = paths.iter().partition(|(p, _)| is_last(p));
        let known: BTreeSet<&VPath> = paths.iter().map(|(path, _)| path).collect();
        let present = files_below(world, &copy.folder).map_err(std::io::Error::other)?;
        let extra = present.iter().filter(|path| !known.contains(path));
        extra.into_iter().try_for_each(|path| sink.remove(path))?;
        for (path, _) in first.into_iter().chain(last) {
            sink.publish(path)?;
        }
    }
    Ok(wanted.len())
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The files below a folder; none if there is no such folder.
pub fn files_below(world: &dyn World, folder: &VPath) -> Result<Vec<VPath>, ReadError> {
    let mut files = Vec::new();
    let mut folders = vec![(folder.clone(), 32)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match world.list(&folder) {
            Err(error) => match error.kind {
                ReadErrorKind::NotFound | ReadErrorKind::NotFolder => Vec::new(),
                _ => return Err(error),
            },
            Ok(entries) => entries,
        };
        for (name, kind) in entries {
            let Some(path) = folder.join(&name) else { continue };
            match kind {
                source::EntryKind::File => files.push(path),
                source::EntryKind::Folder if depth > 0 => folders.push((path, depth - 1)),
                source::EntryKind::Folder => {}
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use source::{
        EntryKind, MemorySink, MemoryWorld, ReadError, ReadErrorKind, VPath, World,
    };

    use super::{Copy, differing, write};

    /// A tree in which one path cannot be read.
    struct Closed(MemoryWorld, &'static str);

    impl Closed {
        fn check(&self, path: &VPath) -> Result<(), ReadError> {
            let kind = ReadErrorKind::Other("Permission denied".to_owned());
            let closed = path.as_str() == self.1;
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
    fn what_cannot_be_read_is_not_called_different_and_not_replaced() {
        let chart: Arc<[u8]> = b"name: web\n".as_slice().into();
        let copies = [Copy {
            folder: VPath::new("charts/web").unwrap(),
            name: "web".to_owned(),
            files: vec![("Chart.yaml".to_owned(), chart)],
        }];
        let world = || {
            let world = MemoryWorld::new().with("charts/web/Chart.yaml", "name: web\n");
            world.with("charts/web/templates/own.yaml", "")
        };
        assert_eq!(differing(&world(), &copies).unwrap().len(), 1);
        for closed in ["charts/web/Chart.yaml", "charts/web/templates"] {
            let (world, sink) = (Closed(world(), closed), MemorySink::new());
            let error = differing(&world, &copies).unwrap_err();
            assert_eq!(error.path, closed);
            assert!(write(&world, &copies, &sink).is_err());
            assert!(sink.files().is_empty());
        }
    }
}
