//! `patchesJson6902`, and applying a JSON patch to an object.
//! (upstream: `PatchJson6902Transformer.go`, `filters/patchjson6902`, v0.21.1)

use ecow::EcoString;
use goyaml::Node;
use source::{Diagnostic, Origins, Place, Result, SourceMap, Span};

use super::inline::inline_span;
use super::json;
use super::selector::{candidates, misses_at, note_catch_all, select, wanted};
use super::strategic_merge::identity;
use super::told::{in_outer_places, note_same};
use crate::NoteKind;
use crate::context::Context;
use crate::kustomization::{Patch, Selector};
use crate::load::{Folder, faulty};
use crate::print::{not_in_json, spell_as_printed};
use crate::resource::{
    Editor, ResMap, Resource, annotations, change_each, metadata, respell,
    set_annotations,
};
use crate::transformer::Transformer;
use crate::upstream::Upstream;

const BY: &str = "patchesJson6902";

/// An entry of `patchesJson6902`, read.
struct Json6902 {
    span: Span,
    patch: json::Patch,
    target: Selector,
}

/// Reads an entry of `patchesJson6902`.
pub(crate) fn configure_json6902(
    context: &mut Context<'_>,
    folder: &Folder,
    entry: &Patch,
) -> Result<Box<dyn Transformer>> {
    let fail = |message: &str, hint: &str| {
        Err(Diagnostic::error(entry.span, message).hint(hint))
    };
    let Some(target) = entry.target.clone().filter(|target| !target.name.is_empty())
    else {
        return Err(Diagnostic::error(entry.span, "must specify the target name")
            .hint("add `name:` under `target:`"));
    };
    let (inline, path) = (entry.patch.as_str(), entry.path.as_str());
    let span = match (inline.is_empty(), path.is_empty()) {
        (true, true) => {
            return fail("empty file path and empty jsonOp", "add `path:` or `patch:`");
        }
        (false, false) => {
            let message = "must specify a file path or jsonOp, not both";
            return fail(message, "keep one of `path` and `patch`");
        }
        (false, true) => inline_span(context, &entry.patch),
        (true, false) => {
            let loaded = folder.load(context, &entry.path)?;
            let length = context.sources.file(loaded.file).text.len();
            if length == 0 {
                let message = format!("patch file '{path}' empty seems to be empty");
                return fail(&message, "write a list of operations into it");
            }
            Span::new(loaded.file, 0, length)
        }
    };
    context
        .must_be_text(span.file)
        .map_err(|fault| faulty(&fault, "decoding the patch"))?;
    let text = context.sources.file(span.file).text.clone();
    let place = if inline.is_empty() { entry.path.span } else { entry.patch.span };
    let patch = json::decode(&text, span.file).map_err(|why| {
        Diagnostic::error(place, format!("decoding the patch: {why}"))
            .says(format!("decoding {text}: {why}"))
            .hint("write a list of operations, each with `op` and `path`")
    })?;
    if patch.operations.is_empty() {
        let message = format!("patch appears to be empty; file={path}");
        let words = format!("{message}, JsonOp={text}");
        return Err(Diagnostic::error(place, message)
            .says(words)
            .hint("write an operation into it"));
    }
    Ok(Box::new(Json6902 { span: entry.span, patch, target }))
}

impl Transformer for Json6902 {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let selected = select(resources, &self.target)?;
        if selected.is_empty() {
            let span = misses_at(resources, &self.target, self.span);
            let known = candidates(resources, &self.target);
            let what = wanted(&self.target);
            let text = format!("no object matches the target `{what}`");
            context.note_with(NoteKind::Patch, span, text, known);
        }
        let (reached, changes) = (selected.len(), context.origins.changes());
        let counts = (reached, resources.len());
        note_catch_all(context, &self.target, self.span, counts);
        let why: Vec<Place> = self.target.places().collect();
        let patching = JsonPatching::new(context, BY, self.span, &self.patch, &why);
        let apply = |resource: &mut Resource, origins: &mut Origins| {
            patching.apply(resource, origins)
        };
        change_each(resources.select_mut(&selected), &mut context.origins, &apply)
            .map_err(|e| in_outer_places(context, e))?;
        context.drop_empties(resources);
        if reached > 0 && context.origins.changes() == changes {
            note_same(context, self.span);
        }
        Ok(())
    }
}

/// JSON patches work on JSON, and that has no infinities.
fn refuse_infinity(node: &Node) -> Result<()> {
    let Some((span, number)) = not_in_json(node) else { return Ok(()) };
    Err(Diagnostic::error(span, format!("json: unsupported value: {number}"))
        .hint("a JSON patch can only change objects that JSON can say"))
}

/// The annotations that upstream takes for its own, whoever wrote them: no JSON patch changes
/// them. (kyaml: `kioutil.GetInternalAnnotations`)
fn internal_annotations(node: &Node) -> Vec<(EcoString, EcoString)> {
    const LEGACY: [&str; 3] =
        ["config.kubernetes.io/path", "config.kubernetes.io/index", "config.k8s.io/id"];
    let map = metadata(node).and_then(|m| m.get("annotations"));
    let entries = map.and_then(Node::entries).unwrap_or_default();
    let own = entries.iter().filter_map(|(key, value)| {
        let key = key.text()?;
        let is_own = key.starts_with("internal.config.kubernetes.io/");
        let text = value.text().filter(|_| !value.is_null()).unwrap_or_default();
        (is_own || LEGACY.contains(&key)).then(|| (key.into(), text.into()))
    });
    own.collect()
}

/// How a JSON patch is applied to objects.
pub(super) struct JsonPatching<'a> {
    by: &'static str,
    span: Span,
    patch: &'a json::Patch,
    /// Where that is asked for.
    why: &'a [Place],
    sources: &'a SourceMap,
    note_effects: bool,
}

impl<'a> JsonPatching<'a> {
    /// The patching that the entry at `span` asks for.
    pub(super) fn new(
        context: &Context<'a>,
        by: &'static str,
        span: Span,
        patch: &'a json::Patch,
        why: &'a [Place],
    ) -> JsonPatching<'a> {
        let (sources, note_effects) = (context.sources, context.options.note_effects);
        JsonPatching { by, span, patch, why, sources, note_effects }
    }

    /// Applies the patch to one object; its annotations are texts afterwards, as upstream
    /// writes them anew.
    pub(super) fn apply(
        &self,
        resource: &mut Resource,
        origins: &mut Origins,
    ) -> Result<()> {
        let before = self.note_effects.then(|| resource.node().clone());
        let mut editor = Editor::new(self.by, self.span.head(), origins);
        editor.because_of(identity(resource.node()));
        editor.and_because_of(self.why.iter().copied());
        resource.unshare();
        let applied = resource.edit_with(&mut editor, |node, editor| {
            spell_as_printed(node);
            refuse_infinity(node)?;
            let kept = internal_annotations(node);
            json::apply(self.patch, node, self.sources, editor)?;
            respell(node);
            let mut texts = annotations(node);
            texts.extend(kept);
            set_annotations(node, &texts);
            Ok(())
        });
        if before.is_some_and(|before| before != *resource.node()) {
            origins.changed();
        }
        // Upstream puts what it keeps there back.
        if resource.has_history() {
            resource.make_annotations();
        }
        applied
    }
}
