//! Parsing of a chart's templates, once for each set of dependencies that takes part.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ecow::EcoString;
use gotemplate::{Funcs, ParseAhead, PendingTemplate, TemplateSet};
use source::{FileId, Result};

use super::failure;
use crate::chart::{ChartFile, Instance, Metadata};
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
    ahead: Option<Ahead>,
}

/// The templates of a chart as they are found: a thread parses them while the chart's values
/// are read and merged.
#[derive(Debug)]
pub(crate) struct Ahead {
    funcs: Arc<Funcs>,
    compat: Compat,
    found: Mutex<Found>,
}

#[derive(Debug)]
struct Found {
    /// By path; what a condition switches off or an alias renames is not asked for.
    templates: HashMap<EcoString, Arc<PendingTemplate>>,
    /// Until the first set is complete.
    thread: Option<ParseAhead>,
}

impl Ahead {
    /// For a chart that is about to be loaded.
    pub(crate) fn new(compat: Compat) -> Ahead {
        let funcs = functions(compat);
        let thread = Some(ParseAhead::new(funcs.clone()));
        let found = Mutex::new(Found { templates: HashMap::new(), thread });
        Ahead { funcs, compat, found }
    }

    /// Takes the templates of one chart; `path` is the chart's: `chart/charts/sub`.
    pub(crate) fn add(&self, path: &str, metadata: &Metadata, templates: &[ChartFile]) {
        let mut found = self.lock();
        for template in templates.iter().filter(|t| takes_part(metadata, t)) {
            let path = EcoString::from(format!("{path}/{}", template.name));
            let text = template.data.clone();
            let pending = Arc::new(PendingTemplate::new(&path, text, template.file));
            found.thread.iter_mut().for_each(|thread| thread.add(pending.clone()));
            found.templates.insert(path, pending);
        }
    }

    fn find(&self, file: &TemplateFile) -> Option<Arc<PendingTemplate>> {
        let found = self.lock();
        let known = found.templates.get(&file.path);
        known.filter(|pending| pending.is(&file.path, &file.text)).cloned()
    }

    /// Lets the thread end: what it has not come to is not needed.
    fn finish(&self) {
        self.lock().thread = None;
    }

    fn lock(&self) -> MutexGuard<'_, Found> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ParsedTemplates {
    /// Of a chart that is loaded.
    pub(crate) fn of(ahead: Ahead) -> ParsedTemplates {
        ParsedTemplates { sets: Mutex::default(), ahead: Some(ahead) }
    }
}

fn functions(compat: Compat) -> Arc<Funcs> {
    Arc::new(tables(compat).into_iter().fold(Funcs::builtins(), Funcs::with))
}

/// Of a library chart the partials only. (`recAllTpls`)
fn takes_part(metadata: &Metadata, template: &ChartFile) -> bool {
    let base = template.name.rsplit('/').next().unwrap_or("");
    !metadata.is_library() || base.starts_with('_')
}

/// Which functions there are, and the paths of the files.
type Shape = (bool, Vec<EcoString>);

type Slot = Arc<OnceLock<Result<Arc<ParsedSet>>>>;

/// Parsed templates and the order in which they are executed.
#[derive(Debug)]
pub(super) struct ParsedSet {
    pub(super) templates: Arc<TemplateSet>,
    pub(super) documents: Arc<Documents>,
    pub(super) order: Vec<TemplateFile>,
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

impl TemplateFile {
    /// Does it only define templates?
    pub(super) fn is_partial(&self) -> bool {
        self.path.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
    }
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
    let ahead = chart.chart.parsed.ahead.as_ref().filter(|ahead| ahead.compat == compat);
    slot.get_or_init(|| parse(files, compat, ahead, documents(chart))).clone()
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
        let below = |sub| (sub, Instance::path(sub));
        charts.extend(chart.dependencies().iter().map(below));
    }
    Documents::of(folders.into_values())
}

fn parse(
    files: Vec<TemplateFile>,
    compat: Compat,
    ahead: Option<&Ahead>,
    documents: Documents,
) -> Result<Arc<ParsedSet>> {
    let funcs = ahead.map_or_else(|| functions(compat), |ahead| ahead.funcs.clone());
    let mut templates = TemplateSet::new(funcs);
    let pending = |file: &TemplateFile| {
        let new = || PendingTemplate::new(&file.path, file.text.clone(), file.file);
        ahead.and_then(|ahead| ahead.find(file)).unwrap_or_else(|| Arc::new(new()))
    };
    let texts: Vec<Arc<PendingTemplate>> = files.iter().map(pending).collect();
    templates.parse_all(&texts).map_err(|(at, error)| {
        failure::parsing(files.get(at).map_or("", |file| &file.path), &error)
    })?;
    ahead.iter().for_each(|ahead| ahead.finish());
    let templates = Arc::new(templates);
    let documents = Arc::new(documents);
    Ok(Arc::new(ParsedSet { templates, documents, order: files }))
}

/// All template files. (`recAllTpls`)
fn collect(chart: &Instance, path: EcoString, files: &mut Vec<TemplateFile>) {
    for sub in chart.dependencies() {
        collect(sub, sub.path(), files);
    }
    for template in &chart.chart.templates {
        if !takes_part(&chart.metadata, template) {
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
