//! Which keys hold secrets, and how secret text is shown.

use std::ops::Range;

/// What stands for a secret wherever text is shown. Its length says nothing.
pub const MASK: &str = "•••••";

/// Shows `range` of `text` with every part that `tainted` covers masked.
///
/// `tainted` is sorted by start; ranges may overlap.
#[must_use]
pub fn masked(text: &str, range: Range<usize>, tainted: &[Range<usize>]) -> String {
    let mut shown = String::new();
    let mut at = range.start;
    for &Range { start, end } in tainted {
        let end = end.min(range.end);
        if end <= at || start >= range.end {
            continue;
        }
        shown.push_str(text.get(at..start.max(at)).unwrap_or(""));
        shown.push_str(MASK);
        at = end;
    }
    shown.push_str(text.get(at..range.end).unwrap_or(""));
    shown
}

/// Is the text a reference to a secret, or one that is encrypted: `op://vault/item/field`,
/// `ENC[…]`?
#[must_use]
pub fn is_reference(text: &str) -> bool {
    let text = text.trim();
    let within =
        |open: &str, close: &str| text.starts_with(open) && text.ends_with(close);
    const SCHEMES: &[&str] =
        &["ref+", "vault:", "op://", "bws://", "gcpsm://", "awssm://"];
    within("${", "}")
        || within("$(", ")")
        || within("{{", "}}")
        || within("<path:", ">")
        || text.starts_with("ENC[")
        || SCHEMES.iter().any(|scheme| text.starts_with(scheme))
}

/// Does a key of this name usually hold a credential?
///
/// The key decides, not the entropy of its value. Names of references (`secretName`,
/// `existingSecret`, `passwordSecretKey`, `password_file`) are no credentials.
#[must_use]
pub fn is_secret_key(key: &str) -> bool {
    let ends_with = |end: &&str| {
        let mut letters = letters(key).rev();
        end.bytes().rev().all(|wanted| letters.next() == Some(wanted))
    };
    ENDINGS.iter().any(ends_with)
        && !String::from_utf8_lossy(&letters(key).collect::<Vec<u8>>())
            .contains("existing")
}

/// How the names of keys with credentials end, in small letters and digits.
const ENDINGS: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secretkey",
    "secretaccesskey",
    "clientsecret",
    "bearertoken",
    "accesstoken",
    "authtoken",
    "apitoken",
    "apikey",
    "privatekey",
    "encryptionkey",
    "securityadminpassword",
];

/// Is the text nothing but a word for credentials: `PASSWORD`, `api-key`?
pub(crate) fn is_word_for_secrets(text: &str) -> bool {
    ENDINGS.iter().any(|word| letters(text).eq(word.bytes()))
}

/// The letters and digits of a key, small.
fn letters(key: &str) -> impl DoubleEndedIterator<Item = u8> {
    let kept = key.bytes().filter(u8::is_ascii_alphanumeric);
    kept.map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::{is_secret_key, is_word_for_secrets};

    #[test]
    fn keys_decide() {
        for yes in ["adminPassword", "root_password", "secret_key", "HTTP_Passwd"] {
            assert!(is_secret_key(yes), "{yes}");
        }
        for no in ["existingSecretPassword", "passwordFile", "secretName", "user"] {
            assert!(!is_secret_key(no), "{no}");
        }
        assert!(is_word_for_secrets("PASSWORD") && is_word_for_secrets("api-key"));
        assert!(
            !is_word_for_secrets("password1") && !is_word_for_secrets("root_password")
        );
    }
}
