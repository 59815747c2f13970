//! What one kustomization names by address: bases and files, charts (in `helmCharts` and in
//! generators), and what those charts need themselves.

use goyaml::{Dialect, Node};
use kustomize::{HelmChart, HelmGlobals, Kustomization, Text};
use source::{Diagnostic, EntryKind, FileId, SourceMap, Span, VPath, World};
use vendor::Wanted;

use super::uses::{Named, Use, UsedChart, document, unknown};
use crate::repo::KUSTOMIZATION_FILES;

/// What the kustomization in this file names.
pub(super) fn in_file(world: &dyn World, sources: &SourceMap, path: &VPath) -> Named {
    let folder = path.parent().unwrap_or_else(VPath::root);
    match document(world, sources, path) {
        Ok(Some((_, root))) => in_folder(world, sources, &folder, &root),
        Ok(None) => Named::default(),
        Err(fault) => Named { faults: vec![unknown(fault)], ..Named::default() },
    }
}

/// What the kustomization in this file names.
///
/// One that cannot be read names nothing; whoever builds it tells what is wrong with it.
#[must_use]
pub fn in_kustomization(
    world: &dyn World,
    sources: &SourceMap,
    path: &VPath,
    document: &Node,
) -> Vec<Use> {
    let folder = path.parent().unwrap_or_else(VPath::root);
    in_folder(world, sources, &folder, document).uses
}

/// What the kustomization of a folder names by address, and the paths that it builds on.
fn in_folder(
    world: &dyn World,
    sources: &SourceMap,
    folder: &VPath,
    document: &Node,
) -> Named {
    // The older release knows every field of the newer one, and minds less.
    let (compat, mut warnings) = (kustomize::Compat::V5_7, Vec::new());
    let k = match kustomize::read_kustomization(document, compat, &mut warnings) {
        Ok(k) => k,
        Err(fault) => {
            return Named { faults: vec![unknown(fault)], ..Named::default() };
        }
    };
    let mut finder =
        Finder { world, sources, folder: folder.clone(), found: Named::default() };
    for chart in &k.helm_charts {
        finder.chart(chart, &k.helm_globals);
    }
    for path in &k.generators {
        finder.generator(path);
    }
    let mut named = finder.found;
    let remote = entries(&k)
        .into_iter()
        .filter(|(path, _)| !path.contains('\n') && kustomize::is_remote(path));
    named.uses.extend(remote.map(|(path, span)| Use {
        wanted: Wanted::Address(path.to_owned()),
        span,
        chart: None,
    }));
    named.uses.iter().for_each(|used| used.hide_secrets(sources));
    let local = k.resources.iter().chain(&k.components).map(Text::as_str);
    let local = local.filter(|path| !kustomize::is_remote(path));
    named.entered = local.map(str::to_owned).collect();
    named
}

/// Every entry of a kustomization that may be an address, and where it stands.
fn entries(k: &Kustomization) -> Vec<(&str, Span)> {
    let lists = [
        &k.resources,
        &k.components,
        &k.crds,
        &k.configurations,
        &k.generators,
        &k.transformers,
        &k.validators,
        &k.patches_strategic_merge,
    ];
    let mut texts: Vec<&Text> = lists.into_iter().flatten().collect();
    texts.extend(k.patches.iter().chain(&k.patches_json6902).map(|patch| &patch.path));
    texts.extend(k.replacements.iter().map(|replacement| &replacement.path));
    for chart in &k.helm_charts {
        texts.push(&chart.values_file);
        texts.extend(&chart.additional_values_files);
    }
    let generators = k.config_map_generator.iter().chain(&k.secret_generator);
    texts.extend(generators.clone().flat_map(|generator| &generator.envs));
    let mut entries: Vec<(&str, Span)> =
        texts.into_iter().map(|text| (text.as_str(), text.span)).collect();
    for file in generators.flat_map(|generator| &generator.files) {
        // `[key=]path`
        let path = file.as_str().split_once('=').map_or(file.as_str(), |(_, path)| path);
        entries.push((path, file.span));
    }
    entries
}

/// Finds the charts of a kustomization.
struct Finder<'a> {
    world: &'a dyn World,
    sources: &'a SourceMap,
    folder: VPath,
    found: Named,
}

impl Finder<'_> {
    fn chart(&mut self, chart: &HelmChart, globals: &HelmGlobals) {
        let name = chart.name.as_str();
        let home = match globals.chart_home.as_str() {
            "" => "charts",
            home => home,
        };
        let versioned = !chart.version.is_empty() && !chart.repo.is_empty();
        let home = match versioned {
            true => format!("{home}/{name}-{}/{name}", chart.version.as_str()),
            false => format!("{home}/{name}"),
        };
        let Some(home) = self.folder.join(&home).filter(|_| !name.is_empty()) else {
            return;
        };
        if chart.repo.is_empty() {
            self.dependencies(&home, chart);
            return;
        }
        let files = Some(&chart.values_file).filter(|file| !file.is_empty());
        let files = files.into_iter().chain(&chart.additional_values_files);
        let mut values: Vec<Node> = files.filter_map(|file| self.values(file)).collect();
        values.extend(chart.values_inline.clone());
        let or_entry = |text: &Text| if text.is_empty() { chart.span } else { text.span };
        self.found.uses.push(Use {
            wanted: Wanted::Chart {
                name: name.to_owned(),
                repository: chart.repo.as_str().to_owned(),
                version: chart.version.as_str().to_owned(),
                prereleases: chart.devel,
            },
            span: or_entry(&chart.name),
            chart: Some(UsedChart {
                version_at: or_entry(&chart.version),
                repository_at: chart.repo.span,
                home,
                values,
                is_dependency: false,
            }),
        });
    }

    /// What a chart of the tree needs and does not have in its `charts/`.
    fn dependencies(&mut self, folder: &VPath, chart: &HelmChart) {
        let missing = match helm::missing_dependencies(self.world, folder) {
            Ok(missing) => missing,
            Err(words) => {
                let shown = self.world.display(folder);
                let words = format!("cannot tell what chart `{shown}` needs: {words}");
                let fault = Diagnostic::error(chart.name.span, words);
                self.found.faults.push(unknown(fault));
                return;
            }
        };
        for dependency in missing {
            if dependency.repository.starts_with("file://") {
                continue;
            }
            self.found.uses.push(Use {
                wanted: Wanted::Chart {
                    name: dependency.name.to_string(),
                    repository: dependency.repository.to_string(),
                    version: dependency.version.to_string(),
                    prereleases: false,
                },
                span: chart.name.span,
                chart: Some(UsedChart {
                    version_at: chart.name.span,
                    repository_at: chart.name.span,
                    home: folder.clone(),
                    values: Vec::new(),
                    is_dependency: true,
                }),
            });
        }
    }

    /// Charts that a generator's configuration names.
    fn generator(&mut self, path: &Text) {
        let inline = path.as_str().contains('\n');
        let node = match inline {
            true => inline_document(path),
            false => self.config(path),
        };
        match node {
            Ok(Some(node)) => self.generator_config(&node, path.span, inline),
            Ok(None) => self.generator_folder(path),
            Err(fault) => self.found.faults.push(unknown(fault)),
        }
    }

    /// Charts that the objects of a folder name, which are generators' configurations once
    /// its kustomization is built.
    fn generator_folder(&mut self, path: &Text) {
        let Some(folder) = self.folder.join(path.as_str()) else { return };
        if self.world.kind(&folder) != Some(EntryKind::Folder) {
            return;
        }
        let (options, none) = (kustomize::Options::default(), kustomize::NoCharts);
        match kustomize::build(self.world, self.sources, &folder, &options, &none) {
            Ok(built) => {
                for object in &built.resources {
                    self.generator_config(object.node(), path.span, false);
                }
            }
            // It may build on what is only now to be fetched.
            Err(_) if self.names_remotes(&folder) => {}
            Err(fault) => self.found.faults.push(unknown(fault)),
        }
    }

    fn names_remotes(&self, folder: &VPath) -> bool {
        let files = KUSTOMIZATION_FILES.iter().filter_map(|name| folder.join(name));
        let mut uses = files
            .filter(|file| self.world.kind(file) == Some(EntryKind::File))
            .flat_map(|file| in_file(self.world, self.sources, &file).uses);
        uses.any(|used| matches!(used.wanted, Wanted::Address(_)))
    }

    /// The chart that the configuration of a generator names; `entry` is where it is listed.
    fn generator_config(&mut self, node: &Node, entry: Span, inline: bool) {
        let text =
            |key: &str| node.get(key).and_then(Node::text).unwrap_or("").to_owned();
        if text("kind") != "HelmChartInflationGenerator" || text("repo").is_empty() {
            return;
        }
        let (name, version) = (text("name"), text("version"));
        let home = match text("chartHome") {
            home if home.is_empty() => "charts".to_owned(),
            home => home,
        };
        let home = match version.is_empty() {
            true => format!("{home}/{name}"),
            false => format!("{home}/{name}-{version}/{name}"),
        };
        let Some(home) = self.folder.join(&home).filter(|_| !name.is_empty()) else {
            return;
        };
        let at = |key: &str| match node.get(key).filter(|_| !inline) {
            Some(node) => node.span,
            None => entry,
        };
        let values = node.get("valuesInline").cloned().into_iter().collect();
        self.found.uses.push(Use {
            wanted: Wanted::Chart {
                name,
                repository: text("repo"),
                version,
                prereleases: text("devel") == "true",
            },
            span: at("name"),
            chart: Some(UsedChart {
                version_at: at("version"),
                repository_at: at("repo"),
                home,
                values,
                is_dependency: false,
            }),
        });
    }

    /// The configuration in a file of the tree; a folder has a kustomization of its own.
    fn config(&self, path: &Text) -> source::Result<Option<Node>> {
        let file = self.folder.join(path.as_str());
        let is_file = |file: &VPath| self.world.kind(file) == Some(EntryKind::File);
        let Some(file) = file.filter(is_file) else { return Ok(None) };
        Ok(document(self.world, self.sources, &file)?.map(|(_, node)| node))
    }

    /// Values, which only tell whom a change meets; whoever builds tells what is wrong.
    fn values(&self, file: &Text) -> Option<Node> {
        let path = self.folder.join(file.as_str())?;
        Some(document(self.world, self.sources, &path).ok()??.1)
    }
}

fn inline_document(text: &Text) -> source::Result<Option<Node>> {
    let parsed = goyaml::parse_first(text.as_str(), FileId::NONE, Dialect::V3);
    let parsed = parsed.map_err(|fault| Diagnostic::error(text.span, fault.message))?;
    Ok(parsed.map(|document| document.root))
}
