//! All clusters together.

use crate::{Render, Repo};

/// What is known about every cluster at once.
pub struct Fleet<'r> {
    /// The repository.
    pub repo: &'r Repo<'r>,
    /// The renders, in the order of the targets.
    pub renders: &'r [Render],
}

impl<'r> Fleet<'r> {
    /// Links the resources of all renders.
    #[must_use]
    pub fn new(repo: &'r Repo<'_>, renders: &'r [Render]) -> Fleet<'r> {
        Fleet { repo, renders }
    }
}
