//! Addresses as people write them: what in them is secret, and how they are shown.
//!
//! An address of the tree ends up in the lock and in messages, so one that holds a credential
//! is refused before anything is done with it.

use std::borrow::Cow;

use crate::Fault;

/// Names of parameters that hold a key, beside those that are secret anywhere.
const SECRET_PARAMETERS: &[&str] = &[
    "auth",
    "credential",
    "job_token",
    "key",
    "password",
    "private_token",
    "secret",
    "sig",
    "signature",
    "token",
    "x-amz-credential",
    "x-amz-security-token",
    "x-amz-signature",
    "x-goog-credential",
    "x-goog-signature",
];

/// The address without the credentials in it; for messages.
#[must_use]
pub fn shown(address: &str) -> String {
    let (before, authority, rest) = split(address);
    let host = match userinfo(address) {
        Some(_) => authority.rsplit('@').next().unwrap_or(""),
        None => authority,
    };
    let rest = match rest.split_once('?') {
        Some((path, query)) if query.split('&').any(is_secret_pair) => {
            Cow::Owned(format!("{path}?…"))
        }
        _ => Cow::Borrowed(rest),
    };
    format!("{before}{host}{rest}")
}

/// Refuses an address that holds a credential: it would be locked, and shown.
pub(crate) fn refuse_secrets(address: &str) -> Result<(), Fault> {
    let (_, _, rest) = split(address);
    let query = rest.split_once('?').map_or("", |(_, query)| query);
    if userinfo(address).is_none() && !query.split('&').any(is_secret_pair) {
        return Ok(());
    }
    let shown = shown(address);
    Err(Fault::new(format!("`{shown}` holds credentials, which do not belong into a tree"))
        .hint(
            "take them out, and give them to Helm (`helm repo add`), to Docker \
             (`docker login`), to git's credential helper, or to THANOS_GITOPS_TOKEN_<HOST>",
        ))
}

/// What is before the authority, the authority, and what follows it.
fn split(address: &str) -> (&str, &str, &str) {
    let Some(at) = address.find("://") else { return ("", "", address) };
    let (before, rest) = address.split_at(at + 3);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    (before, authority, rest)
}

/// A name or password before the host that is secret. `ssh://git@host` is not: it is the name
/// that everybody has there.
fn userinfo(address: &str) -> Option<&str> {
    let (before, authority, _) = split(address);
    let (info, _) = authority.rsplit_once('@')?;
    let is_ssh = before.to_ascii_lowercase().ends_with("ssh://");
    (!is_ssh || info.contains(':')).then_some(info)
}

/// Is it a parameter such as `token=…`?
fn is_secret_pair(pair: &str) -> bool {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    let known = SECRET_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known));
    !value.is_empty() && (known || source::is_secret_key(name))
}

#[cfg(test)]
mod tests {
    use super::{refuse_secrets, shown};

    #[test]
    fn addresses_with_credentials_are_refused_and_not_shown() {
        for address in [
            "https://me:s3cret@example.com/x",
            "https://s3cret@example.com/org/repo//deploy?ref=v1",
            "git::https://me:s3cret@example.com/org/repo",
            "ssh://git:s3cret@example.com/org/repo.git",
            "oci://me:s3cret@registry.example.com/charts",
            "https://example.com/x.yaml?v=1&token=s3cret",
            "https://example.com/x.yaml?X-Amz-Signature=s3cret",
        ] {
            let fault = refuse_secrets(address).unwrap_err();
            assert!(!fault.message.contains("s3cret"), "{fault:?}");
            assert!(fault.message.contains("example.com/"), "{fault:?}");
            assert!(!shown(address).contains("s3cret"), "{address}");
        }
    }

    #[test]
    fn other_addresses_are_shown_as_they_are() {
        for address in [
            "https://example.com/org/repo//deploy?ref=v1",
            "https://example.com/a@b/x.yaml?token=",
            "ssh://git@example.com/org/repo.git",
            "git@example.com:org/repo.git//x",
            "github.com/org/repo?ref=main",
            "@stable",
            "oci://registry.example.com:5000/charts",
            "file:///srv/repo.git//x",
        ] {
            assert_eq!(refuse_secrets(address), Ok(()), "{address}");
            assert_eq!(shown(address), address);
        }
    }
}
