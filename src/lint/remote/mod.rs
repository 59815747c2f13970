//! Lints about what a tree names by its address.

pub(super) mod chart_version_unpinned;
pub(super) mod plain_http_source;
pub(super) mod remote_base_unpinned;
pub(super) mod vendored_chart_changed;

use source::VENDORED;
use vendor::Lock;

use super::Tree;
use crate::vendored::{self, Use};

/// Every place that names something by its address.
fn uses(tree: &Tree<'_>) -> impl Iterator<Item = Use> {
    let (world, sources) = (tree.repo.world, tree.repo.sources);
    tree.kustomizations().flat_map(move |file| {
        let documents = file.documents.iter();
        documents.flat_map(move |document| {
            vendored::in_kustomization(world, sources, &file.path, document)
        })
    })
}

/// What is locked; nothing if the lock cannot be read, which a build tells.
fn lock(tree: &Tree<'_>) -> Lock {
    let path = source::VPath::new(VENDORED);
    let bytes = path.and_then(|path| tree.repo.world.read(&path).ok());
    let text = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    Lock::parse(&text.unwrap_or_default()).unwrap_or_default()
}
