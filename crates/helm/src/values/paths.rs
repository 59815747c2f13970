//! Dotted paths into values: conditions, tags, import-values.

use super::tree::{Data, MapRef, Node};

/// The map at a dotted path; the error is the key that holds none. (`Values.Table`)
pub(crate) fn table(vals: &MapRef, path: &str) -> Result<MapRef, String> {
    let mut at = vals.clone();
    for key in path.split('.') {
        let next = at.borrow().get(key).and_then(|n| n.map().cloned());
        at = next.ok_or_else(|| key.to_owned())?;
    }
    Ok(at)
}

/// The value that is no map at a dotted path. (`Values.PathValue`)
pub(crate) fn path_value(vals: &MapRef, path: &str) -> Option<Node> {
    let found = match path.rsplit_once('.') {
        None => vals.borrow().get(path).cloned(),
        Some((folder, key)) => {
            let folder = table(vals, folder).ok()?;
            folder.borrow().get(key).cloned()
        }
    };
    found.filter(|node| !matches!(node.data, Data::Map(_)))
}
