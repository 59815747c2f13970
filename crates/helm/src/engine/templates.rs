//! Parsing of a chart's templates, once for each set of dependencies that takes part.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ecow::EcoString;
use gotemplate::{Funcs, TemplateSet};
use source::{FileId, Result};

use super::failure;
use crate::chart::Instance;
use crate::documents::LARGE;
use crate::funcs::tables;
use crate::{Compat, Documents};

/// The template sets of a chart, by the paths of their files.
///
/// Conditions, tags and aliases decide which files take part and under which path; all
/// renders with the same outcome share one set.
#[derive(Debug, Default)]
pub(crate) struct ParsedTemplates {
    sets: Mutex<BTreeMap<Shape, Slot>>,
}

/// Which functions there are, and the paths of the files.
type Shape = (bool, Vec<EcoString>);

type Slot = Arc<OnceLock<Result<Arc<ParsedSet>>>>;

/// Parsed templates and the order in which they are executed.
#[derive(Debug)]
pub(super) struct ParsedSet {
    pub(super) templates: Arc<TemplateSet>,
    pub(super) order: Vec<TemplateFile>,
    pub(super) documents: Arc<Documents>,
}

/// A template file inside a render.
#[derive(Clone, Debug)]
pub(super) struct TemplateFile {
    /// `chart/charts/sub/templates/a.yaml`
    pub(super) path: EcoString,
    /// The chart's path: `chart/charts/sub`.
    pub(super) chart: EcoString,
    text: Arc<[u8]>,
    file: FileId,
}

/// The template set of a chart with its dependencies.
pub(super) fn parsed(chart: &Instance, compat: Compat) -> Result<Arc<ParsedSet>> {
    let mut files = Vec::new();
    collect(chart, chart.name(), &mut files);
    sort(&mut files);
    let paths = files.iter().map(|f| f.path.clone()).collect();
    let key = (compat == Compat::Helm4, paths);
    let slot = {
        let sets = &chart.chart.parsed.sets;
        let mut sets = sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.entry(key).or_default().clone()
    };
    slot.get_or_init(|| parse(files, compat, documents(chart))).clone()
}

/// The files that templates may read, by chart and folder.
fn documents(chart: &Instance) -> Documents {
    let mut folders: BTreeMap<(EcoString, &str), Vec<Arc<[u8]>>> = BTreeMap::new();
    let mut charts = vec![(chart, chart.name())];
    while let Some((chart, path)) = charts.pop() {
        for file in chart.chart.files.iter().filter(|file| file.data.len() >= LARGE) {
            let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder);
            folders.entry((path.clone(), folder)).or_default().push(file.data.clone());
        }
        let below = |sub| (sub, format!("{path}/charts/{}", Instance::name(sub)).into());
        charts.extend(chart.dependencies().iter().map(below));
    }
    Documents::of(folders.into_values())
}

fn parse(
    files: Vec<TemplateFile>,
    compat: Compat,
    documents: Documents,
) -> Result<Arc<ParsedSet>> {
    let funcs = tables(compat).into_iter().fold(Funcs::builtins(), Funcs::with);
    let mut templates = TemplateSet::new(Arc::new(funcs));
    let texts: Vec<(&str, Arc<[u8]>, FileId)> =
        files.iter().map(|f| (f.path.as_str(), f.text.clone(), f.file)).collect();
    templates.parse_all(&texts).map_err(|(at, error)| {
        failure::parsing(files.get(at).map_or("", |file| &file.path), &error)
    })?;
    let templates = Arc::new(templates);
    let documents = Arc::new(documents);
    Ok(Arc::new(ParsedSet { templates, order: files, documents }))
}

/// All template files; of library charts the partials only. (`recAllTpls`)
fn collect(chart: &Instance, path: EcoString, files: &mut Vec<TemplateFile>) {
    for sub in chart.dependencies() {
        collect(sub, format!("{path}/charts/{}", sub.name()).into(), files);
    }
    for template in &chart.chart.templates {
        let base = template.name.rsplit('/').next().unwrap_or("");
        if chart.is_library() && !base.starts_with('_') {
            continue;
        }
        files.push(TemplateFile {
            path: format!("{path}/{}", template.name).into(),
            chart: path.clone(),
            text: template.data.clone(),
            file: template.file,
        });
    }
}

/// Deep paths first, then by name, backwards; of equal paths the last. (`sortTemplates`)
fn sort(files: &mut Vec<TemplateFile>) {
    files.reverse();
    files.sort_by_cached_key(|f| Reverse((f.path.matches('/').count(), f.path.clone())));
    files.dedup_by(|later, first| later.path == first.path);
}
