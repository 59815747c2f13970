//! A world together with what its lock names.
//!
//! The lock is read from the world itself, so an older Git revision finds the charts of its own
//! lock. What is locked appears below `charts.lock/`: the lock is a file there, so nothing of
//! the tree can be in the way.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use source::{
    EntryKind, NotVendored, ReadError, ReadErrorKind, Remote, VENDORED, VPath, World,
    is_vendored,
};

use crate::{Cache, Digest, Lock};

/// A world that also holds what its `charts.lock` names, taken from the cache.
///
/// Nothing is read from the cache before it is asked for, and everything is verified then.
pub struct LockedWorld<W> {
    inner: W,
    lock: VPath,
    cache: Cache,
    contents: OnceLock<Contents>,
}

/// The lock, and a folder for each of its contents.
struct Contents {
    lock: Result<Lock, NotVendored>,
    mounts: BTreeMap<String, Mount>,
}

struct Mount {
    kind: MountKind,
    digest: Digest,
    files: OnceLock<Result<Files, String>>,
}

enum MountKind {
    Chart(String),
    File(String),
    Tree,
}

type Files = BTreeMap<VPath, Arc<[u8]>>;

impl<W: World> LockedWorld<W> {
    /// `inner` with what the lock at its root names.
    pub fn new(inner: W, cache: Cache) -> LockedWorld<W> {
        let lock = VPath::new(VENDORED).unwrap_or_else(VPath::root);
        LockedWorld::with_lock(inner, cache, lock)
    }

    /// `inner` with what the lock at this path names.
    pub fn with_lock(inner: W, cache: Cache, lock: VPath) -> LockedWorld<W> {
        LockedWorld { inner, lock, cache, contents: OnceLock::new() }
    }

    /// The world without what is vendored.
    pub fn inner(&self) -> &W {
        &self.inner
    }

    fn contents(&self) -> &Contents {
        self.contents.get_or_init(|| {
            let lock = self.read_lock();
            let mut mounts = BTreeMap::new();
            for chart in lock.iter().flat_map(|lock| &lock.charts) {
                let name = chart_mount(&chart.name, &chart.version, &chart.sha256);
                let kind = MountKind::Chart(chart.name.clone());
                mounts.insert(name, Mount::new(kind, chart.sha256));
            }
            for remote in lock.iter().flat_map(|lock| &lock.remotes) {
                let name = remote_mount(&remote.sha256);
                let kind = match remote.commit {
                    Some(_) => MountKind::Tree,
                    None => MountKind::File(file_name(&remote.address)),
                };
                mounts.insert(name, Mount::new(kind, remote.sha256));
            }
            Contents { lock, mounts }
        })
    }

    fn read_lock(&self) -> Result<Lock, NotVendored> {
        let bytes = match self.inner.read(&self.lock) {
            Ok(bytes) => bytes,
            Err(error) if error.kind == ReadErrorKind::NotFound => {
                return Ok(Lock::default());
            }
            Err(error) => {
                let hint = "make it readable, or vendor again".to_owned();
                return Err(NotVendored { message: error.to_string(), hint });
            }
        };
        Lock::parse(&String::from_utf8_lossy(&bytes)).map_err(|fault| NotVendored {
            message: format!(
                "{}:{}: {}",
                self.inner.display(&self.lock),
                fault.line,
                fault.message
            ),
            hint: "mend the lock, or remove it and run `thanos-gitops vendor`".to_owned(),
        })
    }

    /// The folder that a path below `charts.lock/` is in, and the rest of the path.
    fn mounted(&self, path: &VPath) -> Option<(Result<&Files, ReadError>, VPath)> {
        let rest = path.strip(&VPath::new(VENDORED)?)?;
        let (name, rest) = rest.split_once('/').unwrap_or((rest, ""));
        let mount = self.contents().mounts.get(name)?;
        let files = mount.files(&self.cache, name).map_err(|words| ReadError {
            path: self.display(path),
            kind: ReadErrorKind::Other(words),
        });
        Some((files, VPath::new(rest)?))
    }

    fn chart(
        &self,
        name: &str,
        repository: &str,
        version: &str,
    ) -> Result<Option<VPath>, NotVendored> {
        if let Some(path) = repository.strip_prefix("file:///") {
            let folder = VPath::new(path);
            let is_folder = |p: &VPath| self.inner.kind(p) == Some(EntryKind::Folder);
            return Ok(folder.filter(is_folder));
        }
        let contents = self.contents();
        let lock = contents.lock.as_ref().map_err(NotVendored::clone)?;
        let Some(chart) = lock.chart(name, repository, version) else {
            return Ok(None);
        };
        let mount = chart_mount(name, &chart.version, &chart.sha256);
        let what = format!("chart `{name}` {}", chart.version);
        self.path(&mount, &what, name).map(Some)
    }

    fn address(&self, address: &str) -> Result<Option<VPath>, NotVendored> {
        let contents = self.contents();
        let lock = contents.lock.as_ref().map_err(NotVendored::clone)?;
        let Some(remote) = lock.remote(address) else { return Ok(None) };
        let inside = match remote.commit {
            Some(_) => crate::git::GitAddress::parse(address)
                .map_or_else(String::new, |address| address.path),
            None => file_name(address),
        };
        let what = format!("`{address}`");
        self.path(&remote_mount(&remote.sha256), &what, &inside).map(Some)
    }

    fn path(&self, mount: &str, what: &str, inside: &str) -> Result<VPath, NotVendored> {
        let files = self.contents().mounts.get(mount);
        let files = files.map(|m| m.files(&self.cache, mount));
        if let Some(Err(words)) = files {
            return Err(NotVendored {
                message: format!("{what} is locked, but {words}"),
                hint: "run `thanos-gitops vendor` to bring it".to_owned(),
            });
        }
        let path = VPath::new(VENDORED).and_then(|p| p.join(mount)?.join(inside));
        path.ok_or_else(|| NotVendored {
            message: format!("{what} leaves its repository"),
            hint: "name a folder inside of it".to_owned(),
        })
    }
}

impl Mount {
    fn new(kind: MountKind, digest: Digest) -> Mount {
        Mount { kind, digest, files: OnceLock::new() }
    }

    fn files(&self, cache: &Cache, mount: &str) -> Result<&Files, String> {
        let read = || {
            let bytes = cache.get(&self.digest).ok_or_else(|| {
                format!("the cache does not hold {:?} whole", self.digest)
            })?;
            match &self.kind {
                MountKind::Chart(name) => chart_files(bytes, name, mount),
                MountKind::Tree => crate::git::tree_files(&bytes),
                MountKind::File(name) => {
                    let path = VPath::new(name).ok_or("its name is no file's")?;
                    Ok(Files::from([(path, bytes.into())]))
                }
            }
        };
        self.files.get_or_init(read).as_ref().map_err(String::clone)
    }
}

/// The chart's folder, and next to it the archive itself.
fn chart_files(bytes: Vec<u8>, name: &str, mount: &str) -> Result<Files, String> {
    let mut files = Files::new();
    for (inside, data) in helm::archive_files(&bytes)? {
        let path = VPath::new(name).and_then(|folder| folder.join(&inside));
        files.extend(path.map(|path| (path, data)));
    }
    files.extend(VPath::new(&format!("{mount}.tgz")).map(|path| (path, bytes.into())));
    Ok(files)
}

/// `kube-prometheus-stack-78.2.1`: the folder that Kustomize would pull it to, without what
/// could make two parts of it.
fn chart_mount(name: &str, version: &str, digest: &Digest) -> String {
    let short = digest.to_string();
    format!(
        "{name}-{}@{}",
        version.replace(['/', '\\'], "_"),
        short.get(..8).unwrap_or("")
    )
}

fn remote_mount(digest: &Digest) -> String {
    digest.short()
}

/// The last part of an address's path.
fn file_name(address: &str) -> String {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
    match name {
        "" | "." | ".." => "file".to_owned(),
        name => name.to_owned(),
    }
}

impl<W: World> World for LockedWorld<W> {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        let Some((files, inside)) = vendored(path, || self.mounted(path)) else {
            return self.inner.read(path);
        };
        let kind = match kind_of(files?, &inside) {
            Some(EntryKind::Folder) => ReadErrorKind::IsFolder,
            _ => ReadErrorKind::NotFound,
        };
        let (files, _) = self.mounted(path).ok_or_else(|| self.missing(path))?;
        let bytes = files?.get(&inside).cloned();
        bytes.ok_or_else(|| ReadError { path: self.display(path), kind })
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        let Some((files, inside)) = vendored(path, || self.mounted(path)) else {
            return self.inner.list(path);
        };
        let files = files?;
        let mut entries: Vec<(String, EntryKind)> = Vec::new();
        for rest in below(files, &inside).filter_map(|p| p.strip(&inside)) {
            let (name, kind) = match rest.split_once('/') {
                Some((name, _)) => (name, EntryKind::Folder),
                None => (rest, EntryKind::File),
            };
            if entries.last().is_none_or(|(last, _)| last != name) {
                entries.push((name.to_owned(), kind));
            }
        }
        entries.sort_by(|a, b| a.0.cmp(&b.0));
        entries.dedup_by(|a, b| a.0 == b.0);
        match entries.is_empty() {
            true => Err(self.missing(path)),
            false => Ok(entries),
        }
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        match vendored(path, || self.mounted(path)) {
            Some((files, inside)) => kind_of(files.ok()?, &inside),
            None => self.inner.kind(path),
        }
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        match vendored(path, || self.mounted(path)) {
            None => self.inner.canonical(path),
            Some((files, inside)) => match kind_of(files?, &inside) {
                Some(_) => Ok(path.clone()),
                None => Err(self.missing(path)),
            },
        }
    }

    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        if is_vendored(folder) { None } else { self.inner.broken_link(folder) }
    }

    fn display(&self, path: &VPath) -> String {
        if is_vendored(path) { path.to_string() } else { self.inner.display(path) }
    }

    fn absolute(&self, path: &VPath) -> String {
        if is_vendored(path) { path.to_string() } else { self.inner.absolute(path) }
    }

    fn vendored(&self, remote: &Remote<'_>) -> Result<Option<VPath>, NotVendored> {
        match *remote {
            Remote::Chart { name, repository, version } => {
                self.chart(name, repository, version)
            }
            Remote::Address(address) => self.address(address),
        }
    }
}

impl<W: World> LockedWorld<W> {
    fn missing(&self, path: &VPath) -> ReadError {
        ReadError { path: self.display(path), kind: ReadErrorKind::NotFound }
    }
}

/// Asks only for paths that can be vendored: most cannot.
fn vendored<T>(path: &VPath, ask: impl FnOnce() -> Option<T>) -> Option<T> {
    if is_vendored(path) { ask() } else { None }
}

fn kind_of(files: &Files, path: &VPath) -> Option<EntryKind> {
    if files.contains_key(path) {
        return Some(EntryKind::File);
    }
    let folder = *path == VPath::root() || below(files, path).next().is_some();
    folder.then_some(EntryKind::Folder)
}

/// The files below a folder, sorted.
fn below<'a>(files: &'a Files, folder: &'a VPath) -> impl Iterator<Item = &'a VPath> {
    let from = files.range(folder.clone()..).map(|(path, _)| path);
    from.take_while(move |path| path.as_str().starts_with(folder.as_str()))
        .filter(move |path| *path != folder && path.is_under(folder))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use source::{EntryKind, MemoryWorld, Remote, VPath, World};

    use super::LockedWorld;
    use crate::{Cache, Digest, Lock, LockedChart, LockedRemote};

    fn archive(files: &[(&str, &str)]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (name, text) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            tar.append_data(&mut header, name, text.as_bytes()).unwrap();
        }
        let tar = tar.into_inner().unwrap();
        let fast = flate2::Compression::fast();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), fast);
        gzip.write_all(&tar).unwrap();
        gzip.finish().unwrap()
    }

    const REPOSITORY: &str = "https://charts.example.com";

    const CHART: Remote<'static> =
        Remote::Chart { name: "web", repository: REPOSITORY, version: "^1" };

    fn world(cache: &Cache, sha256: Digest) -> LockedWorld<MemoryWorld> {
        let lock = Lock {
            charts: vec![LockedChart {
                name: "web".into(),
                repository: REPOSITORY.into(),
                requested: "^1".into(),
                version: "1.2.0".into(),
                sha256,
                files: None,
                manifest: None,
                provenance: None,
            }],
            remotes: vec![LockedRemote {
                address: "https://example.com/crds/a.yaml".into(),
                commit: None,
                sha256: Digest::of(b"kind: X\n"),
            }],
        };
        let inner = MemoryWorld::new()
            .with("charts.lock", lock.to_text())
            .with("base/kustomization.yaml", "");
        LockedWorld::new(inner, cache.clone())
    }

    #[test]
    fn what_is_locked_is_found_below_the_lock() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let bytes = archive(&[
            ("web/Chart.yaml", "name: web\n"),
            ("web/templates/a.yaml", "a"),
            ("web/templates-b/a.yaml", "b"),
        ]);
        let sha256 = cache.put(&bytes).unwrap();
        cache.put(b"kind: X\n").unwrap();
        let world = world(&cache, sha256);
        let found = world.vendored(&CHART).unwrap().unwrap();
        assert!(found.as_str().starts_with("charts.lock/web-1.2.0@"), "{found}");
        let entries = world.list(&found).unwrap();
        let names: Vec<&str> = entries.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Chart.yaml", "templates", "templates-b"]);
        let template = found.join("templates/a.yaml").unwrap();
        assert_eq!(&*world.read(&template).unwrap(), b"a");
        assert_eq!(world.canonical(&template).unwrap(), template);
        assert_eq!(world.kind(&found), Some(EntryKind::Folder));
        assert!(world.read(&found.join("values.yaml").unwrap()).is_err());
        let file = Remote::Address("https://example.com/crds/a.yaml");
        let file = world.vendored(&file).unwrap().unwrap();
        assert_eq!(&*world.read(&file).unwrap(), b"kind: X\n");
        let other = Remote::Chart { name: "web", repository: REPOSITORY, version: "^2" };
        assert_eq!(world.vendored(&other), Ok(None));
        assert!(world.read(&VPath::new("base/kustomization.yaml").unwrap()).is_ok());
    }

    #[test]
    fn what_is_not_in_the_cache_is_an_error_that_names_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let sha256 = Digest::of(b"somewhere else");
        let fault = world(&cache, sha256).vendored(&CHART).unwrap_err();
        assert!(fault.message.starts_with("chart `web` 1.2.0 is locked, but"));
        assert_eq!(fault.hint, "run `thanos-gitops vendor` to bring it");
    }

    #[test]
    fn a_broken_lock_is_told_when_it_is_needed() {
        let cache = Cache::new("nowhere".into());
        let inner = MemoryWorld::new().with("charts.lock", "version: 1\n<<<<<<< HEAD\n");
        let world = LockedWorld::new(inner, cache);
        let fault = world.vendored(&CHART).unwrap_err();
        assert_eq!(fault.message, "charts.lock:2: a merge conflict is not resolved");
    }
}
