//! Where `render` puts its manifests: a stream, one file, or a file for each object.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;

use kustomize::{ResId, ResMap};
use source::{OutputFolder, VPath, write_file};

/// Writes documents one after the other, as `kustomize build` prints them.
pub(super) fn stream(texts: &[String], out: &mut dyn Write) -> io::Result<()> {
    for (at, text) in texts.iter().enumerate() {
        if at > 0 {
            out.write_all(b"---\n")?;
        }
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

/// Writes all to one file.
pub(super) fn one_file(texts: &[String], path: &Path) -> io::Result<()> {
    if path.as_os_str().as_encoded_bytes().ends_with(b"/") {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let mut bytes = Vec::new();
    stream(texts, &mut bytes)?;
    write_file(path, &bytes)
}

/// Writes a file for each object into a folder; what else is there stays.
/// (upstream: `commands/build/writer.go`, `WriteIndividualFiles`)
pub(super) fn files(
    resources: &ResMap,
    texts: &[String],
    folder: &Path,
) -> io::Result<()> {
    let mut files = BTreeMap::new();
    for (name, text) in file_names(resources).into_iter().zip(texts) {
        let path = VPath::new(&name).filter(|_| !name.contains('/'));
        let path = path.ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, format!("`{name}` is no name"))
        })?;
        files.insert(path, text);
    }
    let folder = OutputFolder::new(folder, &VPath::root());
    files.iter().try_for_each(|(path, text)| folder.replace(path, text.as_bytes()))
}

/// `apps_v1_deployment_web.yaml`; with the namespace in front if there are several.
fn file_names(resources: &ResMap) -> Vec<String> {
    let ids: Vec<&ResId> = resources.iter().map(kustomize::Resource::cur_id).collect();
    let namespaced = ids.iter().filter(|id| !id.cluster_scoped);
    let namespaces: BTreeSet<&str> =
        namespaced.map(|id| id.effective_namespace()).collect();
    let name = |id: &&ResId| {
        let gvk = [&id.gvk.group, &id.gvk.version, &id.gvk.kind];
        let gvk: Vec<&str> =
            gvk.into_iter().map(|part| part.as_str()).filter(|p| !p.is_empty()).collect();
        let name = format!("{}_{}.yaml", gvk.join("_").to_lowercase(), lower(&id.name));
        match namespaces.len() > 1 && !id.cluster_scoped {
            true => format!("{}_{name}", lower(id.effective_namespace())),
            false => name,
        }
    };
    ids.iter().map(name).collect()
}

fn lower(text: &str) -> String {
    text.to_lowercase()
}
