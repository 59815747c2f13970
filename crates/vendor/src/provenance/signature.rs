//! Signatures. (RFC 4880, section 5.2; RFC 9580 for Ed25519)

use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::clear_text::ClearText;
use super::keyring::{Key, Material};
use super::packet::{Bytes, tag};

/// What a signature is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A file or a text.
    Document,
    /// A user's name.
    Certification,
    /// A subkey.
    SubkeyBinding,
    /// A key that its owner took back.
    KeyRevocation,
    /// A subkey that its owner took back.
    SubkeyRevocation,
    /// Anything else.
    Other,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// A signature of version 4 with a hash that can be trusted.
pub(super) struct Signature<'b> {
    pub(super) kind: Kind,
    /// For how many seconds the key counts, if it says so and it is not for ever.
    pub(super) key_lives: Option<u64>,
    /// May the subkey sign?
    pub(super) may_sign: bool,
    hash: Hash,
    created: Option<u64>,
    lives: Option<u64>,
    issuer: Option<&'b [u8]>,
    fingerprint: Option<&'b [u8]>,
    /// What is hashed after the data.
    trailer: Vec<u8>,
    algorithm: u8,
    numbers: Bytes<'b>,
}

impl<'b> Signature<'b> {
    /// Reads a signature; `None` if it is of a kind that does not count.
    pub(super) fn read(body: &'b [u8]) -> Option<Signature<'b>> {
        let mut bytes = Bytes(body);
        if bytes.byte()? != 4 {
            return None;
        }
        let kind = match bytes.byte()? {
            0x00 | 0x01 => Kind::Document,
            0x10..=0x13 => Kind::Certification,
            0x18 => Kind::SubkeyBinding,
            0x20 => Kind::KeyRevocation,
            0x28 => Kind::SubkeyRevocation,
            _ => Kind::Other,
        };
        let algorithm = bytes.byte()?;
        let hash = match bytes.byte()? {
            8 => Hash::Sha256,
            9 => Hash::Sha384,
            10 => Hash::Sha512,
            _ => return None,
        };
        let length = bytes.number(2)?;
        let hashed = bytes.take(length)?;
        let head = body.get(..6 + length)?;
        let end = u32::try_from(head.len()).ok()?.to_be_bytes();
        let length = bytes.number(2)?;
        let unhashed = bytes.take(length)?;
        let _first_bits_of_the_hash = bytes.take(2)?;
        let mut read = Signature {
            kind,
            key_lives: None,
            may_sign: false,
            hash,
            created: None,
            lives: None,
            issuer: None,
            fingerprint: None,
            trailer: [head, &[4, 0xff], &end].concat(),
            algorithm,
            numbers: bytes,
        };
        read.subpackets(hashed, true)?;
        // Only who it is from is taken on trust: it is proved by the signature itself.
        read.subpackets(unhashed, false)?;
        Some(read)
    }

    fn subpackets(&mut self, bytes: &'b [u8], hashed: bool) -> Option<()> {
        let mut bytes = Bytes(bytes);
        while !bytes.0.is_empty() {
            let length = bytes.length()?;
            let mut subpacket = Bytes(bytes.take(length)?);
            let kind = subpacket.byte()?;
            let seconds = |mut bytes: Bytes<'_>| bytes.number(4).map(|n| n as u64);
            match kind & 0x7f {
                2 if hashed => self.created = seconds(subpacket),
                3 if hashed => self.lives = seconds(subpacket).filter(|n| *n > 0),
                9 if hashed => self.key_lives = seconds(subpacket).filter(|n| *n > 0),
                27 if hashed => {
                    self.may_sign = subpacket.byte().is_some_and(|flags| flags & 2 != 0);
                }
                16 => self.issuer = Some(subpacket.0),
                33 => self.fingerprint = subpacket.0.get(1..),
                // What is critical must be understood.
                20 if kind & 0x80 != 0 && hashed => return None,
                _ => {}
            }
        }
        Some(())
    }

    /// Did this key sign this data?
    pub(super) fn verifies(&self, material: &Material, data: &[u8]) -> bool {
        let signed = [data, &self.trailer].concat();
        let mut numbers = self.numbers;
        match (material, self.algorithm) {
            (Material::Rsa(modulus, exponent), 1 | 3) => {
                let parameters = match self.hash {
                    Hash::Sha256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    Hash::Sha384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    Hash::Sha512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                };
                let Some(number) = numbers.integer() else { return false };
                // It is as long as the modulus; zeros at its front are not written.
                let number = padded(number, modulus.len());
                let key = RsaPublicKeyComponents { n: modulus, e: exponent };
                key.verify(parameters, &signed, &number).is_ok()
            }
            (Material::Ed25519(point), 22 | 27) => {
                let number = match self.algorithm {
                    27 => numbers.take(64).map(<[u8]>::to_vec),
                    _ => numbers
                        .integer()
                        .zip(numbers.integer())
                        .map(|(r, s)| [padded(r, 32), padded(s, 32)].concat()),
                };
                let Some(number) = number else { return false };
                let digest = match self.hash {
                    Hash::Sha256 => Sha256::digest(&signed).to_vec(),
                    Hash::Sha384 => Sha384::digest(&signed).to_vec(),
                    Hash::Sha512 => Sha512::digest(&signed).to_vec(),
                };
                let key = UnparsedPublicKey::new(&signature::ED25519, point);
                key.verify(&digest, &number).is_ok()
            }
            _ => false,
        }
    }

    fn is_from(&self, key: &Key) -> bool {
        match (self.fingerprint, self.issuer) {
            (Some(fingerprint), _) => fingerprint == key.fingerprint,
            (None, Some(id)) => id == key.id(),
            (None, None) => true,
        }
    }
}

fn padded(number: &[u8], length: usize) -> Vec<u8> {
    let zeros = length.saturating_sub(number.len());
    [vec![0; zeros], number.to_vec()].concat()
}

/// Who signed the text, with a key of the ring that counted then.
pub(super) fn signer(keys: &[Key], text: &ClearText) -> Result<String, String> {
    let mut bytes = Bytes(&text.signature);
    let mut why = "it is signed in no way that is understood".to_owned();
    while let Some(packet) = bytes.packet() {
        let document = |s: &Signature<'_>| s.kind == Kind::Document;
        let signature = match packet.tag {
            tag::SIGNATURE => Signature::read(packet.body).filter(document),
            _ => None,
        };
        let Some(signature) = signature else { continue };
        let Some(created) = signature.created else { continue };
        let from = |key: &&Key| signature.is_from(key);
        why = "it is signed by a key that is not in the keyring".to_owned();
        for key in keys.iter().filter(from) {
            if !signature.verifies(&key.material, &text.signed) {
                why = "the text is not what was signed".to_owned();
            } else if key.expires.is_some_and(|at| created >= at) {
                why = "the key had expired when it signed".to_owned();
            } else if signature.lives.is_some() {
                why = "the signature is one that expires".to_owned();
            } else {
                return Ok(key.owner.clone());
            }
        }
    }
    Err(why)
}
