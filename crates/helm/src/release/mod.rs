//! From rendered files to the manifests of a release: split, told from hooks, sorted.

mod head;
mod kind_order;
mod manifest;
mod marks;
mod sorter;
mod split;

pub(crate) use manifest::SortInput;
pub use manifest::{Hook, HookEvent, Manifest, ManifestKind};
pub(crate) use marks::{because_of_hooks, cut, remove_all};
pub(crate) use sorter::Sorter;
pub(crate) use split::split_manifests;
