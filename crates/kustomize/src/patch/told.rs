//! What is said of patches: faults and notes, at the lines that people wrote.

use source::{Diagnostic, Span};

use super::selector::candidates;
use crate::NoteKind;
use crate::context::Context;
use crate::kustomization::{Selector, Text};
use crate::resource::{ResMap, Resource};

/// Notes a patch that left every object as it was, if anyone looked.
pub(super) fn note_same(context: &mut Context<'_>, span: Span) {
    if context.options.note_effects {
        let text = "the patch changes nothing: what it sets is there already";
        context.note(NoteKind::Transformer, span, text);
    }
}

/// Moves the places of an inline text to the kustomization that holds it.
pub(super) fn in_outer_places(
    context: &Context<'_>,
    mut error: Box<Diagnostic>,
) -> Box<Diagnostic> {
    error.span = context.outer_span(error.span);
    for label in &mut error.labels {
        label.span = context.outer_span(label.span);
    }
    error
}

/// The lint about patches that match nothing: the fault of one without a target is one of it.
const MATCHES_NOTHING: &str = "KUST001";

/// Says where a patch without a target is, and what it could have meant.
pub(super) fn unmatched(
    mut error: Box<Diagnostic>,
    patch: &Resource,
    resources: &ResMap,
) -> Box<Diagnostic> {
    let node = patch.node();
    let name = node.get("metadata").and_then(|m| m.get("name")).map(|n| n.span);
    error.span = name.filter(|span| !span.is_none()).unwrap_or(node.span);
    if error.message.contains("no matches for Id") {
        error.code = MATCHES_NOTHING;
    }
    let kind = Text { value: patch.cur_id().gvk.kind.clone(), span: node.span };
    let none = Text::default;
    let selector = Selector {
        span: node.span,
        group: none(),
        version: none(),
        kind,
        name: none(),
        namespace: none(),
        annotation_selector: none(),
        label_selector: none(),
    };
    error.hint(candidates(resources, &selector))
}
