//! How deep templates are inside themselves.

use std::cell::RefCell;
use std::collections::BTreeMap;

/// Counts, for each template, how many of its includes are open. (helm: `includedNames`)
#[derive(Debug, Default)]
pub struct Includes {
    open: RefCell<BTreeMap<String, u32>>,
}

impl Includes {
    /// Opens an include, unless more than `limit` of this name are open.
    pub(crate) fn enter(&self, name: &str, limit: u32) -> bool {
        let mut open = self.open.borrow_mut();
        let count = open.entry(name.to_owned()).or_default();
        let allowed = *count <= limit;
        *count += u32::from(allowed);
        allowed
    }

    /// Closes an include.
    pub(crate) fn leave(&self, name: &str) {
        if let Some(count) = self.open.borrow_mut().get_mut(name) {
            *count = count.saturating_sub(1);
        }
    }
}
