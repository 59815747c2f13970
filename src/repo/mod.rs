//! What is on disk: every cluster and everything that is to be built for it.
//!
//! Convention first: a folder `overlays/<cluster>/<component>` with a kustomization is a
//! [`BuildTarget`]; a kustomization directly in `overlays/<cluster>` is one too, whose
//! component has the cluster's name. `paths.overlays` moves the tree elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use source::{Diagnostic, EntryKind, ReadErrorKind, SourceMap, Span, VPath, World};

use crate::config::{Compat, Config, Role, Setting};

/// The names that a kustomization file may have, as Kustomize looks for them.
pub const KUSTOMIZATION_FILES: &[&str] =
    &["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// A repository: where it is read from, what it says about itself, and what it builds.
pub struct Repo<'w> {
    /// Where files are read.
    pub world: &'w dyn World,
    /// Every text that was read.
    pub sources: &'w SourceMap,
    /// The configuration.
    pub config: Config,
    /// The clusters, sorted by name.
    pub clusters: Vec<Arc<Cluster>>,
    /// What is to be built, sorted by cluster and component.
    pub targets: Vec<BuildTarget>,
}

/// One cluster of the fleet, with everything that its configuration leaves open filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The name of its folder.
    pub name: String,
    /// Its folder.
    pub path: VPath,
    /// Where the configuration names it, if it does.
    pub span: Option<Span>,
    /// What it is in the fleet; `None` if neither configuration nor name says.
    pub role: Option<Role>,
    /// A word of the team's own: `production`.
    pub environment: Option<String>,
    /// The Kubernetes version that charts see.
    pub kubernetes_version: Option<String>,
    /// More API versions that charts see.
    pub api_versions: Vec<String>,
    /// Which releases of the tools to be compatible with.
    pub compat: Compat,
    /// Facts that lints ask for: `domain`, `nodeIPs`, `ingressClasses`.
    pub facts: BTreeMap<String, Setting>,
}

/// One kustomization that is built for one cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct BuildTarget {
    /// The cluster.
    pub cluster: Arc<Cluster>,
    /// The component: the folder's name below the cluster's, `a/b` for deeper ones.
    pub component: Arc<str>,
    /// The folder of the kustomization.
    pub path: VPath,
}

impl Repo<'_> {
    /// The cluster of this name.
    #[must_use]
    pub fn cluster(&self, name: &str) -> Option<&Arc<Cluster>> {
        self.clusters.iter().find(|c| c.name == name)
    }
}

/// Finds clusters and targets below the configured overlays folder.
pub fn find<'w>(
    world: &'w dyn World,
    sources: &'w SourceMap,
    config: Config,
) -> Result<Repo<'w>, Vec<Diagnostic>> {
    let overlays = config.paths.overlays.clone();
    let entries = world.list(&overlays).map_err(|error| {
        let message = match error.kind {
            ReadErrorKind::NotFound => format!("no folder `{}`", error.path),
            _ => error.to_string(),
        };
        let hint = "run it at the root of the repository, name that root, or set \
                    `paths.overlays` in thanos-gitops.yaml";
        vec![*Diagnostic::error(Span::NONE, message).hint(hint)]
    })?;
    let mut repo =
        Repo { world, sources, config, clusters: Vec::new(), targets: Vec::new() };
    for (name, kind) in entries {
        let Some(path) = overlays.join(&name) else { continue };
        if kind == EntryKind::Folder && !name.starts_with('.') {
            repo.add_cluster(name, path).map_err(|d| vec![*d])?;
        }
    }
    Ok(repo)
}

impl Repo<'_> {
    fn add_cluster(&mut self, name: String, path: VPath) -> source::Result<()> {
        let cluster = Arc::new(self.settled(name, path.clone()));
        let before = self.targets.len();
        self.add_targets(&cluster, &path, 0)?;
        if self.targets.len() > before {
            self.clusters.push(cluster);
        }
        Ok(())
    }

    /// The cluster, with the configuration's own and default words applied.
    fn settled(&self, name: String, path: VPath) -> Cluster {
        let defaults = &self.config.defaults;
        let own = self.config.clusters.get(&name).cloned().unwrap_or_default();
        let mut facts = defaults.facts.clone();
        facts.extend(own.facts);
        Cluster {
            path,
            span: own.span,
            role: own.role.or(defaults.role).or_else(|| Role::infer(&name)),
            environment: own.environment.or_else(|| defaults.environment.clone()),
            kubernetes_version: own
                .kubernetes_version
                .or_else(|| defaults.kubernetes_version.clone()),
            api_versions: match own.api_versions.is_empty() {
                true => defaults.api_versions.clone(),
                false => own.api_versions,
            },
            compat: Compat {
                kustomize: own.compat.kustomize.or(defaults.compat.kustomize),
                helm: own.compat.helm.or(defaults.compat.helm),
            },
            facts,
            name,
        }
    }

    /// Adds the kustomization in `folder`, or else those in the folders below it.
    fn add_targets(
        &mut self,
        cluster: &Arc<Cluster>,
        folder: &VPath,
        depth: u32,
    ) -> source::Result<()> {
        let entries = self.world.list(folder);
        let entries =
            entries.map_err(|e| Diagnostic::error(Span::NONE, e.to_string()))?;
        let is_kustomization =
            |(name, _): &(String, EntryKind)| KUSTOMIZATION_FILES.contains(&&**name);
        if entries.iter().any(is_kustomization) {
            let component = match folder.strip(&cluster.path) {
                Some("") | None => &cluster.name,
                Some(rest) => rest,
            };
            self.targets.push(BuildTarget {
                cluster: cluster.clone(),
                component: component.into(),
                path: folder.clone(),
            });
            return Ok(());
        }
        // `overlays/<cluster>/<group>/<component>` is as deep as trees in the wild go.
        if depth < 2 {
            for (name, kind) in entries {
                let below = folder.join(&name).filter(|_| !name.starts_with('.'));
                if let (EntryKind::Folder, Some(below)) = (kind, below) {
                    self.add_targets(cluster, &below, depth + 1)?;
                }
            }
        }
        Ok(())
    }
}
