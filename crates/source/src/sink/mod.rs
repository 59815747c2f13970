//! The one door through which files leave.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::VPath;

/// Where output goes. A write has two steps: [`stage`](Sink::stage) puts bytes aside, and
/// [`publish`](Sink::publish) moves them into place in one rename, so that nobody ever sees
/// half a file. What was staged and not published is dropped with the sink.
pub trait Sink: Sync {
    /// Puts the bytes of a file aside.
    fn stage(&self, path: &VPath, bytes: &[u8]) -> io::Result<()>;

    /// Moves a staged file into its place, over what is there.
    fn publish(&self, path: &VPath) -> io::Result<()>;

    /// Removes a file, and the folders that this leaves empty. Nothing there is no error.
    fn remove(&self, path: &VPath) -> io::Result<()>;

    /// What is published at `path`; `None` if nothing is.
    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>>;

    /// The names in a published folder, sorted; empty if there is none.
    fn list(&self, path: &VPath) -> io::Result<Vec<String>>;
}

/// A folder of the disk, locked against a second writer for as long as the sink lives.
#[derive(Debug)]
pub struct DiskSink {
    root: PathBuf,
    state: PathBuf,
    staging: PathBuf,
    made_root: bool,
    _lock: File,
}

/// Writes to what is at `path`, whatever it is: a pipe, a device, the end of a link.
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
pub fn write_through(path: &Path, bytes: &[u8]) -> io::Result<()> {
    std::fs::write(path, bytes)
}

/// The file that a writer locks, in the state folder; it is there only while one writes.
const LOCK: &str = ".lock";

/// Is the open file the one at `path`?
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let (open, named) = (file.metadata(), std::fs::metadata(path));
    open.is_ok_and(|o| named.is_ok_and(|n| (o.dev(), o.ino()) == (n.dev(), n.ino())))
}

/// Elsewhere an open file cannot be taken away.
#[cfg(not(unix))]
fn is_at(_file: &File, _path: &Path) -> bool {
    true
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl DiskSink {
    /// Opens `root`, making it if need be; `state` is the folder inside it where staged files
    /// and the lock live. Fails at once with [`io::ErrorKind::WouldBlock`] if another process
    /// writes there.
    pub fn open(root: &Path, state: &str) -> io::Result<DiskSink> {
        let made_root = !root.exists();
        let state = root.join(state);
        std::fs::create_dir_all(&state)?;
        let options = File::options().create(true).truncate(false).write(true).clone();
        let lock = options.open(state.join(LOCK))?;
        lock.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
            std::fs::TryLockError::Error(error) => error,
        })?;
        if !is_at(&lock, &state.join(LOCK)) {
            // The writer that held it was just leaving, and took the file away.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let staging = state.join(".staging");
        if staging.exists() {
            // Left by a run that was killed; the lock says that nobody uses it.
            std::fs::remove_dir_all(&staging)?;
        }
        std::fs::create_dir_all(&staging)?;
        let root = root.to_owned();
        Ok(DiskSink { root, state, staging, made_root, _lock: lock })
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl Sink for DiskSink {
    fn stage(&self, path: &VPath, bytes: &[u8]) -> io::Result<()> {
        let staged = self.staging.join(path.as_str());
        if let Some(folder) = staged.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(staged, bytes)
    }

    fn publish(&self, path: &VPath) -> io::Result<()> {
        let target = self.root.join(path.as_str());
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::rename(self.staging.join(path.as_str()), target)
    }

    fn remove(&self, path: &VPath) -> io::Result<()> {
        match std::fs::remove_file(self.root.join(path.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut folder = path.parent();
        while let Some(path) = folder.filter(|p| *p != VPath::root()) {
            if std::fs::remove_dir(self.root.join(path.as_str())).is_err() {
                break;
            }
            folder = path.parent();
        }
        Ok(())
    }

    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.root.join(path.as_str())) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn list(&self, path: &VPath) -> io::Result<Vec<String>> {
        let folder = match std::fs::read_dir(self.root.join(path.as_str())) {
            Ok(folder) => folder,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in folder {
            names.extend(entry?.file_name().into_string().ok());
        }
        names.sort();
        Ok(names)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl Drop for DiskSink {
    fn drop(&mut self) {
        // What cannot be removed is removed by the next run. Folders go only if they are
        // empty: then they were made for nothing.
        let _left = std::fs::remove_dir_all(&self.staging);
        let _left = std::fs::remove_file(self.state.join(LOCK));
        let _kept = std::fs::remove_dir(&self.state);
        if self.made_root {
            let _kept = std::fs::remove_dir(&self.root);
        }
    }
}

/// Files in memory, with a disk that can fill up: the test double of [`DiskSink`].
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
