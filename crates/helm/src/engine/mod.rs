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
mod run;
mod scope;
mod templates;
mod values;
mod values_type;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gotemplate::{Limits, Spent, Watch, beside};
use source::{Ambient, FrameId, Result, SourceMap, Trace};

use crate::chart::Instance;
use crate::release::{Sorter, SplitFile};
use crate::renderer::RenderOptions;
use crate::values::Merged;

pub(crate) use failure::{Places, header};
pub(crate) use mentioned::mentioned;
use run::Run;
pub(crate) use templates::{Ahead, ParsedTemplates};
use templates::{ParsedSet, TemplateFile};

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
    /// May a second thread execute some of the templates?
    pub(crate) two_threads: bool,
    pub(crate) ambient: Arc<dyn Ambient>,
    pub(crate) sources: &'a SourceMap,
}

/// Executes all templates of a chart. (`Engine.Render`)
///
/// Of many, a second thread may execute the latter half with dots of its own. That is the same
/// unless a template of the first half changes what the second would have seen; then the
/// second half is executed again, after the first.
pub(crate) fn render(job: &Job<'_>) -> Result<Rendered> {
    let set = templates::parsed(job.chart, job.options.compat)?;
    let (first, second) = match job.two_threads {
        true => set.halves(),
        false => (&*set.order, &[][..]),
    };
    let watch = Watch::default();
    let stop = AtomicBool::new(false);
    let execute = || {
        let mut run = Run::new(job, &set);
        run.without();
        let mut files = Sorter::new(job.options.compat);
        if !second.is_empty() {
            run.watch(&watch);
        }
        let done = first.iter().try_for_each(|file| run.file(file, &mut files));
        stop.store(done.is_err(), Ordering::Relaxed);
        (run, files, done)
    };
    let in_vain = || watch.has_seen() || stop.load(Ordering::Relaxed);
    let ((mut run, mut files, done), ahead) = match second {
        [] => (execute(), None),
        _ => beside(execute, || Half::of(job, &set, second, &in_vain)),
    };
    if let Err(error) = done {
        return Err(run.failed(&error));
    }
    let fits = |half: &Half| !watch.has_seen() && run.fits(half.spent);
    let half = ahead.flatten().filter(fits);
    if half.is_none() {
        let done = second.iter().try_for_each(|file| run.file(file, &mut files));
        if let Err(error) = done {
            return Err(run.failed(&error));
        }
    }
    let crds = run.crds();
    let mut trace = run.finish();
    if let Some(half) = half {
        files.append(half.files, trace.append(half.trace));
    }
    Ok(Rendered { files, trace, crds })
}

/// What a thread of its own has executed.
struct Half {
    files: Vec<SplitFile>,
    trace: Trace,
    spent: Spent,
}

impl Half {
    /// Nothing if a template fails, which is told by whoever executes it in its turn; and
    /// nothing if it is in vain.
    fn of(
        job: &Job<'_>,
        set: &ParsedSet,
        order: &[TemplateFile],
        in_vain: &dyn Fn() -> bool,
    ) -> Option<Half> {
        let mut run = Run::new(job, set);
        let mut files = Vec::with_capacity(order.len());
        for file in order {
            let printed = run.execute(file).ok().filter(|_| !in_vain())?;
            files.extend(printed.map(|file| SplitFile::of(file, job.options.compat)));
        }
        Some(Half { files, spent: run.spent(), trace: run.finish() })
    }
}
