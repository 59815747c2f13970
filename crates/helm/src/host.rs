//! What template functions may ask of the render that calls them.

use std::sync::Arc;

use source::Ambient;

use crate::Compat;

/// The render's surroundings, as functions see them: `call.host::<Host>()`.
pub struct Host {
    /// Clock and randomness.
    pub ambient: Arc<dyn Ambient>,
    /// Which Helm.
    pub compat: Compat,
}
