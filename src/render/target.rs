//! One target: the differences between `build` and `render` are here, and nowhere else.

use std::sync::{Arc, Mutex, PoisonError};

use ecow::eco_format;

use super::Render;
use super::charts::{Charts, Drawn};
use super::seed::SeededAmbient;
use crate::config::{HelmVersion, KustomizeVersion, LoadRestrictor};
use crate::{BuildTarget, Repo};

/// Builds a target as the configuration has it: what charts may ask of the cluster, seed and
/// clock, and which releases of the tools are mirrored. (`docs/decisions.md` 6)
pub(crate) fn build(
    repo: &Repo<'_>,
    renderer: &helm::Renderer,
    target: &BuildTarget,
) -> Render {
    let cluster = &target.cluster;
    let config = &repo.config;
    let ambient = |release: &str| -> Drawn {
        let place = [&*cluster.name, &*target.component, release];
        let seeded = SeededAmbient::new(&config.seed, config.clock, place);
        let [cluster, component, release] = place;
        (Arc::new(seeded), Some(eco_format!("{cluster}\0{component}\0{release}")))
    };
    let uses = Mutex::default();
    let charts = Charts {
        world: repo.world,
        sources: repo.sources,
        renderer,
        compat: helm_compat(cluster.compat.helm.unwrap_or_default()),
        kube_version: cluster.kubernetes_version.as_ref(),
        api_versions: cluster.api_versions.as_ref(),
        ambient: &ambient,
        needs_name: true,
        uses: Some(&uses),
    };
    let options = kustomize::Options {
        compat: kustomize_compat(cluster.compat.kustomize.unwrap_or_default()),
        enable_helm: true,
        note_effects: true,
        restrict_to_root: cluster.compat.load_restrictor != Some(LoadRestrictor::None),
        ..kustomize::Options::default()
    };
    let built =
        kustomize::build(repo.world, repo.sources, &target.path, &options, &charts);
    let outcome = built.map_err(|fault| vec![*fault]);
    let charts = uses.into_inner().unwrap_or_else(PoisonError::into_inner);
    Render { target: target.clone(), outcome, charts }
}

/// The engine's word for a Helm release.
pub(crate) fn helm_compat(version: HelmVersion) -> helm::Compat {
    match version {
        HelmVersion::V3 => helm::Compat::Helm3,
        HelmVersion::V4 => helm::Compat::Helm4,
    }
}

/// The engine's word for a Kustomize release.
pub(crate) fn kustomize_compat(version: KustomizeVersion) -> kustomize::Compat {
    match version {
        KustomizeVersion::V5_7 => kustomize::Compat::V5_7,
        KustomizeVersion::V5_8 => kustomize::Compat::V5_8,
    }
}
