//! Applying strategic merge patches to objects, and `patchesStrategicMerge`.
//! (upstream: `PatchStrategicMergeTransformer.go`, `Resource.ApplySmPatch`, v0.21.1)

use ecow::EcoString;
use goyaml::Node;
use schema::OpenApi;
use source::{Diagnostic, Origins, Place, Result, Span};

use super::inline::inline_span;
use super::strategic::{asked, patch_object};
use super::told::{in_outer_places, note_same, unmatched};
use crate::context::Context;
use crate::kustomization::Text;
use crate::load::Folder;
use crate::resource::{
    self, Before, Editor, ResMap, Resource, annotations, change_each, is_nil_or_empty,
    labels, metadata, read_nodes, set_annotations, set_field, set_map_field,
    set_text_map,
};
use crate::transformer::Transformer;
use crate::upstream::Upstream;

const BY: &str = "patchesStrategicMerge";

/// The patches of `patchesStrategicMerge`, read.
struct StrategicMerge {
    patches: Vec<(Resource, Span)>,
}

/// Reads `patchesStrategicMerge`: each entry is a patch itself, or else the path of a file.
pub(crate) fn configure_strategic_merge(
    context: &mut Context<'_>,
    folder: &Folder,
    entries: &[Text],
    inline: Option<&Text>,
) -> Result<Box<dyn Transformer>> {
    let mut patches = Vec::new();
    for entry in entries {
        let span = inline_span(context, entry);
        let nodes = match read_nodes(entry.as_str(), span) {
            Ok(nodes) => nodes,
            Err(_) => read_file(context, folder, entry)?,
        };
        patches.extend(nodes.into_iter().map(|node| (node, entry.span)));
    }
    if let Some(text) = inline {
        let nodes = read_nodes(text.as_str(), inline_span(context, text))?;
        patches.extend(nodes.into_iter().map(|node| (node, text.span)));
    }
    if patches.is_empty() {
        let span = entries.first().or(inline).map_or(Span::NONE, |entry| entry.span);
        let files: Vec<&str> = entries.iter().map(Text::as_str).collect();
        let given = inline.map_or("", Text::as_str);
        let message = format!("patch appears to be empty; files=[{}]", files.join(" "));
        return Err(Diagnostic::error(span, message.clone())
            .says(format!("{message}, Patch={given}"))
            .hint("write a part of an object into it, or take the entry out"));
    }
    let patches =
        patches.into_iter().map(|(node, span)| (context.resource(node), span)).collect();
    Ok(Box::new(StrategicMerge { patches }))
}

fn read_file(
    context: &mut Context<'_>,
    folder: &Folder,
    path: &Text,
) -> Result<Vec<Node>> {
    let loaded = folder.load(context, path)?;
    resource::read_file(context, loaded.file, path.as_str()).map_err(|error| {
        error.trace(path.span, format!("reading the patch {}", path.as_str()))
    })
}

impl Transformer for StrategicMerge {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        for (patch, span) in &self.patches {
            let found = resources.find_unique(patch.cur_id());
            let placed = |context: &Context<'_>, error| {
                let error = in_outer_places(context, error);
                match error.span.file == span.file {
                    true => error,
                    false => error.trace(*span, "patching as this entry says"),
                }
            };
            let at =
                found.map_err(|e| placed(context, unmatched(e, patch, resources)))?;
            let changes = context.origins.changes();
            let why = own_places(patch);
            apply_to_selected(context, BY, *span, resources, &[at], patch, &why)
                .map_err(|e| placed(context, e))?;
            if context.origins.changes() == changes {
                note_same(context, *span);
            }
        }
        context.drop_empties(resources);
        Ok(())
    }
}

/// Applies a patch to objects that were selected, whatever the patch itself is called.
/// (upstream: `resWrangler.ApplySmPatch`)
///
/// Upstream rewrites labels and annotations of the patch as texts here, so that a null among
/// them is the text `null`.
pub(super) fn apply_to_selected(
    context: &mut Context<'_>,
    by: &'static str,
    span: Span,
    resources: &mut ResMap,
    selected: &[usize],
    patch: &Resource,
    why: &[Place],
) -> Result<()> {
    let mut adjusted = patch.clone();
    adjusted.edit(|node| {
        let (label_map, annotation_map) = (labels(node), annotations(node));
        set_text_map(node, "labels", &label_map);
        set_annotations(node, &annotation_map);
        let metadata = node.get_mut("metadata").and_then(Node::entries_mut);
        for (key, value) in metadata.into_iter().flatten() {
            if matches!(key.text(), Some("name" | "namespace")) && !value.is_null() {
                value.set_untagged();
            }
        }
    });
    let overlay = Overlay::new(context, by, span, patch, why);
    let apply = |target: &mut Resource, origins: &mut Origins| {
        let mut node = adjusted.node().clone();
        set_gvk(&mut node, &target.cur_id().gvk.api_version());
        overlay.apply(node, target, origins)
    };
    change_each(resources.select_mut(selected), &mut context.origins, &apply)?;
    let may_collide = patch.name_change_allowed() || patch.kind_change_allowed();
    context.drop_empties(resources);
    if may_collide {
        let list = resources.take();
        resources.append_all(list)?;
    }
    Ok(())
}

/// Says in the patch which version its target has, and a kind, if an empty one.
/// (upstream: `Resource.SetGvk`, `SetKind`)
fn set_gvk(patch: &mut Node, version: &str) {
    match patch.get_mut("apiVersion") {
        Some(field) if field.text() == Some(version) => field.set_untagged(),
        Some(field) => *field = Node::untagged(version).at(field.span),
        None => set_field(patch, "apiVersion", Node::untagged(version).at(patch.span)),
    }
    match patch.get_mut("kind") {
        Some(field) => field.set_untagged(),
        None => set_field(patch, "kind", Node::untagged("").at(patch.span)),
    }
}

/// How a patch is laid over objects.
pub(super) struct Overlay<'a> {
    by: &'static str,
    span: Span,
    /// Where that is asked for.
    why: &'a [Place],
    may_rename: bool,
    may_change_kind: bool,
    note_effects: bool,
    schema: OpenApi,
}

impl<'a> Overlay<'a> {
    /// The overlay of `patch`, for the entry at `span`.
    pub(super) fn new(
        context: &mut Context<'_>,
        by: &'static str,
        span: Span,
        patch: &Resource,
        why: &'a [Place],
    ) -> Overlay<'a> {
        let schema = context.schema.clone();
        context.schema_used = true;
        let note_effects = context.options.note_effects;
        let (may_rename, may_change_kind) =
            (patch.name_change_allowed(), patch.kind_change_allowed());
        Overlay { by, span, why, may_rename, may_change_kind, note_effects, schema }
    }

    /// Lays the tree of a patch over an object. (upstream: `Resource.ApplySmPatch`)
    pub(super) fn apply(
        &self,
        patch: Node,
        target: &mut Resource,
        origins: &mut Origins,
    ) -> Result<()> {
        if self.may_rename || self.may_change_kind {
            target.store_previous_id();
        }
        let old = self.note_effects.then(|| target.node().clone());
        let before = Identity::of(target.node());
        if drops_annotations(&patch) {
            target.forget_history();
        }
        let mut editor = Editor::new(self.by, self.span.head(), origins);
        editor.because_of(identity(target.node()));
        editor.and_because_of(self.why.iter().copied());
        let removes = asked(None, &patch);
        let name = metadata(target.node()).and_then(|metadata| metadata.get("name"));
        let place = Some(name.unwrap_or(target.node()).place());
        let kept = target.edit_with(&mut editor, |node, editor| {
            patch_object(patch, node, &self.schema, editor)
        })?;
        if !kept {
            target.delete(editor.record(Before { place, text: None }, removes));
            origins.changed();
            return Ok(());
        }
        if target.is_nil_or_empty() {
            origins.changed();
            return Ok(());
        }
        target.edit(|node| before.restore(node, self.may_rename, self.may_change_kind));
        if old.is_some_and(|old| old != *target.node()) {
            origins.changed();
        }
        Ok(())
    }
}

/// What selectors and patches know an object by.
pub(super) fn identity(node: &Node) -> impl Iterator<Item = &Node> {
    let metadata = node.get("metadata");
    let own = ["name", "namespace"].map(|key| metadata.and_then(|m| m.get(key)));
    std::iter::once(node.get("kind")).chain(own).flatten()
}

/// Where a patch says which object it means.
pub(super) fn own_places(patch: &Resource) -> Vec<Place> {
    identity(patch.node()).map(Node::place).collect()
}

/// What a patch may not change without leave, as nodes.
struct Identity {
    kind: Node,
    name: Node,
    namespace: Option<Node>,
}

impl Identity {
    fn of(node: &Node) -> Identity {
        let metadata = metadata(node);
        let text = |field: Option<&Node>| {
            let known = field.filter(|field| !is_nil_or_empty(field)).cloned();
            known.unwrap_or_else(|| Node::untagged(""))
        };
        let namespace = metadata.and_then(|m| m.get("namespace")).filter(|field| {
            !is_nil_or_empty(field) && field.text().is_some_and(|text| !text.is_empty())
        });
        Identity {
            kind: node.get("kind").cloned().unwrap_or_else(|| Node::untagged("")),
            name: text(metadata.and_then(|m| m.get("name"))),
            namespace: namespace.cloned(),
        }
    }

    fn restore(self, node: &mut Node, may_rename: bool, may_change_kind: bool) {
        if !may_change_kind {
            set_map_field(node, "kind", &self.kind);
        }
        if !may_rename {
            if node.get("metadata").is_none() {
                node.set("metadata", Node::mapping(Vec::new()).at(self.name.span));
            }
            if let Some(metadata) = node.get_mut("metadata") {
                set_map_field(metadata, "name", &self.name);
            }
        }
        let Some(metadata) = node.get_mut("metadata") else { return };
        match self.namespace {
            Some(namespace) => set_map_field(metadata, "namespace", &namespace),
            None => {
                metadata.remove("namespace");
            }
        }
    }
}

/// Does a patch replace or remove all annotations, and so upstream's notes of former names?
fn drops_annotations(patch: &Node) -> bool {
    let replaces = |node: &Node| {
        let word = node.get("$patch").and_then(Node::text).map(EcoString::from);
        word.is_some_and(|word| word == "replace" || word == "delete")
    };
    if patch.get("$patch").is_some_and(|word| word.text() == Some("replace")) {
        return false;
    }
    let Some(metadata) = patch.get("metadata") else { return false };
    let annotations = metadata.get("annotations");
    metadata.is_null()
        || replaces(metadata)
        || annotations.is_some_and(|node| node.is_null() || replaces(node))
}
