//! Patches and replacements.
//!
//! Start with `entry.rs`: `patches`, `patchesStrategicMerge` and `patchesJson6902` become
//! transformers there. How one tree is laid over another is in [`strategic`], JSON patches in
//! [`json`], replacements in [`replacement`]. [`select`] finds the objects that a target means.
//!
//! Everything that a patch or replacement sets keeps the place where it is written; the edit is
//! recorded through the one setter, [`Editor`](crate::Editor).

mod entry;
mod inline;
mod json;
mod json6902;
mod label_selector;
mod replacement;
mod selector;
mod strategic;
mod strategic_merge;
mod told;

pub(crate) use entry::configure_patch;
pub(crate) use inline::inline_span;
pub(crate) use json6902::configure_json6902;
pub(crate) use replacement::{configure_replacements, field_value};
pub(crate) use selector::select;
pub(crate) use strategic::merge2;
pub(crate) use strategic_merge::configure_strategic_merge;
