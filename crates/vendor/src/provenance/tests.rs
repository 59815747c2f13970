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
    let taken_back = "its key does not count: its owner took it back";
    assert_eq!(verify(KEYS, REVOKED), Err(taken_back.to_owned()));
}

/// Written by gpg with `--cert-digest-algo SHA1`, the signatures of the charts by SHA-512.
#[test]
fn what_an_owner_says_with_sha_1_is_not_passed_over() {
    let keys = include_bytes!("../../tests/provenance/weak.gpg");
    let of = |provenance: &[u8]| verify(keys, provenance);
    let not_said = "its key does not count: what its owner says of it: its hash is SHA-1";
    let taken =
        "its key does not count: its owner may have taken it back: its hash is SHA-1";
    let taken_back = include_bytes!("../../tests/provenance/weak-taken.prov");
    assert_eq!(of(taken_back), Err(taken.to_owned()));
    // It was to end before the chart was signed.
    let ended = include_bytes!("../../tests/provenance/weak-ended.prov");
    assert_eq!(of(ended), Err(not_said.to_owned()));
    let owner = include_bytes!("../../tests/provenance/weak-self.prov");
    assert_eq!(of(owner), Err(not_said.to_owned()));
    // What was said anew with a better hash holds.
    let again = include_bytes!("../../tests/provenance/weak-again.prov");
    assert_eq!(of(again).unwrap(), "Test again <again@example.com>");
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
