//! `patches`: strategic merge or JSON, inline or in a file.
//! (upstream: `PatchTransformer.go`, v0.21.1)

use source::{Diagnostic, Origins, Place, Result, Span};

use super::inline::inline_span;
use super::json;
use super::json6902::JsonPatching;
use super::selector::{candidates, describe, misses_at, note_catch_all, select, wanted};
use super::strategic_merge::{Overlay, apply_to_selected, own_places};
use super::told::{in_outer_places, note_same, unmatched};
use crate::context::Context;
use crate::kustomization::{Patch, Selector, Text};
use crate::load::{Folder, faulty};
use crate::resource::{ResMap, Resource, change_each, read_nodes};
use crate::transformer::Transformer;
use crate::upstream::Upstream;
use crate::{Compat, NoteKind};

const BY: &str = "patches";

/// An entry of `patches`, read.
struct Entry {
    span: Span,
    /// What upstream calls it in messages: `[path: "p.yaml"]`.
    source: String,
    body: Body,
    target: Option<Selector>,
}

enum Body {
    /// Nothing in it: upstream skips such patches since v5.8, and took them for JSON before.
    Empty,
    Strategic(Vec<Resource>),
    /// A JSON patch; one that is none is a fault where it is applied.
    Json(json::Decoded),
}

/// Reads an entry of `patches`.
pub(crate) fn configure_patch(
    context: &mut Context<'_>,
    folder: &Folder,
    entry: &Patch,
) -> Result<Box<dyn Transformer>> {
    let inline = entry.patch.as_str().trim();
    let (text_span, source) = match (inline.is_empty(), entry.path.is_empty()) {
        (true, true) => {
            return Err(Diagnostic::error(
                entry.span,
                "must specify one of patch and path in",
            )
            .hint("add `path:` or `patch:`"));
        }
        (false, false) => {
            let message = "patch and path can't be set at the same time";
            return Err(
                Diagnostic::error(entry.span, message).hint("keep one of the two")
            );
        }
        (false, true) => {
            let text = Text { value: inline.into(), span: entry.patch.span };
            (inline_span(context, &text), format!("[patch: {inline:?}]"))
        }
        (true, false) => {
            let path = entry.path.as_str();
            let loaded = folder.load(context, &entry.path).map_err(|e| {
                e.within(format!("failed to get the patch file from path({path})"))
            })?;
            let length = context.sources.file(loaded.file).text.len();
            (Span::new(loaded.file, 0, length), format!("[path: {path:?}]"))
        }
    };
    let body = read_body(context, text_span, entry, &source)?;
    let target = entry.target.clone();
    Ok(Box::new(Entry { span: entry.span, source, body, target }))
}

/// Decides what kind of patch a text is: it must be one, and not both.
fn read_body(
    context: &Context<'_>,
    span: Span,
    entry: &Patch,
    source: &str,
) -> Result<Body> {
    context.must_be_text(span.file).map_err(|fault| {
        faulty(&fault, "").says(format!("unable to parse SM or JSON patch from {source}"))
    })?;
    let text = context.sources.file(span.file).text.clone();
    let strategic = read_nodes(&text, span);
    let json = json::decode(&text, span.file);
    match (strategic, json) {
        (Ok(nodes), Ok(patch)) if !nodes.is_empty() && !patch.operations.is_empty() => {
            let message =
                format!("illegally qualifies as both an SM and JSON patch: {source}");
            Err(Diagnostic::error(place(context, span, entry), message))
        }
        (Ok(nodes), json) if nodes.is_empty() => Ok(match context.options.compat {
            Compat::V5_7 => Body::Json(json),
            Compat::V5_8 => Body::Empty,
        }),
        (Ok(nodes), _) => {
            let options = entry.options;
            let resources = nodes.into_iter().map(|node| {
                let mut resource = context.resource(node);
                resource
                    .allow_changes(options.allow_name_change, options.allow_kind_change);
                resource
            });
            Ok(Body::Strategic(resources.collect()))
        }
        (Err(_), Ok(patch)) => Ok(Body::Json(Ok(patch))),
        (Err(strategic), Err(json)) => {
            let words = format!("unable to parse SM or JSON patch from {source}");
            let message = "unable to parse SM or JSON patch";
            let span = match strategic.span.is_none() {
                true => place(context, span, entry),
                false => context.outer_span(strategic.span),
            };
            let lead = text.trim_start();
            let hint = match lead.starts_with(['[', '-']) {
                true => format!("this list is no JSON patch: {json}"),
                false => "a strategic merge patch is a part of an object, with `apiVersion`, \
                          `kind` and `metadata.name`; a JSON patch is a list of operations"
                    .to_owned(),
            };
            Err(Diagnostic::error(span, message)
                .says(words)
                .label(span, format!("no strategic merge patch: {}", strategic.message))
                .hint(hint))
        }
    }
}

fn place(context: &Context<'_>, span: Span, entry: &Patch) -> Span {
    match (entry.path.is_empty(), entry.patch.span.is_none()) {
        (false, _) => context.outer_span(Span::new(span.file, 0, 0)),
        (true, false) => entry.patch.span,
        (true, true) => entry.span,
    }
}

impl Transformer for Entry {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let (changes, notes) = (context.origins.changes(), context.notes.len());
        let result = match &self.body {
            Body::Empty => Ok(()),
            Body::Strategic(patches) => self.apply_strategic(patches, context, resources),
            Body::Json(patch) => self.apply_json(patch, context, resources),
        };
        context.drop_empties(resources);
        let silent = context.notes.get(notes..).unwrap_or_default();
        let reached = silent.iter().all(|note| note.kind != NoteKind::Patch);
        if reached && context.origins.changes() == changes {
            note_same(context, self.span);
        }
        result.map_err(|error| {
            let error = in_outer_places(context, error);
            let elsewhere = error.span.file != self.span.file;
            match elsewhere {
                true => error.trace(self.span, "patching as this entry says"),
                false => error,
            }
        })
    }
}

impl Entry {
    fn apply_strategic(
        &self,
        patches: &[Resource],
        context: &mut Context<'_>,
        resources: &mut ResMap,
    ) -> Result<()> {
        let Some(target) = &self.target else {
            for patch in patches {
                let at = resources.find_unique(patch.cur_id()).map_err(|mut e| {
                    let (id, why) = (patch.cur_id(), std::mem::take(&mut e.message));
                    e.message = format!(
                        "no resource matches strategic merge patch \"{id}\": {why}"
                    );
                    unmatched(e, patch, resources)
                })?;
                let why = own_places(patch);
                let overlay = Overlay::new(context, BY, self.span, patch, &why);
                let Some(target) = resources.get_mut(at) else { continue };
                overlay.apply(patch.node().clone(), target, &mut context.origins)?;
            }
            return Ok(());
        };
        let [patch] = patches else {
            let message = format!(
                "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set \
                 `patches.target` field: {}",
                self.source
            );
            return Err(Diagnostic::error(self.span, message)
                .hint("write one entry per patch, or leave `target` out"));
        };
        let selected = select(resources, target).map_err(|mut e| {
            let why = std::mem::take(&mut e.message);
            let what = describe(target);
            e.message =
                format!("unable to find patch target \"{what}\" in `resources`: {why}");
            e
        })?;
        self.note_selected(&selected, target, context, resources);
        let why: Vec<Place> = target.places().collect();
        apply_to_selected(context, BY, self.span, resources, &selected, patch, &why)
    }

    fn apply_json(
        &self,
        patch: &json::Decoded,
        context: &mut Context<'_>,
        resources: &mut ResMap,
    ) -> Result<()> {
        let is_empty = patch.as_ref().map_or(true, |patch| patch.operations.is_empty());
        let hint = if is_empty { "remove the empty patch" } else { "add `target:`" };
        let Some(target) = &self.target else {
            let message = format!("must specify a target for JSON patch {}", self.source);
            return Err(Diagnostic::error(self.span, message).hint(hint));
        };
        let selected = select(resources, target)?;
        let why: Vec<Place> = target.places().collect();
        self.note_selected(&selected, target, context, resources);
        if selected.is_empty() {
            return Ok(());
        }
        let patch = patch
            .as_ref()
            .map_err(|words| Diagnostic::error(self.span, words.clone()).hint(hint))?;
        let patching = JsonPatching::new(context, BY, self.span, patch, &why);
        let apply = |resource: &mut Resource, origins: &mut Origins| {
            resource.store_previous_id();
            patching.apply(resource, origins)
        };
        change_each(resources.select_mut(&selected), &mut context.origins, &apply)
    }

    fn note_selected(
        &self,
        selected: &[usize],
        target: &Selector,
        context: &mut Context<'_>,
        resources: &ResMap,
    ) {
        let span = if target.span.is_none() { self.span } else { target.span };
        if !selected.is_empty() {
            let counts = (selected.len(), resources.len());
            return note_catch_all(context, target, span, counts);
        }
        let known = candidates(resources, target);
        let text = format!("no object matches the target `{}`", wanted(target));
        let span = misses_at(resources, target, span);
        context.note_with(NoteKind::Patch, span, text, known);
    }
}
