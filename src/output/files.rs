//! Which files a render makes.

use std::collections::BTreeMap;

use source::{Result, VPath};

use crate::Render;
use crate::config::Layout;

/// The files of a render, by their path in the output.
pub(crate) fn of(_render: &Render, _layout: Layout) -> Result<BTreeMap<VPath, Vec<u8>>> {
    Ok(BTreeMap::new())
}
