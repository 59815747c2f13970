//! The world of a folder on disk.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Content, EntryKind, ReadError, ReadErrorKind, World};
use crate::VPath;

/// The files below a folder of the disk.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    prefix: PathBuf,
    /// Folders with their links resolved: most files of a tree share a few.
    folders: Arc<Mutex<BTreeMap<VPath, VPath>>>,
}

impl DiskWorld {
    /// The world below `root`, which must exist. Messages show paths after `prefix`: the way
    /// a person would spell them (`.` shows them from the root).
    #[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
    pub fn new(root: &Path, prefix: &Path) -> std::io::Result<DiskWorld> {
        let (root, prefix) = (root.canonicalize()?, prefix.to_owned());
        Ok(DiskWorld { root, prefix, folders: Arc::default() })
    }

    /// The root folder, links resolved.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn disk(&self, path: &VPath) -> PathBuf {
        self.root.join(path.as_str())
    }

    /// The path with every link resolved: what is no link is where its folder is.
    #[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
    fn resolved(&self, path: &VPath) -> Result<VPath, ReadError> {
        let real = path.parent().and_then(|folder| self.folder(&folder).ok());
        let plain = |real: &VPath| {
            self.disk(real).symlink_metadata().is_ok_and(|meta| !meta.is_symlink())
        };
        let real = real.and_then(|folder| folder.join(path.name())).filter(plain);
        real.map_or_else(|| self.canonical(path), Ok)
    }

    /// The same of a folder, looked for once.
    fn folder(&self, path: &VPath) -> Result<VPath, ReadError> {
        let folders = || self.folders.lock().unwrap_or_else(PoisonError::into_inner);
        let known = folders().get(path).cloned();
        if let Some(real) = known {
            return Ok(real);
        }
        let real = self.resolved(path)?;
        folders().insert(path.clone(), real.clone());
        Ok(real)
    }

    /// Reads a file and gives its bytes to `make`.
    ///
    /// A thread reads all files into one buffer: what is made of the bytes is as large as it
    /// has to be, and memory is touched once.
    fn with_bytes<T>(
        &self,
        path: &VPath,
        make: impl FnOnce(&[u8]) -> T,
    ) -> Result<T, ReadError> {
        let real = self.resolved(path)?;
        BUFFER.with_borrow_mut(|buffer| {
            let read = read_file(&self.disk(&real), buffer);
            let made = read.map(|()| make(buffer)).map_err(|e| self.error(path, &e));
            buffer.clear();
            buffer.shrink_to(KEPT);
            made
        })
    }

    fn error(&self, path: &VPath, error: &std::io::Error) -> ReadError {
        use std::io::ErrorKind as Kind;
        let kind = match error.kind() {
            Kind::NotFound => ReadErrorKind::NotFound,
            Kind::IsADirectory => ReadErrorKind::IsFolder,
            Kind::NotADirectory => ReadErrorKind::NotFolder,
            _ => ReadErrorKind::Other(error.to_string()),
        };
        ReadError { path: self.display(path), kind }
    }
}

thread_local! {
    /// Holds the file that is being read.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer of more bytes than this is not kept.
const KEPT: usize = 1 << 20;

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
fn read_file(path: &Path, into: &mut Vec<u8>) -> std::io::Result<()> {
    std::fs::File::open(path)?.read_to_end(into).map(|_| ())
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl World for DiskWorld {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        self.with_bytes(path, |bytes| bytes.into())
    }

    fn content(&self, path: &VPath) -> Result<Content, ReadError> {
        self.with_bytes(path, |bytes| bytes.into())
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let real = self.folder(path)?;
        let mut entries = Vec::new();
        let folder =
            std::fs::read_dir(self.disk(&real)).map_err(|e| self.error(path, &e))?;
        for entry in folder {
            let entry = entry.map_err(|e| self.error(path, &e))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            // What the folder itself says of an entry is enough, unless it is a link.
            let kind = match entry.file_type() {
                Ok(kind) if kind.is_dir() => Some(EntryKind::Folder),
                Ok(kind) if kind.is_file() => Some(EntryKind::File),
                _ => real.join(&name).and_then(|p| self.kind(&p)),
            };
            entries.extend(kind.map(|kind| (name, kind)));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(entries)
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        let meta = std::fs::metadata(self.disk(path)).ok()?;
        Some(if meta.is_dir() { EntryKind::Folder } else { EntryKind::File })
    }

    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        let folder = self.disk(&self.folder(folder).ok()?);
        let entries = std::fs::read_dir(&folder).ok()?;
        let links =
            entries.flatten().filter(|e| e.file_type().is_ok_and(|t| t.is_symlink()));
        let link = links.map(|e| e.path()).filter(|path| !path.exists()).min()?;
        let missing = missing(&folder.join(std::fs::read_link(&link).ok()?));
        let missing = match missing.strip_prefix(&self.root).ok().and_then(Path::to_str) {
            Some(inside) => self.display(&VPath::new(inside)?),
            None => missing.display().to_string(),
        };
        Some((link.file_name()?.to_str()?.to_owned(), missing))
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        let real = self.disk(path).canonicalize().map_err(|e| self.error(path, &e))?;
        let inside = real.strip_prefix(&self.root).ok().and_then(Path::to_str);
        inside
            .and_then(VPath::new)
            .ok_or(ReadError { path: self.display(path), kind: ReadErrorKind::Outside })
    }

    fn display(&self, path: &VPath) -> String {
        let shown = self.prefix.join(path.as_str());
        let text = shown.to_string_lossy().into_owned();
        let text = text.strip_prefix("./").unwrap_or(&text);
        let text = text.strip_suffix('/').unwrap_or(text);
        if text.is_empty() { ".".to_owned() } else { text.to_owned() }
    }
}

/// The first part of a path that is not there, the parts before it resolved.
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
fn missing(path: &Path) -> PathBuf {
    let mut there = PathBuf::new();
    for part in path.components() {
        let next = there.join(part);
        match next.canonicalize() {
            Ok(real) => there = real,
            Err(_) => return next,
        }
    }
    there
}
