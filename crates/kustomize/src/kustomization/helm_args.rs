//! The arguments of `helmCharts` and `helmGlobals`.

use goyaml::Node;
use source::Span;

use super::Text;
use crate::upstream::put_text;

/// What holds for all charts of a kustomization. (upstream: `types.HelmGlobals`)
#[derive(Clone, Debug, Default)]
pub struct HelmGlobals {
    /// `chartHome`: the folder that holds one folder for each chart; it may be absolute.
    /// Default: `charts`.
    pub chart_home: Text,
    /// `configHome`: the folder of Helm's own settings. Default upstream: a temporary one. No
    /// Helm runs here, and nothing reads it.
    pub config_home: Text,
}

/// A chart to render. (upstream: `types.HelmChart`)
///
/// The fields of the deprecated `helmChartInflationGenerator` are replaced by these: `chartName`
/// by `name`, `chartVersion` by `version`, `chartRepoUrl` by `repo`, `values` by `valuesFile`,
/// `valuesLocal` by `valuesInline`, `chartHome` and `helmHome` by those of `helmGlobals`. Its
/// `releaseNamespace`, `chartRepoName`, `helmBin` and `extraArgs` have no effect.
#[derive(Clone, Debug)]
pub struct HelmChart {
    /// The entry.
    pub span: Span,
    /// `name`: the chart's name, which is the name of its folder. It has to be given.
    pub name: Text,
    /// `version`: the version to fetch; with `repo`, the chart is looked for in
    /// `{chartHome}/{name}-{version}`. A chart that is there is not checked against it.
    /// Default: the newest.
    pub version: Text,
    /// `repo`: where the chart is published, as an address of a repository or `oci://…`.
    /// Default: nowhere, the chart has to be there.
    pub repo: Text,
    /// `releaseName`: the release's name, `.Release.Name` in the chart. Default: one that is made
    /// up, which no two builds share.
    pub release_name: Text,
    /// `namespace`: the release's namespace, `.Release.Namespace` in the chart. Default: that of
    /// the kustomization, or of the nearest above that says one (v5.8), or else `default`.
    pub namespace: Text,
    /// `additionalValuesFiles`: values files that win over all other values, the last over those
    /// before it. Default: none.
    pub additional_values_files: Vec<Text>,
    /// `valuesFile`: the values file that is read instead of the chart's own.
    /// Default: `{chartHome}/{name}/values.yaml`, handed over as if a user had written it.
    pub values_file: Text,
    /// `valuesInline`: values written in place; absent and empty are the same. Default: none.
    pub values_inline: Option<Node>,
    /// `valuesMerge`, as written: who wins of `valuesInline` and the values file.
    /// Default: `override`.
    pub values_merge: Text,
    /// `includeCRDs`: are the files of the chart's `crds/` printed? Default: false.
    pub include_crds: bool,
    /// `skipHooks`: are hooks left out? Default: false, they are printed like other objects.
    pub skip_hooks: bool,
    /// `skipTests`: are test hooks left out? Default: false.
    pub skip_tests: bool,
    /// `apiVersions`: what the cluster is said to have besides Helm's own list,
    /// `.Capabilities.APIVersions`. Default: those of the flag `--helm-api-versions`.
    pub api_versions: Vec<Text>,
    /// `kubeVersion`: the cluster's version, `.Capabilities.KubeVersion`.
    /// Default: that of the flag `--helm-kube-version`, or else Helm's own.
    pub kube_version: Text,
    /// `nameTemplate`: a template that makes the release's name. Default: none.
    pub name_template: Text,
    /// `debug`: Helm's `--debug`, which shows texts that are no YAML. Default: false.
    pub debug: bool,
    /// `devel`: may a version that is none yet (`1.0.0-rc.1`) be fetched? Default: false.
    pub devel: bool,
}

/// How `valuesInline` and the values file are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesMerge {
    /// `override`, the default: the inline values win.
    Override,
    /// `merge`: the file wins.
    Merge,
    /// `replace`: the file is not read, if there are inline values.
    Replace,
}

impl HelmChart {
    /// The config of upstream's generator, for its messages.
    pub(crate) fn as_config(&self, globals: &HelmGlobals) -> Node {
        let mut config = Node::mapping(Vec::new());
        for (key, text) in [
            ("chartHome", &globals.chart_home),
            ("configHome", &globals.config_home),
            ("kubeVersion", &self.kube_version),
            ("name", &self.name),
            ("nameTemplate", &self.name_template),
            ("namespace", &self.namespace),
            ("releaseName", &self.release_name),
            ("repo", &self.repo),
            ("valuesFile", &self.values_file),
            ("valuesMerge", &self.values_merge),
            ("version", &self.version),
        ] {
            put_text(&mut config, key, text);
        }
        for (key, flag) in [
            ("debug", self.debug),
            ("devel", self.devel),
            ("includeCRDs", self.include_crds),
            ("skipHooks", self.skip_hooks),
            ("skipTests", self.skip_tests),
        ] {
            if flag {
                config.set(key, Node::bool(true));
            }
        }
        for (key, texts) in [
            ("additionalValuesFiles", &self.additional_values_files),
            ("apiVersions", &self.api_versions),
        ] {
            if !texts.is_empty() {
                let texts = texts.iter().map(|text| Node::string(text.value.clone()));
                config.set(key, Node::sequence(texts.collect()));
            }
        }
        if let Some(inline) = &self.values_inline {
            config.set("valuesInline", inline.clone());
        }
        config
    }
}
