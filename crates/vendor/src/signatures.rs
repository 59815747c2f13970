//! Whose signature a chart needs, when it is fetched and when it is found in the cache.

use crate::charts::Archive;
use crate::provenance::Keyring;
use crate::{Cache, Fault, LockedChart, Settings};

/// What a run asks of signatures.
pub(crate) struct Signatures {
    keyring: Option<Keyring>,
    required: bool,
}

impl Signatures {
    /// Reads the keyring, if there is to be one.
    pub(crate) fn new(settings: &Settings) -> Result<Signatures, Fault> {
        let keyring = settings.keyring.as_deref().map(Keyring::read).transpose()?;
        let required = settings.must_be_signed;
        if required && keyring.is_none() {
            return Err(Fault::new("signatures cannot be checked without a keyring")
                .hint("name one with `--keyring FILE`"));
        }
        Ok(Signatures { keyring, required })
    }

    /// Is there anything to check them with?
    pub(crate) fn are_checked(&self) -> bool {
        self.keyring.is_some()
    }

    /// Checks a chart that was fetched; returns who signed it.
    pub(crate) fn check(
        &self,
        name: &str,
        archive: &Archive,
    ) -> Result<Option<String>, Fault> {
        let Some(keyring) = &self.keyring else { return Ok(None) };
        let version = &archive.version;
        match &archive.provenance {
            None if self.required => {
                Err(Fault::new(format!("chart `{name}` {version} is not signed"))
                    .hint("leave `--verify` out to take charts that nobody signed"))
            }
            None => Ok(None),
            Some(provenance) => {
                let file_name = Some(&*archive.file_name);
                let signer = keyring.verify(provenance, file_name, &archive.bytes);
                signer.map(Some).map_err(|words| not_good(name, version, &words))
            }
        }
    }

    /// Checks a locked chart that the cache holds, as far as it needs no server; `None` if its
    /// signature has to be fetched.
    pub(crate) fn check_kept(
        &self,
        chart: &LockedChart,
        bytes: &[u8],
        cache: &Cache,
    ) -> Option<Result<Option<String>, Fault>> {
        let Some(keyring) = &self.keyring else { return Some(Ok(None)) };
        // It may have been locked by somebody without a keyring.
        let digest = chart.provenance.as_ref()?;
        let signer = keyring.verify(&cache.get(digest)?, None, bytes);
        let fault = |words: String| not_good(&chart.name, &chart.version, &words);
        Some(signer.map(Some).map_err(fault))
    }
}

fn not_good(name: &str, version: &str, words: &str) -> Fault {
    let message = format!("chart `{name}` {version}: its signature is not good: {words}");
    Fault::new(message).hint("add the publisher's key to the keyring, if you trust it")
}
