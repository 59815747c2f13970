//! The server behind TLS. The certificates are in `tls/`: an authority, a server's certificate
//! that is good for a hundred years, one that has expired, and a client's.

use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use crate::fixture::{Surroundings, index_of};
use crate::server::{Reply, Request, Server, Wrap};

/// The path of a file in `tls/`.
pub(crate) fn file(name: &str) -> String {
    format!("{}/tests/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A server of HTTPS with this certificate, which may insist on one of the client.
pub(crate) fn start(
    certificate: &str,
    asks_client: bool,
    handler: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Server {
    let chain = vec![pem(&format!("{certificate}.pem"))];
    let key = PrivateKeyDer::from_pem_file(file(&format!("{certificate}.key"))).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(provider.clone());
    let builder = builder.with_safe_default_protocol_versions().unwrap();
    let builder = match asks_client {
        true => {
            let mut roots = RootCertStore::empty();
            roots.add(pem("ca.pem")).unwrap();
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

fn pem(name: &str) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(file(name)).unwrap()
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
    let server = start("server", false, charts);
    let plain = Surroundings::new();
    let fault = plain.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.starts_with(&format!("GET {}/index.yaml:", server.url())));
    assert!(fault.hint.contains("SSL_CERT_FILE"), "{fault:?}");
    let trusting = Surroundings::new().set("SSL_CERT_FILE", &file("ca.pem"));
    trusting.chart("web", &server.url(), "1.0.0").good();
    let listed = Surroundings::new();
    let ca = file("ca.pem");
    listed.repositories(&format!("url: {}\n  caFile: {ca}", server.url()));
    listed.chart("web", &server.url(), "1.0.0").good();
}

#[test]
fn an_expired_certificate_is_refused() {
    let server = start("expired", false, charts);
    let trusting = Surroundings::new().set("SSL_CERT_FILE", &file("ca.pem"));
    let fault = trusting.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("certificate"), "{fault:?}");
    assert!(fault.message.to_lowercase().contains("expired"), "{fault:?}");
}

#[test]
fn a_client_shows_its_certificate_where_it_has_one() {
    let server = start("server", true, charts);
    let (ca, certificate, key) = (file("ca.pem"), file("client.pem"), file("client.key"));
    let without = Surroundings::new().set("SSL_CERT_FILE", &ca);
    without.chart("web", &server.url(), "1.0.0").fault();
    let with = Surroundings::new();
    with.repositories(&format!(
        "url: {}/\n  caFile: {ca}\n  certFile: {certificate}\n  keyFile: {key}",
        server.url()
    ));
    with.chart("web", &server.url(), "1.0.0").good();
}

#[test]
fn verification_is_never_switched_off() {
    let server = start("server", false, charts);
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
    let server = start("server", false, move |request| {
        Reply::status(302).with("location", format!("{to}{}", request.path))
    });
    let trusting = Surroundings::new().set("SSL_CERT_FILE", &file("ca.pem"));
    let fault = trusting.chart("web", &server.url(), "1.0.0").fault();
    assert!(fault.message.contains("redirected to plain HTTP"), "{fault:?}");
    assert!(plain.take().is_empty());
}
