//! The content-addressed cache: outside of every tree, shared by all of them.
//!
//! ```text
//! <cache>/sha256/ab/abcd…   one file for each content, named by its SHA-256
//! <cache>/partial/<key>     what an interrupted download brought, and its lock
//! <cache>/new/…             files being written; each is renamed into place when it is whole
//! ```
//!
//! Nothing is ever changed in place, so any number of runs may share it: a reader finds a whole
//! file or none, and checks it against its name.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use crate::Digest;

/// How old a file's time of use may be before it is renewed.
const RENEW: Duration = Duration::from_secs(24 * 3600);

/// A folder of files by content.
#[derive(Clone, Debug)]
pub struct Cache {
    root: PathBuf,
}

/// What [`Cache::collect`] did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Collected {
    /// How many files were removed.
    pub files: usize,
    /// How many bytes they had.
    pub bytes: u64,
    /// How many files stay.
    pub kept: usize,
}

/// A download that other runs leave alone until it is dropped.
#[derive(Debug)]
pub(crate) struct Partial {
    /// Where its bytes are kept.
    pub(crate) path: PathBuf,
    _lock: File,
}

/// A folder for a while.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Folder {
    #[expect(
        clippy::disallowed_methods,
        reason = "what is no part of a tree has a door of its own"
    )]
    fn drop(&mut self) {
        // What cannot be removed is left to the next collection.
        let _left = fs::remove_dir_all(&self.path);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the cache")]
impl Cache {
    /// The cache in this folder, which is made when something is put into it.
    #[must_use]
    pub fn new(root: PathBuf) -> Cache {
        Cache { root }
    }

    /// Where it is.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The bytes with this digest, verified; `None` if they are not there.
    ///
    /// A file that is not what its name says counts as absent: a later `put` replaces it.
    #[must_use]
    pub fn get(&self, digest: &Digest) -> Option<Vec<u8>> {
        let path = self.path(digest);
        let bytes = fs::read(&path).ok()?;
        if Digest::of(&bytes) != *digest {
            return None;
        }
        renew(&path);
        Some(bytes)
    }

    /// Keeps bytes. They appear whole or not at all.
    pub fn put(&self, bytes: &[u8]) -> io::Result<Digest> {
        let digest = Digest::of(bytes);
        let path = self.path(&digest);
        let fresh = self.root.join("new");
        fs::create_dir_all(&fresh)?;
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let written = fresh.join(own_name(&digest.short()));
        let mut file = File::create(&written)?;
        let whole = file.write_all(bytes).and_then(|()| file.sync_all());
        let placed = whole.and_then(|()| fs::rename(&written, &path));
        if placed.is_err() {
            let _left_to_the_next_collection = fs::remove_file(&written);
        }
        placed.map(|()| digest)
    }

    /// The partial download of this key, unless another run is at it.
    pub(crate) fn partial(&self, key: &str) -> io::Result<Option<Partial>> {
        let folder = self.root.join("partial");
        fs::create_dir_all(&folder)?;
        let name = Digest::of(key.as_bytes()).to_string();
        let options = File::options().create(true).truncate(false).write(true).clone();
        let lock = options.open(folder.join(format!("{name}.lock")))?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Partial { path: folder.join(name), _lock: lock })),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(error),
        }
    }

    /// An empty folder of one's own, which goes away when it is dropped.
    pub(crate) fn folder(&self) -> io::Result<Folder> {
        let path = self.root.join("new").join(own_name("folder"));
        fs::create_dir_all(&path)?;
        Ok(Folder { path })
    }

    /// Removes what nobody used for `unused`, and what killed runs left behind.
    ///
    /// A file's time of use is its time of change, which [`Cache::get`] renews once a day.
    pub fn collect(&self, unused: Duration, now: SystemTime) -> io::Result<Collected> {
        let mut collected = Collected::default();
        for folder in entries(&self.root.join("sha256"))? {
            for path in entries(&folder)? {
                remove_if_older(&path, unused, now, &mut collected);
            }
        }
        for folder in ["new", "partial"] {
            for path in entries(&self.root.join(folder))? {
                let mut leftovers = Collected::default();
                remove_if_older(&path, RENEW.min(unused), now, &mut leftovers);
                collected.bytes += leftovers.bytes;
            }
        }
        Ok(collected)
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        let name = digest.to_string();
        self.root.join("sha256").join(name.get(..2).unwrap_or("")).join(name)
    }
}

/// A name that no other thread or process uses.
fn own_name(about: &str) -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    format!("{}-{number}-{about}", std::process::id())
}

#[expect(clippy::disallowed_methods, reason = "the time of use is the clock's time")]
fn renew(path: &Path) {
    let changed = fs::metadata(path).and_then(|meta| meta.modified());
    let age = changed.ok().and_then(|at| at.elapsed().ok());
    if age.is_some_and(|age| age > RENEW) {
        // A cache that may only be read works, too.
        let now = fs::FileTimes::new().set_modified(SystemTime::now());
        let file = File::options().append(true).open(path);
        let _kept = file.and_then(|file| file.set_times(now));
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the cache")]
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(list) => list.map(|entry| entry.map(|e| e.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the door to the cache")]
fn remove_if_older(path: &Path, age: Duration, now: SystemTime, done: &mut Collected) {
    let Ok(meta) = fs::metadata(path) else { return };
    let changed = meta.modified().unwrap_or(now);
    let old = now.duration_since(changed).unwrap_or_default() >= age;
    let remove = || match meta.is_dir() {
        true => fs::remove_dir_all(path),
        false => fs::remove_file(path),
    };
    if old && remove().is_ok() {
        done.files += 1;
        done.bytes += meta.len();
    } else {
        done.kept += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::Cache;
    use crate::Digest;

    #[test]
    fn only_what_its_name_says_is_handed_out() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().join("deep/cache"));
        assert_eq!(cache.get(&Digest::of(b"chart")), None);
        let digest = cache.put(b"chart").unwrap();
        assert_eq!(cache.get(&digest).unwrap(), b"chart");
        #[expect(clippy::disallowed_methods, reason = "the test spoils a file")]
        std::fs::write(cache.path(&digest), b"chart!").unwrap();
        assert_eq!(cache.get(&digest), None);
        cache.put(b"chart").unwrap();
        assert_eq!(cache.get(&digest).unwrap(), b"chart");
    }

    #[test]
    fn one_run_at_a_time_continues_a_download() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let first = cache.partial("key").unwrap();
        assert!(first.is_some());
        assert!(cache.partial("key").unwrap().is_none());
        assert!(cache.partial("other").unwrap().is_some());
        drop(first);
        assert!(cache.partial("key").unwrap().is_some());
    }

    #[test]
    fn what_nobody_uses_is_collected() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::new(folder.path().to_owned());
        let digest = cache.put(b"chart").unwrap();
        #[expect(clippy::disallowed_methods, reason = "the test needs a clock")]
        let now = SystemTime::now();
        let month = Duration::from_secs(30 * 24 * 3600);
        let kept = cache.collect(month, now).unwrap();
        assert_eq!((kept.files, kept.kept), (0, 1));
        let gone = cache.collect(month, now + 2 * month).unwrap();
        assert_eq!((gone.files, gone.bytes), (1, 5));
        assert_eq!(cache.get(&digest), None);
    }
}
