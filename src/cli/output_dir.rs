//! `--output-dir`: each template's manifests in a file.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use helm::{Manifest, ManifestKind};
use source::{OutputFolder, VPath};

/// Writes manifests as Helm does, and returns what it says meanwhile.
///
/// Files of `crds/` lie in `folder` itself, all others in `below` of it. A file is written
/// anew; hooks alone are added to what is there, even if it is of an earlier run.
/// (`Configuration.renderResources`, `writeToFile`)
pub(crate) fn write<'m>(
    folder: &str,
    below: &str,
    manifests: impl Iterator<Item = &'m Manifest>,
) -> io::Result<String> {
    let output = OutputFolder::new(Path::new(folder), &VPath::root());
    let mut files: BTreeMap<VPath, String> = BTreeMap::new();
    let mut said = String::new();
    for manifest in manifests {
        let prefix = match manifest.kind {
            ManifestKind::Crd(_) => "",
            _ => below,
        };
        let name = match prefix {
            "" => manifest.path.to_string(),
            prefix => format!("{prefix}/{}", manifest.path),
        };
        said += &match prefix {
            // Upstream joins the one as text, the other as a path.
            "" => format!("wrote {folder}/{name}\n"),
            _ => format!("wrote {}/{name}\n", clean(folder)),
        };
        let path = VPath::new(&name).ok_or_else(|| {
            io::Error::other(format!("{name:?} leads out of the folder"))
        })?;
        if !files.contains_key(&path) && manifest.is_hook() {
            let old = output.read(&path)?.unwrap_or_default();
            files.insert(path.clone(), String::from_utf8_lossy(&old).into_owned());
        }
        let text = files.entry(path).or_default();
        *text += &format!("---\n# Source: {}\n{}\n", manifest.path, manifest.text);
    }
    files.iter().try_for_each(|(path, text)| output.replace(path, text.as_bytes()))?;
    Ok(said)
}

/// The path without what changes nothing. (`filepath.Join`)
fn clean(folder: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    let root = if folder.starts_with('/') { "/" } else { "" };
    format!("{root}{}", parts.join("/"))
}
