//! Where charts come from: repositories and registries.

mod challenge;
mod index;
mod json_index;
mod registry;
mod repository;

#[cfg(test)]
pub(crate) use challenge::Challenge;
#[cfg(test)]
pub(crate) use index::read as read_index;
pub(crate) use registry::Registry;
pub(crate) use repository::Repository;

use helm::semver::Version;

use crate::{Digest, Fault};

/// A chart's archive, and how it was found.
#[derive(Debug)]
pub(crate) struct Archive {
    /// The bytes.
    pub(crate) bytes: Vec<u8>,
    /// The version that `Chart.yaml` says.
    pub(crate) version: String,
    /// The digest of the files in it.
    pub(crate) files: Digest,
    /// The SHA-256 of a registry's manifest.
    pub(crate) manifest: Option<Digest>,
    /// The text of its `.prov` file, if it was asked for and is there.
    pub(crate) provenance: Option<Vec<u8>>,
    /// The name of the file that the `.prov` file speaks of.
    pub(crate) file_name: String,
}

/// Is it a whole chart of this name and version? Returns the digest of its files.
fn check(bytes: &[u8], name: &str, version: &str, shown: &str) -> Result<Digest, Fault> {
    let fault = |words: String| Fault::new(format!("{shown}: {words}"));
    let files = helm::archive_files(bytes).map_err(fault)?;
    let text = |wanted: &str| {
        let file = files.iter().find(|(name, _)| name == wanted);
        file.map(|(_, data)| String::from_utf8_lossy(data).into_owned())
    };
    let Some(chart_yaml) = text("Chart.yaml") else {
        return Err(fault("the archive holds no Chart.yaml".to_owned()));
    };
    let metadata = helm::chart_metadata(&chart_yaml, None).map_err(fault)?;
    if metadata.name != name {
        let found = &metadata.name;
        return Err(fault(format!(
            "the archive holds the chart `{found}`, not `{name}`"
        )));
    }
    let same = match (Version::parse(&metadata.version), Version::parse(version)) {
        (Ok(found), Ok(wanted)) => found.compare(&wanted).is_eq(),
        _ => metadata.version == version,
    };
    match same {
        true => Ok(Digest::of_files(files.iter().map(|(name, data)| (&**name, &**data)))),
        false => {
            let found = &metadata.version;
            Err(fault(format!("the archive holds version {found}, not {version}")))
        }
    }
}
