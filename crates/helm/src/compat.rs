//! Which Helm.

/// Which Helm a chart is rendered as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Compat {
    /// Helm 4.2.4.
    #[default]
    Helm4,
    /// Helm 3.21.4.
    Helm3,
}
