//! What a tree names by its address, and what becomes of it when it changes.
//!
//! `uses.rs` finds the bases and files that kustomizations name, `finder.rs` the charts, `nested.rs` those that
//! vendored bases name themselves; `values.rs` compares
//! the default values of two versions of a chart, and finds the team's own values that meet a
//! key which is gone; `copies.rs` keeps copies in the tree, where Kustomize looks for them.
//! The crate `vendor` fetches, `cli/vendor/` is the command.

mod copies;
mod finder;
mod nested;
mod uses;
mod values;

pub use copies::{Copy, differing, files_below, missing, write};
pub use nested::{Nested, nested};
pub use uses::{Use, UsedChart, find, in_kustomization};
pub use values::{Changes, Difference, Met, ValuesChange, compare};
