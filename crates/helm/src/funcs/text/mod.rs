//! Text algorithms that functions share: goutils, xstrings, and Go's `strings`.
//!
//! Texts are bytes, as Go's strings are: `trunc` cuts characters in two.

pub(crate) mod base;
pub(crate) mod casing;
pub(crate) mod ip;
pub(crate) mod runes;
pub(crate) mod url;
pub(crate) mod words;
