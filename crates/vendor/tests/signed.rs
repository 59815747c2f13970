//! Charts with `.prov` files.

use vendor::Digest;

use crate::fixture::{Surroundings, index};
use crate::server::{Reply, Server};

const ARCHIVE: &[u8] = include_bytes!("provenance/web-1.0.0.tgz");
const GOOD: &[u8] = include_bytes!("provenance/rsa.prov");
const STRANGER: &[u8] = include_bytes!("provenance/stranger.prov");

fn repository(provenance: Option<&'static [u8]>) -> Server {
    let index = index(&[("web", "1.0.0", &Digest::of(ARCHIVE).to_string())]);
    Server::start(move |request| match (request.path.as_str(), provenance) {
        ("/index.yaml", _) => Reply::ok(index.clone()),
        ("/web-1.0.0.tgz", _) => Reply::ok(ARCHIVE).ranged(request),
        ("/web-1.0.0.tgz.prov", Some(provenance)) => Reply::ok(provenance),
        _ => Reply::status(404),
    })
}

fn with_keys(must_be_signed: bool) -> Surroundings {
    let mut here = Surroundings::new();
    let keys = format!("{}/tests/provenance/keys.gpg", env!("CARGO_MANIFEST_DIR"));
    here.settings.keyring = Some(keys.into());
    here.settings.must_be_signed = must_be_signed;
    here
}

#[test]
fn signatures_are_checked_where_there_are_keys() {
    let server = repository(Some(GOOD));
    let brought = with_keys(true).chart("web", &server.url(), "1.0.0").good();
    assert_eq!(brought.signed.as_deref(), Some("Test rsa <rsa@example.com>"));
    let server = repository(Some(STRANGER));
    let fault = with_keys(false).chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.starts_with("chart `web` 1.0.0: its signature is not good"));
    // Without keys nobody asks for the signature.
    Surroundings::new().chart("web", &server.url(), "1.0.0").good();
    assert!(!server.paths().iter().skip(3).any(|path| path.ends_with(".prov")));
}

#[test]
fn a_chart_without_a_signature_is_refused_only_if_that_is_asked_for() {
    let server = repository(None);
    let brought = with_keys(false).chart("web", &server.url(), "1.0.0").good();
    assert_eq!(brought.signed, None);
    let fault = with_keys(true).chart("web", &server.url(), "1.0.0").fault();
    assert_eq!(fault.message, "chart `web` 1.0.0 is not signed");
    let mut without = Surroundings::new();
    without.settings.must_be_signed = true;
    without.chart("web", &server.url(), "1.0.0").fault();
}
