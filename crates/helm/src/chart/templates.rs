//! Parsing of a chart's templates, once for each set of dependencies that takes part.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use ecow::EcoString;
use gotemplate::{Error, Funcs, ParseAhead, PendingTemplate, TemplateSet};
use source::FileId;

use super::{ChartFile, Metadata};
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
pub(super) struct Ahead {
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
    pub(super) fn new(compat: Compat) -> Ahead {
        let funcs = functions(compat);
        let thread = Some(ParseAhead::new(funcs.clone()));
        let found = Mutex::new(Found { templates: HashMap::new(), thread });
        Ahead { funcs, compat, found }
    }

    /// Takes the templates of one chart; `path` is the chart's: `chart/charts/sub`.
    pub(super) fn add(&self, path: &str, metadata: &Metadata, templates: &[ChartFile]) {
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
    pub(super) fn of(ahead: Ahead) -> ParsedTemplates {
        ParsedTemplates { sets: Mutex::default(), ahead: Some(ahead) }
    }

    /// The set of these files, in the order in which they are executed; `documents` are the
    /// files that they may read.
    pub(crate) fn set(
        &self,
        files: Vec<TemplateFile>,
        compat: Compat,
        documents: impl FnOnce() -> Documents,
    ) -> Parsed {
        let paths = files.iter().map(|f| f.path.clone()).collect();
        let key = (compat == Compat::Helm4, paths);
        let slot = {
            let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
            sets.entry(key).or_default().clone()
        };
        let ahead = self.ahead.as_ref().filter(|ahead| ahead.compat == compat);
        slot.get_or_init(|| parse(files, compat, ahead, documents())).clone()
    }
}

fn functions(compat: Compat) -> Arc<Funcs> {
    Arc::new(tables(compat).into_iter().fold(Funcs::builtins(), Funcs::with))
}

/// Of a library chart the partials only. (`recAllTpls`)
pub(crate) fn takes_part(metadata: &Metadata, template: &ChartFile) -> bool {
    let base = template.name.rsplit('/').next().unwrap_or("");
    !metadata.is_library() || base.starts_with('_')
}

/// Which functions there are, and the paths of the files.
type Shape = (bool, Vec<EcoString>);

type Slot = Arc<OnceLock<Parsed>>;

/// A set, or what cannot be parsed: the path of the file, and why.
pub(crate) type Parsed = Result<Arc<ParsedSet>, (EcoString, Box<Error>)>;

/// Parsed templates and the order in which they are executed.
#[derive(Debug)]
pub(crate) struct ParsedSet {
    pub(crate) templates: Arc<TemplateSet>,
    pub(crate) documents: Arc<Documents>,
    pub(crate) order: Vec<TemplateFile>,
}

/// A template file inside a render.
#[derive(Clone, Debug)]
pub(crate) struct TemplateFile {
    /// `chart/charts/sub/templates/a.yaml`
    pub(crate) path: EcoString,
    /// The chart's path: `chart/charts/sub`.
    pub(crate) chart: EcoString,
    text: Arc<[u8]>,
    file: FileId,
}

impl TemplateFile {
    /// A file of the chart at a path.
    pub(crate) fn of(chart: &EcoString, template: &ChartFile) -> TemplateFile {
        TemplateFile {
            path: format!("{chart}/{}", template.name).into(),
            chart: chart.clone(),
            text: template.data.clone(),
            file: template.file,
        }
    }

    /// Does it only define templates?
    pub(crate) fn is_partial(&self) -> bool {
        self.path.rsplit('/').next().is_some_and(|base| base.starts_with('_'))
    }
}

fn parse(
    files: Vec<TemplateFile>,
    compat: Compat,
    ahead: Option<&Ahead>,
    documents: Documents,
) -> Parsed {
    let funcs = ahead.map_or_else(|| functions(compat), |ahead| ahead.funcs.clone());
    let mut templates = TemplateSet::new(funcs);
    let pending = |file: &TemplateFile| {
        let new = || PendingTemplate::new(&file.path, file.text.clone(), file.file);
        ahead.and_then(|ahead| ahead.find(file)).unwrap_or_else(|| Arc::new(new()))
    };
    let texts: Vec<Arc<PendingTemplate>> = files.iter().map(pending).collect();
    templates.parse_all(&texts).map_err(|(at, error)| {
        (files.get(at).map(|file| file.path.clone()).unwrap_or_default(), error)
    })?;
    ahead.iter().for_each(|ahead| ahead.finish());
    let templates = Arc::new(templates);
    let documents = Arc::new(documents);
    Ok(Arc::new(ParsedSet { templates, documents, order: files }))
}
