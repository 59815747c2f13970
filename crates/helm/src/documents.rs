//! Texts that templates read as YAML, remembered between the renders of a chart.
//!
//! A chart that reads its own files (`.Files.Get "crds/a.yaml" | fromYaml`) reads the same
//! megabytes at each render. What was read once is only counted, so a single render keeps
//! nothing; what is read again is kept.

use std::hash::BuildHasher;
use std::sync::{Arc, Mutex, PoisonError};

use goyaml::{Outline, Value};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

/// Parsed texts, shared by threads.
#[derive(Debug, Default)]
pub struct Documents(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    seen: FxHashSet<u64>,
    trees: FxHashMap<Box<[u8]>, Arc<Value>>,
    bytes: usize,
    /// By the addresses of the texts, which are kept so that no other takes their place.
    outlines: FxHashMap<usize, Outlined>,
}

/// A text and its outline, if it has one.
type Outlined = (Arc<[u8]>, Option<Arc<Outline>>);

/// Shorter texts are parsed in no time.
const LEAST: usize = 4 << 10;
/// The most bytes of text whose trees are kept; a tree takes several times as many.
const MOST: usize = 8 << 20;
/// How many texts are counted.
const MOST_SEEN: usize = 100_000;

impl Documents {
    /// The tree of a text: the one that is kept, or what `parse` makes of it.
    pub(crate) fn read<E>(
        &self,
        text: &[u8],
        parse: impl FnOnce() -> Result<Value, E>,
    ) -> Result<Arc<Value>, E> {
        if text.len() < LEAST {
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
        let address = text.as_ptr().addr();
        if let Some((_, known)) = self.lock().outlines.get(&address) {
            return known.clone();
        }
        let outline = std::str::from_utf8(text).ok().and_then(Outline::of).map(Arc::new);
        let known = (text.clone(), outline.clone());
        self.lock().outlines.insert(address, known);
        outline
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use goyaml::Value;

    use super::{Documents, LEAST};

    #[test]
    fn what_is_read_a_second_time_is_kept() {
        let documents = Documents::default();
        let text = vec![b'a'; LEAST];
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
}
