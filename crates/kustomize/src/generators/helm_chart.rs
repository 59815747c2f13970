//! `helmCharts`: charts, rendered by the caller's engine.

use goyaml::Fault;
use source::{Diagnostic, EntryKind, FileId, Layering, Remote, Result, Span, VPath};

use super::{Generator, values};
use crate::Compat;
use crate::chart::{ChartRequest, ValuesDocument, ValuesLayer, ValuesSource};
use crate::context::Context;
use crate::kustomization::{HelmChart, HelmGlobals, Text, ValuesMerge};
use crate::load::{Folder, faulty};
use crate::resource::{Resource, read_all};
use crate::upstream::Upstream;

/// Renders one chart. (upstream: `HelmChartInflationGenerator.go`, v0.21.1)
pub(crate) struct HelmChartInflation {
    folder: Folder,
    chart: HelmChart,
    /// The chart home, relative to the folder unless it starts with `/`.
    home: String,
    values_file: Text,
    merge: ValuesMerge,
}

impl HelmChartInflation {
    /// Checks the arguments. (`Config`, `validateArgs`)
    pub(crate) fn configure(
        context: &Context<'_>,
        folder: &Folder,
        chart: HelmChart,
        globals: HelmGlobals,
    ) -> Result<HelmChartInflation> {
        if !context.options.enable_helm {
            return Err(Diagnostic::error(chart.span, "must specify --enable-helm")
                .hint("charts are rendered when `--enable-helm` is given"));
        }
        if chart.name.is_empty() {
            return Err(Diagnostic::error(chart.span, "chart name cannot be empty")
                .hint("add `name:`: the name of the chart's folder"));
        }
        let merge = match chart.values_merge.as_str() {
            "" | "override" => ValuesMerge::Override,
            "merge" => ValuesMerge::Merge,
            "replace" => ValuesMerge::Replace,
            _ => {
                let message = "valuesMerge must be one of [merge override replace]";
                return Err(Diagnostic::error(chart.values_merge.span, message).hint(
                    "`override` lets `valuesInline` win, `merge` the file, `replace` drops \
                     the file",
                ));
            }
        };
        let base = match globals.chart_home.as_str() {
            "" => "charts",
            home => home,
        };
        let name = chart.name.as_str();
        let home = match chart.version.is_empty() || chart.repo.is_empty() {
            true => base.to_owned(),
            false => format!("{base}/{name}-{}", chart.version.as_str()),
        };
        let values_file = match chart.values_file.is_empty() {
            true => {
                let path = format!("{home}/{name}/values.yaml");
                Text { value: path.into(), span: chart.span }
            }
            false => chart.values_file.clone(),
        };
        for file in &chart.additional_values_files {
            folder
                .locate(context, file)
                .map_err(|error| error.within("could not load additionalValuesFile"))?;
        }
        Ok(HelmChartInflation { folder: folder.clone(), chart, home, values_file, merge })
    }

    /// The chart's folder. (`chartExistsLocally`)
    fn locate(&self, context: &Context<'_>) -> Result<VPath> {
        let path = format!("{}/{}", self.home, self.chart.name.as_str());
        let wanted = self.folder.root.join(&path);
        let found = wanted.as_ref().and_then(|p| context.world.canonical(p).ok());
        if let Some(found) = found
            && context.world.kind(&found) == Some(EntryKind::Folder)
        {
            return Ok(found);
        }
        if let Some(kept) = self.vendored(context)? {
            return Ok(kept);
        }
        let shown = wanted.map_or(path, |p| context.world.display(&p));
        let name = self.chart.name.as_str();
        if self.chart.repo.is_empty() {
            let message =
                format!("no repo specified for pull, no chart found at '{shown}'");
            return Err(Diagnostic::error(self.chart.name.span, message).hint(format!(
                "put the chart `{name}` there, or say `repo:` and `version:`"
            )));
        }
        let message = format!("no chart found at '{shown}', and a build pulls none");
        Err(Diagnostic::error(self.chart.name.span, message)
            .hint("run `thanos-gitops vendor` to fetch the charts that the tree names"))
    }

    /// The folder of the chart among what was vendored; `None` if the lock names no such chart.
    fn vendored(&self, context: &Context<'_>) -> Result<Option<VPath>> {
        let chart = &self.chart;
        if chart.repo.is_empty() {
            return Ok(None);
        }
        let remote = Remote::Chart {
            name: chart.name.as_str(),
            repository: chart.repo.as_str(),
            version: chart.version.as_str(),
        };
        context.world.vendored(&remote).map_err(|fault| {
            Diagnostic::error(chart.name.span, fault.message).hint(fault.hint)
        })
    }

    /// Where the values file is. One in the chart's home is where the chart was found.
    fn values_file(&self, context: &Context<'_>, chart: &VPath) -> Result<VPath> {
        if source::is_vendored(chart) {
            let home = format!("{}/{}", self.home, self.chart.name.as_str());
            let home = self.folder.root.join(&home);
            let path = self.folder.root.join(self.values_file.as_str());
            let inside = home.and_then(|home| path?.strip(&home).map(str::to_owned));
            let kept = inside.and_then(|inside| chart.join(&inside));
            if let Some(kept) = kept.filter(|kept| context.world.kind(kept).is_some()) {
                return Ok(kept);
            }
        }
        self.folder.locate(context, &self.values_file)
    }

    fn request(&self, context: &mut Context<'_>) -> Result<ChartRequest> {
        let located = self.locate(context)?;
        let chart = &self.chart;
        let plain =
            |texts: &[Text]| texts.iter().map(|text| text.value.clone()).collect();
        let (first, mut documents) = self.first_layer(context, &located)?;
        let mut layers = vec![first];
        for path in &chart.additional_values_files {
            let loaded = self.folder.load(context, path)?;
            values_text(context, loaded.file)?;
            let name = context.sources.file(loaded.file).path.clone();
            let source = ValuesSource::File(loaded.file);
            let layering = Layering::default();
            layers.push(ValuesLayer { name, source, layering });
            documents.push(ValuesDocument::File(loaded.file));
        }
        // Upstream sets the flags' values first and decodes the entry over them, so the
        // entry wins.
        let options = context.options;
        let kube_version = match chart.kube_version.is_empty() {
            true => options.helm_kube_version.clone(),
            false => chart.kube_version.value.clone(),
        };
        let api_versions = match chart.api_versions.is_empty() {
            true => options.helm_api_versions.clone(),
            false => plain(&chart.api_versions),
        };
        Ok(ChartRequest {
            span: chart.span,
            chart: located,
            name: chart.name.value.clone(),
            version: chart.version.value.clone(),
            repo: chart.repo.value.clone(),
            release_name: chart.release_name.value.clone(),
            release_name_at: chart.release_name.span,
            name_template: chart.name_template.value.clone(),
            namespace: chart.namespace.value.clone(),
            namespace_at: chart.namespace.span,
            values: layers,
            documents,
            api_versions,
            kube_version,
            kube_version_at: chart.kube_version.span,
            api_versions_at: whole(&chart.api_versions),
            include_crds: chart.include_crds,
            skip_tests: chart.skip_tests,
            no_hooks: chart.skip_hooks,
            debug: chart.debug || options.helm_debug,
            devel: chart.devel,
        })
    }

    /// The values file, or what is merged of it and `valuesInline`.
    ///
    /// The chart's own `values.yaml` is a user's file here: that is what upstream passes.
    fn first_layer(
        &self,
        context: &mut Context<'_>,
        chart: &VPath,
    ) -> Result<(ValuesLayer, Vec<ValuesDocument>)> {
        let inline = self.chart.values_inline.as_ref();
        let file = match (self.merge, inline) {
            (ValuesMerge::Replace, Some(_)) => None,
            _ => {
                let path = self.values_file(context, chart)?;
                let vendored = path.is_under(chart) && !self.chart.repo.is_empty();
                let loaded = context.read_as(&path, self.values_file.span, vendored)?;
                values_text(context, loaded.file)?;
                Some(loaded)
            }
        };
        let name = match &file {
            Some(loaded) => context.sources.file(loaded.file).path.clone(),
            None => "valuesInline".to_owned(),
        };
        let mut layering = Layering::default();
        let written = file.as_ref().map(|loaded| ValuesDocument::File(loaded.file));
        let inner = inline.map(|node| ValuesDocument::Inline(node.clone()));
        let documents = match self.merge {
            ValuesMerge::Merge => inner.into_iter().chain(written).collect(),
            _ => written.into_iter().chain(inner).collect(),
        };
        let source = match (inline, file) {
            (None, Some(loaded)) => ValuesSource::File(loaded.file),
            (Some(inline), file) => {
                let file = file.map(|loaded| loaded.file);
                let merged = values::merged(context, inline, file, self.merge);
                let merged = merged.map_err(|e| e.within("could not merge values"))?;
                layering = merged.layering;
                ValuesSource::Merged(merged.value)
            }
            (None, None) => ValuesSource::Merged(goyaml::Value::null()),
        };
        Ok((ValuesLayer { name, source, layering }, documents))
    }
}

impl Generator for HelmChartInflation {
    fn entry(&self) -> Span {
        self.chart.span
    }

    fn generate(&self, context: &mut Context<'_>) -> Result<Vec<Resource>> {
        let request = self.request(context)?;
        let output = context.charts.render(&request)?;
        let (name, release) = (&request.name, &request.release_name);
        let shown = format!("chart {name}, release {release}");
        let file = context.sources.add_rendered(shown, output.text, output.rendered);
        context.rendered.push(file);
        let mut resources =
            read_all(context, file, "helm template").map_err(|error| {
                // Upstream reads what fails once more, and the bytes are well formed then.
                let part = match error.words().starts_with("MalformedYAMLError") {
                    true => "bytes",
                    false => "rnode slice",
                };
                error
                    .within(format!("could not parse {part} into resource map"))
                    .trace(self.chart.span, format!("rendering chart `{name}`"))
            })?;
        if context.options.compat == Compat::V5_8 {
            resources.iter_mut().for_each(Resource::set_helm_generated);
        }
        Ok(resources)
    }
}

/// Refuses a values file that is no text, as Helm does.
fn values_text(context: &Context<'_>, file: FileId) -> Result<()> {
    let told = |fault: Fault| faulty(&fault, "error converting YAML to JSON");
    context.must_be_text(file).map_err(told)
}

/// From the first of some texts to the last.
fn whole(texts: &[Text]) -> Span {
    let (Some(first), Some(last)) = (texts.first(), texts.last()) else {
        return Span::NONE;
    };
    Span { end: last.span.end, ..first.span }
}
