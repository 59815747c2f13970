//! Public keys, their owners, and which of their subkeys may sign.

use sha1::{Digest as _, Sha1};

use super::packet::{Bytes, Packet, tag};
use super::signature::{Kind, Signature};

/// A key that may sign.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// The whole fingerprint.
    pub(super) fingerprint: [u8; 20],
    /// What it verifies with.
    pub(super) material: Material,
    /// Whose it is.
    pub(super) owner: String,
    /// When it stops to count, in seconds since 1970; `None` for never.
    pub(super) expires: Option<u64>,
    created: u64,
    body: Vec<u8>,
}

/// A public key.
#[derive(Clone, Debug)]
pub(super) enum Material {
    /// Modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
    /// A point.
    Ed25519([u8; 32]),
    /// A kind that is not read.
    Other,
}

impl Key {
    /// The last eight bytes of the fingerprint.
    pub(super) fn id(&self) -> &[u8] {
        self.fingerprint.get(12..).unwrap_or_default()
    }

    fn read(body: &[u8]) -> Option<Key> {
        let mut bytes = Bytes(body);
        if bytes.byte()? != 4 {
            return None;
        }
        let created = bytes.number(4)? as u64;
        let material = match bytes.byte()? {
            1 | 3 => {
                let modulus = bytes.integer()?.to_vec();
                Material::Rsa(modulus, bytes.integer()?.to_vec())
            }
            22 => {
                const ED25519: &[u8] = &[0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1];
                let length = usize::from(bytes.byte()?);
                let curve = bytes.take(length)?;
                match bytes.integer()?.strip_prefix(&[0x40]) {
                    Some(point) if curve == ED25519 => {
                        Material::Ed25519(point.try_into().ok()?)
                    }
                    _ => Material::Other,
                }
            }
            27 => Material::Ed25519(bytes.take(32)?.try_into().ok()?),
            _ => Material::Other,
        };
        let mut hash = Sha1::new();
        hash.update(hashed(body));
        Some(Key {
            fingerprint: hash.finalize().into(),
            material,
            owner: String::new(),
            expires: None,
            created,
            body: body.to_vec(),
        })
    }
}

/// A key as it goes into fingerprints and signatures.
fn hashed(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap_or(u16::MAX).to_be_bytes();
    [&[0x99], &length[..], body].concat()
}

/// A primary key with what follows it, until the next one.
struct Entry<'b> {
    primary: Key,
    revoked: bool,
    /// The user or subkey that the next signatures are about.
    about: About<'b>,
    subkeys: Vec<Subkey>,
}

enum About<'b> {
    Primary,
    User(&'b [u8]),
    Subkey,
    Other,
}

struct Subkey {
    key: Key,
    may_sign: bool,
    revoked: bool,
}

/// Reads every key that may sign. Keys of kinds that are not known are passed over.
pub(super) fn read(bytes: &[u8]) -> Result<Vec<Key>, String> {
    let mut bytes = Bytes(bytes);
    let (mut keys, mut entry) = (Vec::new(), None::<Entry<'_>>);
    let mut packets = 0;
    while let Some(packet) = bytes.packet() {
        packets += 1;
        if packet.tag == tag::PUBLIC_KEY {
            keys.extend(entry.take().into_iter().flat_map(Entry::keys));
            entry = Key::read(packet.body).map(Entry::new);
        } else if let Some(entry) = &mut entry {
            entry.take(&packet);
        }
    }
    keys.extend(entry.into_iter().flat_map(Entry::keys));
    match packets {
        0 => Err("it holds no OpenPGP packets".to_owned()),
        _ => Ok(keys),
    }
}

impl<'b> Entry<'b> {
    fn new(primary: Key) -> Entry<'b> {
        Entry { primary, revoked: false, about: About::Primary, subkeys: Vec::new() }
    }

    fn take(&mut self, packet: &Packet<'b>) {
        match packet.tag {
            tag::USER_ID => self.about = About::User(packet.body),
            tag::PUBLIC_SUBKEY => {
                let key = Key::read(packet.body);
                self.about = if key.is_some() { About::Subkey } else { About::Other };
                let subkey = |key| Subkey { key, may_sign: false, revoked: false };
                self.subkeys.extend(key.map(subkey));
            }
            tag::SIGNATURE => {
                if let Some(signature) = Signature::read(packet.body) {
                    self.signature(&signature);
                }
            }
            // Pictures and the like.
            _ => self.about = About::Other,
        }
    }

    /// Only what the primary key itself has signed counts.
    fn signature(&mut self, signature: &Signature<'_>) {
        let mut data = hashed(&self.primary.body);
        match (&self.about, signature.kind) {
            (About::Primary, Kind::KeyRevocation) => {
                self.revoked |= signature.verifies(&self.primary.material, &data);
            }
            (About::User(user), Kind::Certification) => {
                let length = u32::try_from(user.len()).unwrap_or(u32::MAX).to_be_bytes();
                data.extend([&[0xb4], &length[..], user].concat());
                if signature.verifies(&self.primary.material, &data) {
                    self.primary.expires =
                        signature.key_lives.map(|lives| self.primary.created + lives);
                    let owner = String::from_utf8_lossy(user);
                    let plain = |c: &char| !c.is_control();
                    self.primary.owner = owner.chars().filter(plain).collect();
                }
            }
            (About::Subkey, Kind::SubkeyBinding | Kind::SubkeyRevocation) => {
                let Some(subkey) = self.subkeys.last_mut() else { return };
                data.extend(hashed(&subkey.key.body));
                if !signature.verifies(&self.primary.material, &data) {
                    return;
                }
                if signature.kind == Kind::SubkeyRevocation {
                    subkey.revoked = true;
                    return;
                }
                subkey.may_sign = signature.may_sign;
                subkey.key.expires =
                    signature.key_lives.map(|lives| subkey.key.created + lives);
            }
            _ => {}
        }
    }

    /// The keys that may sign: none if the owner took the primary one back.
    fn keys(self) -> Vec<Key> {
        if self.revoked {
            return Vec::new();
        }
        let owner = self.primary.owner.clone();
        let primary_expires = self.primary.expires;
        let subkeys = self.subkeys.into_iter().filter(|sub| sub.may_sign && !sub.revoked);
        let subkeys = subkeys.map(|sub| Key {
            owner: owner.clone(),
            expires: sub.key.expires.into_iter().chain(primary_expires).min(),
            ..sub.key
        });
        let subkeys: Vec<Key> = subkeys.collect();
        std::iter::once(self.primary).chain(subkeys).collect()
    }
}
