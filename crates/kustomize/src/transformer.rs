//! [`Transformer`]: what every transformer, patch and replacement is.

use source::{Result, Span};

use crate::context::Context;
use crate::resource::ResMap;

/// A change of a set of objects, configured and ready to run.
pub(crate) trait Transformer {
    /// Changes the objects.
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()>;

    /// The entry, and what is to be said of it if it changed nothing; none for those that
    /// say it themselves.
    fn without_effect(&self) -> Option<(Span, String)> {
        None
    }
}

/// Configured transformers of one kind.
pub(crate) type Configured = Vec<Box<dyn Transformer>>;
