//! A compiler and linter for GitOps repositories of many Kubernetes clusters.
//!
//! The whole program is five stages. Data moves to the right only; no stage calls an earlier
//! one, and none prints:
//!
//! ```text
//! load  →  render  →  link  →  lint  →  write
//! Repo     Render     Fleet    findings  files, reports
//! ```
//!
//! * [`load`] reads `thanos-gitops.yaml` ([`config`]) and finds every [`BuildTarget`]: a
//!   folder `overlays/<cluster>/<component>` with a kustomization ([`repo`]). It needs a
//!   [`World`] to read from and a [`SourceMap`] to remember what it read.
//! * [`render()`] builds each target with the crates `kustomize` and `helm`, several at a time, and
//!   hands over one [`Render`] after the other, in the order of the targets. A render holds
//!   the resources of one component of one cluster, and the arena in which every field
//!   finds its origin; or the diagnostics that say why there is none.
//! * [`link`] looks at the objects of each cluster, one cluster after the other, and keeps what
//!   was found and what all must know together: who writes, queries or stores where
//!   ([`fleet`]). Then the objects go; memory is bounded by jobs, not by clusters. A target that
//!   failed to build is *unknown* to it, never absent.
//! * [`lint()`] runs the checks over what is known of the fleet, and over the sources
//!   ([`mod@lint`]).
//! * [`write()`] turns renders into files ([`output`]), staged first and published only when nothing
//!   stands against it. Findings become text, JSON or SARIF in [`report`].
//!
//! Around the stages: [`vendored`] knows what a tree names by its address, which the crate
//! `vendor` fetches before any of them runs; [`diff`] runs the first two on two revisions and compares;
//! [`cli`] holds one file for each subcommand. To read the program from its beginning,
//! start with `cli/build.rs`, which is the picture above in code.
//!
//! # Where things come from
//!
//! Nothing but `source` touches the disk, the clock or randomness. Every diagnostic carries a
//! [`Span`](source::Span) of the line that the reader can change: see [`source::Origins`].

pub mod cli;
pub mod config;
pub mod diff;
pub mod explain;
pub mod fleet;
pub mod lint;
mod mask;
pub mod output;
pub mod render;
pub mod repo;
pub mod report;
pub mod vendored;

use source::{Diagnostic, Sink, SourceMap, World};

pub use config::Date;
pub use fleet::Fleet;
pub use render::{Render, RenderOptions};
pub use repo::{BuildTarget, Cluster, Repo};

/// Reads the configuration and finds what is to be built.
///
/// The diagnostics say why the repository cannot be understood; there may be several.
pub fn load<'w>(
    world: &'w dyn World,
    sources: &'w SourceMap,
) -> Result<Repo<'w>, Vec<Diagnostic>> {
    let config = config::read(world, sources)?;
    lint::check_settings(&config)?;
    repo::find(world, sources, config)
}

/// Builds every target of the repository, in order.
#[must_use]
pub fn render(repo: &Repo<'_>, options: &RenderOptions<'_>) -> Vec<Render> {
    let mut renders = Vec::new();
    render::each(repo, options, &mut |render| renders.push(render));
    renders
}

/// Looks at the resources of each cluster, and links what others must know of them.
///
/// Whoever has the renders one by one hands them to [`lint::Linked::add`] instead, which drops
/// them.
#[must_use]
pub fn link<'r>(repo: &'r Repo<'_>, renders: &[Render]) -> lint::Linked<'r> {
    let mut linked = lint::Linked::new(repo);
    let clusters = renders.chunk_by(|a, b| a.cluster() == b.cluster());
    clusters.for_each(|renders| linked.see(renders));
    linked
}

/// Checks all clusters together; findings come sorted, suppressed ones left out.
///
/// `today` decides which suppressions have expired.
#[must_use]
pub fn lint(linked: lint::Linked<'_>, today: Date) -> Vec<Diagnostic> {
    linked.finish(today)
}

/// Writes the renders as files, all or nothing; returns what changed.
///
/// Renders of failed targets must not be handed in: their files would count as stale.
pub fn write(
    repo: &Repo<'_>,
    renders: &[Render],
    sink: &dyn Sink,
) -> source::Result<output::Changes> {
    let mut staged = output::Staged::new(repo, sink, &[])?;
    for render in renders {
        staged.add(render)?;
    }
    staged.publish()
}
