//! The one door through which files enter: disk, memory, or a Git revision.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use crate::VPath;

/// An immutable snapshot of a tree of files.
///
/// A disk, a Git revision and a map in memory are the same to the compiler. Answers must not
/// change during a run.
pub trait World: Send + Sync {
    /// The bytes of a file.
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError>;

    /// The entries of a folder, sorted by name. Links are followed for their kind.
    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError>;

    /// What is at `path`, links followed; `None` if nothing is.
    fn kind(&self, path: &VPath) -> Option<EntryKind>;

    /// The path with every link resolved; an error if a link leaves the world.
    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError>;

    /// The path as a person should read it in a message.
    fn display(&self, path: &VPath) -> String {
        path.to_string()
    }
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

/// The files below a folder of the disk.
#[derive(Clone, Debug)]
pub struct DiskWorld {
    root: PathBuf,
    prefix: PathBuf,
}

impl DiskWorld {
    /// The world below `root`, which must exist. Messages show paths after `prefix`: the way
    /// a person would spell them (`.` shows them from the root).
    pub fn new(root: &Path, prefix: &Path) -> std::io::Result<DiskWorld> {
        Ok(DiskWorld { root: root.canonicalize()?, prefix: prefix.to_owned() })
    }

    /// The root folder, links resolved.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    fn disk(&self, path: &VPath) -> PathBuf {
        self.root.join(path.as_str())
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

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl World for DiskWorld {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        let real = self.canonical(path)?;
        let bytes = std::fs::read(self.disk(&real)).map_err(|e| self.error(path, &e))?;
        Ok(bytes.into())
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let real = self.canonical(path)?;
        let mut entries = Vec::new();
        let folder =
            std::fs::read_dir(self.disk(&real)).map_err(|e| self.error(path, &e))?;
        for entry in folder {
            let entry = entry.map_err(|e| self.error(path, &e))?;
            let Ok(name) = entry.file_name().into_string() else { continue };
            let kind = real.join(&name).and_then(|p| self.kind(&p));
            entries.extend(kind.map(|kind| (name, kind)));
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(entries)
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        let meta = std::fs::metadata(self.disk(path)).ok()?;
        Some(if meta.is_dir() { EntryKind::Folder } else { EntryKind::File })
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

/// A world with some files replaced or added: "what if this line were different".
pub struct OverlayWorld<'a> {
    base: &'a dyn World,
    changed: BTreeMap<VPath, Arc<[u8]>>,
}

impl<'a> OverlayWorld<'a> {
    /// `base` with the files of `changed` in place of its own.
    pub fn new(base: &'a dyn World, changed: Vec<(VPath, Vec<u8>)>) -> OverlayWorld<'a> {
        let changed = changed.into_iter().map(|(p, b)| (p, b.into())).collect();
        OverlayWorld { base, changed }
    }
}

impl World for OverlayWorld<'_> {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        match self.changed.get(path) {
            Some(bytes) => Ok(bytes.clone()),
            None => self.base.read(path),
        }
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let mut entries: BTreeMap<_, _> = self.base.list(path)?.into_iter().collect();
        for name in self.changed.keys().filter_map(|p| p.strip(path)) {
            if !name.is_empty() && !name.contains('/') {
                entries.insert(name.to_owned(), EntryKind::File);
            }
        }
        Ok(entries.into_iter().collect())
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        match self.changed.contains_key(path) {
            true => Some(EntryKind::File),
            false => self.base.kind(path),
        }
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        match self.changed.contains_key(path) {
            true => Ok(path.clone()),
            false => self.base.canonical(path),
        }
    }

    fn display(&self, path: &VPath) -> String {
        self.base.display(path)
    }
}

/// The files of one Git revision, read from the object store without a checkout.
///
/// One `git cat-file --batch` process serves all reads.
pub struct GitWorld {
    entries: BTreeMap<VPath, GitEntry>,
    batch: Mutex<Batch>,
    label: String,
}

struct GitEntry {
    mode: String,
    object: String,
}

struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl GitWorld {
    /// The tree of `revision` below `folder`, a folder of the repository that holds it.
    ///
    /// Fails with Git's own words: no repository, no such revision, a shallow clone.
    pub fn open(folder: &Path, revision: &str) -> Result<GitWorld, String> {
        let spec = format!("{revision}^{{commit}}");
        let commit = git(folder, &["rev-parse", "--verify", "--end-of-options", &spec])?;
        let commit = String::from_utf8_lossy(&commit).trim().to_owned();
        let prefix = git(folder, &["rev-parse", "--show-prefix"])?;
        let prefix = String::from_utf8_lossy(&prefix).trim().to_owned();
        let tree = format!("{commit}:{prefix}");
        let listing = git(folder, &["ls-tree", "-r", "-z", "--full-tree", &tree])?;
        let mut entries = BTreeMap::new();
        for line in listing.split(|b| *b == 0).filter(|l| !l.is_empty()) {
            let line = String::from_utf8_lossy(line);
            let Some((head, path)) = line.split_once('\t') else { continue };
            let mut words = head.split(' ');
            let mode = words.next().unwrap_or("").to_owned();
            let object = words.nth(1).unwrap_or("").to_owned();
            if let Some(path) = VPath::new(path) {
                entries.insert(path, GitEntry { mode, object });
            }
        }
        let batch = Mutex::new(Batch::start(folder).map_err(|e| e.to_string())?);
        let label = commit.get(..12).unwrap_or(&commit).to_owned();
        Ok(GitWorld { entries, batch, label })
    }

    fn follow(&self, path: &VPath, depth: u32) -> Result<VPath, ReadError> {
        let outside =
            || ReadError { path: self.display(path), kind: ReadErrorKind::Outside };
        if depth > 40 {
            let kind = ReadErrorKind::Other("too many links".to_owned());
            return Err(ReadError { path: self.display(path), kind });
        }
        let mut real = VPath::root();
        let parts: Vec<&str> = path.parts().collect();
        for (n, part) in parts.iter().enumerate() {
            real = real.join(part).ok_or_else(outside)?;
            let link = self.entries.get(&real).filter(|e| e.mode == "120000");
            let Some(entry) = link else { continue };
            let target = self.object(path, &entry.object)?;
            let target = String::from_utf8_lossy(&target).into_owned();
            if target.starts_with('/') {
                return Err(outside());
            }
            let folder = real.parent().unwrap_or_else(VPath::root);
            let rest = parts[n + 1..].join("/");
            let next = folder.join(&target).and_then(|p| p.join(&rest));
            return self.follow(&next.ok_or_else(outside)?, depth + 1);
        }
        Ok(real)
    }

    fn object(&self, path: &VPath, object: &str) -> Result<Arc<[u8]>, ReadError> {
        let mut batch = self.batch.lock().unwrap_or_else(PoisonError::into_inner);
        batch.read(object).map(Into::into).map_err(|words| ReadError {
            path: self.display(path),
            kind: ReadErrorKind::Other(words),
        })
    }

    fn below<'a>(&'a self, folder: &'a VPath) -> impl Iterator<Item = &'a VPath> {
        let from = self.entries.range(folder.clone()..).map(|(p, _)| p);
        from.take_while(move |p| p.as_str().starts_with(folder.as_str()))
            .filter(move |p| *p != folder && p.is_under(folder))
    }
}

impl World for GitWorld {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        let real = self.follow(path, 0)?;
        match self.entries.get(&real) {
            Some(entry) => self.object(path, &entry.object),
            None => {
                let kind = match self.below(&real).next() {
                    Some(_) => ReadErrorKind::IsFolder,
                    None => ReadErrorKind::NotFound,
                };
                Err(ReadError { path: self.display(path), kind })
            }
        }
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let real = self.follow(path, 0)?;
        let mut names: Vec<String> = self
            .below(&real)
            .filter_map(|p| p.strip(&real))
            .map(|rest| rest.split('/').next().unwrap_or(rest).to_owned())
            .collect();
        names.sort();
        names.dedup();
        if names.is_empty() && real != VPath::root() {
            let kind = match self.entries.contains_key(&real) {
                true => ReadErrorKind::NotFolder,
                false => ReadErrorKind::NotFound,
            };
            return Err(ReadError { path: self.display(path), kind });
        }
        let with_kind = |name: String| {
            let kind = self.kind(&real.join(&name)?)?;
            Some((name, kind))
        };
        Ok(names.into_iter().filter_map(with_kind).collect())
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        let real = self.follow(path, 0).ok()?;
        if let Some(entry) = self.entries.get(&real) {
            // A submodule is a folder whose files this repository does not hold.
            return Some(match entry.mode.as_str() {
                "160000" => EntryKind::Folder,
                _ => EntryKind::File,
            });
        }
        let folder = real == VPath::root() || self.below(&real).next().is_some();
        folder.then_some(EntryKind::Folder)
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        let real = self.follow(path, 0)?;
        match self.kind(&real) {
            Some(_) => Ok(real),
            None => {
                let kind = ReadErrorKind::NotFound;
                Err(ReadError { path: self.display(path), kind })
            }
        }
    }

    fn display(&self, path: &VPath) -> String {
        format!("{}:{}", self.label, path.as_str())
    }
}

impl Batch {
    fn start(folder: &Path) -> std::io::Result<Batch> {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(folder)
            .args(["cat-file", "--batch"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let broken = || std::io::Error::other("git has no pipes");
        let input = child.stdin.take().ok_or_else(broken)?;
        let output = BufReader::new(child.stdout.take().ok_or_else(broken)?);
        Ok(Batch { child, input, output })
    }

    fn read(&mut self, object: &str) -> Result<Vec<u8>, String> {
        let words = |e: std::io::Error| format!("git cat-file: {e}");
        writeln!(self.input, "{object}").map_err(words)?;
        self.input.flush().map_err(words)?;
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(words)?;
        let size = head.trim().rsplit(' ').next().and_then(|n| n.parse::<usize>().ok());
        let Some(size) = size else {
            return Err(format!("git cat-file: {}", head.trim()));
        };
        let mut bytes = vec![0; size + 1];
        self.output.read_exact(&mut bytes).map_err(words)?;
        bytes.pop();
        Ok(bytes)
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Killing is how the process learns that nobody asks any more; errors mean it is gone.
        let _gone = self.child.kill();
        let _status = self.child.wait();
    }
}

fn git(folder: &Path, args: &[&str]) -> Result<Vec<u8>, String> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot run git: {e}"))?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
    }
}
