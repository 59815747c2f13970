//! [`RenderOptions`]: whom and what a chart is rendered for, its values aside.

use std::sync::Arc;

use ecow::EcoString;
use source::{Ambient, Span};

use crate::Compat;
use crate::capabilities::Capabilities;

/// Whom a chart is rendered for: `.Release`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// The release's name.
    pub name: EcoString,
    /// Its namespace.
    pub namespace: EcoString,
    /// Is it said to be an upgrade? Otherwise it is an installation.
    pub is_upgrade: bool,
}

/// Where a release got its name, its namespace, and what its cluster is said to be; no part
/// of what a render depends on.
#[derive(Clone, Copy, Debug, Default)]
pub struct NamedAt {
    /// The place of the name.
    pub name: Span,
    /// The place of the namespace.
    pub namespace: Span,
    /// The place of the Kubernetes version.
    pub kube_version: Span,
    /// The place of the list of API versions.
    pub api_versions: Span,
}

/// How a chart is rendered.
#[derive(Clone)]
pub struct RenderOptions {
    /// Whom for.
    pub release: Release,
    /// Where that is written.
    pub named_at: NamedAt,
    /// What the cluster can do.
    pub capabilities: Arc<Capabilities>,
    /// Which Helm.
    pub compat: Compat,
    /// Are values not checked against `values.schema.json`?
    pub skip_schema_validation: bool,
    /// Clock and randomness.
    pub ambient: Arc<dyn Ambient>,
    /// Identifies what `ambient` answers: equal seeds, equal answers. `None`: nothing that
    /// drew from it is remembered.
    pub seed: Option<EcoString>,
}
