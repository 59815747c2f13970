//! Charts with `.prov` files.

use vendor::{Digest, Lock};

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
fn what_the_cache_holds_is_checked_as_well() {
    let server = repository(Some(GOOD));
    let here = with_keys(true);
    let wanted = crate::fixture::wanted("web", &server.url(), "1.0.0");
    let lock = |chart| Lock { charts: vec![chart], ..Lock::default() };
    let signed = lock(here.one(&wanted, &Lock::default()).locked_chart());
    assert_eq!(signed.charts[0].provenance, Some(Digest::of(GOOD)));
    server.take();
    let again = here.one(&wanted, &signed).good();
    assert_eq!((again.fetched, again.signed.is_some()), (false, true));
    assert!(server.take().is_empty());
    // A chart that nobody checked when it came is asked for its signature.
    let mut unchecked = signed.clone();
    unchecked.charts[0].provenance = None;
    let brought = here.one(&wanted, &unchecked).good();
    assert_eq!((brought.fetched, brought.signed.is_some()), (true, true));
    let mut stranger = signed.clone();
    stranger.charts[0].provenance = Some(here.cache.put(STRANGER).unwrap());
    let fault = here.one(&wanted, &stranger).fault();
    assert!(fault.message.contains("its signature is not good"), "{fault:?}");
    let server = repository(None);
    let mut moved = unchecked;
    moved.charts[0].repository = server.url();
    let wanted = crate::fixture::wanted("web", &server.url(), "1.0.0");
    let fault = here.one(&wanted, &moved).fault();
    assert_eq!(fault.message, "chart `web` 1.0.0 is not signed");
}

#[test]
fn what_was_locked_without_keys_is_asked_for_its_signature() {
    for provenance in [Some(GOOD), Some(STRANGER), None] {
        let server = repository(provenance);
        let mut here = Surroundings::new();
        let wanted = crate::fixture::wanted("web", &server.url(), "1.0.0");
        let chart = here.one(&wanted, &Lock::default()).locked_chart();
        assert_eq!(chart.provenance, None);
        let lock = Lock { charts: vec![chart], ..Lock::default() };
        server.take();
        here.settings.keyring = with_keys(false).settings.keyring;
        let brought = here.one(&wanted, &lock);
        match provenance {
            Some(STRANGER) => {
                let fault = brought.fault();
                assert!(fault.message.contains("its signature is not good"), "{fault:?}");
            }
            _ => assert_eq!(brought.good().signed.is_some(), provenance.is_some()),
        }
        // The archive itself is in the cache.
        assert_eq!(server.paths(), ["/index.yaml", "/web-1.0.0.tgz.prov"]);
    }
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
