//! A whole build, from a folder to a set of objects.

use ecow::EcoString;
use goyaml::{
    Content, Dialect, Documents, Format, Node, Style, Tag, Value, node_to_yaml, to_yaml,
};
use rustc_hash::FxHashSet;
use source::{Diagnostic, FileId, Origins, Result, SourceMap, Span, VPath, World};

use crate::accumulate::{Target, refuse_bad_schema};
use crate::chart::ChartRenderer;
use crate::context::Context;
use crate::kustomization::SortOrder;
use crate::load::Folder;
use crate::origin_annotations;
use crate::references::{fix_back_references, resolve_vars};
use crate::resource::{
    Before, Deleted, Editor, ResId, ResMap, Resource, annotations, metadata,
};
use crate::transformers::{add_hashes, add_managed_by_label, sort};
use crate::upstream::Upstream;

/// What a build is asked for; the defaults are those of `kustomize build`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which release is mirrored.
    pub compat: Compat,
    /// `--enable-helm`
    pub enable_helm: bool,
    /// `--load-restrictor LoadRestrictionsRootOnly`
    pub restrict_to_root: bool,
    /// `--reorder`
    pub reorder: Reorder,
    /// `--enable-managedby-label`
    pub managed_by_label: bool,
    /// `--helm-kube-version`
    pub helm_kube_version: EcoString,
    /// `--helm-api-versions`
    pub helm_api_versions: Vec<EcoString>,
    /// `--helm-debug`
    pub helm_debug: bool,
    /// Is it noted, too, what is set to what stood there? That takes a copy of each object
    /// that is patched.
    pub note_effects: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            compat: Compat::V5_8,
            enable_helm: false,
            restrict_to_root: true,
            reorder: Reorder::Unspecified,
            managed_by_label: false,
            helm_kube_version: EcoString::new(),
            helm_api_versions: Vec::new(),
            helm_debug: false,
            note_effects: false,
        }
    }
}

/// A release of Kustomize whose behaviour is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compat {
    /// 5.7: `namespace` reaches what charts made; charts inherit no namespace of a parent.
    V5_7,
    /// 5.8.1
    V5_8,
}

impl Compat {
    /// What `app.kubernetes.io/managed-by` says.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Compat::V5_7 => "kustomize-v5.7.1",
            Compat::V5_8 => "kustomize-v5.8.1",
        }
    }
}

/// `--reorder`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reorder {
    /// The flag is not given: legacy.
    Unspecified,
    /// By kind.
    Legacy,
    /// As read.
    None,
}

/// What a build made.
#[derive(Debug)]
pub struct Built {
    /// The objects, in the order in which they are printed.
    pub resources: ResMap,
    /// Who changed what: the arena of the objects' nodes.
    pub origins: Origins,
    /// Upstream's warnings.
    pub warnings: Vec<Diagnostic>,
    /// What had no effect: for lints.
    pub notes: Vec<Note>,
    /// The files that were read, sorted. A chart's own files are not among them, its values
    /// file aside.
    pub inputs: Vec<VPath>,
    /// The objects that patches took away, or that are for this machine alone.
    pub deleted: Vec<Deleted>,
    /// The texts that charts made: whoever drops the objects may forget them.
    pub rendered: Vec<FileId>,
}

/// What upstream passes over in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of entry.
    pub kind: NoteKind,
    /// The entry.
    pub span: Span,
    /// What it missed.
    pub text: String,
    /// What could have been meant; empty if nobody knows.
    pub hint: String,
}

/// The kind of a [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A patch whose target selects nothing.
    Patch,
    /// A replacement, or one of its targets, that selects nothing.
    Replacement,
    /// An image that nothing uses.
    Image,
    /// A variable that stands nowhere.
    Var,
    /// A transformer, patch or component without an effect.
    Transformer,
    /// A field in the config of a builtin plugin that the plugin does not know.
    PluginField,
    /// A target that is empty or an expression, and selects every object.
    CatchAll,
}

/// Builds the kustomization in the folder `root` of the world.
///
/// (upstream: `krusty.Kustomizer.Run`, `KustTarget.makeCustomizedResMap`, v0.21.1)
pub fn build(
    world: &dyn World,
    sources: &SourceMap,
    root: &VPath,
    options: &Options,
    charts: &dyn ChartRenderer,
) -> Result<Built> {
    run(Context::new(world, sources, options, charts), root).map_err(Upstream::settled)
}

fn run(mut context: Context<'_>, root: &VPath) -> Result<Built> {
    let folder = Folder::start(&context, root)?;
    let target = Target::load(&mut context, folder)?;
    target.use_openapi(&mut context)?;
    let mut accumulated = target.accumulate(&mut context)?;
    let resources = &mut accumulated.resources;
    if context.schema_fault.is_some() {
        refuse_bad_schema(&mut context, resources)?;
    }
    add_hashes(&mut context, resources)?;
    fix_back_references(&mut context, resources, &accumulated.config.name_reference)?;
    let fields = &accumulated.config.var_reference;
    resolve_vars(&mut context, resources, &accumulated.vars, fields)?;
    refuse_nameless(resources)?;
    drop_local(&mut context, resources)?;
    refuse_misfits(&mut context, resources)?;
    finish(&mut context, &target, resources)?;
    Ok(Built {
        resources: accumulated.resources,
        inputs: context.inputs(),
        deleted: context.deleted,
        rendered: context.rendered,
        origins: context.origins,
        warnings: context.warnings,
        notes: context.notes,
    })
}

/// A patch or a generator may have taken the name away. (`GetValidatedMetadata`)
fn refuse_nameless(resources: &ResMap) -> Result<()> {
    for resource in resources.iter().filter(|resource| !resource.is_nil_or_empty()) {
        let id = resource.cur_id();
        let message = match (id.gvk.kind.as_str(), id.name.as_str()) {
            ("", _) => format!("missing kind in object {id}"),
            (kind, "") if !kind.ends_with("List") => {
                format!("missing metadata.name in object {id}")
            }
            _ => continue,
        };
        return Err(Diagnostic::error(resource.node().span, message).hint(
            "a patch took it away: every object needs `kind` and `metadata.name`",
        ));
    }
    Ok(())
}

/// A replacement may have put a text where a number stands.
fn refuse_misfits(context: &mut Context<'_>, resources: &ResMap) -> Result<()> {
    let misfits = std::mem::take(&mut context.misfits);
    if misfits.is_empty() {
        return Ok(());
    }
    let mut found = FxHashSet::default();
    for resource in resources {
        resource.node().walk(&mut |node| {
            // A merge of generated data may have made the field a string since.
            if node.tag != Tag::Str {
                found.insert(node.origin);
            }
        });
    }
    match misfits.into_iter().find(|misfit| found.contains(&misfit.origin)) {
        Some(misfit) => {
            // Upstream prints the map that it could not read: none.
            let step = "map[string]interface {}(nil): yaml";
            Err(misfit.error.within(step))
        }
        None => Ok(()),
    }
}

/// Objects that are config for tools on this machine are not printed. (`IgnoreLocal`)
///
/// Upstream drops them by what they are called: one that is called like an object that stays,
/// since a patch or a replacement renamed it, stays as well.
fn drop_local(context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
    if !resources.iter().any(is_local) {
        return Ok(());
    }
    let stays = resources.iter().filter(|resource| !is_local(resource));
    let stay: FxHashSet<ResId> =
        stays.map(|resource| resource.cur_id().clone()).collect();
    let mut dropped = FxHashSet::default();
    for resource in resources.iter().filter(|resource| !stay.contains(resource.cur_id()))
    {
        let id = resource.cur_id();
        if !dropped.insert(id.clone()) {
            let message = format!("id {id} not found in removal");
            return Err(Diagnostic::error(resource.node().span, message)
                .hint("two objects that are not printed are called alike: rename one"));
        }
        context.deleted.extend(local(resource, &mut context.origins));
    }
    resources.retain(|resource| stay.contains(resource.cur_id()));
    Ok(())
}

/// What is known of an object that its annotation keeps out of the output.
fn local(resource: &Resource, origins: &mut Origins) -> Option<Deleted> {
    let metadata = metadata(resource.node())?;
    let place = metadata.get("name").map(Node::place);
    let asked = metadata.get("annotations")?.get(LOCAL)?;
    let mut editor = Editor::new("local-config", asked.span, origins);
    let origin = editor.record(Before { place, text: None }, None);
    Some(Deleted {
        id: resource.cur_id().clone(),
        org_id: resource.org_id(),
        origin,
        span: resource.node().span,
    })
}

/// The annotation of objects that are config for tools on this machine.
const LOCAL: &str = "config.kubernetes.io/local-config";

fn is_local(resource: &Resource) -> bool {
    let node = resource.node();
    let map = metadata(node).and_then(|metadata| metadata.get("annotations"));
    let is_said = map.is_some_and(|map| map.get(LOCAL).is_some());
    let said = || annotations(node).remove(LOCAL);
    resource.is_nil_or_empty()
        || (is_said && said().is_some_and(|value| value != "false"))
}

fn finish(
    context: &mut Context<'_>,
    target: &Target,
    resources: &mut ResMap,
) -> Result<()> {
    let root = &target.kustomization;
    let order = match context.options.reorder {
        Reorder::None => SortOrder::Fifo,
        Reorder::Unspecified | Reorder::Legacy => SortOrder::Legacy,
    };
    if let Some(options) = &root.sort_options
        && context.options.reorder != Reorder::Unspecified
    {
        let message = "Warning: Sorting order is set both in 'kustomization.yaml' \
                       ('sortOptions') and in a CLI flag ('--reorder'). Using the \
                       kustomization file over the CLI flag.";
        context.warnings.push(*Diagnostic::warning(options.span, message));
    }
    sort(resources, root.sort_options.as_ref(), order)?;
    if context.options.managed_by_label || root.wants_metadata("managedByLabel") {
        let asked = root.build_metadata.iter().find(|t| t.as_str() == "managedByLabel");
        let span = asked.map_or(Span::NONE, |text| text.span);
        add_managed_by_label(context, resources, span)?;
    }
    origin_annotations::clean(
        resources,
        context.options.compat,
        root.wants_metadata("originAnnotations"),
        root.wants_metadata("transformerAnnotations"),
    );
    Ok(())
}

/// The typed value of a node as kyaml's `MarshalJSON` makes it.
///
/// It prints the node and reads it again, which is not always the same: a null between
/// brackets may become a string, a folded text may get further line breaks.
pub fn typed(node: &Node) -> Result<Value> {
    let mut spelt = std::borrow::Cow::Borrowed(node);
    if changes_in_print(node, false) {
        spell_as_printed(spelt.to_mut());
    }
    let node = spelt.as_ref();
    goyaml::decode(node, Dialect::V3).map_err(|faults| {
        let message = goyaml::upstream_text(&faults);
        match faults.first() {
            Some(fault) => {
                let mut error = fault.diagnostic();
                error.message = message;
                error.at(node.span)
            }
            None => Diagnostic::error(node.span, message),
        }
    })
}

fn is_bare_null(node: &Node) -> bool {
    node.tag == Tag::Null && node.text() == Some("")
}

fn is_folded(node: &Node) -> bool {
    node.style == Style::Folded && node.text().is_some_and(|text| text.contains('\n'))
}

fn changes_in_print(node: &Node, in_flow: bool) -> bool {
    let in_flow = in_flow || node.style == Style::Flow;
    let found = |node: &Node| match in_flow {
        true => is_bare_null(node) || changes_in_print(node, true),
        false => is_folded(node) || changes_in_print(node, false),
    };
    match &node.content {
        Content::Mapping(entries) => entries.iter().any(|(_, value)| found(value)),
        Content::Sequence(items) => items.iter().any(found),
        Content::Scalar(_) | Content::Alias(_) => false,
    }
}

/// Does to a node what printing it and reading it again does.
///
/// Nulls that are spelt as nothing between brackets become empty strings, and folded texts get
/// further line breaks before their indented lines.
pub(crate) fn spell_as_printed(node: &mut Node) {
    spell_in(node, false);
}

fn spell_in(node: &mut Node, in_flow: bool) {
    let in_flow = in_flow || node.style == Style::Flow;
    let spell = |node: &mut Node| match in_flow {
        true if is_bare_null(node) => {
            node.tag = Tag::Str;
            node.untagged = false;
        }
        false if is_folded(node) => print_folded(node),
        _ => spell_in(node, in_flow),
    };
    match &mut node.content {
        Content::Mapping(entries) => entries.iter_mut().map(|e| &mut e.1).for_each(spell),
        Content::Sequence(items) => items.iter_mut().for_each(spell),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

fn print_folded(node: &mut Node) {
    let Some(text) = node.text() else { return };
    let mut bare = Node::string(text);
    bare.style = Style::Folded;
    let printed = node_to_yaml(&bare);
    let read = Documents::new(&printed, node.span.file, Dialect::V3).next();
    if let Some(Ok(document)) = read
        && let Some(text) = document.root.text()
    {
        node.content = Content::Scalar(text.into());
    }
}

/// The first number that JSON cannot say, and what Go calls it.
pub(crate) fn not_in_json(node: &Node) -> Option<(Span, &'static str)> {
    let mut found = None;
    node.walk(&mut |below| {
        if below.tag == Tag::Float
            && let Some(text) = below.text()
            && text.contains(['f', 'F', 'n', 'N'])
            && !text.contains(|c: char| c.is_ascii_digit())
        {
            let is_nan = text.to_ascii_lowercase().contains("nan");
            let name = match (is_nan, text.starts_with('-')) {
                (true, _) => "NaN",
                (_, true) => "-Inf",
                _ => "+Inf",
            };
            found.get_or_insert((below.span, name));
        }
    });
    found
}

/// Prints the objects as `kustomize build` does, documents joined by `---`.
pub fn print(resources: &ResMap) -> Result<String> {
    let mut text = String::new();
    for (at, resource) in resources.iter().enumerate() {
        if at > 0 {
            text.push_str("---\n");
        }
        text.push_str(&print_one(resource)?);
    }
    Ok(text)
}

/// Prints one object. (upstream: `Resource.AsYAML`)
pub fn print_one(resource: &Resource) -> Result<String> {
    let value = typed(resource.node())?;
    to_yaml(&value, Format::Sigs).map_err(|fault| {
        let mut error = fault.diagnostic();
        error.message = fault.upstream();
        let number = not_in_json(resource.node()).map(|(span, _)| span);
        error.at(number.unwrap_or(resource.node().span))
    })
}
