//! Signatures of charts: `.prov` files, checked against a keyring.

use std::path::Path;

use crate::Fault;

/// The keys that charts may be signed with.
#[derive(Debug)]
pub(crate) struct Keyring {}

impl Keyring {
    /// Reads a keyring.
    pub(crate) fn read(path: &Path) -> Result<Keyring, Fault> {
        let _ = path;
        Ok(Keyring {})
    }

    /// Checks a `.prov` file; returns who signed it.
    pub(crate) fn verify(
        &self,
        provenance: &[u8],
        file_name: &str,
        archive: &[u8],
    ) -> Result<String, String> {
        let _ = (provenance, file_name, archive);
        Err("not checked".to_owned())
    }
}
