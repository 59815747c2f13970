//! What transparent functions do with marks: cut, join, and move them.

use std::ops::Range;

use source::{FrameId, Mark, OriginId, Span};

use crate::limits::MAX_TEXT;
use crate::{Str, Value};

/// The marks that lie in `range`, counted from its start.
#[must_use]
pub fn slice_marks(marks: &[Mark], range: Range<usize>) -> Vec<Mark> {
    let (from, to) = (narrow(range.start), narrow(range.end));
    let first = marks.partition_point(|m| m.end <= from);
    let inside = marks.iter().skip(first).take_while(|m| m.start < to);
    inside
        .map(|m| m.cut(from, to))
        .map(|m| Mark { start: m.start - from, end: m.end - from, ..m })
        .filter(|m| m.start < m.end)
        .collect()
}

/// Moves the marks of `text` to `new`, a string made from it.
///
/// `pieces` are pairs of an old and a new range in rising order: what stood in the first
/// stands, perhaps longer or shorter, in the second. A piece of equal length keeps all its
/// marks; any other becomes the mark of its first byte. A string without marks gives one
/// without marks: the engine carries its value's origin over.
#[must_use]
pub fn map_ranges(
    text: &Str,
    new: impl AsRef<[u8]>,
    pieces: impl IntoIterator<Item = (Range<usize>, Range<usize>)>,
) -> Str {
    if !text.is_marked() {
        return Str::new(new);
    }
    let mut marks: Vec<Mark> = Vec::with_capacity(text.marks().len());
    for (old, new) in pieces {
        let same = old.len() == new.len();
        let cut = slice_marks(text.marks(), old);
        if same {
            let by = narrow(new.start);
            marks.extend(cut.iter().map(|m| shifted(m, by)));
        } else if let Some(first) = cut.first().filter(|_| !new.is_empty()) {
            marks.push(Mark { start: narrow(new.start), end: narrow(new.end), ..*first });
        }
    }
    Str::marked(new, marks)
}

/// Joins strings, each with the origin of its value, into one that remembers them.
///
/// [`Call::builder`](crate::Call::builder) makes one that knows the current place.
#[derive(Clone, Debug, Default)]
pub struct StrBuilder {
    bytes: Vec<u8>,
    marks: Vec<Mark>,
    frame: FrameId,
    at: Option<Span>,
}

impl StrBuilder {
    /// A builder whose pieces were printed in `frame` by what stands at `at`.
    #[must_use]
    pub fn new(frame: FrameId, at: Span) -> StrBuilder {
        StrBuilder { bytes: Vec::new(), marks: Vec::new(), frame, at: Some(at) }
    }

    /// Appends text that has no origin: a separator, a quote.
    ///
    /// Beyond what a text may have, nothing is appended: the call will fail.
    pub fn push(&mut self, bytes: impl AsRef<[u8]>) {
        if self.is_full() {
            return;
        }
        self.bytes.extend_from_slice(bytes.as_ref());
    }

    /// Appends a string with its marks, or if it has none, with `origin`.
    pub fn push_str(&mut self, text: &Str, origin: OriginId) {
        if self.is_full() {
            return;
        }
        let start = narrow(self.bytes.len());
        self.bytes.extend_from_slice(text.as_bytes());
        if !text.is_marked() {
            self.mark(start, origin);
        } else {
            self.marks.extend(text.marks().iter().map(|m| shifted(m, start)));
        }
    }

    /// Appends text that was made from a value of the given origin.
    pub fn push_from(&mut self, bytes: impl AsRef<[u8]>, origin: OriginId) {
        if self.is_full() {
            return;
        }
        let start = narrow(self.bytes.len());
        self.bytes.extend_from_slice(bytes.as_ref());
        self.mark(start, origin);
    }

    fn is_full(&self) -> bool {
        self.bytes.len() > MAX_TEXT
    }

    fn mark(&mut self, start: u32, origin: OriginId) {
        let end = narrow(self.bytes.len());
        if start < end && !origin.is_none() {
            let at = self.at.unwrap_or(Span::NONE);
            self.marks.push(Mark { start, end, origin, frame: self.frame, at });
        }
    }

    /// How many bytes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Does it hold nothing?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The string. If one mark covers all of it, it becomes the origin of the value.
    #[must_use]
    pub fn finish(self) -> Value {
        let whole = narrow(self.bytes.len());
        match self.marks.as_slice() {
            [one] if one.start == 0 && one.end == whole && Some(one.at) == self.at => {
                Value::from(Str::new(self.bytes)).with_origin(one.origin)
            }
            _ => Value::from(Str::marked(self.bytes, self.marks)),
        }
    }
}

/// Joins values' strings with a separator; marks and origins are kept.
#[must_use]
pub fn concat<'a>(
    mut builder: StrBuilder,
    pieces: impl IntoIterator<Item = (&'a Str, OriginId)>,
    separator: &[u8],
) -> Value {
    for (i, (text, origin)) in pieces.into_iter().enumerate() {
        if i > 0 {
            builder.push(separator);
        }
        builder.push_str(text, origin);
    }
    builder.finish()
}

pub(crate) fn shifted(mark: &Mark, by: u32) -> Mark {
    Mark {
        start: mark.start.saturating_add(by),
        end: mark.end.saturating_add(by),
        ..*mark
    }
}

pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
