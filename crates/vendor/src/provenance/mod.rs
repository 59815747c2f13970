//! Signatures of charts: `.prov` files, checked against a keyring.
//!
//! A `.prov` file is a text that names the archive's SHA-256, signed in clear by OpenPGP
//! (upstream: `pkg/provenance`). Keys are RSA of 2048 bits and more, or Ed25519, in a file as
//! `gpg --export` writes it, with or without `--armor`; signatures with SHA-1 or MD5 count as
//! none, and a key that was taken back or given an end with one does not count either: that it
//! still holds cannot be proved. Not read: DSA, ECDSA, keys of version 5 and 6, and gpg's own `pubring.kbx`.

mod armor;
mod clear_text;
mod keyring;
mod packet;
mod signature;

use std::path::Path;

use goyaml::{Dialect, Node};
use source::FileId;

use clear_text::ClearText;
use keyring::Key;

use crate::environment::read;
use crate::{Digest, Fault};

/// The keys that charts may be signed with.
#[derive(Debug)]
pub(crate) struct Keyring {
    keys: Vec<Key>,
}

impl Keyring {
    /// Reads a file of public keys.
    pub(crate) fn read(path: &Path) -> Result<Keyring, Fault> {
        let shown = path.display();
        let bytes = read(path).map_err(Fault::new)?;
        let bytes =
            bytes.ok_or_else(|| Fault::new(format!("no keyring at `{shown}`")))?;
        let keys = Keyring::of(&bytes).map_err(|words| {
            Fault::new(format!("`{shown}` is no keyring: {words}"))
                .hint("write one with `gpg --export --armor KEY > keyring.asc`")
        })?;
        Ok(keys)
    }

    fn of(bytes: &[u8]) -> Result<Keyring, String> {
        let keys = match armor::decode(bytes, "PUBLIC KEY BLOCK")? {
            Some(blocks) => keyring::read(&blocks)?,
            None => keyring::read(bytes)?,
        };
        let none = "it holds no public key that can be used";
        match keys.first().map(|key| &key.unusable) {
            None => Err(none.to_owned()),
            Some(Some(why)) if keys.iter().all(|key| key.unusable.is_some()) => {
                Err(format!("{none}: {why}"))
            }
            Some(_) => Ok(Keyring { keys }),
        }
    }

    /// Checks a `.prov` file of an archive, whose name it has to state if that is known; returns
    /// who signed it. (`Signatory.Verify`)
    pub(crate) fn verify(
        &self,
        provenance: &[u8],
        file_name: Option<&str>,
        archive: &[u8],
    ) -> Result<String, String> {
        let text = ClearText::read(provenance)?;
        let signer = signature::signer(&self.keys, &text)?;
        let found = Digest::of(archive);
        let stated = stated_digests(&text.text, file_name)?;
        match stated.contains(&found) {
            true => Ok(signer),
            false => {
                let stated: Vec<String> = stated.iter().map(Digest::short).collect();
                Err(format!(
                    "it is for an archive with SHA-256 {}, and this one has {}",
                    stated.join(" or "),
                    found.short()
                ))
            }
        }
    }
}

/// The digests that the text states of a file, or of all, after the chart's metadata.
fn stated_digests(text: &str, file_name: Option<&str>) -> Result<Vec<Digest>, String> {
    let (_, files) = text.split_once("\n...\n").ok_or("it names no files")?;
    let parsed = goyaml::parse_first(files, FileId::NONE, Dialect::V2);
    let document = parsed.ok().flatten().ok_or("it names no files")?;
    let files = document.root.get("files").and_then(Node::entries).unwrap_or_default();
    let wanted = files
        .iter()
        .filter(|(name, _)| file_name.is_none_or(|wanted| name.text() == Some(wanted)));
    let digest = |(_, stated): &(Node, Node)| {
        let stated = stated.text().unwrap_or("");
        Digest::parse(stated).ok_or_else(|| format!("`{stated}` is no SHA-256"))
    };
    let stated = wanted.map(digest).collect::<Result<Vec<Digest>, String>>()?;
    match (stated.is_empty(), file_name) {
        (false, _) => Ok(stated),
        (true, Some(name)) => Err(format!("it does not name `{name}`")),
        (true, None) => Err("it names no files".to_owned()),
    }
}

#[cfg(test)]
mod tests;
