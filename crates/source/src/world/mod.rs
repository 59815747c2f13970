//! The one door through which files enter: disk, memory, or a Git revision.

mod disk;
mod git;
mod git_fault;
mod memory;
mod overlay;
mod repository;

use std::fmt;
use std::sync::Arc;

use crate::VPath;

pub use disk::DiskWorld;
pub use git::GitWorld;
pub use git_fault::GitFault;
pub use memory::MemoryWorld;
pub use overlay::OverlayWorld;
pub use repository::GitRepository;

/// An immutable snapshot of a tree of files.
///
/// A disk, a Git revision and a map in memory are the same to the compiler. Answers must not
/// change during a run.
pub trait World: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError>;

    /// The same, as text if it is UTF-8.
    fn content(&self, path: &VPath) -> Result<Content, ReadError> {
        self.read(path).map(Content::from)
    }

    /// The entries of a folder, sorted by name. Links are followed for their kind.
    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError>;

    /// What is at `path`, links followed; `None` if nothing is.
    fn kind(&self, path: &VPath) -> Option<EntryKind>;

    /// The path with every link resolved; an error if a link leaves the world.
    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError>;

    /// The first link of a folder, by name, that leads nowhere, and what is missing; [`list`]
    /// leaves such links out.
    ///
    /// [`list`]: World::list
    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        let _ = folder;
        None
    }

    /// The path as a person should read it in a message.
    fn display(&self, path: &VPath) -> String {
        path.to_string()
    }

    /// The path as a program on the same machine would spell it in full; as it is displayed
    /// where there is no machine.
    fn absolute(&self, path: &VPath) -> String {
        self.display(path)
    }

    /// Where this world keeps what a tree names by an address; `None` if it keeps no such
    /// thing.
    ///
    /// An error says why a thing that should be there is not, and what to do about it.
    fn vendored(&self, remote: &Remote<'_>) -> Result<Option<VPath>, NotVendored> {
        let _ = remote;
        Ok(None)
    }
}

/// The content of a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Content {
    /// What is UTF-8.
    Text(Arc<str>),
    /// Anything else.
    Bytes(Arc<[u8]>),
}

impl Content {
    /// The bytes; they are shared.
    #[must_use]
    pub fn bytes(&self) -> Arc<[u8]> {
        match self {
            Content::Text(text) => text.clone().into(),
            Content::Bytes(bytes) => bytes.clone(),
        }
    }
}

impl From<&[u8]> for Content {
    fn from(bytes: &[u8]) -> Content {
        match std::str::from_utf8(bytes) {
            Ok(text) => Content::Text(text.into()),
            Err(_) => Content::Bytes(bytes.into()),
        }
    }
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Content {
        bytes.as_slice().into()
    }
}

impl From<Arc<[u8]>> for Content {
    fn from(bytes: Arc<[u8]>) -> Content {
        match std::str::from_utf8(&bytes) {
            Ok(text) => Content::Text(text.into()),
            Err(_) => Content::Bytes(bytes),
        }
    }
}

/// The folder of a world that holds what was vendored. The lock is a file of this name in the
/// same place, so no file of a tree can be inside.
pub const VENDORED: &str = "charts.lock";

/// Is it a file that was vendored: nobody's to change here?
#[must_use]
pub fn is_vendored(path: &VPath) -> bool {
    path.as_str().strip_prefix(VENDORED).is_some_and(|rest| rest.starts_with('/'))
}

/// What a tree names by an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remote<'a> {
    /// A chart of a repository or registry.
    Chart {
        /// The chart's name.
        name: &'a str,
        /// The repository's address, as it is written.
        repository: &'a str,
        /// The version or range of versions, as it is written; empty if it is not.
        version: &'a str,
    },
    /// A file, or a folder of a Git repository.
    Address(&'a str),
}

/// Why what is locked cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotVendored {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// What an entry of a [`World`] is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
}

/// Why a file or folder could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The path as a person should read it.
    pub path: String,
    /// Why.
    pub kind: ReadErrorKind,
}

/// The reason of a [`ReadError`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// Nothing is there.
    NotFound,
    /// A folder where a file is needed.
    IsFolder,
    /// A file where a folder is needed.
    NotFolder,
    /// The path, or a link on it, leaves the world.
    Outside,
    /// The operating system's or Git's own words.
    Other(String),
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.kind {
            ReadErrorKind::NotFound => write!(f, "`{path}` does not exist"),
            ReadErrorKind::IsFolder => write!(f, "`{path}` is a folder, not a file"),
            ReadErrorKind::NotFolder => write!(f, "`{path}` is a file, not a folder"),
            ReadErrorKind::Outside => write!(f, "`{path}` leaves the repository"),
            ReadErrorKind::Other(words) => write!(f, "cannot read `{path}`: {words}"),
        }
    }
}

impl std::error::Error for ReadError {}
