//! Builds targets, several at a time, and hands them over in order.
//!
//! `target.rs` builds one target; `order.rs` runs several and keeps their order; `charts.rs`
//! is what Kustomize asks for charts, answered by the crate `helm`; `print.rs` prints what was
//! built; `uses.rs` keeps which fields a values file reaches; `seed.rs` stands for clock and
//! randomness.

mod charts;
mod order;
mod print;
mod seed;
mod target;
mod uses;

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, Ordering};

pub use kustomize::Built;
use source::Diagnostic;

pub(crate) use charts::{Charts, Drawn};
pub(crate) use print::print_each;
pub(crate) use target::{build as build_target, helm_compat, kustomize_compat};
pub use uses::{ChartUse, UsedDocument};

use crate::{BuildTarget, Repo};

/// How to render.
#[derive(Clone, Copy, Default)]
pub struct RenderOptions<'a> {
    /// How many targets to build at a time; as many as there are processors by default.
    pub jobs: Option<NonZeroUsize>,
    /// Only these clusters; all if empty.
    pub clusters: &'a [String],
    /// Remembers charts between calls that share a source map; a new one by default.
    pub charts: Option<&'a helm::Renderer>,
    /// Set to stop before the next target; what was not built is not handed over.
    pub stop: Option<&'a AtomicBool>,
    /// Told the number of finished targets and of all targets.
    pub progress: Option<&'a (dyn Fn(usize, usize) + Sync)>,
}

/// One component of one cluster, built or not.
#[derive(Debug)]
pub struct Render {
    /// What was to be built.
    pub target: BuildTarget,
    /// What came of it: the diagnostics say why there is nothing, and the component is
    /// *unknown* to the fleet.
    pub outcome: Result<Built, Vec<Diagnostic>>,
    /// The charts that were rendered for it, or that could not be.
    pub charts: Vec<ChartUse>,
}

impl Render {
    /// The name of the cluster.
    #[must_use]
    pub fn cluster(&self) -> &str {
        &self.target.cluster.name
    }

    /// The name of the component.
    #[must_use]
    pub fn component(&self) -> &str {
        &self.target.component
    }

    /// The manifests, if there are any.
    #[must_use]
    pub fn built(&self) -> Option<&Built> {
        self.outcome.as_ref().ok()
    }
}

/// Builds the targets of `repo` and hands each to `take`, in the order of the targets.
///
/// At most a few renders per job exist at a time, if `take` keeps none.
pub fn each(repo: &Repo<'_>, options: &RenderOptions<'_>, take: &mut dyn FnMut(Render)) {
    let wanted = |t: &&BuildTarget| {
        options.clusters.is_empty() || options.clusters.contains(&t.cluster.name)
    };
    let targets: Vec<&BuildTarget> = repo.targets.iter().filter(wanted).collect();
    let stopped = || options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    let jobs = options.jobs.map_or_else(order::processors, NonZeroUsize::get);
    let own = helm::Renderer::new();
    let charts = options.charts.unwrap_or(&own);
    let mut done = 0;
    let build = |n: usize| -> Option<Render> {
        let target = targets.get(n).filter(|_| !stopped())?;
        Some(target::build(repo, charts, target))
    };
    order::in_order(jobs, targets.len(), &build, &mut |render| {
        done += 1;
        if let Some(progress) = options.progress {
            progress(done, targets.len());
        }
        take(render);
    });
}
