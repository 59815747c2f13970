//! Whom to trust, and who we are.
//!
//! Roots are those of the machine, found where Go and so Helm finds them; a repository may have
//! a file of its own, which then counts alone, as in Helm. Verification cannot be switched off.

use std::path::{Path, PathBuf};

use ureq::tls::{Certificate, ClientCert, PemItem, RootCerts, TlsConfig, parse_pem};

use crate::Fault;
use crate::environment::{Environment, read};

/// The files that a repository brings along for its certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct TlsFiles {
    /// The authorities to trust.
    pub(crate) ca: Option<PathBuf>,
    /// The certificate to show, and its key.
    pub(crate) client: Option<(PathBuf, PathBuf)>,
}

/// Where the operating systems keep their authorities. (Go: `crypto/x509/root_*.go`)
const BUNDLES: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/cacert.pem",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// The configuration for these files.
pub(crate) fn config(
    files: &TlsFiles,
    environment: &Environment,
) -> Result<TlsConfig, Fault> {
    let roots = match &files.ca {
        Some(path) => certificates(path)?,
        None => roots_of_the_machine(environment)?,
    };
    let roots = match roots.is_empty() {
        // A container without any: the authorities that browsers trust.
        true => RootCerts::WebPki,
        false => RootCerts::new_with_certs(&roots),
    };
    let client = match &files.client {
        Some((certificate, key)) => Some(client(certificate, key)?),
        None => None,
    };
    Ok(TlsConfig::builder().root_certs(roots).client_cert(client).build())
}

fn roots_of_the_machine(
    environment: &Environment,
) -> Result<Vec<Certificate<'static>>, Fault> {
    if let Some(path) = environment.get("SSL_CERT_FILE") {
        return certificates(Path::new(path));
    }
    for path in BUNDLES.iter().map(Path::new) {
        if let Ok(Some(bytes)) = read(path) {
            return Ok(found(&bytes));
        }
    }
    Ok(Vec::new())
}

fn certificates(path: &Path) -> Result<Vec<Certificate<'static>>, Fault> {
    let found = found(&required(path)?);
    match found.is_empty() {
        true => Err(Fault::new(format!("`{}` holds no certificate", path.display()))
            .hint(
                "a CA file is a PEM file: it has a line `-----BEGIN CERTIFICATE-----`",
            )),
        false => Ok(found),
    }
}

fn found(bytes: &[u8]) -> Vec<Certificate<'static>> {
    let certificate = |item| match item {
        Ok(PemItem::Certificate(certificate)) => Some(certificate),
        _ => None,
    };
    parse_pem(bytes).filter_map(certificate).collect()
}

fn client(certificate: &Path, key: &Path) -> Result<ClientCert, Fault> {
    let chain = certificates(certificate)?;
    let bytes = required(key)?;
    let private = parse_pem(&bytes).find_map(|item| match item {
        Ok(PemItem::PrivateKey(key)) => Some(key),
        _ => None,
    });
    let private = private.ok_or_else(|| {
        Fault::new(format!("`{}` holds no private key in PEM", key.display()))
    })?;
    Ok(ClientCert::new_with_certs(&chain, private))
}

fn required(path: &Path) -> Result<Vec<u8>, Fault> {
    let bytes = read(path).map_err(Fault::new)?;
    bytes.ok_or_else(|| {
        Fault::new(format!("`{}` does not exist", path.display()))
            .hint("mend the path in Helm's repositories.yaml or in SSL_CERT_FILE")
    })
}
