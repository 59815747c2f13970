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
mod run;
mod scope;
mod templates;
mod values;
mod values_type;

use std::sync::Arc;

use gotemplate::Limits;
use source::{Ambient, FrameId, Result, SourceMap, Trace};

use crate::instance::Instance;
use crate::release::Sorter;
use crate::render_options::RenderOptions;
use crate::values::Merged;

pub(crate) use failure::Places;
use run::Run;
pub(crate) use templates::parsed;

/// What the templates printed.
pub(crate) struct Rendered {
    pub(crate) files: Sorter,
    pub(crate) trace: Trace,
    /// The frames of the `crds/` of dependencies that some value switched on, by their charts'
    /// paths.
    pub(crate) crds: Vec<(String, FrameId)>,
}

/// What is rendered, and how.
pub(crate) struct Job<'a> {
    pub(crate) chart: &'a Instance,
    pub(crate) merged: &'a Merged,
    pub(crate) options: &'a RenderOptions,
    pub(crate) limits: Limits,
    pub(crate) ambient: Arc<dyn Ambient>,
    pub(crate) sources: &'a SourceMap,
}

/// Executes all templates of a chart. (`Engine.Render`)
pub(crate) fn render(job: &Job<'_>) -> Result<Rendered> {
    let set = parsed(job.chart, job.options.compat)?;
    let mut run = Run::new(job, &set);
    let mut files = Sorter::new(job.options.compat);
    for file in &set.order {
        match run.execute(file) {
            Ok(printed) => printed.into_iter().for_each(|file| files.add(file)),
            Err(error) => return Err(run.failed(&error)),
        }
    }
    let crds = run.crds();
    Ok(Rendered { files, trace: run.finish(), crds })
}
