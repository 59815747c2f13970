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
    /// The key itself.
    Direct,
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

/// A signature.
pub(super) struct Signature<'b> {
    pub(super) kind: Kind,
    /// Why it proves nothing: it is not of version 4, or has a hash that cannot be trusted. It
    /// may still say something that must not be passed over, as that a key is taken back.
    pub(super) unread: Option<String>,
    /// When it was made.
    pub(super) created: Option<u64>,
    /// For how many seconds the key counts, if it says so and it is not for ever.
    pub(super) key_lives: Option<u64>,
    /// May the subkey sign?
    pub(super) may_sign: bool,
    hash: Hash,
    lives: Option<u64>,
    issuer: Option<&'b [u8]>,
    fingerprint: Option<&'b [u8]>,
    /// What is hashed after the data.
    trailer: Vec<u8>,
    algorithm: u8,
    numbers: Bytes<'b>,
}

impl<'b> Signature<'b> {
    /// Reads a signature.
    pub(super) fn read(body: &'b [u8]) -> Signature<'b> {
        let mut read = Signature {
            kind: Kind::Other,
            unread: None,
            created: None,
            key_lives: None,
            may_sign: false,
            hash: Hash::Sha256,
            lives: None,
            issuer: None,
            fingerprint: None,
            trailer: Vec::new(),
            algorithm: 0,
            numbers: Bytes(&[]),
        };
        let mut bytes = Bytes(body);
        if read.whole(&mut bytes, body).is_none() {
            read.unread.get_or_insert_with(|| "it is cut off".to_owned());
        }
        read
    }

    fn whole(&mut self, bytes: &mut Bytes<'b>, body: &'b [u8]) -> Option<()> {
        let version = bytes.byte()?;
        if version == 3 {
            let _length_of_the_next_two = bytes.byte()?;
        }
        self.kind = kind(bytes.byte()?);
        if version != 4 {
            self.unread = Some(format!("it is of version {version}"));
        }
        match version {
            3 => {
                self.created = Some(bytes.number(4)? as u64);
                self.issuer = Some(bytes.take(8)?);
                return Some(());
            }
            4 => {}
            _ => return Some(()),
        }
        self.algorithm = bytes.byte()?;
        match bytes.byte()? {
            8 => self.hash = Hash::Sha256,
            9 => self.hash = Hash::Sha384,
            10 => self.hash = Hash::Sha512,
            weak => self.unread = Some(format!("its hash is {}", hash_name(weak))),
        }
        let length = bytes.number(2)?;
        let hashed = bytes.take(length)?;
        let head = body.get(..6 + length)?;
        let end = u32::try_from(head.len()).ok()?.to_be_bytes();
        let length = bytes.number(2)?;
        let unhashed = bytes.take(length)?;
        let _first_bits_of_the_hash = bytes.take(2)?;
        self.trailer = [head, &[4, 0xff], &end].concat();
        self.numbers = *bytes;
        self.subpackets(hashed, true)?;
        // Only who it is from is taken on trust: it is proved by the signature itself.
        self.subpackets(unhashed, false)
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
                20 if kind & 0x80 != 0 && hashed => {
                    self.unread = Some("it has a critical notation".to_owned());
                }
                _ => {}
            }
        }
        Some(())
    }

    /// Did this key sign this data?
    pub(super) fn verifies(&self, material: &Material, data: &[u8]) -> bool {
        if self.unread.is_some() {
            return false;
        }
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

    /// Does it claim to be from this key?
    pub(super) fn is_from(&self, key: &Key) -> bool {
        match (self.fingerprint, self.issuer) {
            (Some(fingerprint), _) => fingerprint == key.fingerprint,
            (None, Some(id)) => id == key.id(),
            (None, None) => true,
        }
    }
}

fn kind(byte: u8) -> Kind {
    match byte {
        0x00 | 0x01 => Kind::Document,
        0x10..=0x13 => Kind::Certification,
        0x18 => Kind::SubkeyBinding,
        0x1f => Kind::Direct,
        0x20 => Kind::KeyRevocation,
        0x28 => Kind::SubkeyRevocation,
        _ => Kind::Other,
    }
}

fn hash_name(number: u8) -> String {
    match number {
        1 => "MD5".to_owned(),
        2 => "SHA-1".to_owned(),
        3 => "RIPEMD-160".to_owned(),
        11 => "SHA-224".to_owned(),
        other => format!("number {other}, which is not read"),
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
        if packet.tag != tag::SIGNATURE {
            continue;
        }
        let signature = Signature::read(packet.body);
        if signature.kind != Kind::Document {
            continue;
        }
        if let Some(unread) = &signature.unread {
            why = format!("its signature does not count: {unread}");
            continue;
        }
        let Some(created) = signature.created else { continue };
        let from = |key: &&Key| signature.is_from(key);
        why = "it is signed by a key that is not in the keyring".to_owned();
        for key in keys.iter().filter(from) {
            if !signature.verifies(&key.material, &text.signed) {
                why = "the text is not what was signed".to_owned();
            } else if let Some(unusable) = &key.unusable {
                why = format!("its key does not count: {unusable}");
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
