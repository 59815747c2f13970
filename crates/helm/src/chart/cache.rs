//! Charts that were read, each once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use source::{Diagnostic, EntryKind, Result, SourceMap, Span, VPath, World};

use super::Chart;
use super::archive::load_archive_files;
use super::buffered::Buffered;
use super::directory::load_dir;
use super::loader::Loader;
use super::templates::{Ahead, ParsedTemplates};
use crate::Compat;

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
    charts: Mutex<HashMap<Key, Vec<Slot>>>,
}

/// The same content in another place is another chart, since messages name its files.
type Key = (VPath, Ownership, Compat);

/// Files that were found in a place, and the chart that they are. Two revisions of a
/// repository share what is equal in both.
type Slot = (Arc<[Buffered]>, Arc<OnceLock<Result<Arc<Chart>>>>);

impl ChartCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> ChartCache {
        ChartCache::default()
    }

    /// The chart at `path`, as Helm 4 loads it.
    ///
    /// # Errors
    /// Those of [`ChartCache::load_for`].
    pub fn load(
        &self,
        world: &dyn World,
        path: &VPath,
        sources: &SourceMap,
        ownership: Ownership,
    ) -> Result<Arc<Chart>> {
        self.load_for(world, path, sources, ownership, Compat::Helm4)
    }

    /// The chart at `path`: a folder, or a `.tgz` archive.
    ///
    /// Helm 3 takes any `apiVersion`; all else that it loads is the same.
    ///
    /// # Errors
    /// Helm's (`loader.Load`). The files are read each time, parsed once.
    pub fn load_for(
        &self,
        world: &dyn World,
        path: &VPath,
        sources: &SourceMap,
        ownership: Ownership,
        compat: Compat,
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
                    let at = format!("unable to detect chart at {shown}/Chart.yaml: ");
                    return Err(fault(match compat {
                        Compat::Helm4 => at + &why,
                        Compat::Helm3 => "Chart.yaml file is missing".to_owned(),
                    }));
                }
                let mut files = load_dir(world, path).map_err(fault)?;
                if ownership == Ownership::Repository {
                    super::locked::add(world, path, &mut files)?;
                }
                files
            }
            Some(EntryKind::File) => {
                archive(world, path, &shown, compat).map_err(fault)?
            }
        };
        let key = (path.clone(), ownership, compat);
        self.parse(files, key, &shown, sources)
    }

    fn parse(
        &self,
        files: Vec<Buffered>,
        key: Key,
        shown: &str,
        sources: &SourceMap,
    ) -> Result<Arc<Chart>> {
        let (_, ownership, compat) = key;
        let (files, chart) = {
            let mut charts = self.charts.lock().unwrap_or_else(PoisonError::into_inner);
            let slots = charts.entry(key).or_default();
            match slots.iter().find(|(known, _)| **known == *files) {
                Some(slot) => slot.clone(),
                None => {
                    let slot: Slot = (files.into(), Arc::default());
                    slots.push(slot.clone());
                    slot
                }
            }
        };
        // Outside the lock: other charts load meanwhile, the same one waits.
        let load = || {
            let ahead = Ahead::new(compat);
            let loader = Loader { sources, ownership, compat, ahead: &ahead };
            let mut chart = loader.load_files(files.to_vec(), shown, None, 0)?;
            chart.parsed = ParsedTemplates::of(ahead);
            Ok(Arc::new(chart))
        };
        chart.get_or_init(load).clone()
    }
}

fn archive(
    world: &dyn World,
    path: &VPath,
    shown: &str,
    compat: Compat,
) -> Result<Vec<Buffered>, String> {
    let bytes = world.read(path).map_err(|e| e.to_string())?;
    if !bytes.starts_with(b"\x1f\x8b\x08") {
        return Err(match shown.ends_with(".yml") || shown.ends_with(".yaml") {
            true => format!(
                "file '{shown}' seems to be a YAML file, but expected a gzipped archive"
            ),
            false => format!(
                "file '{shown}' does not appear to be a gzipped archive; got '{}'",
                content_type(&bytes)
            ),
        });
    }
    let loaded = load_archive_files(&bytes);
    if compat == Compat::Helm3 {
        return loaded;
    }
    let files = loaded.map_err(|_| "unable to load chart archive".to_owned())?;
    match files.iter().any(|file| file.name == "Chart.yaml") {
        true => Ok(files),
        false => Err("unable to detect chart version, no Chart.yaml found".to_owned()),
    }
}

/// What `http.DetectContentType` says of the first 512 bytes, zeros after a shorter file, as
/// far as people mistake such files for charts.
fn content_type(bytes: &[u8]) -> &'static str {
    let binary = |b: &u8| matches!(b, 0..=8 | 0xb | 0xe..=0x1a | 0x1c..=0x1f);
    match bytes.get(..512) {
        _ if bytes.starts_with(b"PK\x03\x04") => "application/zip",
        _ if bytes.starts_with(b"%PDF-") => "application/pdf",
        Some(start) if !start.iter().any(binary) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
