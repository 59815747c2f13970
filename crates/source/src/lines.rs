//! Which line of a value a part of a rendered text is.
//!
//! A value that is written as a block may be a document of its own, or a part of one. Each of
//! its lines then becomes a field, and a reader wants that line, not the block.

use std::ops::Range;

use crate::{Layer, LayerKind, Mark, Origin, OriginId, Rendered, SourceMap, Span};

/// A line of a value.
pub(crate) struct Line<'a> {
    /// Where it is written.
    pub(crate) at: Span,
    /// The layer that is written there, and those that it won against.
    pub(crate) kind: LayerKind,
    pub(crate) lost: &'a [Layer],
    /// Why the value was taken.
    pub(crate) reasons: Vec<OriginId>,
}

/// How many reasons are passed to find the value.
const MOST_REASONS: usize = 16;

/// In longer blocks lines are not looked for: each would be counted from the first.
const LONGEST: usize = 1 << 16;

/// The line of a value that `part` of a mark of a text stands on; `None` if the mark is not
/// of a value, the value is no block, or its lines are others.
pub(crate) fn line<'a>(
    map: &SourceMap,
    text: &str,
    rendered: &'a Rendered,
    whole: &Mark,
    part: &Mark,
) -> Option<Line<'a>> {
    let words = text.get(part.start as usize..part.end as usize)?.trim();
    if words.is_empty()
        || words.contains('\n')
        || (whole.end - whole.start) as usize > LONGEST
    {
        return None;
    }
    let origins = &rendered.trace.origins;
    let (mut id, mut reasons) = (whole.origin, Vec::new());
    let (of, number, lines) = loop {
        match origins.get(id)? {
            Origin::Slot(slot) => {
                // Space at the end of a document is no part of it.
                let end = text.len().min(whole.end as usize);
                let printed = text.get(whole.start as usize..end)?;
                let before = printed.get(..(part.start - whole.start) as usize)?;
                let number = breaks(before.trim_start());
                break (slot, number, Some(breaks(printed.trim())));
            }
            Origin::Line { of, line } => match origins.get(of)? {
                Origin::Slot(slot) => break (slot, line as usize, None),
                _ => return None,
            },
            Origin::Because { data, reason } if reasons.len() < MOST_REASONS => {
                reasons.push(reason);
                id = data;
            }
            _ => return None,
        }
    };
    let layers = rendered.slots.layers.get(of.0 as usize)?;
    let (layer, lost) = layers.split_last()?;
    let file = map.file(layer.span.file);
    let block = file.text.get(layer.span.range()).filter(|text| text.starts_with('|'))?;
    let (header, content) = block.split_once('\n')?;
    // A text that has more lines, or fewer, was made of the value.
    let is_other = lines.is_some_and(|lines| lines != breaks(content.trim()));
    if is_other || block.len() > LONGEST {
        return None;
    }
    let start = layer.span.start as usize + header.len() + 1;
    let at = numbered(content, number)
        .filter(|at| content.get(at.clone()).is_some_and(|line| line.contains(words)))?;
    let at = Span::new(layer.span.file, start + at.start, start + at.end);
    Some(Line { at, kind: layer.kind, lost, reasons })
}

fn breaks(text: &str) -> usize {
    text.matches('\n').count()
}

/// Where a line is, counted from 0.
fn numbered(text: &str, number: usize) -> Option<Range<usize>> {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines.by_ref().take(number).map(str::len).sum();
    lines.next().map(|line| before..before + line.len())
}
