//! Every use in a tree.

use source::{Diagnostic, EntryKind, SourceMap, Span, VPath, World};

use super::kustomization::in_file;
use super::uses::{Named, Use, unknown};
use crate::repo::KUSTOMIZATION_FILES;

/// How deep folders may nest.
const MAX_DEPTH: usize = 32;

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
