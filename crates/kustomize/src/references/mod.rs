//! What refers to other objects: names that follow, and variables.

mod name_reference;
mod name_reference_table;
mod name_referral;
mod var_reference_table;
mod var_value;
mod vars;

pub(crate) use name_reference::fix_back_references;
pub(crate) use name_reference_table::{NAME_REFERENCES, Referrers, referrers};
pub(crate) use var_reference_table::VAR_REFERENCE;
pub(crate) use vars::{VarSet, resolve_vars};
