//! A whole build, from a folder to a set of objects.

use goyaml::{Node, Tag};
use rustc_hash::FxHashSet;
use source::{Diagnostic, FileId, Origins, Result, SourceMap, Span, VPath, World};

use crate::accumulate::Target;
use crate::chart::ChartRenderer;
use crate::context::Context;
use crate::kustomization::SortOrder;
use crate::load::Folder;
use crate::note::Note;
use crate::options::{Options, Reorder};
use crate::origin_annotations;
use crate::references::{fix_back_references, resolve_vars};
use crate::resource::{
    Before, Deleted, Editor, ResId, ResMap, Resource, annotations, metadata,
};
use crate::schema_in_use::refuse_bad_schema;
use crate::transformers::{add_hashes, add_managed_by_label, sort};
use crate::upstream::Upstream;

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
