//! The server behind TLS, with an authority that is made for the run: its keys are nobody's.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, LazyLock};

use certs::{Pair, Random, Request as Certificate};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::fixture::{Surroundings, index_of};
use crate::server::{Reply, Request, Server, Wrap};

/// An authority and what it signed.
struct Certificates {
    authority: Pair,
    server: Pair,
    expired: Pair,
    client: Pair,
}

static CERTIFICATES: LazyLock<Certificates> = LazyLock::new(|| {
    let random = &mut Random::new(*b"keys of a test, made of nothing.");
    let mut keys = || certs::generate_private_key("ecdsa", random);
    let keys = [keys(), keys(), keys(), keys()];
    let request = |name, days, key| Certificate {
        name,
        addresses: vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
        hosts: vec!["localhost".to_owned()],
        days,
        // The first day of 2026.
        now: 1_767_225_600,
        key: Some(key),
    };
    let century = 36_500;
    let authority = request("authority", century, &keys[0]).authority(random).unwrap();
    let mut signed =
        |name, days, key| request(name, days, key).signed(&authority, random).unwrap();
    Certificates {
        server: signed("server", century, &keys[1]),
        expired: signed("expired", 1, &keys[2]),
        client: signed("client", century, &keys[3]),
        authority: authority.clone(),
    }
});

/// Writes the authority's certificate; returns its path.
fn authority(here: &Surroundings) -> String {
    here.write("ca.pem", &CERTIFICATES.authority.cert)
}

/// Surroundings that trust the authority.
fn trusting() -> Surroundings {
    let here = Surroundings::new();
    let ca = authority(&here);
    here.set("SSL_CERT_FILE", &ca)
}

/// A server of HTTPS with this certificate, which may insist on one of the client.
fn start(
    certificate: &Pair,
    asks_client: bool,
    handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Server {
    let chain = vec![der(certificate)];
    let key = PrivateKeyDer::from_pem_slice(certificate.key.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let builder = match asks_client {
        true => {
            let mut roots = RootCertStore::empty();
            roots.add(der(&CERTIFICATES.authority)).unwrap();
            let roots = Arc::new(roots);
            let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
        false => builder.with_no_client_auth(),
    };
    let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
    let wrap: Arc<Wrap> = Arc::new(move |stream| {
        let connection = ServerConnection::new(config.clone()).ok()?;
        Some(Box::new(StreamOwned::new(connection, stream)))
    });
    Server::wrapped("https", wrap, handler)
}

fn der(pair: &Pair) -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(pair.cert.as_bytes()).unwrap()
}

fn charts(request: &Request) -> Reply {
    let (index, archive) = index_of("web", "1.0.0", "");
    match request.path.as_str() {
        "/index.yaml" => Reply::ok(index),
        "/web-1.0.0.tgz" => Reply::ok(archive).ranged(request),
        _ => Reply::status(404),
    }
}

#[test]
fn certificates_are_verified() {
    let server = start(&CERTIFICATES.server, false, charts);
    let plain = Surroundings::new();
    let fault = plain.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.starts_with(&format!("GET {}/index.yaml:", server.url())));
    assert!(fault.hint.contains("SSL_CERT_FILE"), "{fault:?}");
    trusting().chart("web", &server.url(), "1.0.0").good();
    let listed = Surroundings::new();
    let ca = authority(&listed);
    listed.repositories(&format!("url: {}\n  caFile: {ca}", server.url()));
    listed.chart("web", &server.url(), "1.0.0").good();
}

#[test]
fn an_expired_certificate_is_refused() {
    let server = start(&CERTIFICATES.expired, false, charts);
    let fault = trusting().chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("certificate"), "{fault:?}");
    assert!(fault.message.to_lowercase().contains("expired"), "{fault:?}");
}

#[test]
fn a_client_shows_its_certificate_where_it_has_one() {
    let server = start(&CERTIFICATES.server, true, charts);
    trusting().chart("web", &server.url(), "1.0.0").fault();
    let with = Surroundings::new();
    let (ca, client) = (authority(&with), &CERTIFICATES.client);
    let certificate = with.write("client.pem", &client.cert);
    let key = with.write("client.key", &client.key);
    with.repositories(&format!(
        "url: {}/\n  caFile: {ca}\n  certFile: {certificate}\n  keyFile: {key}",
        server.url()
    ));
    with.chart("web", &server.url(), "1.0.0").good();
}

#[test]
fn verification_is_never_switched_off() {
    let server = start(&CERTIFICATES.server, false, charts);
    let insecure = Surroundings::new();
    insecure.repositories(&format!(
        "url: {}\n  insecure_skip_tls_verify: true",
        server.url()
    ));
    let fault = insecure.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("certificates are always verified"), "{fault:?}");
    assert!(server.take().is_empty());
}

#[test]
fn a_redirect_to_plain_http_is_refused() {
    let plain = Server::start(charts);
    let to = plain.url();
    let server = start(&CERTIFICATES.server, false, move |request| {
        Reply::status(302).with("location", format!("{to}{}", request.path))
    });
    let fault = trusting().chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("redirected to plain HTTP"), "{fault:?}");
    assert!(plain.take().is_empty());
}

#[test]
fn a_registry_whose_certificate_is_refused_is_not_asked_without() {
    // One on this machine that speaks no TLS is asked in plain HTTP; this one speaks it.
    let server = start(&CERTIFICATES.server, false, |_| Reply::status(404));
    let address = server.url().replace("https://", "oci://");
    let fault = Surroundings::new().chart("web", &address, "1.0.0").fault();
    assert!(fault.message.starts_with("GET https://"), "{fault:?}");
    assert!(fault.hint.contains("certificate is not trusted"), "{fault:?}");
    // So is one that wants to see a certificate of ours.
    let server = start(&CERTIFICATES.server, true, |_| Reply::status(404));
    let address = server.url().replace("https://", "oci://");
    let fault = trusting().chart("web", &address, "1.0.0").fault();
    assert!(fault.message.starts_with("GET https://"), "{fault:?}");
}
