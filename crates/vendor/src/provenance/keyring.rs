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
    /// Why nothing that it signs counts, if so.
    pub(super) unusable: Option<String>,
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
            unusable: None,
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

/// What the owner has said of a key.
#[derive(Default)]
struct Standing {
    /// When the newest statement that counts was made: whose it is, until when, what for.
    said: Option<u64>,
    /// The newest statement that is not read, and why.
    unread: Option<(u64, String)>,
    /// Why it is taken back, or may be.
    revoked: Option<String>,
}

impl Standing {
    /// Is a statement of this time the newest so far?
    fn says(&mut self, created: Option<u64>) -> bool {
        let created = created.unwrap_or(0);
        let is_newest = self.said.is_none_or(|said| said <= created);
        if is_newest {
            self.said = Some(created);
        }
        is_newest
    }

    /// Keeps what proves nothing, but could change what the key is good for.
    fn unread(&mut self, signature: &Signature<'_>, why: &str) {
        if matches!(signature.kind, Kind::KeyRevocation | Kind::SubkeyRevocation) {
            self.revoked = Some(format!("its owner may have taken it back: {why}"));
            return;
        }
        let created = signature.created.unwrap_or(u64::MAX);
        if self.unread.as_ref().is_none_or(|(newest, _)| *newest <= created) {
            self.unread = Some((created, why.to_owned()));
        }
    }

    /// Why the key does not count. An older statement that is not read was said anew.
    fn unusable(self) -> Option<String> {
        let is_newer =
            |(created, _): &(u64, String)| self.said.is_none_or(|s| s < *created);
        let unread = self.unread.filter(is_newer);
        let unread = unread.map(|(_, why)| format!("what its owner says of it: {why}"));
        let nothing = || "nothing says whose it is".to_owned();
        let unsaid = self.said.is_none().then(nothing);
        self.revoked.or(unread).or(unsaid)
    }
}

/// A primary key with what follows it, until the next one.
struct Entry<'b> {
    primary: Key,
    standing: Standing,
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
    standing: Standing,
}

/// Reads every key that may sign, or might if it counted. Keys of kinds that are not known are
/// passed over.
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
        let (standing, subkeys) = (Standing::default(), Vec::new());
        Entry { primary, standing, about: About::Primary, subkeys }
    }

    fn take(&mut self, packet: &Packet<'b>) {
        match packet.tag {
            tag::USER_ID => self.about = About::User(packet.body),
            tag::PUBLIC_SUBKEY => {
                let key = Key::read(packet.body);
                self.about = if key.is_some() { About::Subkey } else { About::Other };
                let standing = Standing::default();
                self.subkeys.extend(key.map(|key| Subkey {
                    key,
                    may_sign: false,
                    standing,
                }));
            }
            tag::SIGNATURE => {
                let signature = Signature::read(packet.body);
                match &signature.unread {
                    Some(why) => self.unread(&signature, why),
                    None => self.signature(&signature),
                }
            }
            // Pictures and the like.
            _ => self.about = About::Other,
        }
    }

    /// A signature that proves nothing. What others say of the key does not matter.
    fn unread(&mut self, signature: &Signature<'_>, why: &str) {
        if !signature.is_from(&self.primary) {
            return;
        }
        match (&self.about, signature.kind) {
            (About::Primary, Kind::KeyRevocation | Kind::Direct)
            | (About::User(_), Kind::Certification) => {
                self.standing.unread(signature, why);
            }
            (About::Subkey, Kind::SubkeyBinding | Kind::SubkeyRevocation) => {
                if let Some(subkey) = self.subkeys.last_mut() {
                    subkey.standing.unread(signature, why);
                }
            }
            _ => {}
        }
    }

    /// Only what the primary key itself has signed counts.
    fn signature(&mut self, signature: &Signature<'_>) {
        let mut data = hashed(&self.primary.body);
        let taken_back = || Some("its owner took it back".to_owned());
        match (&self.about, signature.kind) {
            (About::Primary, Kind::KeyRevocation | Kind::Direct) => {
                if !signature.verifies(&self.primary.material, &data) {
                    return;
                }
                match signature.kind {
                    Kind::KeyRevocation => self.standing.revoked = taken_back(),
                    _ => self.expires(signature),
                }
            }
            (About::User(user), Kind::Certification) => {
                let length = u32::try_from(user.len()).unwrap_or(u32::MAX).to_be_bytes();
                data.extend([&[0xb4], &length[..], user].concat());
                if signature.verifies(&self.primary.material, &data) {
                    let owner = String::from_utf8_lossy(user);
                    let plain = |c: &char| !c.is_control();
                    self.primary.owner = owner.chars().filter(plain).collect();
                    self.expires(signature);
                }
            }
            (About::Subkey, Kind::SubkeyBinding | Kind::SubkeyRevocation) => {
                let Some(subkey) = self.subkeys.last_mut() else { return };
                data.extend(hashed(&subkey.key.body));
                if !signature.verifies(&self.primary.material, &data) {
                    return;
                }
                if signature.kind == Kind::SubkeyRevocation {
                    subkey.standing.revoked = taken_back();
                } else if subkey.standing.says(signature.created) {
                    subkey.may_sign = signature.may_sign;
                    subkey.key.expires =
                        signature.key_lives.map(|lives| subkey.key.created + lives);
                }
            }
            _ => {}
        }
    }

    /// The newest of what the primary key says of itself tells until when it counts.
    fn expires(&mut self, signature: &Signature<'_>) {
        if self.standing.says(signature.created) {
            self.primary.expires =
                signature.key_lives.map(|lives| self.primary.created + lives);
        }
    }

    /// The keys that may sign, those included that do not count.
    fn keys(self) -> Vec<Key> {
        let unusable = self.standing.unusable();
        let primary = Key { unusable: unusable.clone(), ..self.primary };
        // Of a subkey whose binding is not read nobody knows what it is for.
        let signs = |sub: &Subkey| sub.may_sign || sub.standing.unread.is_some();
        let subkeys = self.subkeys.into_iter().filter(signs);
        let subkeys = subkeys.map(|sub| Key {
            owner: primary.owner.clone(),
            expires: sub.key.expires.into_iter().chain(primary.expires).min(),
            unusable: unusable.clone().or_else(|| sub.standing.unusable()),
            ..sub.key
        });
        let subkeys: Vec<Key> = subkeys.collect();
        std::iter::once(primary).chain(subkeys).collect()
    }
}
