//! What Kustomize asks of a chart engine, and what it gets.

use ecow::EcoString;
use goyaml::{Node, Value};
use source::{Diagnostic, FileId, Layering, Rendered, Result, Span, VPath};

/// Renders charts: the engine is a parameter, so that Kustomize depends on none.
pub trait ChartRenderer: Sync {
    /// Renders one chart as `helm template` would with the same arguments.
    fn render(&self, request: &ChartRequest) -> Result<ChartOutput>;
}

/// What `kustomize build` hands to `helm template`.
/// (upstream: `HelmChart.AsHelmArgs`, v0.21.1)
#[derive(Clone, Debug)]
pub struct ChartRequest {
    /// The entry of `helmCharts`.
    pub span: Span,
    /// The chart's folder in the world: it exists.
    pub chart: VPath,
    /// The chart's name.
    pub name: EcoString,
    /// The chart's version as written; empty if it is not.
    pub version: EcoString,
    /// Where the chart is published; empty if it is not said.
    pub repo: EcoString,
    /// The release's name; empty leaves it to the engine (`--generate-name`).
    pub release_name: EcoString,
    /// Where the name is written.
    pub release_name_at: Span,
    /// `--name-template`; empty if there is none.
    pub name_template: EcoString,
    /// The release's namespace, inherited ones included; empty if there is none.
    pub namespace: EcoString,
    /// Where the namespace is written.
    pub namespace_at: Span,
    /// The values, the winner last.
    pub values: Vec<ValuesLayer>,
    /// What people wrote of these values, before anything was merged: the winner last.
    pub documents: Vec<ValuesDocument>,
    /// `--api-versions`.
    pub api_versions: Vec<EcoString>,
    /// `--kube-version`; empty means the engine's own.
    pub kube_version: EcoString,
    /// Where the version is written.
    pub kube_version_at: Span,
    /// Where the API versions are written.
    pub api_versions_at: Span,
    /// `--include-crds`.
    pub include_crds: bool,
    /// `--skip-tests`.
    pub skip_tests: bool,
    /// `--no-hooks`.
    pub no_hooks: bool,
    /// `--debug`.
    pub debug: bool,
    /// `--devel`.
    pub devel: bool,
}

/// One `-f` of a chart request.
#[derive(Clone, Debug)]
pub struct ValuesLayer {
    /// The file's path as people should read it, or what the layer is called.
    pub name: String,
    /// Its content.
    pub source: ValuesSource,
    /// Of a merged one: which values lost.
    pub layering: Layering,
}

/// A text of values as somebody wrote it.
#[derive(Clone, Debug)]
pub enum ValuesDocument {
    /// A values file.
    File(FileId),
    /// `valuesInline`.
    Inline(Node),
}

/// The content of a [`ValuesLayer`].
#[derive(Clone, Debug)]
pub enum ValuesSource {
    /// A file as it is.
    File(FileId),
    /// What Kustomize merged of a file and `valuesInline`; every node knows its place.
    Merged(Value),
}

/// What a chart became.
#[derive(Clone, Debug)]
pub struct ChartOutput {
    /// What `helm template` prints.
    pub text: String,
    /// Where each part of it came from.
    pub rendered: Rendered,
}

/// A renderer that refuses: for builds without `--enable-helm`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoCharts;

impl ChartRenderer for NoCharts {
    fn render(&self, request: &ChartRequest) -> Result<ChartOutput> {
        Err(Diagnostic::error(request.span, "must specify --enable-helm"))
    }
}
