//! One kustomization: what it reads, makes and changes, and those below it.

use source::{Diagnostic, Result, Span};

use crate::config::TransformerConfig;
use crate::context::Context;
use crate::crds::add_crd_config;
use crate::generators::{self, absorb_all};
use crate::kustomization::{Kustomization, Text, read_kustomization};
use crate::kustomization_file::kustomization_file;
use crate::load::{Folder, is_remote_folder};
use crate::origin_annotations::{add_origin, add_transformation};
use crate::plugins;
use crate::provenance::Provenance;
use crate::references::VarSet;
use crate::resource::{ResMap, labels, read_all, set_text_map};
use crate::schema_in_use::{self, asks_for_scopes};
use crate::transformer::Transformer;
use crate::transformers::{self, Setup};
use crate::upstream::{Upstream, bracketed, quoted};
use crate::{Compat, NoteKind};

/// The one thing that a validator may add: a label.
const VALIDATED_BY: &str = "validated-by";
/// How deep kustomizations may be nested.
const DEPTH: usize = 200;

/// What came together so far. (upstream: `ResAccumulator`)
#[derive(Debug, Default)]
pub(crate) struct Accumulated {
    /// The objects.
    pub(crate) resources: ResMap,
    /// The field specs in force.
    pub(crate) config: TransformerConfig,
    /// The variables.
    pub(crate) vars: VarSet,
}

/// A kustomization in its folder. (upstream: `KustTarget`)
pub(crate) struct Target {
    folder: Folder,
    /// What it says.
    pub(crate) kustomization: Kustomization,
    file_name: &'static str,
    /// Where it is, as seen from the root; none if nobody asked.
    provenance: Option<Provenance>,
    /// The namespace that charts inherit from kustomizations above.
    helm_namespace: ecow::EcoString,
}

impl Target {
    /// Reads the kustomization of a folder. (upstream: `KustTarget.Load`)
    pub(crate) fn load(context: &mut Context<'_>, folder: Folder) -> Result<Target> {
        let (name, node) = kustomization_file(context, &folder)?;
        let compat = context.options.compat;
        let kustomization = read_kustomization(&node, compat, &mut context.warnings);
        let kustomization = kustomization.map_err(|error| {
            let is_kind = error.message.contains(" should be ");
            match is_kind {
                true => {
                    let words = format!(
                        "Failed to read kustomization file under {}:\n{}",
                        context.world.absolute(&folder.root),
                        error.message
                    );
                    error.says(words)
                }
                false => error,
            }
        })?;
        let tracked = !kustomization.build_metadata.is_empty();
        Ok(Target {
            folder,
            kustomization,
            file_name: name,
            provenance: tracked.then(Provenance::default),
            helm_namespace: ecow::EcoString::new(),
        })
    }

    /// Puts the schema that `openapi:` names in force.
    pub(crate) fn use_openapi(&self, context: &mut Context<'_>) -> Result<()> {
        schema_in_use::put(context, &self.folder, &self.kustomization.openapi)
    }

    /// Accumulates a kustomization that stands for itself.
    pub(crate) fn accumulate(&self, context: &mut Context<'_>) -> Result<Accumulated> {
        self.accumulate_into(context, Accumulated::default())
    }

    /// (upstream: `accumulateTarget`): resources, configurations, generators, components,
    /// transformers, validators, vars, in this order.
    fn accumulate_into(
        &self,
        context: &mut Context<'_>,
        into: Accumulated,
    ) -> Result<Accumulated> {
        let k = &self.kustomization;
        let all = self.resources(context, into, &k.resources);
        let mut all = all.map_err(|e| e.within("accumulating resources"))?;
        let config = TransformerConfig::load(context, &self.folder, &k.configurations)?;
        let conflict = |words| Diagnostic::error(k.span, words);
        all.config.merge(&config).map_err(conflict)?;
        let crds = add_crd_config(context, &self.folder, &k.crds, &mut all.config);
        crds.map_err(|e| e.within(format!("loading CRDs {}", bracketed(&k.crds))))?;
        self.generators(context, &mut all)?;
        let mut all = self.components(context, all)?;
        self.transformers(context, &mut all)?;
        self.validators(context, &mut all)?;
        all.vars.declare(&k.vars, &mut all.resources).map_err(|e| {
            e.within(format!("merging vars {}", VarSet::as_written(&k.vars)))
        })?;
        Ok(all)
    }

    /// Files and folders. (upstream: `accumulateResources`)
    fn resources(
        &self,
        context: &mut Context<'_>,
        mut all: Accumulated,
        paths: &[Text],
    ) -> Result<Accumulated> {
        for path in paths {
            let at_file = match self.file(context, &mut all, path) {
                Ok(()) => continue,
                Err(error) => error,
            };
            let step = format!("accumulation err='{}'", at_file.words());
            let folder = match self.folder.enter(context, path) {
                Ok(folder) => folder,
                Err(at_folder) => {
                    let error = neither(path, at_file, &at_folder, &step);
                    return Err(match error.span == path.span {
                        true => error,
                        false => error.trace(path.span, "read for this entry"),
                    });
                }
            };
            all = self.directory(context, all, folder, path, false).map_err(|e| {
                e.trace(path.span, "accumulating resources from this entry").within(step)
            })?;
        }
        Ok(all)
    }

    /// One file of resources. (upstream: `accumulateFile`)
    fn file(
        &self,
        context: &mut Context<'_>,
        all: &mut Accumulated,
        path: &Text,
    ) -> Result<()> {
        let step = format!("accumulating resources from '{}'", path.as_str());
        let loaded = self.folder.load(context, path).map_err(|e| e.within(&step))?;
        let read = read_all(context, loaded.file, path.as_str());
        let mut resources = read.map_err(|e| e.within(&step))?;
        if let Some(provenance) = &self.provenance {
            let here = provenance.append(path.as_str());
            resources.iter_mut().for_each(|resource| here.annotate_read(resource));
        }
        all.resources.append_all(resources).map_err(|error| {
            let step = format!("merging resources from '{}'", path.as_str());
            error.at(path.span).within(&step).trace(path.span, step)
        })
    }

    /// A kustomization below this one. (upstream: `accumulateDirectory`)
    fn directory(
        &self,
        context: &mut Context<'_>,
        all: Accumulated,
        folder: Folder,
        path: &Text,
        as_component: bool,
    ) -> Result<Accumulated> {
        if folder.depth() > DEPTH {
            return Err(Diagnostic::error(
                path.span,
                "kustomizations are nested too deeply",
            ));
        }
        if path.as_str().starts_with("git::") {
            let message = "Forcing the git protocol using the 'git::' URL prefix is not \
                           supported";
            let warning = Diagnostic::warning(path.span, message);
            context.warnings.push(*warning.hint("take the prefix `git::` away"));
        }
        let shown = context.world.display(&folder.root);
        let full = context.world.absolute(&folder.root);
        let mut target = Target::load(context, folder).map_err(|error| {
            let step = format!("couldn't make target for path '{full}'");
            error.at(path.span).within(step)
        })?;
        self.hand_down(context, &mut target, path);
        context.schema_used |= asks_for_scopes(context, &all.resources);
        let decided = context.schema_decided;
        target.use_openapi(context)?;
        let mut all = all;
        if context.schema_decided && !decided && context.schema.is_custom() {
            all.resources.iter_mut().for_each(|r| r.set_schema(&context.schema));
        }
        target.check_kind(as_component, (&shown, &full), path)?;
        let within = |error: Box<Diagnostic>| {
            error.within(format!("recursed accumulation of path '{full}'"))
        };
        if as_component {
            let state = |all: &Accumulated, context: &Context<'_>| {
                let changes = context.origins.changes();
                (all.resources.len(), changes, context.notes.len())
            };
            let before = state(&all, context);
            let all = target.accumulate_into(context, all).map_err(within)?;
            // What has no effect inside of it is noted there.
            let same = before == state(&all, context) && !target.has_settings();
            if same && context.options.note_effects {
                let text = format!("the component `{}` changes nothing", path.as_str());
                context.note(NoteKind::Transformer, path.span, text);
            }
            return Ok(all);
        }
        let below = target.accumulate(context).map_err(within)?;
        all.merge(below).map_err(|error| {
            error
                .at(path.span)
                .within(format!("recursed merging from path '{full}'"))
                .trace(path.span, format!("merging what `{shown}` made"))
        })?;
        Ok(all)
    }

    /// Does it say anything that has its effect later, or elsewhere?
    fn has_settings(&self) -> bool {
        let k = &self.kustomization;
        let lists = [&k.configurations, &k.crds, &k.validators];
        lists.iter().any(|list| !list.is_empty())
            || !k.vars.is_empty()
            || !k.openapi.is_empty()
    }

    fn hand_down(&self, context: &Context<'_>, target: &mut Target, path: &Text) {
        let k = &self.kustomization;
        target.kustomization.build_metadata = k.build_metadata.clone();
        target.provenance = self.provenance.as_ref().map(|p| p.append(path.as_str()));
        if context.options.compat == Compat::V5_8 {
            target.helm_namespace = match k.namespace.is_empty() {
                true => self.helm_namespace.clone(),
                false => k.namespace.value.clone(),
            };
        }
    }

    fn check_kind(
        &self,
        as_component: bool,
        (shown, full): (&str, &str),
        path: &Text,
    ) -> Result<()> {
        let k = &self.kustomization;
        let words = |place: &str| match as_component {
            true => format!(
                "expected kind 'Component' for path '{place}' but got '{}'",
                k.kind.as_str()
            ),
            false => format!("expected kind != 'Component' for path '{place}'"),
        };
        if as_component == k.is_component() {
            return Ok(());
        }
        let hint = match as_component {
            true => "list it under `resources:`, or make it `kind: Component`",
            false => "list it under `components:`",
        };
        Err(Diagnostic::error(path.span, words(shown)).says(words(full)).hint(hint))
    }

    fn components(
        &self,
        context: &mut Context<'_>,
        mut all: Accumulated,
    ) -> Result<Accumulated> {
        for path in &self.kustomization.components {
            let within = |error: Box<Diagnostic>, step: &str| {
                let words = quoted(error.words());
                error.says(format!("accumulating components: {step} {words}"))
            };
            let folder = self.folder.enter(context, path);
            let folder = folder.map_err(|e| within(e, "loader.New"))?;
            let full = context.world.absolute(&folder.root);
            all = self.directory(context, all, folder, path, true).map_err(|e| {
                within(e, "accumulateDirectory:")
                    .trace(path.span, "accumulating this component")
            })?;
            // Upstream merges what came of it into nothing, and so finds conflicts within it.
            all.config
                .merge_into_empty()
                .map_err(|words| Diagnostic::error(path.span, words))?;
            all.resources.refuse_alike().map_err(|error| {
                let step = format!("recursed merging from path '{full}'");
                within(error.at(path.span).within(step), "accumulateDirectory:")
                    .trace(path.span, "merging what this component made")
            })?;
        }
        Ok(all)
    }

    fn generators(&self, context: &mut Context<'_>, all: &mut Accumulated) -> Result<()> {
        let own = generators::configure(
            context,
            &self.folder,
            &self.kustomization,
            &self.helm_namespace,
        )?;
        let mut list: Vec<_> = own
            .into_iter()
            .map(|(plugin, generator)| {
                let provenance = self.provenance.as_ref();
                (generator, provenance.map(|p| p.builtin(self.file_name, plugin)))
            })
            .collect();
        let configs = self.plugin_configs(context, &self.kustomization.generators);
        let configs = configs.map_err(|e| e.within("loading generator plugins"))?;
        for config in &configs {
            let generator =
                plugins::generator(context, &self.folder, config).map_err(|e| {
                    e.within("loading generator plugins: failed to load generator")
                })?;
            let provenance = Provenance::of_plugin(config).map_err(|e| {
                let step = "failed to get origin from CustomPlugin";
                e.within(step).within("loading generator plugins")
            })?;
            list.push((generator, provenance));
        }
        for (generator, provenance) in list {
            let mut made = generator.generate(context)?;
            if let Some(provenance) = provenance {
                add_origin(&mut made, &provenance);
            }
            let mut set = ResMap::new();
            set.append_all(made)?;
            absorb_all(context, &mut all.resources, set.into_iter().collect()).map_err(
                |error| {
                    let error = error.within("merging from generator");
                    match error.span.file == generator.entry().file {
                        true => error,
                        false => {
                            error.trace(generator.entry(), "generated for this entry")
                        }
                    }
                },
            )?;
        }
        Ok(())
    }

    /// Plugin configs: written inline, in files, or in folders of their own.
    fn plugin_configs(
        &self,
        context: &mut Context<'_>,
        entries: &[Text],
    ) -> Result<Vec<crate::Resource>> {
        let mut configs = ResMap::new();
        let mut paths = Vec::new();
        for entry in entries {
            let Some(mut inline) = plugins::inline_configs(context, entry) else {
                paths.push(entry.clone());
                continue;
            };
            if let Some(provenance) = &self.provenance {
                let here = provenance.append(self.file_name);
                inline.iter_mut().for_each(|resource| here.annotate(resource));
            }
            configs.append_all(inline)?;
        }
        let all = Accumulated { resources: configs, ..Accumulated::default() };
        let all = self.resources(context, all, &paths)?;
        context.schema_used |= asks_for_scopes(context, &all.resources);
        Ok(all.resources.into_iter().collect())
    }

    fn transformers(
        &self,
        context: &mut Context<'_>,
        all: &mut Accumulated,
    ) -> Result<()> {
        let mut list: Vec<(Box<dyn Transformer>, Option<Provenance>)> = Vec::new();
        for (plugin, configure) in transformers::TABLE {
            let mut setup = Setup {
                context,
                folder: &self.folder,
                kustomization: &self.kustomization,
                config: &all.config,
            };
            let provenance =
                self.provenance.as_ref().map(|p| p.builtin(self.file_name, plugin));
            for transformer in configure(&mut setup)? {
                list.push((transformer, provenance.clone()));
            }
        }
        let configs = self.plugin_configs(context, &self.kustomization.transformers)?;
        for config in &configs {
            let transformer = plugins::transformer(context, &self.folder, config)?;
            list.push((transformer, Provenance::of_plugin(config)?));
        }
        for (transformer, provenance) in list {
            let changes = context.origins.changes();
            transformer.transform(context, &mut all.resources)?;
            if context.origins.changes() == changes
                && let Some((span, text)) = transformer.without_effect()
            {
                context.note(NoteKind::Transformer, span, text);
            }
            if let Some(provenance) = provenance {
                add_transformation(context, &mut all.resources, &provenance)?;
            }
            all.resources.drop_empties();
        }
        Ok(())
    }

    /// Validators are transformers that must not change anything.
    fn validators(&self, context: &mut Context<'_>, all: &mut Accumulated) -> Result<()> {
        let configs = self.plugin_configs(context, &self.kustomization.validators)?;
        for config in &configs {
            let validator = plugins::transformer(context, &self.folder, config)?;
            Provenance::of_plugin(config)?;
            let before: Vec<crate::Resource> = all.resources.iter().cloned().collect();
            validator.transform(context, &mut all.resources)?;
            let message = "validator shouldn't modify the resource map";
            let place = context.outer_span(config.node().span);
            let error = Diagnostic::error(place, message)
                .hint("list what changes objects under `transformers:`");
            if before.len() != all.resources.len() {
                return Err(error);
            }
            for old in &before {
                let id = old.cur_id();
                let found = all.resources.find_current(id);
                let why = match found.as_slice() {
                    [] => format!("id in self missing from other; id: {id}"),
                    [at] => match all.resources.get(*at) {
                        Some(new) if is_unchanged(old, new, context.sources) => continue,
                        _ => return Err(error.label(old.node().span, CHANGED)),
                    },
                    many => {
                        format!("id in self matches {} in other; id: {id}", many.len())
                    }
                };
                let error = error.says(format!("{message}: {why}"));
                return Err(error.label(old.node().span, CHANGED));
            }
        }
        Ok(())
    }
}

/// What is said of an object that a validator changes.
const CHANGED: &str = "this object is changed";

/// Did a validator leave an object as it was, but for its label?
fn is_unchanged(
    old: &crate::Resource,
    new: &crate::Resource,
    sources: &source::SourceMap,
) -> bool {
    match labels(new.node()).contains_key(VALIDATED_BY) {
        true => old.is_like(&without_label(new, VALIDATED_BY), sources),
        false => old.is_like(new, sources),
    }
}

/// The object without one of its labels; the others are texts. (`removeValidatedByLabel`)
fn without_label(resource: &crate::Resource, label: &str) -> crate::Resource {
    let mut resource = resource.clone();
    let mut map = labels(resource.node());
    map.remove(label);
    resource.edit(|node| set_text_map(node, "labels", &map));
    resource
}

impl Accumulated {
    /// (upstream: `MergeAccumulator`)
    fn merge(&mut self, other: Accumulated) -> Result<()> {
        self.resources.append_all(other.resources)?;
        self.config
            .merge(&other.config)
            .map_err(|words| Diagnostic::error(Span::NONE, words))?;
        self.vars.merge(&other.vars)
    }
}

/// An entry is no folder that could be entered, and could not be read as a file.
///
/// Upstream tells both faults; the one of the file is what matters, unless there is none.
fn neither(
    path: &Text,
    at_file: Box<Diagnostic>,
    at_folder: &Diagnostic,
    step: &str,
) -> Box<Diagnostic> {
    if at_file.words().contains("MalformedYAMLError") {
        return at_file;
    }
    // What we refuse and upstream fetches has no words of upstream.
    let remote = |error: &Diagnostic| error.message.starts_with("remote resource ");
    if remote(&at_file) {
        let message = at_file.message.clone();
        return at_file.says(message);
    }
    if remote(at_folder) {
        return Box::new(at_folder.clone());
    }
    let words = format!("{step}: {}", Box::new(at_folder.clone()).words());
    let says_more = ["cycle detected", "new root"];
    let says_more = says_more.iter().any(|lead| at_folder.message.starts_with(lead));
    match says_more || is_remote_folder(path.as_str()) {
        true => Box::new(at_folder.clone()).says(words),
        false => at_file.says(words),
    }
}
