//! What the words of a kustomization, or of the configuration, name that no field holds: files
//! and folders.

use source::{EntryKind, Span, VPath};

use super::reach::{Reached, Unreached};
use crate::Repo;
use crate::config;
use crate::repo::KUSTOMIZATION_FILES;

/// Says of the values of the kustomization or configuration at `path` that reach no field what
/// they are for.
pub fn name_files(repo: &Repo<'_>, path: &VPath, reached: &mut [Reached]) {
    let is_config = path.as_str() == config::FILE;
    if !is_config && !KUSTOMIZATION_FILES.contains(&path.name()) {
        return;
    }
    let folder = path.parent().unwrap_or_else(VPath::root);
    for one in reached {
        // A value that a chart is given inline is a value like any other.
        let inline = one.target.path.to_string().contains(".valuesInline");
        if one.why.is_some() || !one.fields.is_empty() || inline {
            continue;
        }
        let text = repo.sources.text(one.target.span);
        let text = text.trim_matches(['"', '\'']);
        let named = folder.join(text).filter(|_| !text.is_empty());
        one.why = Some(match named.and_then(|named| place(repo, &named)) {
            Some(span) => (Unreached::NamesFile, span),
            None => (Unreached::Kustomization, Span::NONE),
        });
    }
}

/// The beginning of a file, or of a folder's kustomization; a folder without one has none.
fn place(repo: &Repo<'_>, path: &VPath) -> Option<Span> {
    let begins = |path: &VPath| {
        let bytes = repo.world.read(path).ok()?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        Some(Span::new(repo.sources.add_file(repo.world, path, text), 0, 0))
    };
    match repo.world.kind(path)? {
        EntryKind::File => begins(path),
        EntryKind::Folder => {
            let mut files = KUSTOMIZATION_FILES.iter().filter_map(|name| path.join(name));
            Some(files.find_map(|file| begins(&file)).unwrap_or(Span::NONE))
        }
    }
}
