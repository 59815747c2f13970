//! Renders as files.
//!
//! `names.rs` names the file of a resource from its id alone; [`Staged`] puts files aside and
//! publishes them; the ownership lists (`lists.rs`) say which files may be removed.

use source::{Sink, VPath};

use crate::{Render, Repo};

/// What a write changed, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that were not there.
    pub added: Vec<VPath>,
    /// Files whose bytes differ.
    pub changed: Vec<VPath>,
    /// Files that no longer belong.
    pub removed: Vec<VPath>,
    /// How many files were right already.
    pub unchanged: usize,
}

/// Output on its way: staged render by render, published at the end.
pub struct Staged<'s> {
    sink: &'s dyn Sink,
    changes: Changes,
}

impl<'s> Staged<'s> {
    /// Starts with nothing staged.
    #[must_use]
    pub fn new(_repo: &Repo<'_>, sink: &'s dyn Sink) -> Staged<'s> {
        Staged { sink, changes: Changes::default() }
    }

    /// Stages the files of one render that differ from what is published.
    pub fn add(&mut self, _render: &Render) -> source::Result<()> {
        Ok(())
    }

    /// Publishes what was staged and removes what no longer belongs.
    pub fn publish(self) -> source::Result<Changes> {
        let _sink = self.sink;
        Ok(self.changes)
    }
}
