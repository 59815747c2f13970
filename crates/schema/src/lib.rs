//! Kubernetes schemas as Kustomize uses them: merge keys, kinds, scopes.
//!
//! Start with [`OpenApi`]: [`OpenApi::builtin`] is the Kubernetes v1.21.2 that kyaml pins
//! (`data/v1.21.2.txt`, facts only), [`OpenApi::with_custom`] what a
//! kustomization's `openapi:` file puts in its place. [`OpenApi::for_gvk`] gives the [`Type`]
//! of a kind; [`Type::field`] and [`Type::items`] walk down; [`Type::strategy`] and
//! [`Type::merge_keys`] say how a list is merged. Nothing is parsed before it is asked for.
//!
//! Absent on purpose: validation, descriptions, newer Kubernetes versions. Merges must use the
//! pinned version, because Kustomize does.

mod custom;
mod openapi;

mod table;
mod types;

pub use openapi::{OpenApi, Scope, is_cluster_scoped};
pub use types::{Kind, Type};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
