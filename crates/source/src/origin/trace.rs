//! [`Trace`]: what a template engine records of the text that it writes.

use std::sync::OnceLock;

use super::{OriginId, Origins};
use crate::{FileId, Span};

/// Names a [`Frame`] of one [`Trace`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct FrameId(pub u32);

/// One level of what was being executed: a chain, by `parent`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// The frame around this one; frame 0 is its own parent.
    pub parent: FrameId,
    /// What opened the frame.
    pub kind: FrameKind,
    /// The action that opened it: `{{ include … }}`, `{{ if … }}`.
    pub span: Span,
    /// The value that decided or was iterated, or the text that `tpl` executes; none for
    /// includes.
    pub origin: OriginId,
}

/// What opened a [`Frame`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameKind {
    /// A template file itself.
    File,
    /// A file that is taken as it is, and nothing executes: of a chart's `crds/`.
    Taken,
    /// `{{ include "x" . }}`, `{{ template "x" . }}`, `{{ tpl … }}`.
    Include,
    /// `{{ if … }}`, and its `else`.
    If,
    /// `{{ with … }}`, and its `else`.
    With,
    /// `{{ range … }}`, and its `else`.
    Range,
    /// Nothing: a text was chosen, or set, because of the origin.
    Chosen,
    /// Nothing: a text was printed in the parent that was made in this frame.
    Made(FrameId),
}

/// A range of rendered text and where it came from. Marks are sorted and do not overlap;
/// text between them is the template's own.
///
/// A mark without an origin whose range is as long as `at` is a copy: its first byte is that
/// of `at`, and so on ([`Mark::cut`]).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
    /// Where the data came from; [`OriginId::NONE`] for the template's own text.
    pub origin: OriginId,
    /// The include and condition chain in which it was printed.
    pub frame: FrameId,
    /// The action or text node that printed it.
    pub at: Span,
}

impl Mark {
    /// The part of the mark that lies in `start..end`; of a copy, `at` is cut too.
    #[must_use]
    pub fn cut(&self, start: u32, end: u32) -> Mark {
        let (start, end) = (start.max(self.start), end.min(self.end));
        let mut cut = Mark { start, end: end.max(start), ..*self };
        if self.is_copy() {
            cut.at.start += start - self.start;
            cut.at.end = cut.at.start + (cut.end - cut.start);
        }
        cut
    }

    /// Is its text what stands at `at`, byte for byte?
    fn is_copy(&self) -> bool {
        self.origin.is_none()
            && !self.at.is_none()
            && self.end.checked_sub(self.start) == self.at.end.checked_sub(self.at.start)
    }
}

/// The record of one render: shared by all texts that it made.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The arena that marks and frames point into.
    pub origins: Origins,
    /// The frames; frame 0 is the outermost.
    pub frames: Vec<Frame>,
    /// The branches that were not taken, in the order of execution.
    pub skipped: Vec<Skipped>,
    /// The same, in the order of their places.
    by_place: OnceLock<Box<[Skipped]>>,
}

impl Trace {
    /// What a render recorded.
    #[must_use]
    pub fn new(origins: Origins, frames: Vec<Frame>, skipped: Vec<Skipped>) -> Trace {
        Trace { origins, frames, skipped, by_place: OnceLock::new() }
    }

    /// The branches that begin within a range of a template, and were not taken.
    #[must_use]
    pub fn skipped_in(&self, file: FileId, range: std::ops::Range<u32>) -> &[Skipped] {
        let place = |skipped: &Skipped| (skipped.span.file.index(), skipped.span.start);
        let all = self.by_place.get_or_init(|| {
            let mut all = self.skipped.clone();
            all.sort_by_key(|skipped| (place(skipped), skipped.span.end));
            all.dedup();
            all.into()
        });
        let from = all.partition_point(|s| place(s) < (file.index(), range.start));
        let to = all.partition_point(|s| place(s) < (file.index(), range.end));
        all.get(from..to).unwrap_or(&[])
    }
}

/// A branch of a template that was not taken: why something is not there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Skipped {
    /// From the `{{ if … }}` to the end of what it would have printed.
    pub span: Span,
    /// The value that decided.
    pub origin: OriginId,
}
