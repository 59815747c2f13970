//! A folder that one process at a time may change.

use std::fs::File;
use std::io;
use std::path::Path;

use super::Sink;
use super::folder::{OutputFolder, fill, permissions};
use crate::VPath;

/// A folder of the disk, locked against a second writer for as long as the sink lives.
///
/// No link is followed on the way to a file of it, nor to where staged files and the lock are:
/// such a path is refused with [`BehindLink`](super::BehindLink). A file that is replaced keeps
/// its mode.
#[derive(Debug)]
pub struct DiskSink {
    folder: OutputFolder,
    state: VPath,
    staging: VPath,
    made_root: bool,
    _lock: File,
}

/// The file that a writer locks, in the state folder; it is there only while one writes.
const LOCK: &str = ".lock";

/// The folder of staged files, in the state folder.
const STAGING: &str = ".staging";

/// Is the open file the one at `path`?
#[cfg(unix)]
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
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

fn below(folder: &VPath, path: &str) -> io::Result<VPath> {
    let inside = folder.join(path).filter(|path| path.is_under(folder));
    inside.ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl DiskSink {
    /// Opens the folder `inside` of `root`, making it if need be; `state` is the folder in it
    /// where staged files and the lock live. Fails at once with
    /// [`io::ErrorKind::WouldBlock`] if another process writes there.
    pub fn open(root: &Path, inside: &VPath, state: &str) -> io::Result<DiskSink> {
        let folder = OutputFolder::new(root, inside);
        let made_root = !folder.at(&VPath::root())?.exists();
        let state = below(&VPath::root(), state)?;
        let staging = below(&state, STAGING)?;
        // A link is found before anything is made.
        let lock_path = folder.at(&below(&state, LOCK)?)?;
        let staged = folder.at(&staging)?;
        std::fs::create_dir_all(folder.at(&state)?)?;
        let options = File::options().create(true).truncate(false).write(true).clone();
        // A writer that is just leaving takes its folder away, too.
        let lock = options.open(&lock_path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => io::ErrorKind::WouldBlock.into(),
            _ => error,
        })?;
        lock.try_lock().map_err(|error| match error {
            std::fs::TryLockError::WouldBlock => io::ErrorKind::WouldBlock.into(),
            std::fs::TryLockError::Error(error) => error,
        })?;
        if !is_at(&lock, &lock_path) {
            // The writer that held it was just leaving, and took the file away.
            return Err(io::ErrorKind::WouldBlock.into());
        }
        if staged.exists() {
            // Left by a run that was killed; the lock says that nobody uses it.
            std::fs::remove_dir_all(&staged)?;
        }
        std::fs::create_dir_all(&staged)?;
        Ok(DiskSink { folder, state, staging, made_root, _lock: lock })
    }

    fn staged(&self, path: &VPath) -> io::Result<std::path::PathBuf> {
        self.folder.at(&below(&self.staging, path.as_str())?)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl Sink for DiskSink {
    fn stage(&self, path: &VPath, bytes: &[u8]) -> io::Result<()> {
        let permissions = permissions(&self.folder.at(path)?);
        let staged = self.staged(path)?;
        if let Some(folder) = staged.parent() {
            std::fs::create_dir_all(folder)?;
        }
        fill(File::create(staged)?, permissions, bytes)
    }

    fn publish(&self, path: &VPath) -> io::Result<()> {
        let target = self.folder.at(path)?;
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::rename(self.staged(path)?, target)
    }

    fn remove(&self, path: &VPath) -> io::Result<()> {
        match std::fs::remove_file(self.folder.at(path)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut folder = path.parent();
        while let Some(path) = folder.filter(|p| *p != VPath::root()) {
            if std::fs::remove_dir(self.folder.at(&path)?).is_err() {
                break;
            }
            folder = path.parent();
        }
        Ok(())
    }

    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
        self.folder.read(path)
    }

    fn list(&self, path: &VPath) -> io::Result<Vec<String>> {
        let folder = match std::fs::read_dir(self.folder.at(path)?) {
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
        let at = |path: &VPath| self.folder.at(path);
        let _left = at(&self.staging).and_then(std::fs::remove_dir_all);
        let lock = below(&self.state, LOCK).and_then(|lock| at(&lock));
        let _left = lock.and_then(std::fs::remove_file);
        let _kept = at(&self.state).and_then(std::fs::remove_dir);
        if self.made_root {
            let _kept = at(&VPath::root()).and_then(std::fs::remove_dir);
        }
    }
}
