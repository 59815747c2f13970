//! [`ChartKeys`]: which values a chart knows, whether a render reads them or not.
//!
//! What templates mention is computed by executing them abstractly (`gotemplate::Paths`),
//! with every dependency switched on; `quoted.rs` adds what templates inside of texts
//! mention, `schema.rs` what `values.schema.json` names. `observed.rs` tells which values one
//! render did read.

mod look;
mod observed;
mod quoted;
mod schema;

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use gotemplate::{PathId, Paths};
use goyaml::{Data, Value};

pub(crate) use look::look;
pub(crate) use observed::observed;
pub use quoted::quoted_paths;

use crate::chart::{Chart, ImportValue, Instance};
use crate::engine;

/// The values that a chart and its dependencies know.
#[derive(Debug)]
pub struct ChartKeys {
    /// What templates mention.
    mentioned: Paths,
    /// What `values.schema.json` names.
    declared: Paths,
    /// The default values, those of dependencies under their names.
    pub defaults: Value,
    /// The chart and its dependencies, parents first.
    pub charts: Vec<ChartAt>,
    /// The conditions and tags of dependencies.
    switches: BTreeSet<Vec<EcoString>>,
}

/// A chart inside of another one, or the outermost itself.
#[derive(Clone, Debug)]
pub struct ChartAt {
    /// Where its values are in those of the outermost; empty for itself.
    pub path: Vec<EcoString>,
    /// Its name as its author knows it: no alias.
    pub name: EcoString,
    /// Its version.
    pub version: EcoString,
}

impl ChartKeys {
    /// The keys of a chart; `None` if its templates cannot be parsed.
    pub(crate) fn new(chart: &Arc<Chart>) -> Option<ChartKeys> {
        let all = Instance::with_everything(chart);
        let mut mentioned = engine::mentioned(&all)?;
        let defaults = defaults(&all);
        let (mut charts, mut switches) = (Vec::new(), BTreeSet::new());
        let mut declared = Paths::new();
        let mut absent: Vec<Vec<EcoString>> = Vec::new();
        describe(&all, &mut Vec::new(), &mut |chart, at| {
            let about = &chart.chart.metadata;
            let (name, version) = (about.name.clone(), about.version.clone());
            charts.push(ChartAt { path: at.to_vec(), name, version });
            switches_of(chart, at, &mut switches);
            absent_in(chart, at, &mut absent);
            if let Some(schema) = &chart.chart.schema {
                schema::declare(&schema.data, at, &mut declared);
            }
        });
        let mut texts = std::mem::take(&mut mentioned.quoted);
        strings(&defaults, &mut texts);
        describe(&all, &mut Vec::new(), &mut |chart, _| {
            let files =
                chart.chart.files.iter().filter(|file| is_template_like(&file.name));
            texts.extend(files.map(|file| EcoString::from(file.text())));
        });
        for path in &absent {
            mention(&mut mentioned, path.iter());
        }
        for path in switches
            .iter()
            .chain(texts.iter().flat_map(|t| quoted_paths(t)).collect::<Vec<_>>().iter())
        {
            for chart in &charts {
                mention(&mut mentioned, chart.path.iter().chain(path));
            }
        }
        Some(ChartKeys { mentioned, declared, defaults, charts, switches })
    }

    /// Could a template look at this value?
    #[must_use]
    pub fn mentions(&self, path: &[&str]) -> bool {
        self.with_globals(path, &|path| self.mentioned.mentions(path.iter().copied()))
    }

    /// Does `values.schema.json` name this value?
    #[must_use]
    pub fn declares(&self, path: &[&str]) -> bool {
        let root = self.declared.entries(Paths::ROOT).next().is_some();
        root && self
            .with_globals(path, &|path| self.declared.mentions(path.iter().copied()))
    }

    /// Does it switch a dependency on or off?
    #[must_use]
    pub fn switches(&self, path: &[&str]) -> bool {
        let path: Vec<EcoString> = path.iter().map(|key| EcoString::from(*key)).collect();
        self.switches.contains(&path)
    }

    /// The default of a value: its own chart's, or for a global that of the first chart below
    /// which has one.
    #[must_use]
    pub fn default(&self, path: &[&str]) -> Option<&Value> {
        let default = |path: &[&str]| at(&self.defaults, path.iter().copied());
        default(path).or_else(|| self.globals(path).iter().find_map(|path| default(path)))
    }

    /// Shows the path of every value that is known by its key, parents first, each once.
    pub fn each(&self, see: &mut dyn FnMut(&[&str])) {
        let mut seen = BTreeSet::new();
        let mut at = Vec::new();
        for paths in [&self.mentioned, &self.declared] {
            known(paths, Paths::ROOT, &mut at, &mut seen);
        }
        defaults_below(&self.defaults, &mut at, &mut seen);
        self.globals_above(&mut seen);
        seen.iter().for_each(|path| see(path));
    }

    /// What a chart reads of its globals can be set in every chart around it.
    fn globals_above<'k>(&'k self, seen: &mut BTreeSet<Vec<&'k str>>) {
        let mut above = Vec::new();
        for path in seen.iter() {
            for chart in self.charts.iter().filter(|chart| !chart.path.is_empty()) {
                let of = chart.path.len();
                let own = chart.path.iter().zip(path).all(|(a, b)| a == b);
                if !own || path.get(of) != Some(&"global") {
                    continue;
                }
                let rest = path.iter().skip(of);
                for outer in 0..of {
                    above.push(
                        path.iter().take(outer).chain(rest.clone()).copied().collect(),
                    );
                }
            }
        }
        seen.extend(above);
    }

    fn with_globals(&self, path: &[&str], test: &dyn Fn(&[&str]) -> bool) -> bool {
        test(path) || self.globals(path).iter().any(|path| test(path))
    }

    /// Where else a value is seen: globals of a chart are, by all charts below it.
    fn globals<'k>(&'k self, path: &[&'k str]) -> Vec<Vec<&'k str>> {
        let global = path.iter().position(|key| *key == "global");
        let Some((of, rest)) = global.and_then(|at| path.split_at_checked(at)) else {
            return Vec::new();
        };
        let below = self.charts.iter().filter(|chart| {
            chart.path.len() > of.len() && chart.path.iter().zip(of).all(|(a, b)| a == b)
        });
        let keys = below.map(|chart| chart.path.iter().map(EcoString::as_str));
        keys.map(|outer| outer.chain(rest.iter().copied()).collect()).collect()
    }
}

/// Shows a chart and its dependencies with their paths in the values.
fn describe(
    chart: &Instance,
    at: &mut Vec<EcoString>,
    see: &mut dyn FnMut(&Instance, &[EcoString]),
) {
    see(chart, at);
    for sub in chart.dependencies() {
        at.push(sub.name());
        describe(sub, at, see);
        at.pop();
    }
}

fn switches_of(
    chart: &Instance,
    at: &[EcoString],
    switches: &mut BTreeSet<Vec<EcoString>>,
) {
    for request in chart.chart.metadata.dependencies.iter().flatten() {
        for condition in request.condition.split(',') {
            let condition = condition.trim();
            if !condition.is_empty() {
                let keys = condition.split('.').map(EcoString::from);
                switches.insert(at.iter().cloned().chain(keys).collect());
            }
        }
        for tag in &request.tags {
            switches.insert(vec!["tags".into(), tag.clone()]);
        }
    }
}

/// The dependencies that are asked for but not there: what they read cannot be known.
fn absent_in(chart: &Instance, at: &[EcoString], absent: &mut Vec<Vec<EcoString>>) {
    for request in chart.chart.metadata.dependencies.iter().flatten() {
        let there = chart.chart.dependencies.iter();
        if there.into_iter().all(|sub| sub.metadata.name != request.name) {
            let name = match request.alias.as_str() {
                "" => request.name.clone(),
                alias => alias.into(),
            };
            absent.push(at.iter().cloned().chain([name]).collect());
        }
    }
}

/// The defaults of a chart over those of its dependencies, with what it imports from them.
fn defaults(chart: &Instance) -> Value {
    let mut own = chart.chart.values().clone();
    if own.is_null() {
        own = Value::new(goyaml::Map::default());
    }
    with_dependencies(chart, &mut own);
    let imported = imports(chart, &own);
    imported.into_iter().for_each(|value| under(&mut own, value));
    own
}

/// What a chart imports of its dependencies' defaults. (`processImportValues`)
fn imports(chart: &Instance, values: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for request in chart.chart.metadata.dependencies.iter().flatten() {
        let name = if request.alias.is_empty() { &request.name } else { &request.alias };
        for import in &request.import_values {
            let (child, parent) = match import {
                ImportValue::Export(name) => (format!("exports.{name}"), ""),
                ImportValue::Table { child, parent } => {
                    (child.to_string(), parent.trim_matches('.'))
                }
                ImportValue::Other => continue,
            };
            let keys = std::iter::once(name.as_str()).chain(child.split('.'));
            let table = at(values, keys).filter(|value| value.as_map().is_some());
            let keys = parent.rsplit('.').filter(|key| !key.is_empty());
            found.extend(table.map(|table| {
                keys.fold(table.clone(), |inner, key| {
                    let entry = (EcoString::from(key), inner.into());
                    Value::new(goyaml::Map::from_iter([entry]))
                })
            }));
        }
    }
    found
}

/// The value at a path of keys.
fn at<'v, 'k>(
    values: &'v Value,
    mut path: impl Iterator<Item = &'k str>,
) -> Option<&'v Value> {
    path.try_fold(values, |at, key| Some(&at.as_map()?.get(key)?.value))
}

fn with_dependencies(chart: &Instance, own: &mut Value) {
    for sub in chart.dependencies() {
        let below = defaults(sub);
        let Data::Map(map) = &mut own.data else { continue };
        match map.get_mut(sub.name().as_str()) {
            Some(entry) => under(&mut entry.value, below),
            None => {
                map.insert(sub.name(), below.into());
            }
        }
    }
}

/// Adds what `value` does not have.
fn under(value: &mut Value, defaults: Value) {
    let (Data::Map(map), Data::Map(from)) = (&mut value.data, defaults.data) else {
        return;
    };
    for (key, entry) in from {
        match map.get_mut(&key) {
            Some(own) => under(&mut own.value, entry.value),
            None => {
                map.insert(key, entry);
            }
        }
    }
}

/// Texts that templates of the chart may execute: not what is written for people.
fn is_template_like(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let for_people = [".md", ".txt", ".gotmpl", ".lock", ".json"];
    !for_people.iter().any(|end| name.ends_with(end))
        && !matches!(name.as_str(), "values.yaml" | "chart.yaml")
        && !name.starts_with("crds/")
        && !name.starts_with("ci/")
        && !name.starts_with("tests/")
}

/// All strings that could be templates.
fn strings(value: &Value, found: &mut Vec<EcoString>) {
    match &value.data {
        Data::Str(text) if text.contains("Values") => found.push(text.clone()),
        Data::Seq(items) => items.iter().for_each(|item| strings(item, found)),
        Data::Map(map) => map.values().for_each(|entry| strings(&entry.value, found)),
        _ => {}
    }
}

fn mention<'a>(paths: &mut Paths, path: impl Iterator<Item = &'a EcoString>) {
    let mut at = Paths::ROOT;
    for key in path {
        match paths.entry(at, key) {
            Some(next) => at = next,
            None => return,
        }
    }
    if at != Paths::ROOT {
        paths.look_whole(at);
    }
}

fn known<'k>(
    paths: &'k Paths,
    of: PathId,
    at: &mut Vec<&'k str>,
    seen: &mut BTreeSet<Vec<&'k str>>,
) {
    for (key, id) in paths.entries(of) {
        at.push(key);
        seen.insert(at.clone());
        known(paths, id, at, seen);
        at.pop();
    }
}

fn defaults_below<'k>(
    value: &'k Value,
    at: &mut Vec<&'k str>,
    seen: &mut BTreeSet<Vec<&'k str>>,
) {
    let Data::Map(map) = &value.data else { return };
    for (key, entry) in map {
        at.push(key);
        seen.insert(at.clone());
        defaults_below(&entry.value, at, seen);
        at.pop();
    }
}
