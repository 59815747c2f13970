//! The arguments of `helmCharts` and `helmGlobals`.

use goyaml::Node;
use source::Span;

use super::Text;
use crate::upstream::put_text;

/// What holds for all charts of a kustomization. (upstream: `types.HelmGlobals`)
#[derive(Clone, Debug, Default)]
pub struct HelmGlobals {
    /// The folder of the charts; `charts` if it is empty.
    pub chart_home: Text,
    /// The folder of Helm's own files; nothing reads it here.
    pub config_home: Text,
}

/// A chart to render. (upstream: `types.HelmChart`)
#[derive(Clone, Debug)]
pub struct HelmChart {
    /// The entry.
    pub span: Span,
    /// The chart's name, which is the name of its folder.
    pub name: Text,
    /// The chart's version.
    pub version: Text,
    /// Where the chart is published.
    pub repo: Text,
    /// The release's name; empty asks for a made-up one.
    pub release_name: Text,
    /// The release's namespace.
    pub namespace: Text,
    /// Values files that come last.
    pub additional_values_files: Vec<Text>,
    /// The values file that replaces the chart's own.
    pub values_file: Text,
    /// Values written in place; absent and empty are the same.
    pub values_inline: Option<Node>,
    /// How the two are merged, as written.
    pub values_merge: Text,
    /// Print the chart's custom resource definitions?
    pub include_crds: bool,
    /// Leave hooks out?
    pub skip_hooks: bool,
    /// Leave tests out?
    pub skip_tests: bool,
    /// API versions that the cluster is said to have.
    pub api_versions: Vec<Text>,
    /// The Kubernetes version that the cluster is said to have.
    pub kube_version: Text,
    /// A template of the release's name.
    pub name_template: Text,
    /// Helm's `--debug`.
    pub debug: bool,
    /// Helm's `--devel`.
    pub devel: bool,
}

/// How `valuesInline` and the values file are merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValuesMerge {
    /// The inline values win.
    Override,
    /// The file wins.
    Merge,
    /// The file is not read.
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
