//! [`OutlineEntry`]: a key, and where its value stands.

use std::ops::Range;

use ecow::EcoString;

/// An entry of an [`Outline`](super::Outline).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineEntry {
    /// The key.
    pub key: EcoString,
    /// The bytes of its lines, from the key to the next one.
    pub lines: Range<usize>,
    /// Is its value a mapping in block style?
    pub is_mapping: bool,
}
