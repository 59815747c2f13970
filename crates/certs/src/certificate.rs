//! Certificates. (crypto.go; crypto/x509, `CreateCertificate`)

use std::net::IpAddr;

use rand_core::RngCore as _;
use sha2::{Digest, Sha256};

use crate::der::{
    self, BITS, BOOLEAN, GENERAL_TIME, INTEGER, OCTETS, OID, PRINTABLE, Reader, SET,
    UTC_TIME, UTF8,
};
use crate::key::Key;
use crate::pem;
use crate::random::Random;

const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
const BASIC_CONSTRAINTS: &[u8] = &[0x55, 0x1d, 0x13];
const SUBJECT_KEY_ID: &[u8] = &[0x55, 0x1d, 0x0e];
const AUTHORITY_KEY_ID: &[u8] = &[0x55, 0x1d, 0x23];
const ALTERNATIVE_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
const SERVER_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01];
const CLIENT_AUTH: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02];

/// A certificate and its key, as PEM: what templates see as `.Cert` and `.Key`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The certificate.
    pub cert: String,
    /// The private key.
    pub key: String,
}

/// What a certificate shall say.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// The common name of the subject.
    pub name: &'a str,
    /// Alternative names: addresses.
    pub addresses: Vec<IpAddr>,
    /// Alternative names: hosts.
    pub hosts: Vec<String>,
    /// How many days it is valid, from `now`.
    pub days: i64,
    /// Seconds since 1970.
    pub now: i64,
    /// The private key to use, as PEM; a new RSA key of 2048 bits if there is none.
    pub key: Option<&'a str>,
}

/// Whose name and key sign.
struct Issuer<'a> {
    subject: Vec<u8>,
    key_id: Option<Vec<u8>>,
    key: &'a Key,
}

impl Request<'_> {
    /// Makes a certificate authority that signed itself. (`genCA`, `genCAWithKey`)
    ///
    /// # Errors
    ///
    /// Returns sprig's message.
    pub fn authority(&self, random: &mut Random) -> Result<Pair, String> {
        self.signed_by_itself(random, true)
    }

    /// Makes a certificate that signed itself. (`genSelfSignedCert`)
    ///
    /// # Errors
    ///
    /// Returns sprig's message.
    pub fn self_signed(&self, random: &mut Random) -> Result<Pair, String> {
        self.signed_by_itself(random, false)
    }

    /// Makes a certificate that an authority signs. (`genSignedCert`)
    ///
    /// # Errors
    ///
    /// Returns sprig's message.
    pub fn signed(&self, authority: &Pair, random: &mut Random) -> Result<Pair, String> {
        let key = self.take_key(random)?;
        let (_, data) =
            pem::decode(&authority.cert).ok_or("unable to decode certificate")?;
        let parsed = Parsed::read(&data).ok_or_else(|| {
            "error parsing certificate: decodedSignerCert.Bytes: x509: malformed certificate"
                .to_owned()
        })?;
        let signer = Key::from_pem(&authority.key)
            .map_err(|error| format!("error parsing private key: {error}"))?;
        let public = signer
            .public()
            .map(|(algorithm, bits)| der::sequence(&[algorithm, der::bits(&bits)]));
        if public.is_some_and(|public| public != parsed.public) {
            let fault = "x509: provided PrivateKey doesn't match parent's PublicKey";
            return Err(format!("error creating certificate: {fault}"));
        }
        let subject = parsed.subject.to_vec();
        let key_id = parsed.key_id.map(<[u8]>::to_vec);
        self.create(&key, &Issuer { subject, key_id, key: &signer }, false, random)
    }

    fn signed_by_itself(&self, random: &mut Random, is_ca: bool) -> Result<Pair, String> {
        let key = self.take_key(random)?;
        let subject = name(self.name);
        self.create(&key, &Issuer { subject, key_id: None, key: &key }, is_ca, random)
    }

    fn take_key(&self, random: &mut Random) -> Result<Key, String> {
        match self.key {
            None => Key::generate_rsa(2048, random)
                .map_err(|error| format!("error generating rsa key: {error}")),
            Some(key) => given_key(key),
        }
    }

    fn create(
        &self,
        key: &Key,
        issuer: &Issuer<'_>,
        is_ca: bool,
        random: &mut Random,
    ) -> Result<Pair, String> {
        if issuer.key.public().is_none() {
            let fault = "x509: certificate private key does not implement crypto.Signer";
            return Err(format!("error creating certificate: {fault}"));
        }
        let Some((algorithm, public)) = key.public() else {
            let fault = "x509: unsupported public key type: *dsa.PublicKey";
            return Err(format!("error creating certificate: {fault}"));
        };
        let mut serial = [0; 16];
        random.fill_bytes(&mut serial);
        let end = self.now.saturating_add(self.days.saturating_mul(86_400));
        let subject = name(self.name);
        let signature_algorithm = issuer.key.signature_algorithm();
        let extensions = self.extensions(&public, &subject, issuer, is_ca);
        let body = der::sequence(&[
            der::tagged(0xa0, &der::integer(&[2])),
            der::integer(&serial),
            signature_algorithm.clone(),
            issuer.subject.clone(),
            der::sequence(&[time(self.now), time(end)]),
            subject,
            der::sequence(&[algorithm, der::bits(&public)]),
            der::tagged(0xa3, &der::sequence(&extensions)),
        ]);
        let signature = issuer.key.sign(&body);
        let whole = der::sequence(&[body, signature_algorithm, der::bits(&signature)]);
        Ok(Pair { cert: pem::encode("CERTIFICATE", &whole), key: key.to_pem() })
    }

    /// The extensions, in the order of `buildCertExtensions`.
    fn extensions(
        &self,
        public: &[u8],
        subject: &[u8],
        issuer: &Issuer<'_>,
        is_ca: bool,
    ) -> Vec<Vec<u8>> {
        // Digital signature and key encipherment; an authority signs certificates too.
        let usage: &[u8] = if is_ca { &[2, 0xa4] } else { &[5, 0xa0] };
        let purposes = [der::tagged(OID, SERVER_AUTH), der::tagged(OID, CLIENT_AUTH)];
        let constraints = match is_ca {
            true => der::sequence(&[der::tagged(BOOLEAN, &[0xff])]),
            false => der::sequence(&[]),
        };
        let mut extensions = vec![
            extension(KEY_USAGE, true, &der::tagged(BITS, usage)),
            extension(EXTENDED_KEY_USAGE, false, &der::sequence(&purposes)),
            extension(BASIC_CONSTRAINTS, true, &constraints),
        ];
        if is_ca {
            let digest = Sha256::digest(public);
            let id = digest.get(..20).unwrap_or_default();
            extensions.push(extension(SUBJECT_KEY_ID, false, &der::tagged(OCTETS, id)));
        }
        if let Some(id) = issuer.key_id.as_ref().filter(|_| issuer.subject != subject) {
            let id = der::sequence(&[der::tagged(0x80, id)]);
            extensions.push(extension(AUTHORITY_KEY_ID, false, &id));
        }
        let hosts = self.hosts.iter().map(|host| der::tagged(0x82, host.as_bytes()));
        let addresses =
            self.addresses.iter().map(|address| match address.to_canonical() {
                IpAddr::V4(address) => der::tagged(0x87, &address.octets()),
                IpAddr::V6(address) => der::tagged(0x87, &address.octets()),
            });
        let names: Vec<Vec<u8>> = hosts.chain(addresses).collect();
        if !names.is_empty() {
            let critical = self.name.is_empty();
            extensions.push(extension(
                ALTERNATIVE_NAMES,
                critical,
                &der::sequence(&names),
            ));
        }
        extensions
    }
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let mut parts = vec![der::tagged(OID, oid)];
    if critical {
        parts.push(der::tagged(BOOLEAN, &[0xff]));
    }
    parts.push(der::tagged(OCTETS, value));
    der::sequence(&parts)
}

/// A subject with a common name and nothing else.
fn name(common: &str) -> Vec<u8> {
    if common.is_empty() {
        return der::sequence(&[]);
    }
    let printable = |b: u8| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b);
    let tag = if common.bytes().all(printable) { PRINTABLE } else { UTF8 };
    let pair = der::sequence(&[
        der::tagged(OID, COMMON_NAME),
        der::tagged(tag, common.as_bytes()),
    ]);
    der::sequence(&[der::tagged(SET, &pair)])
}

/// Seconds since 1970 as UTC time, or as general time outside 1950 to 2049.
fn time(seconds: i64) -> Vec<u8> {
    let (days, clock) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days);
    let clock = format!("{:02}{:02}{:02}Z", clock / 3600, clock / 60 % 60, clock % 60);
    match year {
        1950..2050 => {
            let text = format!("{:02}{month:02}{day:02}{clock}", year % 100);
            der::tagged(UTC_TIME, text.as_bytes())
        }
        _ => {
            let text = format!("{year:04}{month:02}{day:02}{clock}");
            der::tagged(GENERAL_TIME, text.as_bytes())
        }
    }
}

/// The date of a day number; years begin in March inside.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// What signing needs to know of a certificate.
struct Parsed<'d> {
    subject: &'d [u8],
    public: &'d [u8],
    key_id: Option<&'d [u8]>,
}

impl<'d> Parsed<'d> {
    fn read(data: &'d [u8]) -> Option<Parsed<'d>> {
        let mut whole = Reader::new(data).sequence()?;
        let mut body = whole.sequence()?;
        body.optional(0xa0);
        body.expect(INTEGER)?;
        body.sequence()?;
        body.sequence()?;
        body.sequence()?;
        let subject = body.next()?.whole;
        let public = body.next()?.whole;
        let mut key_id = None;
        if let Some(extensions) = body.optional(0xa3) {
            let mut extensions = Reader::new(extensions).sequence()?;
            while !extensions.is_empty() {
                let mut extension = extensions.sequence()?;
                let oid = extension.expect(OID)?;
                extension.optional(BOOLEAN);
                let value = extension.expect(OCTETS)?;
                if oid == SUBJECT_KEY_ID {
                    key_id = Reader::new(value).expect(OCTETS);
                }
            }
        }
        Some(Parsed { subject, public, key_id })
    }
}

/// Checks a private key that a certificate is to be made with.
///
/// # Errors
///
/// Returns sprig's message.
pub fn check_key(pem: &str) -> Result<(), String> {
    given_key(pem).map(drop)
}

fn given_key(pem: &str) -> Result<Key, String> {
    Key::from_pem(pem).map_err(|error| format!("parsing private key: {error}"))
}

/// Checks a certificate and a key that a user brings. (`buildCustomCert`)
///
/// # Errors
///
/// Returns sprig's message.
pub fn check_custom(cert: &str, key: &str) -> Result<(), String> {
    let (_, data) = pem::decode(cert).ok_or("unable to decode certificate")?;
    Parsed::read(&data).ok_or(
        "error parsing certificate: decodedCert.Bytes: x509: malformed certificate",
    )?;
    Key::from_pem(key).map_err(|error| format!("error parsing private key: {error}"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Pair, Request, check_custom};
    use crate::{Random, generate_private_key};

    fn request<'a>(name: &'a str, key: &'a str) -> Request<'a> {
        Request {
            name,
            addresses: vec!["10.0.0.1".parse().unwrap()],
            hosts: vec!["a.example".to_owned()],
            days: 365,
            now: 1_700_000_000,
            key: Some(key),
        }
    }

    #[test]
    fn an_authority_signs() {
        let mut random = Random::new([7; 32]);
        let ca_key = generate_private_key("ecdsa", &mut random);
        let key = generate_private_key("ed25519", &mut random);
        let authority = request("ca", &ca_key).authority(&mut random).unwrap();
        let signed = request("leaf", &key).signed(&authority, &mut random).unwrap();
        assert!(signed.cert.starts_with("-----BEGIN CERTIFICATE-----\n"));
        assert_eq!(signed.key, key);
        assert_eq!(check_custom(&signed.cert, &signed.key), Ok(()));
        let stranger =
            Pair { key: generate_private_key("ecdsa", &mut random), ..authority };
        let fault = request("leaf", &key).signed(&stranger, &mut random).unwrap_err();
        assert!(fault.ends_with("doesn't match parent's PublicKey"), "{fault}");
    }

    #[test]
    fn the_same_seed_gives_the_same() {
        let make = || {
            let mut random = Random::new([1; 32]);
            let key = generate_private_key("ecdsa", &mut random);
            request("x", &key).self_signed(&mut random).unwrap()
        };
        assert_eq!(make(), make());
        let unknown = generate_private_key("rot13", &mut Random::new([0; 32]));
        assert_eq!(unknown, "Unknown type rot13");
    }
}
