//! What a tree names by its address, and what becomes of it when it changes.
//!
//! `find.rs` walks the tree, `kustomization.rs` reads what one kustomization names, `nested.rs`
//! what vendored bases name themselves; `values.rs` compares the default values of two versions
//! of a chart, and finds the team's own values that meet a key which is gone; `copies.rs` keeps
//! copies in the tree, where Kustomize looks for them.
//! The crate `vendor` fetches, `cli/vendor/` is the command.

mod copies;
mod find;
mod kustomization;
mod nested;
mod uses;
mod values;

pub use copies::{Copy, differing, files_below, missing, write};
pub use find::find;
pub use kustomization::in_kustomization;
pub use nested::{Nested, nested};
pub use uses::{Use, UsedChart};
pub use values::{Changes, Difference, Met, ValuesChange, compare};
