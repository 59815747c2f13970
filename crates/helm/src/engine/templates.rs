//! Which template files of a chart and its dependencies take part, and in which order.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use source::Result;

use super::failure;
use crate::chart::{ParsedSet, TemplateFile, takes_part};
use crate::documents::LARGE;
use crate::instance::Instance;
use crate::{Compat, Documents};

/// The template set of a chart with its dependencies.
pub(crate) fn parsed(chart: &Instance, compat: Compat) -> Result<Arc<ParsedSet>> {
    let mut files = Vec::new();
    collect(chart, chart.name(), &mut files);
    sort(&mut files);
    let set = chart.chart.parsed.set(files, compat, || documents(chart));
    set.map_err(|(path, error)| failure::parsing(&path, &error))
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

/// All template files. (`recAllTpls`)
fn collect(chart: &Instance, path: EcoString, files: &mut Vec<TemplateFile>) {
    for sub in chart.dependencies() {
        collect(sub, sub.path(), files);
    }
    for template in &chart.chart.templates {
        if !takes_part(&chart.metadata, template) {
            continue;
        }
        files.push(TemplateFile::of(&path, template));
    }
}

/// Deep paths first, then by name, backwards; of equal paths the last. (`sortTemplates`)
fn sort(files: &mut Vec<TemplateFile>) {
    files.reverse();
    files.sort_by_cached_key(|f| Reverse((f.path.matches('/').count(), f.path.clone())));
    files.dedup_by(|later, first| later.path == first.path);
}
