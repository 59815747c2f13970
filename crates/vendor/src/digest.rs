//! SHA-256, as locks and registries write it.

use std::collections::BTreeMap;
use std::fmt;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of some bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The digest of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Digest {
        Digest(Sha256::digest(bytes).into())
    }

    /// The digest of the files of a folder: of a list with one line a file, sorted by name, as
    /// `sha256sum` prints it. A byte order mark at a file's start does not count.
    pub fn of_files<'f>(files: impl IntoIterator<Item = (&'f str, &'f [u8])>) -> Digest {
        let lines: BTreeMap<&str, Digest> = files
            .into_iter()
            .map(|(name, bytes)| {
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
                (name, Digest::of(bytes))
            })
            .collect();
        let mut list = Sha256::new();
        for (name, digest) in lines {
            list.update(format!("{digest}  {name}\n"));
        }
        Digest(list.finalize().into())
    }

    /// Reads 64 hexadecimal digits, with or without `sha256:` before them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Digest> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text).as_bytes();
        if hex.len() != 64 {
            return None;
        }
        let mut digest = [0; 32];
        for (byte, pair) in digest.iter_mut().zip(hex.chunks_exact(2)) {
            let digit = |b: u8| char::from(b).to_digit(16);
            let value = digit(pair[0])? * 16 + digit(pair[1])?;
            *byte = u8::try_from(value).ok()?;
        }
        Some(Digest(digest))
    }

    /// The first twelve digits: enough for people.
    #[must_use]
    pub fn short(&self) -> String {
        self.to_string().chars().take(12).collect()
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::Digest;

    #[test]
    fn files_are_digested_by_name_and_content() {
        let digest =
            Digest::of_files([("b", b"two".as_slice()), ("a", b"\xef\xbb\xbfone")]);
        let list = format!("{}  a\n{}  b\n", Digest::of(b"one"), Digest::of(b"two"));
        assert_eq!(digest, Digest::of(list.as_bytes()));
    }

    #[test]
    fn reads_what_it_writes() {
        let digest = Digest::of(b"abc");
        let text = digest.to_string();
        assert_eq!(
            text,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digest::parse(&format!("sha256:{text}")), Some(digest));
        for wrong in ["", "sha256:", "sha512:00", &text[1..], "한글"] {
            assert_eq!(Digest::parse(wrong), None, "{wrong}");
        }
    }
}
