//! What template functions may ask of the render that calls them.

use std::sync::Arc;

use source::Ambient;

use crate::{Compat, Documents, Draws, Includes};

/// The render's surroundings, as functions see them: `call.host::<Host>()`.
pub struct Host {
    /// Clock and randomness.
    pub ambient: Arc<dyn Ambient>,
    /// Which Helm.
    pub compat: Compat,
    /// Tells random draws apart; [`Draws::enter`] each template file before it is executed.
    pub draws: Draws,
    /// Ends templates that include themselves without end.
    pub includes: Includes,
    /// What was read as YAML before.
    pub documents: Arc<Documents>,
}

impl Host {
    /// The surroundings of one render.
    #[must_use]
    pub fn new(ambient: Arc<dyn Ambient>, compat: Compat) -> Host {
        Host {
            ambient,
            compat,
            draws: Draws::default(),
            includes: Includes::default(),
            documents: Arc::default(),
        }
    }

    /// The same, with what other renders of the chart have read.
    #[must_use]
    pub fn with_documents(mut self, documents: Arc<Documents>) -> Host {
        self.documents = documents;
        self
    }
}
