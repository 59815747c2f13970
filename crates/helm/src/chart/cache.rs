//! Charts that were read, each once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use source::{Diagnostic, EntryKind, Result, SourceMap, Span, VPath, World};

use super::archive::load_archive_files;
use super::directory::load_dir;
use super::loader::{Buffered, Loader, digest};
use super::{Chart, Digest};

/// Whose a chart is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ownership {
    /// The repository's own: people can change its files.
    Repository,
    /// Somebody else's: its files are not to be changed here.
    Vendored,
}

/// Charts by content. Threads share it; a chart is parsed once, however many ask for it.
#[derive(Debug, Default)]
pub struct ChartCache {
    charts: Mutex<HashMap<Key, Slot>>,
}

/// The same content under another name is another chart, since messages name its files.
type Key = (String, Ownership, Digest);

type Slot = Arc<std::sync::OnceLock<Result<Arc<Chart>>>>;

impl ChartCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> ChartCache {
        ChartCache::default()
    }

    /// The chart at `path`: a folder, or a `.tgz` archive.
    ///
    /// Errors are Helm's (`loader.Load`). The files are read each time, parsed once.
    pub fn load(
        &self,
        world: &dyn World,
        path: &VPath,
        sources: &SourceMap,
        ownership: Ownership,
    ) -> Result<Arc<Chart>> {
        let shown = world.display(path);
        let fault = |words: String| Diagnostic::error(Span::NONE, words);
        let files = match world.kind(path) {
            None => return Err(fault(format!("path {shown:?} not found"))),
            Some(EntryKind::Folder) => {
                let chart_yaml = path.join("Chart.yaml").and_then(|p| world.kind(&p));
                if chart_yaml != Some(EntryKind::File) {
                    let why =
                        format!("open {shown}/Chart.yaml: no such file or directory");
                    let words = format!("unable to detect chart at {shown}: {why}");
                    return Err(fault(words));
                }
                let mut files = load_dir(world, path).map_err(fault)?;
                if ownership == Ownership::Repository {
                    super::locked::add(world, path, &mut files)?;
                }
                files
            }
            Some(EntryKind::File) => archive(world, path, &shown).map_err(fault)?,
        };
        self.parse(files, shown, sources, ownership)
    }

    fn parse(
        &self,
        files: Vec<Buffered>,
        shown: String,
        sources: &SourceMap,
        ownership: Ownership,
    ) -> Result<Arc<Chart>> {
        let digest = digest(&files);
        let key = (shown.clone(), ownership, digest);
        let slot = {
            let mut charts = self.charts.lock().unwrap_or_else(PoisonError::into_inner);
            charts.entry(key).or_default().clone()
        };
        // Outside the lock: other charts load meanwhile, the same one waits.
        slot.get_or_init(|| {
            let loader = Loader { sources, ownership };
            loader.load_files(files, &shown, digest, 0).map(Arc::new)
        })
        .clone()
    }
}

fn archive(
    world: &dyn World,
    path: &VPath,
    shown: &str,
) -> Result<Vec<Buffered>, String> {
    let bytes = world.read(path).map_err(|e| e.to_string())?;
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        return Err(match shown.ends_with(".yml") || shown.ends_with(".yaml") {
            true => format!(
                "file '{shown}' seems to be a YAML file, but expected a gzipped archive"
            ),
            false => format!("file '{shown}' does not appear to be a gzipped archive"),
        });
    }
    load_archive_files(&bytes)
}
