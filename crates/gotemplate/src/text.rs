//! [`Str`]: a Go string, which may remember where its parts came from.

use std::borrow::{Borrow, Cow};
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use source::{FrameId, Mark, OriginId, Span};

use crate::marks::narrow;

/// A Go string: any bytes, cheap to clone.
///
/// A string that was put together from several values carries marks: ranges of it, each
/// with its origin, frame and place. Without marks the origin of the [`Value`] that holds
/// it stands for all of it. Marks take no part in comparison.
///
/// [`Value`]: crate::Value
#[derive(Clone, Default)]
pub struct Str {
    bytes: Arc<[u8]>,
    marks: Option<Rc<Marks>>,
}

/// The marks of a string.
struct Marks {
    list: OnceCell<Vec<Mark>>,
    /// Of a file's text: where its first byte came from, and what printed it. Its list is a
    /// mark for each line, made when someone asks.
    verbatim: Option<(OriginId, FrameId, Span)>,
}

impl Str {
    /// A string without marks.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]>) -> Str {
        Str::shared(match bytes.as_ref() {
            // One for all that are empty.
            [] => Arc::default(),
            bytes => bytes.into(),
        })
    }

    /// A string with marks, which are sorted, do not overlap, and lie inside it.
    #[must_use]
    pub fn marked(bytes: impl AsRef<[u8]>, marks: Vec<Mark>) -> Str {
        Str::with_marks(&Str::new(bytes), marks)
    }

    /// The same string with other marks.
    pub(crate) fn with_marks(text: &Str, marks: Vec<Mark>) -> Str {
        let some = !marks.is_empty();
        let marks = some.then(|| Rc::new(Marks { list: marks.into(), verbatim: None }));
        Str { bytes: text.bytes.clone(), marks }
    }

    /// A string that shares these bytes.
    #[must_use]
    pub fn shared(bytes: Arc<[u8]>) -> Str {
        Str { bytes, marks: None }
    }

    /// The text of a file; `first` is the origin of its first byte
    /// ([`Origins::verbatim`](source::Origins::verbatim)), and `at` put it out in `frame`.
    #[must_use]
    pub fn verbatim(bytes: Arc<[u8]>, first: OriginId, frame: FrameId, at: Span) -> Str {
        let verbatim = Some((first, frame, at));
        let some = !first.is_none() && !bytes.is_empty();
        let marks = some.then(|| Rc::new(Marks { list: OnceCell::new(), verbatim }));
        Str { bytes, marks }
    }

    /// The bytes of a file, if it is the text of one; and a mark that covers all of it, whose
    /// origin is that of the first byte.
    #[must_use]
    pub fn as_verbatim(&self) -> Option<(&Arc<[u8]>, Mark)> {
        let (origin, frame, at) = self.marks.as_ref()?.verbatim?;
        let end = narrow(self.bytes.len());
        Some((&self.bytes, Mark { start: 0, end, origin, frame, at }))
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The text; bytes that are no UTF-8 are replaced.
    #[must_use]
    pub fn to_str(&self) -> Cow<'_, str> {
        // Checking first is several times as fast, and hardly any string is faulty.
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => text.into(),
            Err(_) => String::from_utf8_lossy(&self.bytes),
        }
    }

    /// Its length in bytes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Is it the empty string?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Where its parts came from; empty if the value's origin holds for all of it.
    #[must_use]
    pub fn marks(&self) -> &[Mark] {
        let Some(marks) = &self.marks else { return &[] };
        marks.list.get_or_init(|| self.lines())
    }

    /// Has it marks?
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.marks.is_some()
    }

    /// A mark for each line of a file's text.
    fn lines(&self) -> Vec<Mark> {
        let Some((_, whole)) = self.as_verbatim() else { return Vec::new() };
        let mut start = 0;
        let lines = self.bytes.split_inclusive(|byte| *byte == b'\n');
        lines
            .map(|line| {
                let (from, to) = (start, start + line.len());
                start = to;
                let origin = whole.origin.after(from);
                Mark { start: narrow(from), end: narrow(to), origin, ..whole }
            })
            .collect()
    }

    pub(crate) fn share(&self) -> Arc<[u8]> {
        self.bytes.clone()
    }

    /// A part of the string, with the marks that lie in it. A range past the end is cut.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Str {
        let end = range.end.min(self.len());
        let start = range.start.min(end);
        let bytes = self.bytes.get(start..end).unwrap_or(&[]);
        match self.marks() {
            [] => Str::new(bytes),
            marks => Str::marked(bytes, crate::marks::slice_marks(marks, start..end)),
        }
    }
}

impl From<&str> for Str {
    fn from(text: &str) -> Str {
        Str::new(text)
    }
}

impl From<String> for Str {
    fn from(text: String) -> Str {
        Str::new(text)
    }
}

impl From<Vec<u8>> for Str {
    fn from(bytes: Vec<u8>) -> Str {
        Str::new(bytes)
    }
}

impl AsRef<[u8]> for Str {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Borrow<[u8]> for Str {
    fn borrow(&self) -> &[u8] {
        &self.bytes
    }
}

impl PartialEq for Str {
    fn eq(&self, other: &Str) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Str {}

impl PartialOrd for Str {
    fn partial_cmp(&self, other: &Str) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Str {
    fn cmp(&self, other: &Str) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Str {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl PartialEq<str> for Str {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl PartialEq<&str> for Str {
    fn eq(&self, other: &&str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl fmt::Debug for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_str(), f)
    }
}

impl fmt::Display for Str {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str())
    }
}
