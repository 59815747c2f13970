//! Private keys: generating, writing, reading, signing. (crypto.go)

use ed25519_dalek::{Signer as _, SigningKey as EdKey};
use p256::ecdsa::{Signature, SigningKey as EcKey};
use rsa::pkcs1v15;
use rsa::signature::SignatureEncoding as _;
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use rsa::{BigUint, RsaPrivateKey};
use sha2::Sha256;

use crate::der::{self, INTEGER, NULL, OCTETS, OID, Reader};
use crate::prime::Primes;
use crate::random::Random;
use crate::{dsa, pem};

const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const SHA256_WITH_RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ECDSA_WITH_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// A private key that can sign.
pub(crate) enum Key {
    /// `RSA PRIVATE KEY`
    Rsa(Box<RsaPrivateKey>),
    /// `EC PRIVATE KEY`
    Ec(EcKey),
    /// `PRIVATE KEY`
    Ed(EdKey),
    /// `DSA PRIVATE KEY`, which is read but signs no certificate.
    Dsa,
}

/// Generates a key and writes it as PEM; a kind that is unknown gives a sentence, as
/// upstream does. (sprig `genPrivateKey`)
#[must_use]
pub fn generate_private_key(kind: &str, random: &mut Random) -> String {
    let key = match kind {
        "" | "rsa" => Key::generate_rsa(4096, random),
        "dsa" => return dsa::generate(random),
        "ecdsa" => Ok(Key::Ec(EcKey::random(random))),
        "ed25519" => Ok(Key::Ed(EdKey::from_bytes(&seed(random)))),
        _ => return format!("Unknown type {kind}"),
    };
    match key {
        Ok(key) => key.to_pem(),
        Err(error) => format!("failed to generate private key: {error}"),
    }
}

fn seed(random: &mut Random) -> [u8; 32] {
    let mut seed = [0; 32];
    rand_core::RngCore::fill_bytes(random, &mut seed);
    seed
}

impl Key {
    /// Generates a key of two primes with the public exponent 65537.
    /// (Go's crypto/rsa, `GenerateKey`)
    pub(crate) fn generate_rsa(bits: usize, random: &mut Random) -> Result<Key, String> {
        let primes = Primes::new();
        let exponent = BigUint::from(65_537_u32);
        loop {
            let p = primes.random(bits / 2, random);
            let q = primes.random(bits / 2, random);
            let usable = |prime: &BigUint| prime % 65_537_u32 != BigUint::from(1u8);
            if p != q && usable(&p) && usable(&q) {
                let key = RsaPrivateKey::from_p_q(p, q, exponent)
                    .map_err(|error| error.to_string())?;
                return Ok(Key::Rsa(Box::new(key)));
            }
        }
    }

    /// Reads a key from PEM; the error is sprig's. (`parsePrivateKeyPEM`)
    pub(crate) fn from_pem(text: &str) -> Result<Key, String> {
        let (kind, data) = pem::decode(text).ok_or("no PEM data in input")?;
        let malformed = |what: &str| format!("{what}: asn1: structure error");
        if kind == "PRIVATE KEY" {
            return Key::from_pkcs8(&data)
                .ok_or_else(|| malformed("decoding PEM as PKCS#8"));
        }
        let Some(kind) = kind.strip_suffix(" PRIVATE KEY") else {
            return Err(format!("no private key data in PEM block of type {kind}"));
        };
        match kind {
            "RSA" => Key::from_pkcs1(&data)
                .ok_or_else(|| malformed("parsing RSA private key from PEM")),
            "EC" => Key::from_sec1(&data, false)
                .ok_or_else(|| malformed("parsing EC private key from PEM")),
            "DSA" => Reader::new(&data)
                .sequence()
                .map(|_| Key::Dsa)
                .ok_or_else(|| malformed("parsing DSA private key from PEM")),
            _ => Err(format!("invalid private key type {kind}")),
        }
    }

    fn from_pkcs1(data: &[u8]) -> Option<Key> {
        let mut fields = Reader::new(data).sequence()?;
        fields.expect(INTEGER)?;
        let mut number = || fields.expect(INTEGER).map(BigUint::from_bytes_be);
        let (n, e, d, p, q) = (number()?, number()?, number()?, number()?, number()?);
        let key = RsaPrivateKey::from_components(n, e, d, vec![p, q]).ok()?;
        key.validate().ok()?;
        Some(Key::Rsa(Box::new(key)))
    }

    fn from_sec1(data: &[u8], curve_known: bool) -> Option<Key> {
        let mut fields = Reader::new(data).sequence()?;
        fields.expect(INTEGER)?;
        let secret = fields.expect(OCTETS)?;
        let curve = fields.optional(0xa0).and_then(|c| Reader::new(c).expect(OID));
        match curve {
            Some(P256) => {}
            None if curve_known => {}
            _ => return None,
        }
        EcKey::from_slice(secret).ok().map(Key::Ec)
    }

    fn from_pkcs8(data: &[u8]) -> Option<Key> {
        let mut fields = Reader::new(data).sequence()?;
        fields.expect(INTEGER)?;
        let mut algorithm = fields.sequence()?;
        let secret = fields.expect(OCTETS)?;
        match algorithm.expect(OID)? {
            RSA => Key::from_pkcs1(secret),
            EC => Key::from_sec1(secret, algorithm.expect(OID)? == P256),
            ED25519 => {
                let seed = Reader::new(secret).expect(OCTETS)?.try_into().ok()?;
                Some(Key::Ed(EdKey::from_bytes(&seed)))
            }
            _ => None,
        }
    }

    /// Writes the key as PEM. (`pemBlockForKey`)
    pub(crate) fn to_pem(&self) -> String {
        match self {
            Key::Rsa(key) => pem::encode("RSA PRIVATE KEY", &pkcs1(key)),
            Key::Ec(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let fields = [
                    der::integer(&[1]),
                    der::tagged(OCTETS, &key.to_bytes()),
                    der::tagged(0xa0, &der::tagged(OID, P256)),
                    der::tagged(0xa1, &der::bits(point.as_bytes())),
                ];
                pem::encode("EC PRIVATE KEY", &der::sequence(&fields))
            }
            Key::Ed(key) => {
                let secret = der::tagged(OCTETS, &key.to_bytes());
                let fields = [
                    der::integer(&[0]),
                    der::sequence(&[der::tagged(OID, ED25519)]),
                    der::tagged(OCTETS, &secret),
                ];
                pem::encode("PRIVATE KEY", &der::sequence(&fields))
            }
            Key::Dsa => String::new(),
        }
    }

    /// The algorithm of the public key, and its bits.
    pub(crate) fn public(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let algorithm = |parts: &[Vec<u8>]| der::sequence(parts);
        Some(match self {
            Key::Rsa(key) => {
                let numbers = [
                    der::integer(&key.n().to_bytes_be()),
                    der::integer(&key.e().to_bytes_be()),
                ];
                let parts = [der::tagged(OID, RSA), der::tagged(NULL, &[])];
                (algorithm(&parts), der::sequence(&numbers))
            }
            Key::Ec(key) => {
                let point = key.verifying_key().to_encoded_point(false);
                let parts = [der::tagged(OID, EC), der::tagged(OID, P256)];
                (algorithm(&parts), point.as_bytes().to_vec())
            }
            Key::Ed(key) => {
                let bits = key.verifying_key().to_bytes().to_vec();
                (algorithm(&[der::tagged(OID, ED25519)]), bits)
            }
            Key::Dsa => return None,
        })
    }

    /// The algorithm of signatures that it makes.
    pub(crate) fn signature_algorithm(&self) -> Vec<u8> {
        match self {
            Key::Rsa(_) => der::sequence(&[
                der::tagged(OID, SHA256_WITH_RSA),
                der::tagged(NULL, &[]),
            ]),
            Key::Ec(_) => der::sequence(&[der::tagged(OID, ECDSA_WITH_SHA256)]),
            Key::Ed(_) | Key::Dsa => der::sequence(&[der::tagged(OID, ED25519)]),
        }
    }

    /// Signs data.
    pub(crate) fn sign(&self, data: &[u8]) -> Vec<u8> {
        match self {
            Key::Rsa(key) => {
                let signer = pkcs1v15::SigningKey::<Sha256>::new(key.as_ref().clone());
                signer.sign(data).to_vec()
            }
            Key::Ec(key) => {
                let signature: Signature = key.sign(data);
                signature.to_der().as_bytes().to_vec()
            }
            Key::Ed(key) => key.sign(data).to_bytes().to_vec(),
            Key::Dsa => Vec::new(),
        }
    }
}

fn pkcs1(key: &RsaPrivateKey) -> Vec<u8> {
    let number = |n: &BigUint| der::integer(&n.to_bytes_be());
    let zero = BigUint::from(0u8);
    let one = BigUint::from(1u8);
    let (p, q) = match key.primes() {
        [p, q, ..] => (p, q),
        _ => (&zero, &zero),
    };
    let reduced = |prime: &BigUint| match prime > &one {
        true => number(&(key.d() % (prime - &one))),
        false => number(&zero),
    };
    let coefficient = key.crt_coefficient().unwrap_or_default();
    der::sequence(&[
        number(&zero),
        number(key.n()),
        number(key.e()),
        number(key.d()),
        number(p),
        number(q),
        reduced(p),
        reduced(q),
        number(&coefficient),
    ])
}

#[cfg(test)]
mod tests {
    use super::{Key, generate_private_key};
    use crate::Random;

    #[test]
    fn generated_keys_are_sound() {
        let mut random = Random::new([9; 32]);
        for kind in ["", "rsa", "ecdsa", "ed25519"] {
            let text = generate_private_key(kind, &mut random);
            // Reading an RSA key checks that its numbers belong together.
            let key = Key::from_pem(&text).unwrap();
            assert_eq!(key.to_pem(), text, "{kind}");
        }
        let Key::Rsa(key) = Key::generate_rsa(2048, &mut random).unwrap() else {
            unreachable!()
        };
        assert_eq!(rsa::traits::PublicKeyParts::n(key.as_ref()).bits(), 2048);
        assert!(generate_private_key("dsa", &mut random).starts_with("-----BEGIN DSA "));
    }
}
