//! Rendering of a chart for a release, remembered for whoever asks the same again.

use std::hash::{Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use ecow::EcoString;
use gotemplate::Limits;
use source::{
    Diagnostic, FrameId, Layer, LayerKind, Mark, OriginId, Result, SlotTable, SourceMap,
    Span, Trace,
};

use crate::Compat;
use crate::ambient::Watched;
use crate::capabilities::Capabilities;
use crate::chart::{Chart, ChartCache};
use crate::engine::{self, Job, Places};
use crate::instance::{
    Instance, Misfit, given, is_compatible_range, process_dependencies, settle, validate,
};
use crate::keys::observed;
use crate::memo::Memo;
use crate::release::{Manifest, ManifestKind, because_of_hooks};
use crate::release_name::check_release_name;
use crate::render_options::{NamedAt, Release, RenderOptions};
use crate::turns::Turns;
use crate::values::{MapRef, Merged, Options, merge_options};

/// Reads charts and renders them; each chart is read once, each render done once.
///
/// Threads share one renderer. What it remembers holds no positions in values files: those
/// are in the [`SlotTable`] that each call makes anew (`docs/decisions.md` 4).
#[derive(Debug)]
pub struct Renderer {
    /// The charts.
    pub charts: ChartCache,
    /// How much the templates of one render may use.
    pub limits: Limits,
    memo: Mutex<Memo<RenderKey, RenderedChart>>,
    turns: Turns<RenderKey>,
}

/// What a chart rendered to.
#[derive(Clone, Debug)]
pub struct Manifests {
    /// The files of `crds/`, then resources, then hooks: the order in which Helm prints.
    pub files: Vec<Manifest>,
    /// Where rendered text came from.
    pub trace: Arc<Trace>,
    /// The values behind it, as this call's layers have them.
    pub slots: Arc<SlotTable>,
    pub(crate) compat: Compat,
}

/// What a render depends on, clock and randomness aside.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
struct RenderKey {
    chart: Loaded,
    values: [u8; 32],
    release: Release,
    capabilities: Arc<Capabilities>,
    compat: Compat,
}

/// A chart as it was loaded: the cache has one of what is equal.
#[derive(Clone, Debug)]
struct Loaded(Arc<Chart>);

impl PartialEq for Loaded {
    fn eq(&self, other: &Loaded) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Loaded {}

impl Hash for Loaded {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

/// A render as it is remembered.
#[derive(Debug)]
pub(crate) struct RenderedChart {
    pub(crate) manifests: Vec<Manifest>,
    pub(crate) trace: Arc<Trace>,
    /// As [`engine::Rendered`] has them.
    pub(crate) crds: Vec<(String, FrameId)>,
}

/// How many bytes of renders are remembered: what clusters share is among the last ones asked
/// for, and a fleet has no end.
const ROOM: usize = 96 << 20;

impl RenderedChart {
    /// About how many bytes it holds.
    fn bytes(&self) -> usize {
        let of = |m: &Manifest| m.text.len() + m.marks.len() * size_of::<Mark>();
        self.trace.bytes() + self.manifests.iter().map(of).sum::<usize>()
    }
}

impl Default for Renderer {
    fn default() -> Renderer {
        Renderer {
            charts: ChartCache::default(),
            limits: Limits::default(),
            memo: Mutex::new(Memo::with_room(ROOM)),
            turns: Turns::default(),
        }
    }
}

impl Renderer {
    /// A renderer that remembers nothing yet.
    #[must_use]
    pub fn new() -> Renderer {
        Renderer::default()
    }

    /// Renders a chart for a release. (`helm template`, from `Install.Run` on)
    pub fn render(
        &self,
        chart: &Arc<Chart>,
        values: &Options,
        options: &RenderOptions,
        sources: &SourceMap,
    ) -> Result<Manifests> {
        // Templates may nest deeper than a thread's usual stack.
        gotemplate::with_stack(|| self.told_here(chart, values, options, sources, &[]))
            .map(|(manifests, _)| manifests)
    }

    /// As [`Renderer::render`]; tells besides which values of these documents templates
    /// looked at: for each node in preorder, whether they did.
    pub fn render_observed(
        &self,
        chart: &Arc<Chart>,
        values: &Options,
        options: &RenderOptions,
        sources: &SourceMap,
        documents: &[Arc<goyaml::Value>],
    ) -> Result<(Manifests, Vec<Vec<bool>>)> {
        let render = || self.told_here(chart, values, options, sources, documents);
        gotemplate::with_stack(render)
    }

    /// Renders; a failure is told at a line that its reader can change.
    fn told_here(
        &self,
        chart: &Arc<Chart>,
        values: &Options,
        options: &RenderOptions,
        sources: &SourceMap,
        documents: &[Arc<goyaml::Value>],
    ) -> Result<(Manifests, Vec<Vec<bool>>)> {
        self.render_here(chart, values, options, sources, documents)
            .map_err(|fault| fault.for_reader(sources, "the chart fails here"))
    }

    fn render_here(
        &self,
        chart: &Arc<Chart>,
        values: &Options,
        options: &RenderOptions,
        sources: &SourceMap,
        documents: &[Arc<goyaml::Value>],
    ) -> Result<(Manifests, Vec<Vec<bool>>)> {
        let compat = options.compat;
        let vals = merge_options(values, sources, compat)?;
        let mut instance = installable(chart, compat)?;
        check_release_name(&options.release.name, compat)?;
        let told = |misfit| misfitting(misfit, chart);
        process_dependencies(&mut instance, &vals, compat).map_err(|mut misfit| {
            if compat == Compat::Helm4 {
                misfit.words.insert_str(0, "chart dependencies processing failed: ");
            }
            told(misfit)
        })?;
        let (merged, instance) = settle(instance, &vals, compat).map_err(told)?;
        if !options.skip_schema_validation {
            validate(&instance, &merged, &given(values, chart, sources), sources)?;
        }
        check_kube_version(chart, &options.capabilities)?;
        let mut merged = Merged::new(&merged);
        if let Some(root) = merged.slots.layers.first_mut() {
            *root = given(values, chart, sources);
        }
        let rendered = self.remembered(&instance, &merged, options, sources)?;
        let mut files = crds(&instance, &rendered.crds);
        files.extend(rendered.manifests.iter().cloned());
        let observed = match documents {
            [] => Vec::new(),
            _ => observed(&instance, &merged, &rendered.trace.origins, documents),
        };
        let manifests = Manifests {
            files,
            trace: rendered.trace.clone(),
            slots: Arc::new(with_release(merged.slots, options.named_at)),
            compat,
        };
        Ok((manifests, observed))
    }

    /// The merged values that templates would see as `.Values`, as a parsed tree.
    pub fn merged_values(
        &self,
        chart: &Arc<Chart>,
        values: &Options,
        compat: Compat,
        sources: &SourceMap,
    ) -> Result<goyaml::Value> {
        let vals = merge_options(values, sources, compat)?;
        let mut instance = Instance::new(chart, compat);
        let told = |misfit| misfitting(misfit, chart);
        process_dependencies(&mut instance, &vals, compat).map_err(told)?;
        let (merged, _) = settle(instance, &vals, compat).map_err(told)?;
        Ok(crate::values::to_value(&merged))
    }

    fn remembered(
        &self,
        instance: &Instance,
        merged: &Merged,
        options: &RenderOptions,
        sources: &SourceMap,
    ) -> Result<Arc<RenderedChart>> {
        let key = RenderKey {
            chart: Loaded(instance.chart.clone()),
            values: merged.digest,
            release: options.release.clone(),
            capabilities: options.capabilities.clone(),
            compat: options.compat,
        };
        if let Some(known) = self.find(&key, options.seed.as_ref()) {
            return Ok(known);
        }
        let turn = self.turns.take(&key);
        if let Some(known) = self.find(&key, options.seed.as_ref()) {
            return Ok(known);
        }
        // What draws is another render for each seed.
        let _turn = (!self.draws(&key)).then_some(turn);
        let ambient = Arc::new(Watched::new(options.ambient.clone()));
        let rendered = engine::render(&Job {
            chart: instance,
            merged,
            options,
            limits: self.limits,
            ambient: ambient.clone(),
            sources,
        })?;
        let mut trace = rendered.trace;
        let places = Places { trace: &trace, slots: &merged.slots, sources };
        let behind = |marks: &[Mark]| places.layers(marks.iter().map(|mark| mark.origin));
        let mut manifests = rendered.files.finish(&behind)?;
        because_of_hooks(&mut manifests, &mut trace);
        let (trace, crds) = (Arc::new(trace), rendered.crds);
        let made = Arc::new(RenderedChart { manifests, trace, crds });
        self.remember(&key, ambient.was_asked(), options.seed.clone(), &made);
        Ok(made)
    }

    fn find(
        &self,
        key: &RenderKey,
        seed: Option<&EcoString>,
    ) -> Option<Arc<RenderedChart>> {
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        memo.find(key, seed)
    }

    /// Is it known that the render asks for the clock or for randomness?
    fn draws(&self, key: &RenderKey) -> bool {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).draws(key)
    }

    fn remember(
        &self,
        key: &RenderKey,
        asked: bool,
        seed: Option<EcoString>,
        made: &Arc<RenderedChart>,
    ) {
        let seed = seed.filter(|_| asked);
        // What draws and does not repeat is not remembered.
        if asked && seed.is_none() {
            return;
        }
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        memo.add(key, seed, made.bytes(), made.clone());
    }
}

/// A value for a subchart that is no map.
fn misfitting(misfit: Misfit, chart: &Chart) -> Box<Diagnostic> {
    Diagnostic::error(misfit.span, misfit.words)
        .hint("the name of a subchart is the key of a map of its values")
        .at(chart.span())
}

/// The slots of the values, then those of the release.
fn with_release(mut slots: SlotTable, named_at: NamedAt) -> SlotTable {
    let NamedAt { name, namespace, kube_version, api_versions } = named_at;
    for span in [name, namespace, kube_version, api_versions] {
        let layer = Layer { kind: LayerKind::Release, span };
        slots.layers.push(if span.is_none() { Vec::new() } else { vec![layer] });
    }
    slots
}

/// The chart to install: no library, and nothing missing in `charts/`.
fn installable(chart: &Arc<Chart>, compat: Compat) -> Result<Instance<MapRef>> {
    let metadata = &chart.metadata;
    if !matches!(metadata.kind.as_str(), "" | "application") {
        let words = format!("{} charts are not installable", metadata.kind);
        return Err(Diagnostic::error(chart.span_of("type"), words));
    }
    let requests = metadata.dependencies.iter().flatten();
    let missing: Vec<_> = requests
        .filter(|r| !chart.dependencies.iter().any(|d| d.metadata.name == r.name))
        .collect();
    let Some(first) = missing.first() else { return Ok(Instance::new(chart, compat)) };
    let names: Vec<&str> = missing.iter().map(|r| r.name.as_str()).collect();
    let (an, quote) = match compat {
        Compat::Helm4 => ("an", '\''),
        Compat::Helm3 => ("An", '`'),
    };
    let words = format!(
        "{an} error occurred while checking for chart dependencies. You may need to run \
         {quote}helm dependency build{quote} to fetch missing dependencies: found in \
         Chart.yaml, but missing in charts/ directory: {}",
        names.join(", ")
    );
    Err(Diagnostic::error(first.span, words).hint(
        "run `thanos-gitops vendor`, or `helm dependency build` in the chart's folder",
    ))
}

fn check_kube_version(chart: &Chart, capabilities: &Capabilities) -> Result<()> {
    let wanted = &chart.metadata.kube_version;
    let version = &capabilities.kube_version;
    let fits = |wanted| is_compatible_range(wanted, &version.normalized);
    if wanted.is_empty() || fits(wanted) {
        return Ok(());
    }
    let words = format!(
        "chart requires kubeVersion: {wanted} which is incompatible with Kubernetes {}",
        version.version
    );
    let hint = "take a version of the chart for this Kubernetes, or say which one the \
                cluster has: `--kube-version`, `kubernetesVersion`";
    Err(Diagnostic::error(chart.span_of("kubeVersion"), words).hint(hint))
}

/// The files of `crds/`, a chart's own before its dependencies'. (`Chart.CRDObjects`)
fn crds(chart: &Instance, frames: &[(String, FrameId)]) -> Vec<Manifest> {
    let mut found = Vec::new();
    collect_crds(chart, &chart.metadata.name, frames, &mut found);
    found
}

fn collect_crds(
    chart: &Instance,
    path: &str,
    frames: &[(String, FrameId)],
    found: &mut Vec<Manifest>,
) {
    let frame = frames.iter().find(|(of, _)| of == path).map(|(_, frame)| *frame);
    let frame = frame.unwrap_or_default();
    for file in chart.chart.files.iter() {
        let extension = file.name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
        let manifest = matches!(extension.as_str(), "yaml" | "yml" | "json");
        if !file.name.starts_with("crds/") || !manifest {
            continue;
        }
        let text = file.shared_text();
        let at = Span::new(file.file, 0, text.len());
        let (start, end, origin) = (at.start, at.end, OriginId::NONE);
        let whole = Mark { start, end, origin, frame, at };
        found.push(Manifest {
            path: format!("{path}/{}", file.name).into(),
            text,
            marks: [whole].into(),
            kind: ManifestKind::Crd(file.file),
        });
    }
    for sub in chart.dependencies() {
        collect_crds(sub, &sub.path(), frames, found);
    }
}
