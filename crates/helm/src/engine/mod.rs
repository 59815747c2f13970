//! Running the templates of a chart and its dependencies.
//!
//! Follows `pkg/engine/engine.go` of Helm 4.2: which files are templates, in which order they
//! are parsed (deep ones first, so that a parent's definition wins) and executed, and what
//! each of them sees.

mod chart_object;
mod cluster;
mod failure;
mod files;
mod glob;
mod mentioned;
mod scope;
mod templates;
mod values;
mod values_type;

use std::rc::Rc;
use std::sync::Arc;

use gotemplate::{Executor, Limits, MissingKey};
use source::{Ambient, FrameId, Origins, Result, SourceMap, Trace};

use crate::Compat;
use crate::chart::Instance;
use crate::host::Host;
use crate::release::{SortInput, Sorter, remove_all};
use crate::renderer::RenderOptions;
use crate::values::Merged;

pub(crate) use failure::{Places, header};
pub(crate) use mentioned::mentioned;
pub(crate) use templates::{Ahead, ParsedTemplates};

/// What Go prints for a value that is not there, and Helm removes.
const NO_VALUE: &str = "<no value>";

/// What the templates printed.
pub(crate) struct Rendered {
    pub(crate) files: Sorter,
    pub(crate) trace: Trace,
    /// The frames of the `crds/` of dependencies that some value switched on, by their charts'
    /// paths.
    pub(crate) crds: Vec<(String, FrameId)>,
}

/// Executes all templates of a chart. (`Engine.Render`)
pub(crate) fn render(
    chart: &Instance,
    merged: &Merged,
    options: &RenderOptions,
    limits: Limits,
    ambient: Arc<dyn Ambient>,
    sources: &SourceMap,
) -> Result<Rendered> {
    let set = templates::parsed(chart, options.compat)?;
    let mut origins = Origins::with_slots(merged.count() + scope::RELEASE_SLOTS);
    let scopes = scope::scopes(chart, merged, options, &mut origins);
    let host = Host::new(ambient, options.compat).with_documents(set.documents.clone());
    let host = Rc::new(host);
    let mut executor = Executor::new(set.templates.clone(), origins)
        .with_host(host.clone())
        .with_limits(limits)
        .with_missing_key(MissingKey::Zero)
        .with_look(crate::keys::look);
    for (span, origin) in &scopes.off {
        executor.skip(*span, *origin);
    }
    let mut files = Sorter::new(options.compat);
    for file in &set.order {
        let base = file.path.rsplit('/').next().unwrap_or("");
        if base.starts_with('_') {
            continue;
        }
        let Some((dot, (asked, reason))) = scopes.dot(file) else { continue };
        host.draws.enter(&file.path);
        let output = match executor.execute_because(&file.path, dot, asked, reason) {
            Ok(output) => output,
            Err(error) => {
                let trace = executor.finish();
                let places = Places { trace: &trace, slots: &merged.slots, sources };
                return Err(failure::execution(&error, &places, options.compat));
            }
        };
        // Notes are for people: never part of the manifests.
        if file.path.ends_with("NOTES.txt") {
            continue;
        }
        let (mut text, fault) = match String::from_utf8(output.text) {
            Ok(text) => (text, None),
            Err(error) => {
                // Helm 3 reads a document without the space around it.
                let bytes = match options.compat {
                    Compat::Helm4 => error.as_bytes(),
                    Compat::Helm3 => error.as_bytes().trim_ascii_end(),
                };
                let fault = goyaml::read_text(bytes, source::FileId::NONE);
                let fault = fault.err().map(|fault| fault.upstream());
                (String::from_utf8_lossy(error.as_bytes()).into_owned(), fault)
            }
        };
        let mut marks = output.marks;
        remove_all(&mut text, &mut marks, NO_VALUE);
        files.add(SortInput { path: file.path.clone(), text, marks, fault });
    }
    let mut crds = Vec::new();
    each_with_crds(chart, chart.name().to_string(), &mut |path| {
        if let Some((asked, reason)) = scopes.asked(path) {
            crds.push((path.to_owned(), executor.taken_because(asked, reason)));
        }
    });
    Ok(Rendered { files, trace: executor.finish(), crds })
}

/// Visits the paths of the charts that have a file in `crds/`.
fn each_with_crds(chart: &Instance, path: String, see: &mut dyn FnMut(&str)) {
    if chart.chart.files.iter().any(|file| file.name.starts_with("crds/")) {
        see(&path);
    }
    for sub in chart.dependencies() {
        each_with_crds(sub, format!("{path}/charts/{}", sub.name()), see);
    }
}
