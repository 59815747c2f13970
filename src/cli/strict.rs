//! `render --strict`: what Kustomize swallows, found in one kustomization.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{Diagnostic, SourceMap, Subject, VPath, World};

use crate::config::{self, Config};
use crate::lint::Linked;
use crate::render::Built;
use crate::{BuildTarget, Cluster, Render, Repo};

/// The findings of the `KUST` family; what was built comes back with them.
///
/// The kustomization stands alone: no configuration sets levels, no cluster gives facts.
pub(super) fn findings(
    world: &dyn World,
    sources: &SourceMap,
    root: &VPath,
    built: Built,
) -> (Vec<Diagnostic>, Option<Built>) {
    let cluster = Arc::new(Cluster {
        name: root.name().to_owned(),
        path: root.clone(),
        span: None,
        role: None,
        environment: None,
        kubernetes_version: None,
        api_versions: None,
        compat: config::Compat::default(),
        facts: BTreeMap::new(),
    });
    let component = Arc::from(root.name());
    let target =
        BuildTarget { cluster: Arc::clone(&cluster), component, path: root.clone() };
    let charts = Vec::new();
    let render = Render { target: target.clone(), outcome: Ok(built), charts };
    let (clusters, targets) = (vec![cluster], vec![target]);
    let config = Config::default();
    let repo = Repo { world, sources, config, clusters, targets };
    let mut linked = Linked::of_kustomizations(&repo);
    linked.see(std::slice::from_ref(&render));
    let mut found = linked.finish_kustomizations(super::repository::today());
    for finding in &mut found {
        // The only cluster there is has no name of its own.
        finding.subject.iter_mut().for_each(|subject| subject.clusters.clear());
        finding.subject = finding.subject.take().filter(|s| **s != Subject::default());
    }
    (found, render.outcome.ok())
}
