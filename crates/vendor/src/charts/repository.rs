//! Chart repositories on HTTP. (upstream: `pkg/repo/v1`, `pkg/getter/httpgetter.go`)

use std::collections::BTreeSet;
use std::io::{BufReader, Read};

use super::index::{self, Index, IndexFault};
use super::{Archive, check};
use crate::bring::WantedChart;
use crate::credentials::{Credentials, HelmRepository};
use crate::http::{Call, Client, MAX_ARCHIVE, TlsFiles, Url, download, refused};
use crate::{Cache, Digest, Fault};

/// The largest index.
const MAX_INDEX: u64 = 512 << 20;

/// The largest `.prov` file.
const MAX_PROVENANCE: u64 = 1 << 20;

/// A repository whose index was read.
pub(crate) struct Repository {
    url: Url,
    authorization: Option<String>,
    tls: TlsFiles,
    pass_credentials_all: bool,
    index: Index,
}

impl Repository {
    /// Reads the index of the repository, as far as it is about these charts.
    pub(crate) fn open(
        client: &Client,
        credentials: &Credentials,
        address: &str,
        names: &BTreeSet<String>,
    ) -> Result<Repository, Fault> {
        let known = credentials.repository(address);
        let address = match address.strip_prefix('@').or(address.strip_prefix("alias:")) {
            Some(_) => known.map(|known| known.url.as_str()).ok_or_else(|| {
                Fault::new(format!("Helm knows no repository `{address}`"))
                    .hint("write the address, or run `helm repo add`")
            })?,
            None => address,
        };
        refuse_insecure(known)?;
        let shown = crate::shown(address);
        let url = Url::parse(address.trim_end_matches('/')).map_err(|words| {
            Fault::new(format!("`{shown}` is no address of a chart repository: {words}"))
                .hint(
                    "write `https://charts.example.com/stable`; credentials belong into \
                       Helm's repositories.yaml or a variable",
                )
        })?;
        let login = known.and_then(|known| known.login.clone());
        let login = credentials.variable(&url.authority()).or(login);
        let mut repository = Repository {
            authorization: login.and_then(|login| login.header()),
            tls: known.map(|known| known.tls.clone()).unwrap_or_default(),
            pass_credentials_all: known.is_some_and(|known| known.pass_credentials_all),
            url,
            index: Index::new(),
        };
        repository.index = client.retry(|| repository.read_index(client, names))?;
        Ok(repository)
    }

    fn read_index(
        &self,
        client: &Client,
        names: &BTreeSet<String>,
    ) -> Result<Index, Fault> {
        let mut url = self.url.clone();
        url.path = format!("{}/index.yaml", url.path.trim_end_matches('/'));
        let answer = client.one(&self.call(url))?;
        if answer.status() != 200 {
            return Err(refused(&answer));
        }
        let url = answer.url.clone();
        let announced = answer.length();
        let inner = answer.body().take(MAX_INDEX);
        let mut counted = Counted { inner, read: 0, client };
        let index = index::read(BufReader::with_capacity(64 << 10, &mut counted), names);
        if counted.read == MAX_INDEX {
            return Err(crate::http::too_large(&url, MAX_INDEX));
        }
        let cut = announced.is_some_and(|announced| counted.read < announced);
        match index {
            Ok(index) if !cut => Ok(index),
            Err(IndexFault::Wrong(words)) if !cut => {
                Err(Fault::new(format!("GET {url}: {words}")))
            }
            _ => {
                Err(crate::http::broken(&url, &std::io::ErrorKind::UnexpectedEof.into()))
            }
        }
    }

    /// Finds and fetches a chart, with its `.prov` file if that is wanted and there.
    pub(crate) fn fetch(
        &self,
        client: &Client,
        cache: &Cache,
        wanted: &WantedChart<'_>,
    ) -> Result<Archive, Fault> {
        let (name, requested) = (wanted.name, wanted.version);
        let none = || Fault::new(format!("{} has no chart `{name}`", self.url));
        let entries = self.index.get(name).ok_or_else(|| {
            none().hint("check the chart's name and the address of the repository")
        })?;
        let found = index::find(entries, requested, wanted.prereleases);
        let entry = found
            .map_err(|words| Fault::new(format!("chart `{name}`: {words}")))?
            .ok_or_else(|| self.no_version(name, requested, entries))?;
        let url = entry.urls.first().ok_or_else(|| {
            let version = &entry.version;
            Fault::new(format!("{}: chart `{name}` {version} has no address", self.url))
        })?;
        let url = self.absolute(url)?;
        let digest = Digest::parse(&entry.digest);
        if let (Some(locked), Some(published)) = (wanted.locked, digest)
            && locked != published
        {
            return Err(changed(name, &entry.version, locked, published));
        }
        let call = self.call(url);
        let expected = wanted.locked.or(digest);
        let bytes = download(client, &call, expected, MAX_ARCHIVE, cache)?;
        let shown = call.url.to_string();
        let version = entry.version.clone();
        let files = check(&bytes, name, &version, &shown)?;
        let provenance = match wanted.provenance {
            true => self.provenance(client, cache, &call)?,
            false => None,
        };
        let file_name = call.url.path.rsplit('/').next().unwrap_or("").to_owned();
        Ok(Archive { bytes, version, files, manifest: None, provenance, file_name })
    }

    fn provenance(
        &self,
        client: &Client,
        cache: &Cache,
        archive: &Call,
    ) -> Result<Option<Vec<u8>>, Fault> {
        let mut call = archive.clone();
        call.url.path.push_str(".prov");
        match download(client, &call, None, MAX_PROVENANCE, cache) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(fault) if matches!(fault.status, Some(404 | 410)) => Ok(None),
            Err(fault) => Err(fault),
        }
    }

    /// Where an entry's address leads, seen from the repository. (`ResolveReferenceURL`)
    fn absolute(&self, reference: &str) -> Result<Url, Fault> {
        let mut folder = self.url.clone();
        folder.path = format!("{}/", folder.path.trim_end_matches('/'));
        let mut url = folder.join(reference).map_err(|words| {
            Fault::new(format!("{}: the index names an address, but {words}", self.url))
        })?;
        if url.is_same_origin(&self.url) && url.query.is_none() {
            url.query = self.url.query.clone();
        }
        if self.url.is_tls() && !url.is_tls() {
            let message = format!("{}: the index leads to plain HTTP at {url}", self.url);
            return Err(
                Fault::new(message).hint("ask for an index with `https` addresses")
            );
        }
        Ok(url)
    }

    /// Credentials go to the repository's own server, and elsewhere only if that was asked for.
    fn call(&self, url: Url) -> Call {
        let own = self.pass_credentials_all || url.is_same_origin(&self.url);
        let mut call = Call::new(url);
        if own {
            call.authorization = self.authorization.clone();
            call.tls = self.tls.clone();
        } else {
            call.tls.ca = self.tls.ca.clone();
        }
        call
    }

    fn no_version(&self, name: &str, requested: &str, entries: &[index::Entry]) -> Fault {
        let versions = entries.iter().map(|entry| entry.version.as_str());
        let newest = index::newest(versions, "", true).ok().flatten();
        let asked = if requested.is_empty() { "any release" } else { requested };
        let fault = Fault::new(format!("{} has no `{name}` {asked}", self.url));
        match newest {
            Some(newest) => fault.hint(format!("the newest version is {newest}")),
            None => fault,
        }
    }
}

/// What is published is not what was locked.
pub(super) fn changed(name: &str, version: &str, locked: Digest, found: Digest) -> Fault {
    Fault::new(format!(
        "chart `{name}` {version} was changed where it is published: locked is {}, found {}",
        locked.short(),
        found.short()
    ))
    .hint(format!(
        "ask why before you trust it; then take it with `thanos-gitops vendor --update {name}`"
    ))
}

fn refuse_insecure(known: Option<&HelmRepository>) -> Result<(), Fault> {
    match known {
        Some(known) if known.insecure => Err(Fault::new(format!(
            "repository `{}` has `insecure_skip_tls_verify`: certificates are always verified",
            known.name
        ))
        .hint("add its authority as `caFile` to Helm's repositories.yaml instead")),
        _ => Ok(()),
    }
}

/// Counts what is read, and ends with the run.
struct Counted<'c, R> {
    inner: R,
    read: u64,
    client: &'c Client,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.client.go_on().map_err(std::io::Error::other)?;
        let read = self.inner.read(buffer)?;
        self.read += read as u64;
        Ok(read)
    }
}
