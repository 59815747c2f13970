//! The files of the repository as they are written, for lints about sources.

use std::collections::{BTreeMap, BTreeSet};

use goyaml::{Dialect, Node};
use source::{EntryKind, FileId, VPath};

use crate::Repo;
use crate::repo::KUSTOMIZATION_FILES;

/// Every YAML file of the repository, output and chart templates left out.
pub struct Tree<'r> {
    /// The repository.
    pub repo: &'r Repo<'r>,
    /// The files, sorted by path.
    pub files: Vec<TreeFile>,
}

/// One file of a [`Tree`].
pub struct TreeFile {
    /// Its path.
    pub path: VPath,
    /// Its text in the source map.
    pub file: FileId,
    /// What it is used for.
    pub kind: TreeFileKind,
    /// Its documents; what stands before the first fault if it has one.
    pub documents: Vec<Node>,
    /// Is it free of faults? Of a file that is not, nobody knows what it would have said.
    pub is_whole: bool,
}

/// What a file is used for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TreeFileKind {
    /// `kustomization.yaml`
    Kustomization,
    /// A values file, named by a kustomization or by its own name; a chart's defaults.
    Values,
    /// A patch that a kustomization names.
    Patch,
    /// Anything else: manifests, as a rule.
    Manifest,
}

/// Folders below the root are followed this far; deeper trees are none that people write.
const MAX_DEPTH: usize = 32;

impl<'r> Tree<'r> {
    /// Reads the files of the repository. Files that cannot be read are left to the build.
    #[must_use]
    pub fn read(repo: &'r Repo<'r>) -> Tree<'r> {
        let mut tree = Tree { repo, files: Vec::new() };
        tree.folder(&VPath::root(), MAX_DEPTH);
        tree.name_kinds();
        tree
    }

    /// Reads these files alone.
    #[must_use]
    pub fn of(repo: &'r Repo<'r>, paths: BTreeSet<VPath>) -> Tree<'r> {
        let mut tree = Tree { repo, files: Vec::new() };
        for path in paths {
            let name = path.name().to_owned();
            tree.file(path, &name);
        }
        tree.name_kinds();
        tree
    }

    fn name_kinds(&mut self) {
        let named = self.named_by_kustomizations();
        let pulled = self.pulled_charts();
        let is_default = |path: &VPath| {
            path.name() == "values.yaml"
                && path.parent().is_some_and(|folder| pulled.contains(&folder))
        };
        for file in &mut self.files {
            match file.kind {
                TreeFileKind::Manifest => {
                    file.kind = named.get(&file.path).copied().unwrap_or(file.kind);
                }
                TreeFileKind::Values if is_default(&file.path) => {
                    file.kind = TreeFileKind::Manifest;
                }
                _ => {}
            }
        }
    }

    /// The folders of charts that others publish: a copy in the tree holds their words, whatever
    /// its folder is called. A kustomization says so (`repo`), or the chart does.
    fn pulled_charts(&self) -> BTreeSet<VPath> {
        let mut pulled = BTreeSet::new();
        for file in &self.files {
            let folder = file.path.parent().unwrap_or_else(VPath::root);
            for document in &file.documents {
                if file.path.name() == "Chart.yaml" && is_published(document) {
                    pulled.insert(folder.clone());
                }
                pulled.extend(charts_from_elsewhere(document, &folder));
            }
        }
        pulled
    }

    fn folder(&mut self, folder: &VPath, depth: usize) {
        let world = self.repo.world;
        let Ok(entries) = world.list(folder) else { return };
        let is_chart = entries.iter().any(|(name, _)| name == "Chart.yaml");
        for (name, kind) in entries {
            let Some(path) = folder.join(&name).filter(|_| !name.starts_with('.')) else {
                continue;
            };
            match kind {
                EntryKind::Folder => {
                    let is_template =
                        is_chart && (name == "templates" || name == "charts");
                    let is_output = path == self.repo.config.paths.output;
                    // A link to a folder above would never end; what it shows is read anyway.
                    let is_link = world.canonical(&path).ok().as_ref() != Some(&path);
                    if depth > 0 && !is_template && !is_output && !is_link {
                        self.folder(&path, depth - 1);
                    }
                }
                EntryKind::File => self.file(path, &name),
            }
        }
    }

    fn file(&mut self, path: VPath, name: &str) {
        let is_kustomization = KUSTOMIZATION_FILES.contains(&name);
        let stem = name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"));
        if stem.is_none() && !is_kustomization {
            return;
        }
        let Ok(bytes) = self.repo.world.read(&path) else { return };
        let Ok(text) = std::str::from_utf8(&bytes) else { return };
        let sources = self.repo.sources;
        let file = sources.add_file(self.repo.world, &path, text);
        let (documents, left_to_the_build) = goyaml::parse(text, file, Dialect::V3);
        let documents: Vec<Node> = documents.into_iter().map(|d| d.root).collect();
        let is_values = stem.is_some_and(|stem| stem.starts_with("values"));
        let kind = match (is_kustomization, is_values) {
            (true, _) => TreeFileKind::Kustomization,
            (_, true) if is_pulled_chart(&path) => TreeFileKind::Manifest,
            (_, true) => TreeFileKind::Values,
            _ => TreeFileKind::Manifest,
        };
        let is_whole = left_to_the_build.is_empty();
        self.files.push(TreeFile { path, file, kind, documents, is_whole });
    }

    /// The files that kustomizations use for something else than resources.
    fn named_by_kustomizations(&self) -> BTreeMap<VPath, TreeFileKind> {
        let mut named = BTreeMap::new();
        // A values file is one although a line further down cannot be read.
        for file in self.files.iter().filter(|f| f.kind == TreeFileKind::Kustomization) {
            let folder = file.path.parent().unwrap_or_else(VPath::root);
            for document in &file.documents {
                for (kind, path) in named_files(document) {
                    named.extend(folder.join(path).map(|path| (path, kind)));
                }
            }
        }
        named
    }

    /// The kustomization files without faults: the build tells those of the others.
    pub fn kustomizations(&self) -> impl Iterator<Item = &TreeFile> {
        let is = |file: &&TreeFile| file.kind == TreeFileKind::Kustomization;
        self.files.iter().filter(is).filter(|file| file.is_whole)
    }
}

/// Is it in a chart that was pulled, `charts/<name>-<version>/<name>/`? Its defaults are not the
/// team's own words.
fn is_pulled_chart(path: &VPath) -> bool {
    let parts: Vec<&str> = path.parts().collect();
    parts.windows(2).any(|pair| {
        let version =
            pair[0].strip_prefix(pair[1]).and_then(|rest| rest.strip_prefix('-'));
        version.is_some_and(|v| {
            v.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit())
        })
    })
}

/// Does a `Chart.yaml` say what only published charts say? Where its sources are and who looks
/// after it, or something for Artifact Hub; `helm create` writes none of it.
fn is_published(chart: &Node) -> bool {
    let annotations = chart.get("annotations").and_then(Node::entries);
    let for_hub = |(key, _): &(Node, Node)| {
        key.text().is_some_and(|key| key.starts_with("artifacthub.io/"))
    };
    annotations.unwrap_or_default().iter().any(for_hub)
        || ["sources", "maintainers"].iter().all(|key| !list(chart, key).is_empty())
}

/// The folders of the charts that a kustomization or generator takes from a repository.
fn charts_from_elsewhere(document: &Node, folder: &VPath) -> Vec<VPath> {
    let text =
        |node: &Node, key: &str| node.get(key).and_then(Node::text).map(str::to_owned);
    let globals = document.get("helmGlobals");
    let home = globals.and_then(|globals| text(globals, "chartHome"));
    let kind = text(document, "kind");
    let own =
        (kind.as_deref() == Some("HelmChartInflationGenerator")).then_some(document);
    let place = |chart: &Node| {
        let home = text(chart, "chartHome").or(home.clone());
        let name = text(chart, "name").filter(|_| chart.get("repo").is_some())?;
        folder.join(&home.unwrap_or_else(|| "charts".to_owned()))?.join(&name)
    };
    list(document, "helmCharts").iter().chain(own).filter_map(place).collect()
}

/// The values files and patches that a kustomization names.
fn named_files(kustomization: &Node) -> Vec<(TreeFileKind, &str)> {
    let mut named = Vec::new();
    for chart in list(kustomization, "helmCharts") {
        named.extend(chart.get("valuesFile").and_then(Node::text));
        named.extend(list(chart, "additionalValuesFiles").iter().filter_map(Node::text));
    }
    let values = named.into_iter().map(|path| (TreeFileKind::Values, path));
    let mut patches: Vec<&str> = Vec::new();
    for key in ["patches", "patchesJson6902"] {
        let entries = list(kustomization, key).iter();
        patches.extend(entries.filter_map(|entry| entry.get("path")?.text()));
    }
    let merges =
        list(kustomization, "patchesStrategicMerge").iter().filter_map(Node::text);
    patches.extend(merges.filter(|text| !text.contains('\n')));
    values.chain(patches.into_iter().map(|path| (TreeFileKind::Patch, path))).collect()
}

/// The items of a list of a mapping; none if there is no such list.
pub(super) fn list<'n>(node: &'n Node, key: &str) -> &'n [Node] {
    node.get(key).and_then(Node::items).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use source::VPath;

    use super::is_pulled_chart;

    #[test]
    fn pulled_charts_are_known_by_their_folders() {
        let is = |path| is_pulled_chart(&VPath::new(path).unwrap());
        assert!(is(
            "charts/kube-prometheus-stack-78.2.1/kube-prometheus-stack/values.yaml"
        ));
        assert!(!is("charts/thanos/values.yaml"));
        assert!(!is("base/thanos-central/thanos/values.yaml"));
    }
}
