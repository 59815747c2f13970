//! All clusters together: the objects of the final manifests and how they belong together.
//!
//! [`ClusterObjects`] holds every object of one cluster ([`Object`]) while it is looked at. The
//! other files answer one question each: which containers run what ([`Workload`],
//! [`ThanosComponent`]), who sends data under which labels ([`Producer`]), what is reachable
//! from outside ([`Exposure`]), and where object storage is configured ([`ObjstoreConfig`]).
//!
//! [`Fleet`] holds what of all clusters is known together: senders ([`Sender`]), and what the
//! builds noted ([`TargetFacts`]). It is taken out of each cluster before the cluster's
//! objects are dropped, so memory does not grow with the objects of the fleet
//! (`docs/decisions.md` 11).
//!
//! Lints read this room and never values files: each works on what a cluster will get, and
//! [`ClusterObjects::span_of`] finds the line that a person can change.

mod embedded;
mod exposure;
mod facts;
mod object;
mod objstore;
mod producer;
mod sender;
mod thanos;
mod workload;

use std::collections::BTreeSet;
use std::sync::Arc;

use source::{Place, Span, Tracepoint};

use crate::{Cluster, Render, Repo};

pub use embedded::Embedded;
pub use exposure::Exposure;
pub use facts::{BuiltFacts, Fleet, TargetFacts};
pub use object::Object;
pub use objstore::ObjstoreConfig;
pub use producer::{Producer, ProducerKind};
pub use sender::Sender;
pub use thanos::{Arg, ThanosComponent};
pub use workload::{Container, Workload};

/// One cluster and what it will hold.
pub struct ClusterObjects<'r> {
    /// The repository.
    pub repo: &'r Repo<'r>,
    /// The cluster.
    pub cluster: &'r Cluster,
    /// Its objects, component by component.
    pub objects: Vec<Object<'r>>,
    /// Was every component built? If not, what is missing is unknown, not absent.
    pub complete: bool,
}

impl<'r> ClusterObjects<'r> {
    /// The cluster that these renders are of, which are all there are of it; `None` if there
    /// are none.
    #[must_use]
    pub fn of(repo: &'r Repo<'_>, renders: &'r [Render]) -> Option<ClusterObjects<'r>> {
        let cluster = &*renders.first()?.target.cluster;
        let targets = repo.targets.iter().filter(|t| t.cluster.name == cluster.name);
        let built = renders.iter().filter(|render| render.built().is_some());
        Some(ClusterObjects {
            repo,
            cluster,
            objects: renders.iter().flat_map(Object::of_render).collect(),
            complete: built.count() == targets.count(),
        })
    }

    /// The workloads of the cluster.
    #[must_use]
    pub fn workloads(&self) -> Vec<Workload<'r>> {
        self.objects.iter().filter_map(|object| Workload::of(*object)).collect()
    }

    /// The line that a person can change to change `place`, a place of `object`.
    #[must_use]
    pub fn span_of(&self, object: &Object<'_>, place: Place) -> Span {
        self.repo.sources.changeable(&object.built.origins, place)
    }

    /// Where a person would add what is missing at `place`, a place of `object`.
    #[must_use]
    pub fn span_to_add(&self, object: &Object<'_>, place: Place) -> Span {
        self.repo.sources.addable(&object.built.origins, place)
    }

    /// The line that switched off what would have printed a text about all of `words` for
    /// `part`, and everything that decided it.
    ///
    /// Looks at the branches that charts did not take: the first one of the part's own chart
    /// whose template (its path or its text) says every word, in any case; else the first one of
    /// another chart whose path does, since texts mention many things. So what is missing is
    /// traced by origin, like what is there.
    #[must_use]
    pub fn switched_off(
        &self,
        words: &[&str],
        part: &Object<'_>,
    ) -> Option<(Span, Vec<Tracepoint>)> {
        let sources = self.repo.sources;
        let mut seen = BTreeSet::new();
        let own = |object: &&Object<'_>| object.node().span.file == part.node().span.file;
        let (ours, others) = (self.objects.iter().filter(own), self.objects.iter());
        for object in ours.chain(others) {
            let file = sources.file(object.node().span.file);
            let Some(rendered) = &file.rendered else { continue };
            if !seen.insert(Arc::as_ptr(&rendered.trace) as usize) {
                continue;
            }
            for skipped in &rendered.trace.skipped {
                let template = sources.file(skipped.span.file);
                let text = match own(&object) {
                    true => template.text.get(skipped.span.range()).unwrap_or(""),
                    false => "",
                };
                let text = format!("{}\n{text}", template.path).to_lowercase();
                if words.iter().all(|word| text.contains(word)) {
                    let causes = sources.causes_in(rendered, skipped.origin);
                    let span = sources.decidable(rendered, &causes);
                    return (!span.is_none()).then(|| (span, sources.chain(&causes)));
                }
            }
        }
        None
    }
}
