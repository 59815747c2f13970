//! The file of a folder that is its kustomization.

use goyaml::Node;
use source::{Diagnostic, EntryKind, Result, Span, VPath};

use crate::context::Context;
use crate::kustomization::Text;
use crate::load::{Folder, kustomization_document};
use crate::upstream::Upstream;

/// The names of a kustomization's file, one of which there must be.
const FILE_NAMES: [&str; 3] =
    ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The file of a folder that was meant to be its kustomization: `kustomisation.yaml`.
fn misspelt(context: &Context<'_>, folder: &VPath) -> Option<String> {
    let entries = context.world.list(folder).ok()?;
    let mut files = entries.into_iter().filter(|(_, kind)| *kind == EntryKind::File);
    let is_near = |name: &str| name.to_lowercase().starts_with("kustomi");
    files.find(|(name, _)| is_near(name)).map(|(name, _)| name)
}

/// Finds and parses the one kustomization file. (upstream: `LoadKustFile`)
pub(crate) fn kustomization_file(
    context: &mut Context<'_>,
    folder: &Folder,
) -> Result<(&'static str, Node)> {
    let found: Vec<&'static str> =
        FILE_NAMES.into_iter().filter(|name| folder.has_file(context, name)).collect();
    let shown = context.world.display(&folder.root);
    let full = context.world.absolute(&folder.root);
    let name = match found.as_slice() {
        [] => {
            let message = format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or \
                 'Kustomization' in directory '{shown}'"
            );
            let words = message.replace(&format!("'{shown}'"), &format!("'{full}'"));
            let hint = match misspelt(context, &folder.root) {
                Some(name) => format!("rename `{name}` there to `kustomization.yaml`"),
                None => {
                    "create a `kustomization.yaml` there, or name another folder".into()
                }
            };
            return Err(Diagnostic::error(Span::NONE, message).says(words).hint(hint));
        }
        [name] => *name,
        _ => {
            let message = format!("Found multiple kustomization files under: {shown}");
            return Err(Diagnostic::error(Span::NONE, message)
                .says(format!("Found multiple kustomization files under: {full}"))
                .hint(format!("keep one of: {}", found.join(", "))));
        }
    };
    let path = Text { value: name.into(), span: Span::NONE };
    let loaded = folder.load(context, &path)?;
    let node = kustomization_document(context, loaded.file)?;
    Ok((name, node))
}
