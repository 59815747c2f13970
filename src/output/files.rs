//! Which files a render makes.

use std::collections::BTreeMap;

use kustomize::{ResId, Resource};
use source::{Diagnostic, Result, VPath};

use super::names::{Id, file_name};
use crate::Render;
use crate::config::Layout;

/// The files of a render, by their path in the output.
pub(crate) fn of(render: &Render, layout: Layout) -> Result<BTreeMap<VPath, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let Some(built) = render.built() else { return Ok(files) };
    let folder = VPath::new(&format!("{}/{}", render.cluster(), render.component()));
    let folder = folder.unwrap_or_else(VPath::root);
    if layout == Layout::Stream {
        let text = kustomize::print(&built.resources)?;
        if !text.is_empty() {
            files.extend(
                folder.join("manifests.yaml").map(|path| (path, text.into_bytes())),
            );
        }
        return Ok(files);
    }
    for resource in &built.resources {
        let text = kustomize::print_one(resource)?;
        let Some(path) = folder.join(&name(resource.cur_id())) else { continue };
        if files.insert(path, text.into_bytes()).is_some() {
            return Err(twice(render, resource));
        }
    }
    Ok(files)
}

fn name(id: &ResId) -> String {
    file_name(Id {
        group: &id.gvk.group,
        kind: &id.gvk.kind,
        namespace: if id.cluster_scoped { "" } else { &id.namespace },
        name: &id.name,
    })
}

/// Kustomize lets the same object stand twice if its API versions differ; a cluster does not.
fn twice(render: &Render, resource: &Resource) -> Box<Diagnostic> {
    let object = object_name(resource.cur_id());
    let message = format!("{object} stands twice in component `{}`", render.component());
    Diagnostic::error(resource.node().span, message)
        .hint("keep one of the API versions; a cluster holds one object of this name")
}

/// An object as people name it: `apps/Deployment monitoring/query`, `Namespace mon`.
///
/// The API version is no part of it: the same object at another version is the same object.
#[must_use]
pub fn object_name(id: &ResId) -> String {
    let slash =
        |text: &str| if text.is_empty() { String::new() } else { format!("{text}/") };
    let namespace = if id.cluster_scoped { "" } else { &*id.namespace };
    format!("{}{} {}{}", slash(&id.gvk.group), id.gvk.kind, slash(namespace), id.name)
}
