//! What the templates of a chart mention of its values.

use std::collections::HashMap;

use ecow::EcoString;
use gotemplate::{Abstract, PathId, Paths};

use crate::Compat;
use crate::engine::parsed;
use crate::funcs::look;
use crate::instance::Instance;

/// The values that the templates of a chart and its dependencies could look at, whatever the
/// values are; `None` if they cannot be parsed.
pub(super) fn mentioned(chart: &Instance) -> Option<Paths> {
    let set = parsed(chart, Compat::Helm4).ok()?;
    let mut paths = Paths::new();
    let mut dots = HashMap::new();
    dot(chart, chart.name(), Paths::ROOT, &mut paths, &mut dots);
    let files = set.order.iter().filter_map(|file| {
        let base = file.path.rsplit('/').next().unwrap_or("");
        let dot = dots.get(&file.chart).filter(|_| !base.starts_with('_'))?;
        Some((file.path.as_str(), dot.clone()))
    });
    paths.collect(&set.templates, look, files);
    Some(paths)
}

/// What the files of a chart see as their dot.
fn dot(
    chart: &Instance,
    path: EcoString,
    at: PathId,
    paths: &mut Paths,
    dots: &mut HashMap<EcoString, Abstract>,
) -> Abstract {
    let mut subcharts = Vec::new();
    for sub in chart.dependencies() {
        let name = sub.name();
        let below = sub.path();
        if let Some(values) = paths.entry(at, &name) {
            subcharts.push((name, dot(sub, below, values, paths, dots)));
        }
    }
    let base = Abstract::Text(format!("{path}/templates").into());
    let dot = Abstract::map([
        ("Values", Abstract::At(at)),
        ("Chart", Abstract::map([("Name", Abstract::Text(chart.name()))])),
        ("Template", Abstract::map([("BasePath", base)])),
        ("Subcharts", Abstract::map(subcharts)),
    ]);
    dots.insert(path, dot.clone());
    dot
}
