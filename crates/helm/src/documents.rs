//! Texts that templates read as YAML, remembered between the renders of a chart.
//!
//! A chart that reads its own files (`.Files.Get "crds/a.yaml" | fromYaml`) reads the same
//! megabytes at each render. What was read once is only counted, so a single render keeps
//! nothing; what is read again is kept.
//!
//! Of the files themselves only an outline is read. Who reads two of a folder reads all: the
//! others are read ahead.

use std::hash::BuildHasher;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;

use goyaml::{Outline, Value};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Parsed texts, shared by threads.
#[derive(Debug, Default)]
pub struct Documents {
    kept: Mutex<Kept>,
    folders: Vec<Arc<Folder>>,
    /// By the address of a text, its folder and its place there.
    places: FxHashMap<usize, (usize, usize)>,
}

#[derive(Debug, Default)]
struct Kept {
    seen: FxHashSet<u64>,
    trees: FxHashMap<Box<[u8]>, Arc<Value>>,
    bytes: usize,
}

/// Files of a chart in one folder.
#[derive(Debug)]
struct Folder {
    files: Vec<File>,
    /// How many were asked for that had not been read.
    asked: AtomicUsize,
}

#[derive(Debug)]
struct File {
    text: Arc<[u8]>,
    outline: OnceLock<Option<Arc<Outline>>>,
}

/// Shorter texts are parsed in no time.
pub(crate) const LARGE: usize = 4 << 10;
/// The most bytes of text whose trees are kept; a tree takes several times as many.
const MOST: usize = 8 << 20;
/// How many texts are counted.
const MOST_SEEN: usize = 100_000;

impl Documents {
    /// The documents of a chart that has these files, a list for each folder.
    pub(crate) fn of(folders: impl Iterator<Item = Vec<Arc<[u8]>>>) -> Documents {
        let mut documents = Documents::default();
        for texts in folders {
            let at = documents.folders.len();
            let places = texts.iter().enumerate();
            documents.places.extend(places.map(|(n, text)| (address(text), (at, n))));
            documents.folders.push(Arc::new(Folder::of(texts)));
        }
        documents
    }

    /// The tree of a text: the one that is kept, or what `parse` makes of it.
    pub(crate) fn read<E>(
        &self,
        text: &[u8],
        parse: impl FnOnce() -> Result<Value, E>,
    ) -> Result<Arc<Value>, E> {
        if text.len() < LARGE {
            return parse().map(Arc::new);
        }
        let hash = FxBuildHasher.hash_one(text);
        let again = {
            let mut kept = self.lock();
            if let Some(tree) = kept.trees.get(text) {
                return Ok(tree.clone());
            }
            let room = kept.seen.len() < MOST_SEEN;
            kept.seen.contains(&hash) || room && !kept.seen.insert(hash)
        };
        let tree = Arc::new(parse()?);
        let mut kept = self.lock();
        if again && kept.bytes + text.len() <= MOST {
            kept.bytes += text.len();
            kept.trees.insert(text.into(), tree.clone());
        }
        Ok(tree)
    }

    /// The outline of a file of the chart.
    pub(crate) fn outline(&self, text: &Arc<[u8]>) -> Option<Arc<Outline>> {
        match self.places.get(&address(text)) {
            Some((folder, at)) => self.folders.get(*folder)?.outline(*at),
            None => outline(text),
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folder {
    fn of(texts: Vec<Arc<[u8]>>) -> Folder {
        let file = |text| File { text, outline: OnceLock::new() };
        let files = texts.into_iter().map(file).collect();
        Folder { files, asked: AtomicUsize::new(0) }
    }

    fn outline(self: &Arc<Folder>, at: usize) -> Option<Arc<Outline>> {
        let file = self.files.get(at)?;
        let is_second = || self.asked.fetch_add(1, Ordering::Relaxed) == 1;
        if file.outline.get().is_none() && is_second() {
            let all = self.clone();
            // From the last file on: the two threads meet in the middle.
            let ahead =
                move || all.files.iter().rev().for_each(|file| drop(file.outline()));
            // Without a thread each is read when it is asked for.
            drop(thread::Builder::new().spawn(ahead));
        }
        file.outline()
    }
}

impl File {
    fn outline(&self) -> Option<Arc<Outline>> {
        self.outline.get_or_init(|| outline(&self.text)).clone()
    }
}

fn outline(text: &[u8]) -> Option<Arc<Outline>> {
    std::str::from_utf8(text).ok().and_then(Outline::of).map(Arc::new)
}

fn address(text: &[u8]) -> usize {
    text.as_ptr().addr()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use goyaml::Value;

    use super::{Documents, LARGE, address};

    #[test]
    fn what_is_read_a_second_time_is_kept() {
        let documents = Documents::default();
        let text = vec![b'a'; LARGE];
        let mut parsed = 0;
        let mut read = |text: &[u8]| {
            let parse = || -> Result<Value, ()> {
                parsed += 1;
                Ok(Value::null())
            };
            documents.read(text, parse).unwrap()
        };
        read(&text);
        let second = read(&text);
        assert!(Arc::ptr_eq(&second, &read(&text)));
        read(b"short");
        read(b"short");
        assert_eq!(parsed, 4);
    }

    #[test]
    fn files_of_a_folder_are_read_ahead() {
        let text =
            |n: usize| -> Arc<[u8]> { format!("a: {n}\nb{n}: c\n").as_bytes().into() };
        let texts: Vec<Arc<[u8]>> = (0..9).map(text).collect();
        let documents = Documents::of(std::iter::once(texts.clone()));
        assert_eq!(documents.places.get(&address(&texts[3])), Some(&(0, 3)));
        for (n, text) in texts.iter().enumerate() {
            let outline = documents.outline(text).unwrap();
            assert!(outline.get(&format!("b{n}")).is_some());
            assert!(Arc::ptr_eq(&outline, &documents.outline(text).unwrap()));
        }
        assert!(documents.outline(&b"d: e".as_slice().into()).is_some());
    }
}
