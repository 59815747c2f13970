//! Values: the layers that set them, and how Helm merges those layers.
//!
//! Start with [`Options`] (what a user hands in), then `coalesce` (Helm's verb), then
//! `Merged` (the result, with a slot for every node). The working tree in `tree` has Go's
//! reference semantics, since Helm's result depends on which maps are shared.

mod coalesce;
mod export;
mod formats;
mod freeze;
mod given;
mod load;
mod options;
mod paths;
mod schema;
mod tree;

pub(crate) use coalesce::{Misfit, coalesce_values, merge_maps, merge_tables, settle};
pub(crate) use export::to_value;
pub(crate) use freeze::{Frozen, FrozenData, FrozenMap, Merged};
pub(crate) use given::given;
pub use load::values_text;
pub(crate) use load::{
    data_of_defaults, from_value, load_values, read_yaml, yaml_document,
};
pub use options::{Options, SetFlag, SetFlagKind, ValuesLayer, check_path};
pub(crate) use options::{merge_options, told};
pub(crate) use paths::{path_value, table};
pub(crate) use schema::validate;
pub(crate) use tree::{Data, Map, MapRef, Node, deep_copy};
