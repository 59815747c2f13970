//! One target: the differences between `build` and `render` are here, and nowhere else.

use super::{Built, Render};
use crate::config::KustomizeVersion;
use crate::{BuildTarget, Repo};

/// Builds a target as the configuration has it.
pub(crate) fn build(repo: &Repo<'_>, target: &BuildTarget) -> Render {
    let cluster = &target.cluster;
    let charts = kustomize::NoCharts;
    let options = kustomize::Options {
        compat: kustomize_compat(cluster.compat.kustomize.unwrap_or_default()),
        enable_helm: true,
        ..kustomize::Options::default()
    };
    let built =
        kustomize::build(repo.world, repo.sources, &target.path, &options, &charts);
    let outcome = match built {
        Ok(built) => Ok(Built {
            resources: built.resources,
            origins: built.origins,
            warnings: built.warnings,
            notes: built.notes,
            inputs: built.inputs,
        }),
        Err(fault) => Err(vec![*fault]),
    };
    Render { target: target.clone(), outcome }
}

/// The engine's word for a Kustomize release.
pub(crate) fn kustomize_compat(version: KustomizeVersion) -> kustomize::Compat {
    match version {
        KustomizeVersion::V5_7 => kustomize::Compat::V5_7,
        KustomizeVersion::V5_8 => kustomize::Compat::V5_8,
    }
}
