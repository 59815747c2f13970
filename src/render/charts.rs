//! What Kustomize asks for charts, answered by the crate `helm`.

use std::sync::{Arc, Mutex, PoisonError};

use super::uses::{self, ChartUse};
use ecow::EcoString;
use helm::{Capabilities, KubeVersion, Manifests, Ownership, Release, Selection};
use kustomize::{ChartOutput, ChartRenderer, ChartRequest, ValuesDocument, ValuesSource};
use source::{
    Ambient, Diagnostic, FileId, LayerKind, Mark, Rendered, Result, SourceMap, Span,
    World,
};

use crate::config::Said;

/// Clock and randomness, and what identifies them: `None` if they do not repeat.
pub(crate) type Drawn = (Arc<dyn Ambient>, Option<EcoString>);

/// How charts are rendered for one build target.
pub(crate) struct Charts<'a> {
    /// Where chart folders are read.
    pub(crate) world: &'a dyn World,
    /// Where their texts go.
    pub(crate) sources: &'a SourceMap,
    /// Remembers charts and renders; shared by all targets.
    pub(crate) renderer: &'a helm::Renderer,
    /// Which Helm.
    pub(crate) compat: helm::Compat,
    /// The Kubernetes version, if the request says none.
    pub(crate) kube_version: Option<&'a Said<String>>,
    /// API versions besides those of the request.
    pub(crate) api_versions: Option<&'a Said<Vec<String>>>,
    /// Clock and randomness for a release of this name, and what identifies them.
    pub(crate) ambient: &'a (dyn Fn(&str) -> Drawn + Sync),
    /// Is a release without a name an error? (`docs/decisions.md` 6)
    pub(crate) needs_name: bool,
    /// Where it is noted which values of which documents a chart read; none asks for no notes.
    pub(crate) uses: Option<&'a Mutex<Vec<ChartUse>>>,
}

impl ChartRenderer for Charts<'_> {
    fn render(&self, request: &ChartRequest) -> Result<ChartOutput> {
        let ownership = match request.repo.is_empty() {
            true => Ownership::Repository,
            false => Ownership::Vendored,
        };
        let chart = self.renderer.charts.load_for(
            self.world,
            &request.chart,
            self.sources,
            ownership,
            self.compat,
        );
        let chart = chart.map_err(|fault| self.from(request, fault))?;
        let release = self.release(request)?;
        let (ambient, seed) = (self.ambient)(&release.name);
        let options = helm::RenderOptions {
            release,
            named_at: helm::NamedAt {
                name: request.release_name_at,
                namespace: request.namespace_at,
                kube_version: self.kube_version(request).map_or(Span::NONE, |v| v.1),
                api_versions: match self.api_versions {
                    Some(said) if request.api_versions.is_empty() => said.span,
                    _ => request.api_versions_at,
                },
            },
            capabilities: Arc::new(self.capabilities(request)?),
            compat: self.compat,
            skip_schema_validation: false,
            ambient,
            seed,
        };
        let values = self.values(request);
        let documents = match self.uses {
            Some(_) => uses::documents(request, self.world, self.sources),
            None => Vec::new(),
        };
        let rendered = self.renderer.render_observed(
            &chart,
            &values,
            &options,
            self.sources,
            &documents,
        );
        if let Some(uses) = self.uses {
            let read = rendered.as_ref().ok().map(|(_, read)| read.clone());
            let made = ChartUse::new(&chart, request, documents, read);
            uses.lock().unwrap_or_else(PoisonError::into_inner).push(made);
        }
        let (manifests, _) = rendered.map_err(|fault| self.from(request, fault))?;
        let selection = Selection {
            include_crds: request.include_crds,
            no_hooks: request.no_hooks,
            skip_tests: request.skip_tests,
            show_only: Vec::new(),
        };
        Ok(joined(&manifests, &selection, self.given(request)))
    }
}

impl Charts<'_> {
    /// A fault of the chart, with the way to it.
    fn from(&self, request: &ChartRequest, fault: Box<Diagnostic>) -> Box<Diagnostic> {
        let changeable = self.sources.file(fault.span.file).editable;
        let fault = match fault.span.is_none() || changeable {
            true => fault,
            // What is given to the chart can be changed, not the chart.
            false => fault.moved(request.span, "the chart fails here"),
        };
        fault
            .at(request.span)
            .trace(request.span, format!("rendering chart `{}`", request.name))
    }

    /// Where people say what the chart is rendered from: its entry, then their values.
    fn given(&self, request: &ChartRequest) -> Arc<[Span]> {
        let start = |span: Span| Span { end: span.start, ..span };
        let documents = request.documents.iter().filter_map(|document| match document {
            ValuesDocument::Inline(node) => Some(start(node.span)),
            ValuesDocument::File(id) => {
                let own = uses::is_own_default(request, self.world, self.sources, *id);
                (!own).then(|| self.first_key(*id))
            }
        });
        std::iter::once(start(request.span)).chain(documents).collect()
    }

    /// Where the first line of a file starts that says something.
    fn first_key(&self, file: FileId) -> Span {
        let text = &self.sources.file(file).text;
        let says = |line: &&str| {
            let words = line.trim();
            !words.is_empty() && !words.starts_with('#') && words != "---"
        };
        let before = text.split_inclusive('\n').take_while(|line| !says(line));
        let at = before.map(str::len).sum();
        let at = if at < text.len() { at } else { 0 };
        Span::new(file, at, at)
    }

    fn release(&self, request: &ChartRequest) -> Result<Release> {
        let namespace = match request.namespace.is_empty() {
            true => EcoString::from("default"),
            false => request.namespace.clone(),
        };
        let name = match (&request.release_name, &request.name_template) {
            (name, template) if !name.is_empty() && !template.is_empty() => {
                let message = "cannot set --name-template and also specify a name";
                return Err(Diagnostic::error(request.span, message)
                    .hint("write `releaseName` or `nameTemplate`, not both"));
            }
            (_, template) if !template.is_empty() => {
                let (ambient, _) = (self.ambient)("");
                helm::name_from_template(template, ambient)
                    .map_err(|fault| self.from(request, fault))?
                    .into()
            }
            (name, _) if name.is_empty() && self.needs_name => {
                let message = format!("chart `{}` has no `releaseName`", request.name);
                return Err(Diagnostic::error(request.span, message).code("KUST009").hint(
                    "set `releaseName`: without one every release is called `release-name`",
                ));
            }
            // `helm template` has set a name by then, so `--generate-name` makes none.
            (name, _) if name.is_empty() => EcoString::from("release-name"),
            (name, _) => name.clone(),
        };
        Ok(Release { name, namespace, is_upgrade: false })
    }

    fn capabilities(&self, request: &ChartRequest) -> Result<Capabilities> {
        let more = request.api_versions.iter().map(ToString::to_string);
        let own = self.api_versions.map_or(&[][..], |said| &said.value);
        let more = own.iter().cloned().chain(more);
        let mut capabilities =
            Capabilities::default_for(self.compat).with_api_versions(more);
        if let Some((version, at)) = self.kube_version(request) {
            capabilities.kube_version = KubeVersion::parse(version, self.compat)
                .map_err(|words| {
                    let message = format!("invalid kube version '{version}': {words}");
                    let span = if at.is_none() { request.span } else { at };
                    Diagnostic::error(span, message).hint("write a version like `1.33.0`")
                })?;
        }
        Ok(capabilities)
    }

    /// The Kubernetes version that is asked for, and where.
    fn kube_version<'r>(&'r self, request: &'r ChartRequest) -> Option<(&'r str, Span)> {
        match request.kube_version.as_str() {
            "" => self.kube_version.map(|said| (&*said.value, said.span)),
            version => Some((version, request.kube_version_at)),
        }
    }

    fn values(&self, request: &ChartRequest) -> helm::Options {
        let layer = |layer: &kustomize::ValuesLayer| match &layer.source {
            ValuesSource::File(file) => helm::ValuesLayer::File(*file),
            ValuesSource::Merged(values) => {
                // Kustomize writes the merged values to a file that Helm reads again: all
                // numbers become float64.
                let mut values = values.clone();
                values.integers_to_floats();
                let values = Arc::new(values);
                let layering = Arc::new(layer.layering.clone());
                helm::ValuesLayer::Tree { values, kind: LayerKind::Inline, layering }
            }
        };
        let layers = request.values.iter().map(layer).collect();
        helm::Options { layers, flags: Vec::new() }
    }
}

/// What `helm template` prints, with the marks of all manifests moved to their places.
fn joined(
    manifests: &Manifests,
    selection: &Selection,
    given: Arc<[Span]>,
) -> ChartOutput {
    let (mut text, mut marks) = (String::new(), Vec::new());
    for hooks in [false, true] {
        for manifest in manifests.selected(selection).filter(|m| m.is_hook() == hooks) {
            text.push_str("---\n# Source: ");
            text.push_str(&manifest.path);
            text.push('\n');
            let at = u32::try_from(text.len()).unwrap_or(u32::MAX);
            let moved = manifest.marks.iter().map(|mark| Mark {
                start: mark.start.saturating_add(at),
                end: mark.end.saturating_add(at),
                ..*mark
            });
            marks.extend(moved);
            text.push_str(&manifest.text);
            text.push('\n');
        }
        if !hooks {
            text.truncate(text.trim_end().len());
            text.push('\n');
        }
    }
    let rendered = Rendered {
        marks: marks.into(),
        trace: manifests.trace.clone(),
        slots: manifests.slots.clone(),
        given,
    };
    ChartOutput { text, rendered }
}
