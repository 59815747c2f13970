//! Which values a chart knows ([`ChartKeys`]), whether a render reads them or not.
//!
//! What templates mention is computed by executing them abstractly (`gotemplate::Paths`),
//! with every dependency switched on; `quoted.rs` adds what templates inside of texts
//! mention, `schema.rs` what `values.schema.json` names. `observed.rs` tells which values one
//! render did read.

mod mentioned;
mod observed;
mod quoted;
mod schema;

use std::collections::BTreeSet;
use std::sync::Arc;

use ecow::EcoString;
use gotemplate::Paths;
use goyaml::{Data, Value};

pub(crate) use observed::observed;
pub use quoted::quoted_paths;

use crate::chart::{Chart, ChartAt, ChartKeys, ImportValue, at};
use crate::instance::Instance;

impl ChartKeys {
    /// The values that a chart and its dependencies know, computed once a chart; `None` if
    /// its templates cannot be parsed.
    #[must_use]
    pub fn of(chart: &Arc<Chart>) -> Option<Arc<ChartKeys>> {
        let made = || gotemplate::with_stack(|| ChartKeys::new(chart)).map(Arc::new);
        chart.keys.get_or_init(made).clone()
    }

    fn new(chart: &Arc<Chart>) -> Option<ChartKeys> {
        let all = Instance::with_everything(chart);
        let mut mentioned = mentioned::mentioned(&all)?;
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
            if let Some((_, Ok(read))) = chart.chart.read_schema() {
                schema::declare(read.document(), at, &mut declared);
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
