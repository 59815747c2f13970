//! Texts that stand inside of a kustomization: patches, plugin configs.

use std::sync::Arc;

use source::{FrameId, Mark, OriginId, Rendered, SlotTable, Span, Trace};

use crate::context::Context;
use crate::kustomization::Text;

/// Gives the text of an entry a file of its own, and the span of all of it.
///
/// Each line of it is marked with the line of the kustomization that says it, so that whatever
/// is read from the text is explained by the kustomization's lines.
pub(crate) fn inline_span(context: &Context<'_>, entry: &Text) -> Span {
    let outer = context.sources.file(entry.span.file);
    let raw = outer.text.get(entry.span.range()).unwrap_or("");
    let (trace, slots) = (Arc::<Trace>::default(), Arc::<SlotTable>::default());
    let marks = Arc::from(marks(entry, raw));
    let name = match outer.path.is_empty() {
        true => "inline".to_owned(),
        false => format!("{} (inline)", outer.path),
    };
    let rendered = Rendered { marks, trace, slots, given: Arc::from([]) };
    let text = entry.as_str();
    let file = context.sources.add_rendered(name, text, rendered);
    Span::new(file, 0, text.len())
}

fn marks(entry: &Text, raw: &str) -> Vec<Mark> {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let mut marks = Vec::new();
    let mut start = 0;
    let mut from = 0;
    for line in entry.as_str().split_inclusive('\n') {
        let words = line.trim();
        let found = raw
            .get(from..)
            .and_then(|rest| rest.find(words))
            .filter(|_| !words.is_empty());
        let at = match found {
            Some(offset) => {
                let begin = entry.span.start as usize + from + offset;
                from += offset + words.len();
                Span::new(entry.span.file, begin, begin + words.len())
            }
            None => entry.span,
        };
        let end = start + line.len();
        marks.push(Mark {
            start: narrow(start),
            end: narrow(end),
            origin: OriginId::NONE,
            frame: FrameId(0),
            at,
        });
        start = end;
    }
    marks
}
