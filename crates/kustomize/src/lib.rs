//! Kustomize in process: resources, generators, transformers.
//!
//! [`build()`] does what `kustomize build --enable-helm` v5.8.1 does, and [`print()`] prints what
//! it prints, byte for byte. A kustomization is read ([`Kustomization`]), its resources are
//! accumulated (`accumulate.rs`: resources, generators, components, then the transformers in
//! the order of the table in `transformers/mod.rs`), and once, at the root, names get their
//! hashes, references follow the names, variables are filled in and local objects dropped
//! (`build.rs`).
//!
//! An object is a [`Resource`]: a tree of nodes that know where they were written, the ids it
//! had, and nothing else. Every change of a field goes through an [`Editor`], which writes
//! into the build target's arena who changed what, and where that was asked for.
//!
//! Absent on purpose: the chart engine (a [`ChartRenderer`] is a parameter), the network,
//! processes (exec and container functions are refused), the clock.

mod accumulate;
mod build;
mod builtin_config;
mod chart;
mod config;
mod context;
mod crds;
mod generators;
mod kustomization;
mod kustomization_file;
mod load;
mod note;
mod options;
mod origin_annotations;
mod patch;
mod plugins;
mod print;
mod provenance;
mod references;
mod resource;
mod schema_in_use;
mod transformer;
mod transformers;
mod upstream;

pub use build::{Built, build};
pub use chart::{
    ChartOutput, ChartRenderer, ChartRequest, NoCharts, ValuesDocument, ValuesLayer,
    ValuesSource,
};
pub use context::Context;
pub use kustomization::{
    FieldOptions, GeneratorArgs, GeneratorOptions, HelmChart, HelmGlobals, Image,
    Kustomization, Label, Patch, PatchOptions, Replacement, ReplacementField, Replica,
    Selector, SortOptions, SourceSelector, Spanned, TargetSelector, Text, TextMap,
    ValuesMerge, Var, read_kustomization,
};
pub use load::is_remote;
pub use note::{Note, NoteKind};
pub use options::{Compat, Options, Reorder};
pub use print::{print, print_one, typed};
pub use resource::{
    Before, Behavior, Deleted, Editor, FieldSpec, Gvk, Leaf, PartStep, PreviousId,
    Removal, ResId, ResMap, Resource, ScalarTag, split_api_version,
};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
