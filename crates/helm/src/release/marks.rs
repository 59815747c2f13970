//! Marks follow their text when it is cut or shortened.

use std::collections::HashMap;
use std::ops::Range;

use source::{Frame, FrameId, FrameKind, Mark, Span, Trace};

use super::{Manifest, ManifestKind};

/// The marks of a part of a text, counted from the part's start.
pub(crate) fn cut<M: FromIterator<Mark>>(marks: &[Mark], range: &Range<usize>) -> M {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (start, end) = (narrow(range.start), narrow(range.end));
    let from = marks.partition_point(|m| m.end <= start);
    let to = marks.partition_point(|m| m.start < end).max(from);
    let inside = marks.get(from..to).unwrap_or(&[]).iter();
    inside
        .map(|m| {
            let whole = m.start >= start && m.end <= end;
            let part = if whole { *m } else { m.cut(start, end) };
            Mark { start: part.start - start, end: part.end - start, ..part }
        })
        .collect()
}

/// Removes every `needle` from a text, and from under its marks.
pub(crate) fn remove_all(text: &mut String, marks: &mut Vec<Mark>, needle: &str) {
    let holes: Vec<u32> = memchr::memmem::find_iter(text.as_bytes(), needle)
        .map(|at| u32::try_from(at).unwrap_or(u32::MAX))
        .collect();
    if holes.is_empty() {
        return;
    }
    *text = text.replace(needle, "");
    let size = u32::try_from(needle.len()).unwrap_or(0);
    let moved = |at: u32| {
        let before = holes.partition_point(|hole| *hole < at);
        let gone = u32::try_from(before).unwrap_or(0) * size;
        // Inside a hole, all bytes end up where the hole starts.
        match before.checked_sub(1).and_then(|last| holes.get(last)) {
            Some(hole) if at < hole + size => at - (at - hole) - (gone - size),
            _ => at - gone,
        }
    };
    for mark in marks.iter_mut() {
        (mark.start, mark.end) = (moved(mark.start), moved(mark.end));
    }
    marks.retain(|m| m.start < m.end);
}

/// Says of the documents that are hooks that they are there because of their annotation:
/// Helm drops what runs at no event that it knows.
pub(crate) fn because_of_hooks(manifests: &mut [Manifest], trace: &mut Trace) {
    for manifest in manifests {
        let ManifestKind::Hook(hook) = &manifest.kind else { continue };
        let said: Vec<Mark> = cut(&manifest.marks, &hook.at);
        let origin = trace.origins.union(said.iter().map(|mark| mark.origin));
        if origin.is_none() {
            continue;
        }
        let mut inside: HashMap<FrameId, FrameId> = HashMap::new();
        let mut marks = manifest.marks.to_vec();
        for mark in &mut marks {
            mark.frame = *inside.entry(mark.frame).or_insert_with(|| {
                let (kind, span) = (FrameKind::Chosen, Span::NONE);
                trace.frames.push(Frame { parent: mark.frame, kind, span, origin });
                FrameId(u32::try_from(trace.frames.len() - 1).unwrap_or(0))
            });
        }
        manifest.marks = marks.into();
    }
}

#[cfg(test)]
mod tests {
    use source::{FrameId, Mark, OriginId, Span};

    use super::{cut, remove_all};

    fn mark(start: u32, end: u32) -> Mark {
        let (origin, frame) = (OriginId::NONE, FrameId(0));
        Mark { start, end, origin, frame, at: Span::NONE }
    }

    fn ranges(marks: &[Mark]) -> Vec<(u32, u32)> {
        marks.iter().map(|m| (m.start, m.end)).collect()
    }

    #[test]
    fn cutting_clips_and_shifts() {
        let marks = [mark(0, 4), mark(4, 8), mark(8, 12)];
        assert_eq!(ranges(&cut::<Vec<Mark>>(&marks, &(2..9))), [(0, 2), (2, 6), (6, 7)]);
        assert!(cut::<Vec<Mark>>(&marks, &(12..20)).is_empty());
    }

    #[test]
    fn removing_closes_the_gaps() {
        let mut text = "ab<no value>cd<no value>ef".to_owned();
        let mut marks = vec![mark(0, 2), mark(2, 12), mark(12, 14), mark(14, 26)];
        remove_all(&mut text, &mut marks, "<no value>");
        assert_eq!(text, "abcdef");
        assert_eq!(ranges(&marks), [(0, 2), (2, 4), (4, 6)]);
    }
}
