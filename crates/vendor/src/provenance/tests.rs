//! Signatures that `helm package --sign` (v4.2.4) and `gpg --clearsign` (2.4) have made.

use super::Keyring;

const ARCHIVE: &[u8] = include_bytes!("../../tests/provenance/web-1.0.0.tgz");
const KEYS: &[u8] = include_bytes!("../../tests/provenance/keys.gpg");
const RSA_KEY: &[u8] = include_bytes!("../../tests/provenance/rsa.asc");
const RSA: &[u8] = include_bytes!("../../tests/provenance/rsa.prov");
const ED25519: &[u8] = include_bytes!("../../tests/provenance/ed.prov");
const SUBKEY: &[u8] = include_bytes!("../../tests/provenance/sub.prov");
const EXPIRED_SINCE: &[u8] = include_bytes!("../../tests/provenance/old.prov");
const REVOKED: &[u8] = include_bytes!("../../tests/provenance/gone.prov");
const STRANGER: &[u8] = include_bytes!("../../tests/provenance/stranger.prov");

fn verify(keys: &[u8], provenance: &[u8]) -> Result<String, String> {
    Keyring::of(keys).unwrap().verify(provenance, Some("web-1.0.0.tgz"), ARCHIVE)
}

#[test]
fn good_signatures_name_their_owner() {
    assert_eq!(verify(KEYS, RSA).unwrap(), "Test rsa <rsa@example.com>");
    assert_eq!(verify(RSA_KEY, RSA).unwrap(), "Test rsa <rsa@example.com>");
    assert_eq!(verify(KEYS, ED25519).unwrap(), "Test ed <ed@example.com>");
    assert_eq!(verify(KEYS, SUBKEY).unwrap(), "Test sub <sub@example.com>");
    // The key has expired since, but counted when it signed.
    assert_eq!(verify(KEYS, EXPIRED_SINCE).unwrap(), "Test old <old@example.com>");
}

#[test]
fn other_keys_are_refused() {
    let unknown = Err("it is signed by a key that is not in the keyring".to_owned());
    assert_eq!(verify(KEYS, STRANGER), unknown);
    assert_eq!(verify(RSA_KEY, ED25519), unknown);
    assert_eq!(verify(KEYS, REVOKED), unknown);
}

#[test]
fn what_was_changed_is_refused() {
    let text = String::from_utf8(RSA.to_vec()).unwrap();
    let changed = text.replacen("name: web", "name: wep", 1);
    let not_signed = Err("the text is not what was signed".to_owned());
    assert_eq!(verify(KEYS, changed.as_bytes()), not_signed);
    // Spaces at the ends of lines and the ends themselves are not signed.
    let carried = text.replace('\n', "\r\n").replacen("name: web\r", "name: web \t\r", 1);
    assert!(verify(KEYS, carried.as_bytes()).is_ok());
    let before = format!("files:\n  web-1.0.0.tgz: sha256:00\n{text}");
    assert!(verify(KEYS, before.as_bytes()).is_err());
    let keyring = Keyring::of(KEYS).unwrap();
    let other = keyring.verify(RSA, Some("web-1.0.0.tgz"), b"another archive");
    assert!(other.unwrap_err().starts_with("it is for an archive with SHA-256"));
    let name = keyring.verify(RSA, Some("web-2.0.0.tgz"), ARCHIVE);
    assert_eq!(name.unwrap_err(), "it does not name `web-2.0.0.tgz`");
}

#[test]
fn any_bytes_are_refused_without_a_panic() {
    assert!(Keyring::of(b"").is_err());
    assert!(Keyring::of(b"-----BEGIN PGP PUBLIC KEY BLOCK-----").is_err());
    for end in (0..KEYS.len()).step_by(61) {
        let _cut = Keyring::of(&KEYS[..end]);
    }
    for at in (0..KEYS.len()).step_by(61) {
        let mut spoilt = KEYS.to_vec();
        spoilt[at] ^= 0x55;
        if let Ok(keyring) = Keyring::of(&spoilt) {
            let _refused_or_not = keyring.verify(ED25519, Some("web-1.0.0.tgz"), ARCHIVE);
        }
    }
    for end in (0..RSA.len()).step_by(17) {
        assert!(verify(RSA_KEY, &RSA[..end]).is_err() || end + 40 > RSA.len(), "{end}");
    }
}
