//! `thanos-gitops.yaml`: what a repository says about itself.
//!
//! All of it is optional. [`Config`] is what the program reads; `shape.rs` says which keys
//! there are and is the one table from which reader and JSON Schema are made; `read.rs` goes
//! from the file to the types. Lints read their own settings through [`LintConfig`].

mod convert;
mod date;
mod read;
mod schema;
mod shape;
mod types;

pub use date::Date;
pub use read::read;
pub use schema::json_schema;
pub use source::did_you_mean;
pub(crate) use source::{edits, listed, near_or_all};
pub use types::{
    ClusterConfig, Compat, Config, HelmVersion, KustomizeVersion, Layout, Level,
    LintConfig, LoadRestrictor, Paths, Role, Said, Setting, SettingValue,
};

/// The name of the file, at the root of the repository.
pub const FILE: &str = "thanos-gitops.yaml";
