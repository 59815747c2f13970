//! Objects, what they are called, and the one way in which they change.
//!
//! A [`Resource`] is a node with an identity and a history of identities; a [`ResMap`] is an
//! ordered set of them, indexed by both. Fields change only through an [`Editor`], which
//! records who changed them and why; [`visit_field`] finds the fields of a [`FieldSpec`].

mod affixes;
mod behavior;
mod each;
mod editor;
mod field_spec;
mod gvk;
mod kind_order;
mod metadata;
mod object;
mod previous_id;
mod read;
mod removal;
mod res_id;
mod res_map;
mod respell;
mod visit;

pub use behavior::Behavior;
pub(crate) use each::change_each;
pub use editor::{Before, Editor, ScalarTag};
pub(crate) use editor::{Misfit, Shared};
pub use field_spec::FieldSpec;
pub(crate) use field_spec::{Row, merge_all, merge_one, split_path};
pub use gvk::{Gvk, split_api_version};
pub(crate) use kind_order::{ORDER_FIRST, ORDER_LAST, default_rank};
pub(crate) use metadata::{
    annotations, appended, is_nil_or_empty, labels, metadata, new_key, quote_old_words,
    set_annotations, set_field, set_map_field, set_text_map,
};
pub use object::Resource;
pub use previous_id::PreviousId;
pub(crate) use read::{read_all, read_file, read_nodes};
pub use removal::{Deleted, Leaf, PartStep, Removal};
pub(crate) use res_id::NOT_A_NAMESPACE;
pub use res_id::ResId;
pub use res_map::ResMap;
pub(crate) use respell::respell;
pub(crate) use visit::{Create, visit_field, visit_fields, visit_path};
