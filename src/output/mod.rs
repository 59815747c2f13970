//! Renders as files.
//!
//! [`Staged`] takes render after render, compares with what is published and stages what
//! differs; nothing that people see changes before [`Staged::publish`]. `files.rs` says which
//! files a render makes, `names.rs` names the file of a resource from its id alone, and
//! `lists.rs` keeps the lists of what is ours: only that is ever overwritten or removed.

mod files;
mod lists;
mod names;
mod published;
mod staged;

pub use files::object_name;
pub use published::Published;
pub(crate) use staged::REMOVE_LINK;
pub use staged::{Changes, Staged};
