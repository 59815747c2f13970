//! Bases in Git repositories of this machine: `file:///srv/repo.git//deploy?ref=v1`.
//!
//! They need no network, so `render` reads them where they are, from the object store and
//! without a checkout. What the lock names comes from the lock.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use source::{
    EntryKind, GitRepository, GitWorld, NotVendored, ReadError, Remote, Result, VENDORED,
    VPath, World,
};
use vendor::GitAddress;

/// A world together with the repositories that were asked for.
pub(crate) struct LocalGit<W> {
    inner: W,
    opened: Mutex<Vec<Arc<Opened>>>,
}

/// A revision of a repository, and the folder in which it appears.
struct Opened {
    repository: String,
    revision: String,
    folder: VPath,
    files: GitWorld,
}

impl<W: World> LocalGit<W> {
    pub(crate) fn new(inner: W) -> LocalGit<W> {
        LocalGit { inner, opened: Mutex::default() }
    }

    /// Who holds a path, and where in it.
    fn holder(&self, path: &VPath) -> Option<(Arc<Opened>, VPath)> {
        if !source::is_vendored(path) {
            return None;
        }
        let opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.iter().find_map(|one| {
            let inside = match path == &one.folder {
                true => VPath::root(),
                false => VPath::new(path.strip(&one.folder)?)?,
            };
            Some((one.clone(), inside))
        })
    }

    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    fn open(&self, address: &GitAddress) -> Result<VPath, String> {
        let revision = address.reference.as_deref().unwrap_or("HEAD");
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        let same = |one: &&Arc<Opened>| {
            one.repository == address.repository && one.revision == revision
        };
        let folder = match opened.iter().find(same) {
            Some(one) => one.folder.clone(),
            None => {
                let path = address.repository.get("file://".len()..).unwrap_or_default();
                let on_this =
                    path.strip_prefix("localhost").filter(|p| p.starts_with('/'));
                let path = Path::new(on_this.unwrap_or(path));
                let is_repository = [".git", "HEAD"].map(|name| path.join(name).exists());
                if !is_repository.contains(&true) {
                    return Err("there is no Git repository".to_owned());
                }
                let files = GitWorld::open(GitRepository::Other(path), revision)?;
                let folder = VPath::new(&format!("{VENDORED}/local-{}", opened.len()))
                    .ok_or("it has no name")?;
                let (repository, revision) =
                    (address.repository.clone(), revision.to_owned());
                let one = Opened { repository, revision, folder: folder.clone(), files };
                opened.push(Arc::new(one));
                folder
            }
        };
        folder.join(&address.path).ok_or_else(|| "its path leaves it".to_owned())
    }
}

impl<W: World> World for LocalGit<W> {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        match self.holder(path) {
            None => self.inner.read(path),
            Some((one, inside)) => one.files.read(&inside),
        }
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        match self.holder(path) {
            None => self.inner.list(path),
            Some((one, inside)) => one.files.list(&inside),
        }
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        match self.holder(path) {
            None => self.inner.kind(path),
            Some((one, inside)) => one.files.kind(&inside),
        }
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        match self.holder(path) {
            None => self.inner.canonical(path),
            Some((one, inside)) => {
                let real = one.files.canonical(&inside)?;
                Ok(one.folder.join(real.as_str()).unwrap_or_else(|| path.clone()))
            }
        }
    }

    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        match self.holder(folder) {
            None => self.inner.broken_link(folder),
            Some((one, inside)) => one.files.broken_link(&inside),
        }
    }

    fn display(&self, path: &VPath) -> String {
        match self.holder(path) {
            None => self.inner.display(path),
            Some((one, inside)) => {
                format!("{}//{inside}?ref={}", one.repository, one.revision)
            }
        }
    }

    fn absolute(&self, path: &VPath) -> String {
        match self.holder(path) {
            None => self.inner.absolute(path),
            Some(_) => self.display(path),
        }
    }

    fn vendored(&self, remote: &Remote<'_>) -> Result<Option<VPath>, NotVendored> {
        let found = self.inner.vendored(remote)?;
        let Remote::Address(address) = *remote else { return Ok(found) };
        if found.is_some() {
            return Ok(found);
        }
        let local = GitAddress::parse(address)
            .filter(|address| address.repository.starts_with("file://"));
        let Some(local) = local else { return Ok(None) };
        self.open(&local).map(Some).map_err(|words| NotVendored {
            message: format!("cannot read `{}`: {words}", local.repository),
            hint: "name a Git repository and a revision that it has, as in \
                   `file:///srv/repo.git//folder?ref=main`"
                .to_owned(),
        })
    }
}
