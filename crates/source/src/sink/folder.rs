//! Files of an output folder, reached without following a link.
//!
//! What is below a folder may have come from a stranger's commit: a link in it could lead
//! anywhere, and a write, a removal or a comparison behind it would be one of a file that
//! nobody named.

use std::collections::BTreeSet;
use std::fmt;
use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::VPath;

/// A folder of the disk whose files are read and replaced one by one.
///
/// A path that leads through a link, or is one, is refused with [`BehindLink`].
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    inside: VPath,
    /// Folders that are no links, nor behind one: most files share a few.
    plain: Mutex<BTreeSet<VPath>>,
}

/// The error of a path that a link is on.
#[derive(Debug)]
pub struct BehindLink {
    link: PathBuf,
}

impl BehindLink {
    /// Is it this error?
    #[must_use]
    pub fn is(error: &io::Error) -> bool {
        error.get_ref().is_some_and(|inner| inner.is::<BehindLink>())
    }
}

impl fmt::Display for BehindLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is a link", self.link.display())
    }
}

impl std::error::Error for BehindLink {}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
impl OutputFolder {
    /// The folder `inside` of `root`. A person named `root`, which may be a link therefore.
    #[must_use]
    pub fn new(root: &Path, inside: &VPath) -> OutputFolder {
        let (root, inside) = (root.to_owned(), inside.clone());
        OutputFolder { root, inside, plain: Mutex::default() }
    }

    /// Where a path is on the disk, whether or not something is there.
    pub(super) fn at(&self, path: &VPath) -> io::Result<PathBuf> {
        let path = self.inside.join(path.as_str()).ok_or(io::ErrorKind::InvalidInput)?;
        let Some(folder) = path.parent() else { return Ok(self.root.clone()) };
        let mut plain = self.plain.lock().unwrap_or_else(PoisonError::into_inner);
        if !plain.contains(&folder) && self.walk(&folder)? {
            plain.insert(folder);
        }
        drop(plain);
        let file = self.root.join(path.as_str());
        self.refuse_link(&file)?;
        Ok(file)
    }

    /// Goes down to a folder; false if it is not there.
    fn walk(&self, folder: &VPath) -> io::Result<bool> {
        let mut here = self.root.clone();
        for part in folder.parts() {
            here.push(part);
            if !self.refuse_link(&here)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Is something at `path`? A link is an error.
    fn refuse_link(&self, path: &Path) -> io::Result<bool> {
        match path.symlink_metadata() {
            Ok(meta) if meta.is_symlink() => {
                let link = path.strip_prefix(&self.root).unwrap_or(path).to_owned();
                Err(io::Error::other(BehindLink { link }))
            }
            Ok(_) => Ok(true),
            // Whoever opens it gets the error.
            Err(_) => Ok(false),
        }
    }

    /// What is at `path`; `None` if nothing is.
    pub fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.at(path)?) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts these bytes at `path` in one rename, and makes the folders that it needs.
    ///
    /// Needs no lock: of two that write the same file at a time, the later one stays.
    pub fn replace(&self, path: &VPath, bytes: &[u8]) -> io::Result<()> {
        let target = self.at(path)?;
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        replace(&target, bytes)
    }
}

/// Writes to the path that a person named: a file is replaced in one rename, and what is no
/// regular file (a pipe, a device, the end of a link) is written through.
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
pub fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(meta) if !meta.is_file() => std::fs::write(path, bytes),
        _ => replace(path, bytes),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
fn replace(target: &Path, bytes: &[u8]) -> io::Result<()> {
    let (file, aside) = create_beside(target)?;
    let done = fill(file, permissions(target), bytes);
    done.and_then(|()| std::fs::rename(&aside, target)).inspect_err(|_| {
        // A name that nothing else uses; the fault that is told is the one before.
        let _left = std::fs::remove_file(&aside);
    })
}

/// A new file in the folder of `target`, by a name that no other process takes.
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let process = std::process::id();
    loop {
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let aside = target.with_file_name(format!(".thanos-gitops-{process}-{count}"));
        match File::create_new(&aside) {
            // Left by a run that was killed, and whose number came again.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            file => return file.map(|file| (file, aside)),
        }
    }
}

/// Who may read and write the file at `path`, if one is there.
#[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
pub(super) fn permissions(path: &Path) -> Option<Permissions> {
    let meta = path.symlink_metadata().ok().filter(std::fs::Metadata::is_file);
    meta.map(|meta| meta.permissions())
}

/// Writes a new file that takes the place of one with these permissions.
pub(super) fn fill(
    mut file: File,
    permissions: Option<Permissions>,
    bytes: &[u8],
) -> io::Result<()> {
    // Before the first byte: what only its owner may read must not be open for a moment.
    if let Some(permissions) = permissions
        && file.metadata()?.permissions() != permissions
    {
        file.set_permissions(permissions)?;
    }
    file.write_all(bytes)
}
