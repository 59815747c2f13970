//! Helm's `repositories.yaml`. (upstream: `pkg/repo/v1/repo.go`)

use std::path::PathBuf;

use goyaml::{Dialect, Node};
use source::FileId;

use super::Login;
use crate::Fault;
use crate::environment::{Environment, read};
use crate::http::TlsFiles;

/// One repository that `helm repo add` has written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HelmRepository {
    /// Its name, for messages.
    pub(crate) name: String,
    /// Its address.
    pub(crate) url: String,
    /// Who we are there.
    pub(crate) login: Option<Login>,
    /// Certificates.
    pub(crate) tls: TlsFiles,
    /// Do the credentials also go to other servers that its index names?
    pub(crate) pass_credentials_all: bool,
    /// Is verification of certificates switched off? It is not, here.
    pub(crate) insecure: bool,
}

/// All repositories of the file; none if there is no file.
pub(super) fn repositories(
    environment: &Environment,
) -> Result<Vec<HelmRepository>, Fault> {
    let path = environment.helm("HELM_REPOSITORY_CONFIG", "repositories.yaml");
    let Some(path) = path else { return Ok(Vec::new()) };
    let Some(bytes) = read(&path).map_err(Fault::new)? else { return Ok(Vec::new()) };
    let text = String::from_utf8_lossy(&bytes);
    let parsed = goyaml::parse_first(&text, FileId::NONE, Dialect::V2);
    let document = parsed.map_err(|fault| {
        Fault::new(format!("`{}` is not YAML: line {}", path.display(), fault.line))
    })?;
    let entries = document.as_ref().and_then(|d| d.root.get("repositories"));
    Ok(entries.and_then(Node::items).unwrap_or_default().iter().map(repository).collect())
}

fn repository(entry: &Node) -> HelmRepository {
    let text = |key: &str| {
        let text = entry.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        text.map(str::to_owned)
    };
    let is = |key: &str| text(key).as_deref() == Some("true");
    let path = |key: &str| text(key).map(PathBuf::from);
    let login = text("username").zip(text("password"));
    HelmRepository {
        name: text("name").unwrap_or_default(),
        url: text("url").unwrap_or_default(),
        login: login.map(|(user, password)| Login::Basic { user, password }),
        tls: TlsFiles {
            ca: path("caFile"),
            client: path("certFile").zip(path("keyFile")),
        },
        pass_credentials_all: is("pass_credentials_all"),
        insecure: is("insecure_skip_tls_verify"),
    }
}
