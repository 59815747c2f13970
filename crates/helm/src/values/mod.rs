//! Values: the layers that set them, and the trees that hold them.
//!
//! Start with [`Options`] (what a user hands in), then `Merged` (what a render sees, with a
//! slot for every node). The working tree in `tree` has Go's reference semantics, since Helm's
//! result depends on which maps are shared.

mod export;
mod freeze;
mod load;
mod options;
mod paths;
mod tree;

pub(crate) use export::to_value;
pub(crate) use freeze::{Frozen, FrozenData, FrozenMap, Merged};
pub use load::values_text;
pub(crate) use load::{
    Defaults, data_of_defaults, from_value, load_values, read_yaml, yaml_document,
};
pub use options::{Options, SetFlag, SetFlagKind, ValuesLayer, check_path};
pub(crate) use options::{merge_options, told};
pub(crate) use paths::{path_value, table};
pub(crate) use tree::{Data, Map, MapRef, Node, deep_copy, merge_maps, unshare};
