//! The charts, bases and files that kustomizations name by their address.

use goyaml::{Dialect, Node};
use kustomize::{Kustomization, Text};
use source::{Diagnostic, EntryKind, FileId, SourceMap, Span, VPath, World};
use vendor::Wanted;

use super::finder::Finder;
use crate::repo::KUSTOMIZATION_FILES;

/// How deep folders may nest.
const MAX_DEPTH: usize = 32;

/// One place of a tree that names something by its address.
#[derive(Clone, Debug)]
pub struct Use {
    /// What it names.
    pub wanted: Wanted,
    /// Where.
    pub span: Span,
    /// More about a chart; `None` for files and folders.
    pub chart: Option<UsedChart>,
}

/// How a kustomization uses a chart.
#[derive(Clone, Debug)]
pub struct UsedChart {
    /// Where the name of the version stands; the entry if it names none.
    pub version_at: Span,
    /// Where the repository's address stands.
    pub repository_at: Span,
    /// Where Kustomize looks for the chart's folder: `charts/<name>-<version>/<name>`.
    pub home: VPath,
    /// The values that go to the chart: each the root of a document.
    pub values: Vec<Node>,
    /// Is it a dependency of a chart of the tree, which `home` is then inside of?
    pub is_dependency: bool,
}

impl Use {
    /// Marks an address that holds a credential, so that no excerpt shows it.
    fn hide_secrets(&self, sources: &SourceMap) {
        let (address, at) = match (&self.wanted, &self.chart) {
            (Wanted::Chart { repository, .. }, Some(c)) => (repository, c.repository_at),
            (Wanted::Chart { repository, .. }, None) => (repository, self.span),
            (Wanted::Address(address), _) => (address, self.span),
        };
        if vendor::shown(address) != *address {
            sources.taint(at);
        }
    }
}

impl UsedChart {
    /// The folder of this chart in the tree, if it is there: that of a dependency is inside of
    /// the chart that needs it.
    #[must_use]
    pub fn folder(&self, name: &str) -> Option<VPath> {
        match self.is_dependency {
            true => self.home.join("charts").and_then(|charts| charts.join(name)),
            false => Some(self.home.clone()),
        }
    }
}

/// What a kustomization names, and what hides that it names more.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Each place that names something by its address.
    pub(super) uses: Vec<Use>,
    /// The paths that it builds on.
    pub(super) entered: Vec<String>,
    /// Why it may name more than is found.
    pub(super) faults: Vec<Diagnostic>,
}

/// Finds every use below the root; what is in `output` or hidden is none.
///
/// What cannot be read may name anything, so it is a fault: nobody knows what the tree names.
pub fn find(
    world: &dyn World,
    sources: &SourceMap,
    output: &VPath,
) -> Result<Vec<Use>, Vec<Diagnostic>> {
    let mut all = Named::default();
    let mut folders = vec![(VPath::root(), MAX_DEPTH)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match world.list(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                let fault = Diagnostic::error(Span::NONE, error.to_string());
                all.faults.push(unknown(fault));
                continue;
            }
        };
        // A chart holds templates and other charts, no kustomizations.
        let is_chart = entries.iter().any(|(name, _)| name == "Chart.yaml");
        for (name, kind) in entries.into_iter().rev() {
            let path = folder.join(&name).filter(|_| !name.starts_with('.'));
            let Some(path) = path.filter(|path| path != output) else { continue };
            let is_link = || world.canonical(&path).as_ref() != Ok(&path);
            match kind {
                EntryKind::Folder if depth > 0 && !is_chart && !is_link() => {
                    folders.push((path, depth - 1));
                }
                EntryKind::File if KUSTOMIZATION_FILES.contains(&&*name) => {
                    let named = in_file(world, sources, &path);
                    all.uses.extend(named.uses);
                    all.faults.extend(named.faults);
                }
                _ => {}
            }
        }
    }
    if all.faults.is_empty() { Ok(all.uses) } else { Err(all.faults) }
}

pub(super) fn unknown(fault: Box<Diagnostic>) -> Diagnostic {
    *fault.hint("mend it first: nobody knows which charts and bases it names")
}

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

/// The first document of a file; `None` if it has none.
pub(super) fn document(
    world: &dyn World,
    sources: &SourceMap,
    path: &VPath,
) -> source::Result<Option<(FileId, Node)>> {
    let fault = |words: String| Diagnostic::error(Span::NONE, words);
    let bytes = world.read(path).map_err(|error| fault(error.to_string()))?;
    let shown = world.display(path);
    let text = std::str::from_utf8(&bytes)
        .map_err(|_| fault(format!("cannot read `{shown}`: it is not UTF-8")))?;
    let file = match source::is_vendored(path) {
        true => sources.add_vendored(shown, text),
        false => sources.add_file(world, path, text),
    };
    let parsed = goyaml::parse_first(text, file, Dialect::V3);
    let parsed = parsed.map_err(|fault| fault.diagnostic())?;
    Ok(parsed.map(|document| (file, document.root)))
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, SourceMap, VPath};
    use vendor::Wanted;

    use super::find;

    #[test]
    fn charts_bases_and_files_are_found_where_they_are_named() {
        let world = MemoryWorld::new()
            .with(
                "base/web/kustomization.yaml",
                "resources:\n- ../db\n- https://example.com/crds.yaml\n\
                 - github.com/org/repo//deploy?ref=v1\n\
                 helmCharts:\n- {name: web, repo: 'https://charts.example.com', version: ^1}\n\
                 - name: own\ngenerators: [chart.yaml]\n",
            )
            .with(
                "base/web/chart.yaml",
                "kind: HelmChartInflationGenerator\nname: old\nrepo: oci://example.com/x\n\
                 version: 1.0.0\n",
            )
            .with(
                "base/web/charts/own/Chart.yaml",
                "apiVersion: v2\nname: own\nversion: 1.0.0\ndependencies:\n\
                 - {name: sub, version: ~2.0, repository: 'https://charts.example.com'}\n",
            )
            .with("rendered/x/kustomization.yaml", "resources: [https://example.com/no]\n")
            .with(".git/kustomization.yaml", "resources: [https://example.com/no.yaml]\n")
            .with("empty/kustomization.yaml", "# nothing yet\n");
        let sources = SourceMap::new();
        let uses = find(&world, &sources, &VPath::new("rendered").unwrap()).unwrap();
        let shown = |wanted: &Wanted| match wanted {
            Wanted::Chart { name, version, .. } => format!("{name} {version}"),
            Wanted::Address(address) => address.clone(),
        };
        let found: Vec<String> = uses.iter().map(|u| shown(&u.wanted)).collect();
        assert_eq!(
            found,
            [
                "web ^1",
                "sub ~2.0",
                "old 1.0.0",
                "https://example.com/crds.yaml",
                "github.com/org/repo//deploy?ref=v1",
            ]
        );
        let homes: Vec<&str> =
            uses.iter().filter_map(|u| Some(u.chart.as_ref()?.home.as_str())).collect();
        assert_eq!(
            homes,
            [
                "base/web/charts/web-^1/web",
                "base/web/charts/own",
                "base/web/charts/old-1.0.0/old"
            ]
        );
        let location = sources.location(uses[0].span).unwrap();
        assert_eq!((location.line, location.column), (6, 10));
    }

    #[test]
    fn a_generator_may_be_a_folder() {
        let config = "apiVersion: builtin\nkind: HelmChartInflationGenerator\n\
                      metadata: {name: web}\nname: web\nrepo: https://charts.example.com\n\
                      version: 1.0.0\nchartHome: ../../../charts\n";
        let edge = "resources: [../web]\npatches:\n- patch: |-\n    apiVersion: builtin\n    \
                    kind: HelmChartInflationGenerator\n    metadata: {name: web}\n    \
                    version: 2.0.0\n";
        let world = MemoryWorld::new()
            .with("base/web/kustomization.yaml", "resources: [chart.yaml]\n")
            .with("base/web/chart.yaml", config)
            .with("base/web-edge/kustomization.yaml", edge)
            .with(
                "overlays/a/web/kustomization.yaml",
                "generators: [../../../base/web-edge]\n",
            );
        let sources = SourceMap::new();
        let uses = find(&world, &sources, &VPath::new("rendered").unwrap()).unwrap();
        let Wanted::Chart { name, version, .. } = &uses[0].wanted else {
            panic!("{uses:?}")
        };
        assert_eq!((name.as_str(), version.as_str()), ("web", "2.0.0"));
        let home = uses[0].chart.as_ref().unwrap().home.as_str();
        assert_eq!(home, "charts/web-2.0.0/web");
    }

    #[test]
    fn what_cannot_be_read_is_told_and_hides_nothing() {
        let conflict = "resources:\n<<<<<<< HEAD\n- a\n=======\n- b\n>>>>>>> other\n";
        let broken = [
            ("kustomization.yaml", conflict, "a/kustomization.yaml"),
            ("kustomization.yaml", "helmChartz: []\n", "a/kustomization.yaml"),
            ("chart.yaml", "kind: [\n", "a/chart.yaml"),
            ("charts/own/Chart.yaml", "name: [\n", "a/kustomization.yaml"),
        ];
        for (name, text, told_in) in broken {
            let whole = "generators: [chart.yaml]\nhelmCharts: [{name: own}]\n";
            let world = MemoryWorld::new()
                .with("a/kustomization.yaml", whole)
                .with("a/chart.yaml", "kind: X\n")
                .with("a/charts/own/Chart.yaml", "name: own\nversion: 1.0.0\n");
            let sources = SourceMap::new();
            assert!(find(&world, &sources, &VPath::new("out").unwrap()).is_ok());
            let world = world.with(&format!("a/{name}"), text);
            let faults = find(&world, &sources, &VPath::new("out").unwrap()).unwrap_err();
            assert_eq!(faults.len(), 1, "{faults:?}");
            let location = sources.location(faults[0].span).unwrap();
            assert_eq!(location.path, told_in, "{faults:?}");
        }
    }
}
