//! [`Setup`]: what a kustomization's own transformers are made of.

use crate::config::TransformerConfig;
use crate::context::Context;
use crate::kustomization::Kustomization;
use crate::load::Folder;

/// What the configuration of a transformer can look at.
pub(crate) struct Setup<'a, 'c> {
    /// The build.
    pub(crate) context: &'a mut Context<'c>,
    /// The kustomization's folder.
    pub(crate) folder: &'a Folder,
    /// The kustomization.
    pub(crate) kustomization: &'a Kustomization,
    /// The field specs in force.
    pub(crate) config: &'a TransformerConfig,
}
