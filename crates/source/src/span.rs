//! Files and ranges of bytes in them.

/// Names a file of a [`SourceMap`](crate::SourceMap). Never printed, never ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Default)]
pub struct FileId(u32);

impl FileId {
    /// The file of things that no file holds: flags, defaults, built-in data.
    pub const NONE: FileId = FileId(0);

    pub(crate) fn new(index: usize) -> FileId {
        FileId(u32::try_from(index).unwrap_or(0))
    }

    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A range of bytes in a file: `start..end`, counted from 0.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Span {
    /// The file that holds the range.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// No place at all; the span of made-up nodes.
    pub const NONE: Span = Span { file: FileId::NONE, start: 0, end: 0 };

    /// Makes the span `start..end` of `file`. Offsets past 4 GiB saturate.
    #[must_use]
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { file, start: narrow(start), end: narrow(end) }
    }

    /// Is this [`Span::NONE`], or another span of no file?
    #[must_use]
    pub fn is_none(self) -> bool {
        self.file == FileId::NONE
    }

    /// The smallest span that covers both; `self` if they lie in different files.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.is_none() {
            return other;
        }
        if other.file != self.file {
            return self;
        }
        Span {
            file: self.file,
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Does `other` lie within this span?
    #[must_use]
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// Where it begins, without any of its text.
    #[must_use]
    pub fn head(self) -> Span {
        Span { end: self.start, ..self }
    }

    /// The range as `usize`, for slicing.
    #[must_use]
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }
}
