//! What is on disk: every cluster and everything that is to be built for it.
//!
//! Convention first: a folder `overlays/<cluster>/<component>` with a kustomization is a
//! [`BuildTarget`]; a kustomization directly in `overlays/<cluster>` is one too, whose
//! component has the cluster's name; it takes those below it that it names. `kind: Component`
//! is no target. `paths.overlays` moves the tree elsewhere.

use std::collections::BTreeMap;
use std::sync::Arc;

use goyaml::{Dialect, Node};
use source::{
    Diagnostic, EntryKind, FileId, ReadErrorKind, SourceMap, Span, VPath, World,
};

use crate::config::{ClusterConfig, Compat, Config, Role, Said, Setting, near_or_all};

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
    pub role: Option<Said<Role>>,
    /// A word of the team's own: `production`.
    pub environment: Option<Said<String>>,
    /// The Kubernetes version that charts see.
    pub kubernetes_version: Option<Said<String>>,
    /// More API versions that charts see.
    pub api_versions: Option<Said<Vec<String>>>,
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
        let said = config.paths.overlays_said;
        let hint = match said.is_none() {
            true => {
                "run it at the root of the repository, name that root, or set \
                 `paths.overlays` in thanos-gitops.yaml"
            }
            false => {
                "name the folder, as seen from the root, that has one for each cluster"
            }
        };
        vec![*Diagnostic::error(said, message).hint(hint)]
    })?;
    let mut repo =
        Repo { world, sources, config, clusters: Vec::new(), targets: Vec::new() };
    let folders: Vec<String> = entries.iter().map(|(name, _)| name.clone()).collect();
    for (name, kind) in entries {
        let Some(path) = overlays.join(&name) else { continue };
        if kind == EntryKind::Folder && !name.starts_with('.') {
            repo.add_cluster(name, path).map_err(|d| vec![*d])?;
        }
    }
    if repo.targets.is_empty() {
        let message = format!("no kustomization below `{overlays}`");
        let hint = "each cluster has a folder there, and in it a folder for each component \
                    with a `kustomization.yaml`";
        return Err(vec![*Diagnostic::error(Span::NONE, message).hint(hint)]);
    }
    let unknown = repo.unknown_clusters(&folders);
    if unknown.is_empty() { Ok(repo) } else { Err(unknown) }
}

impl Repo<'_> {
    fn add_cluster(&mut self, name: String, path: VPath) -> source::Result<()> {
        let cluster = Arc::new(self.settled(name, path.clone()));
        let before = self.targets.len();
        self.add_targets(&cluster, &path, 0)?;
        if self.targets.len() > before {
            self.clusters.push(cluster);
        }
        let mut seen = BTreeMap::new();
        for target in &self.targets[before..] {
            let Some(first) = seen.insert(&target.component, &target.path) else {
                continue;
            };
            let message = format!(
                "`{first}` and `{}` are both the component `{}`",
                target.path, target.component
            );
            let hint = "a kustomization of a whole cluster has the cluster's name; give the \
                        folder below it another, or name it in `resources`";
            return Err(Diagnostic::error(Span::NONE, message).hint(hint));
        }
        Ok(())
    }

    /// A fault for each cluster that only the configuration knows.
    fn unknown_clusters(&self, folders: &[String]) -> Vec<Diagnostic> {
        let configured = self.config.clusters.iter();
        let unknown = configured.filter(|(name, _)| !folders.contains(name));
        let fault = |(name, own): (&String, &ClusterConfig)| {
            let span = own.span.unwrap_or(Span::NONE);
            let message =
                format!("no cluster `{name}` in `{}`", self.config.paths.overlays);
            let known = folders.iter().map(String::as_str);
            *Diagnostic::error(span, message).hint(near_or_all(name, known))
        };
        unknown.map(fault).collect()
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
            role: own.role.or(defaults.role).or_else(|| {
                Role::infer(&name).map(|value| Said { value, span: Span::NONE })
            }),
            environment: own.environment.or_else(|| defaults.environment.clone()),
            kubernetes_version: own
                .kubernetes_version
                .or_else(|| defaults.kubernetes_version.clone()),
            api_versions: own.api_versions.or_else(|| defaults.api_versions.clone()),
            compat: Compat {
                kustomize: own.compat.kustomize.or(defaults.compat.kustomize),
                helm: own.compat.helm.or(defaults.compat.helm),
                load_restrictor: own
                    .compat
                    .load_restrictor
                    .or(defaults.compat.load_restrictor),
            },
            facts,
            name,
        }
    }

    /// Adds the kustomization in `folder`, or else those in the folders below it.
    ///
    /// A kustomization of a whole cluster does not hide those below it that it leaves out.
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
            |(name, _): &&(String, EntryKind)| KUSTOMIZATION_FILES.contains(&&**name);
        let found = entries.iter().find(is_kustomization);
        if found.is_none()
            && let Some((name, _)) = entries.iter().find(|(name, _)| is_misspelt(name))
        {
            let message = format!("`{folder}/{name}` is no kustomization file");
            let hint = "call it `kustomization.yaml`";
            return Err(Diagnostic::error(Span::NONE, message).hint(hint));
        }
        let document =
            found.and_then(|(name, _)| self.kustomization(&folder.join(name)?));
        let text =
            |node: &Node, key| node.get(key).and_then(Node::text).map(str::to_owned);
        if document.as_ref().and_then(|d| text(d, "kind")).as_deref() == Some("Component")
        {
            return Ok(());
        }
        if found.is_some() {
            let component = match folder.strip(&cluster.path) {
                Some("") | None => &cluster.name,
                Some(rest) => rest,
            };
            self.targets.push(BuildTarget {
                cluster: cluster.clone(),
                component: component.into(),
                path: folder.clone(),
            });
        }
        // `overlays/<cluster>/<group>/<component>` is as deep as trees in the wild go.
        if depth > 0 && (found.is_some() || depth > 1) {
            return Ok(());
        }
        let reached = document.map(|d| reached(&d, folder)).unwrap_or_default();
        for (name, kind) in entries {
            let below = folder.join(&name).filter(|b| {
                !name.starts_with('.')
                    && !reached.iter().any(|r| b.is_under(r) || r.is_under(b))
            });
            if let (EntryKind::Folder, Some(below)) = (kind, below) {
                self.add_targets(cluster, &below, depth + 1)?;
            }
        }
        Ok(())
    }

    /// The document of a kustomization file, as far as it can be read; whoever builds it
    /// tells what is wrong with it.
    fn kustomization(&self, path: &VPath) -> Option<Node> {
        let bytes = self.world.read(path).ok()?;
        let text = String::from_utf8_lossy(&bytes);
        let parsed = goyaml::parse_first(&text, FileId::NONE, Dialect::V3);
        parsed.ok().flatten().map(|document| document.root)
    }
}

/// Is it meant to be a kustomization, but for a slip: `kustomisation.yaml`, `kustomize.yml`?
///
/// Passed over in silence, what was built from the folder would be removed.
fn is_misspelt(name: &str) -> bool {
    let near = |known: &&&str| {
        let (a, b) = (name.to_lowercase(), known.to_lowercase());
        let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
        a.len().abs_diff(b.len()) <= 2 && source::edits(&a, &b) <= 2
    };
    let lower = name.to_lowercase();
    let is_yaml = lower.ends_with(".yaml") || lower.ends_with(".yml");
    lower.starts_with("kustomi") && is_yaml
        || KUSTOMIZATION_FILES.iter().any(|k| near(&k))
}

/// The folders that a kustomization builds on.
fn reached(document: &Node, folder: &VPath) -> Vec<VPath> {
    let lists = ["resources", "bases", "components"].map(|key| document.get(key));
    let items = lists.into_iter().flatten().filter_map(Node::items).flatten();
    items.filter_map(|item| folder.join(item.text()?)).collect()
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, SourceMap};

    use crate::config::Role;

    fn targets(files: &[(&str, &str)]) -> Vec<String> {
        let world =
            files.iter().fold(MemoryWorld::new(), |w, (path, text)| w.with(path, text));
        let sources = SourceMap::new();
        let repo = crate::load(&world, &sources).unwrap();
        let shown = |t: &super::BuildTarget| {
            format!("{} {} {}", t.cluster.name, t.component, t.path)
        };
        repo.targets.iter().map(shown).collect()
    }

    #[test]
    fn components_are_folders_with_a_kustomization() {
        let found = targets(&[
            ("overlays/b/web/kustomization.yml", ""),
            ("overlays/a/group/db/Kustomization", ""),
            ("overlays/a/web/kustomization.yaml", ""),
            ("overlays/a/web/nested/kustomization.yaml", ""),
            ("overlays/a/shared/kustomization.yaml", "kind: Component\n"),
            ("overlays/a/.git/kustomization.yaml", ""),
            ("overlays/empty/README.md", ""),
        ]);
        assert_eq!(
            found,
            [
                "a group/db overlays/a/group/db",
                "a web overlays/a/web",
                "b web overlays/b/web"
            ]
        );
    }

    #[test]
    fn a_kustomization_of_the_cluster_takes_what_it_names() {
        let found = targets(&[
            ("overlays/a/kustomization.yaml", "resources: [web, ./db/]\n"),
            ("overlays/a/web/kustomization.yaml", ""),
            ("overlays/a/db/kustomization.yaml", ""),
            ("overlays/a/other/kustomization.yaml", ""),
        ]);
        assert_eq!(found, ["a a overlays/a", "a other overlays/a/other"]);
    }

    #[test]
    fn what_is_hardly_meant_is_refused() {
        let message = |path: &str| {
            let world = MemoryWorld::new().with(path, "");
            let sources = SourceMap::new();
            crate::load(&world, &sources).err().unwrap()[0].message.clone()
        };
        assert_eq!(message("overlays/README.md"), "no kustomization below `overlays`");
        assert_eq!(
            message("overlays/hub/web/kustomisation.yaml"),
            "`overlays/hub/web/kustomisation.yaml` is no kustomization file"
        );
    }

    #[test]
    fn two_components_of_one_name_are_refused() {
        let world = MemoryWorld::new()
            .with("overlays/hub/kustomization.yaml", "")
            .with("overlays/hub/hub/kustomization.yaml", "");
        let sources = SourceMap::new();
        let faults = crate::load(&world, &sources).err().unwrap();
        assert_eq!(
            faults[0].message,
            "`overlays/hub` and `overlays/hub/hub` are both the component `hub`"
        );
    }

    #[test]
    fn what_the_configuration_leaves_open_is_filled_in() {
        let text = "paths: {overlays: deploy/overlays}\n\
                    defaults: {kubernetesVersion: 1.31, domain: example.com}\n\
                    clusters:\n  hub-1: {role: edge}\n  east: {domain: east.example.com}\n";
        let world = MemoryWorld::new()
            .with("thanos-gitops.yaml", text)
            .with("deploy/overlays/hub-1/web/kustomization.yaml", "")
            .with("deploy/overlays/east/web/kustomization.yaml", "");
        let sources = SourceMap::new();
        let repo = crate::load(&world, &sources).unwrap();
        let (east, hub) = (repo.cluster("east").unwrap(), repo.cluster("hub-1").unwrap());
        let role = |cluster: &super::Cluster| cluster.role.map(|said| said.value);
        assert_eq!((role(east), role(hub)), (None, Some(Role::Edge)));
        let version = hub.kubernetes_version.as_ref().unwrap();
        let written = sources.text(version.span);
        assert_eq!((&*version.value, &*written), ("1.31", "1.31"));
        assert_eq!(hub.facts["domain"].text(), Some("example.com"));
        assert_eq!(east.facts["domain"].text(), Some("east.example.com"));
    }
}
