//! Charts in OCI registries. (OCI distribution specification 1.1; upstream: `pkg/registry`)

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use helm::semver::Version;
use serde_json::Value;

use super::challenge::Challenge;
use super::index::newest;
use super::{Archive, check};
use crate::bring::WantedChart;
use crate::credentials::{Credentials, Login};
use crate::fault::FaultKind;
use crate::http::{
    Answer, Call, Client, MAX_ARCHIVE, TlsFiles, Url, download, is_loopback, refused,
};
use crate::{Cache, Digest, Fault};

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json, \
                        application/vnd.docker.distribution.manifest.v2+json";

/// The media types of a chart's archive, the second one of Helm before 3.7.
const CHART: [&str; 2] =
    ["application/vnd.cncf.helm.chart.content.v1.tar+gzip", "application/tar+gzip"];

const PROVENANCE: &str = "application/vnd.cncf.helm.chart.provenance.v1.prov";

/// The largest manifest, list of tags, or token.
const MAX_DOCUMENT: u64 = 4 << 20;

/// The most pages of tags.
const MAX_PAGES: usize = 1000;

/// A registry, and what it has let us do so far.
pub(crate) struct Registry {
    /// `https://registry.example.com/`
    base: Url,
    /// The folder of charts: `org/charts`.
    folder: String,
    login: Option<Login>,
    tls: TlsFiles,
    /// The header for each repository that was asked for.
    headers: Mutex<BTreeMap<String, String>>,
}

impl Registry {
    /// The registry of an address such as `oci://registry.example.com/org/charts`.
    pub(crate) fn open(
        client: &Client,
        credentials: &Credentials,
        address: &str,
        plain_http: &[String],
    ) -> Result<Registry, Fault> {
        let wrong = |words: &str| {
            let shown = crate::shown(address);
            Fault::new(format!("`{shown}` is no address of a registry: {words}"))
                .hint("write `oci://registry.example.com/charts`")
        };
        let rest = address.strip_prefix("oci://").ok_or_else(|| wrong("no `oci://`"))?;
        let (authority, folder) = rest.split_once('/').unwrap_or((rest, ""));
        let authority = match authority {
            "docker.io" => "registry-1.docker.io",
            other => other,
        };
        let mut base = Url::parse(&format!("https://{authority}/"))
            .map_err(|words| wrong(&words))?;
        let known = credentials.repository(address);
        let tls = known.map(|known| known.tls.clone()).unwrap_or_default();
        let on_list = plain_http.iter().any(|host| *host == base.authority());
        if on_list || (is_loopback(&base.host) && !speaks_tls(client, &base, &tls)) {
            base.scheme = "http".to_owned();
        }
        Ok(Registry {
            login: credentials.registry(&base.authority())?,
            base,
            folder: folder.trim_matches('/').to_owned(),
            tls,
            headers: Mutex::default(),
        })
    }

    /// Finds and fetches a chart.
    pub(crate) fn fetch(
        &self,
        client: &Client,
        cache: &Cache,
        wanted: &WantedChart<'_>,
    ) -> Result<Archive, Fault> {
        let name = wanted.name;
        let repository = match self.folder.as_str() {
            "" => name.to_owned(),
            folder => format!("{folder}/{name}"),
        };
        let version = self.version(client, &repository, wanted)?;
        // A tag has no `+`. What is locked is fetched by its content, wherever the tag is.
        let reference = match wanted.manifest {
            Some(digest) => format!("sha256:{digest}"),
            None => version.replace('+', "_"),
        };
        let url = self.url(&format!("v2/{repository}/manifests/{reference}"))?;
        let answer = self.get(client, &repository, &url, MANIFEST)?;
        let announced = answer.header("docker-content-digest").and_then(Digest::parse);
        let bytes = answer.bytes(MAX_DOCUMENT)?;
        let digest = Digest::of(&bytes);
        if wanted.manifest.or(announced).is_some_and(|expected| expected != digest) {
            let message = format!("GET {url}: the manifest is not what its digest says");
            return Err(Fault::new(message).hint("run it again; then ask the registry"));
        }
        let manifest: Value = serde_json::from_slice(&bytes)
            .map_err(|_| Fault::new(format!("GET {url}: the manifest is not JSON")))?;
        let layer = layer(&manifest, &CHART).ok_or_else(|| {
            Fault::new(format!("GET {url}: this is no Helm chart"))
                .hint("the address names something else, a container image perhaps")
        })?;
        if let Some(locked) = wanted.locked.filter(|locked| *locked != layer.digest) {
            return Err(super::repository::changed(name, &version, locked, layer.digest));
        }
        let bytes = self.blob(client, cache, &repository, &layer)?;
        let shown = format!("{}/{repository}", self.base.authority());
        let files = check(&bytes, name, &version, &shown)?;
        let provenance = match self::layer(&manifest, &[PROVENANCE]) {
            Some(layer) if wanted.provenance => {
                Some(self.blob(client, cache, &repository, &layer)?)
            }
            _ => None,
        };
        Ok(Archive {
            bytes,
            file_name: format!("{name}-{version}.tgz"),
            version,
            files,
            manifest: Some(digest),
            provenance,
        })
    }

    /// The version that a request means; only a range asks for the tags.
    /// (`Client.ValidateReference`, `Client.Tags`)
    fn version(
        &self,
        client: &Client,
        repository: &str,
        wanted: &WantedChart<'_>,
    ) -> Result<String, Fault> {
        let requested = wanted.version;
        // So `1` is a tag as well, though it is a range in a repository.
        if Version::parse(requested).is_ok() {
            return Ok(requested.to_owned());
        }
        let tags = self.tags(client, repository)?;
        // Tags such as `7` or `20260101` are no versions.
        let versions = tags.iter().map(String::as_str);
        let versions = versions.filter(|tag| Version::parse_strict(tag).is_ok());
        let found = newest(versions, requested, wanted.prereleases)
            .map_err(|words| Fault::new(format!("chart `{}`: {words}", wanted.name)))?;
        let none = || {
            let shown = format!("{}/{repository}", self.base.authority());
            Fault::new(format!("{shown} has no tag for `{requested}`"))
                .hint("check the range; the tags of a chart are its versions")
        };
        found.map(str::to_owned).ok_or_else(none)
    }

    /// All tags, with `+` where a version has it.
    fn tags(&self, client: &Client, repository: &str) -> Result<Vec<String>, Fault> {
        let mut tags = Vec::new();
        let mut url = self.url(&format!("v2/{repository}/tags/list"))?;
        for _ in 0..MAX_PAGES {
            let answer = self.get(client, repository, &url, "application/json")?;
            let next =
                answer.header("link").and_then(next_page).map(|next| url.join(next));
            let page: Value = serde_json::from_slice(&answer.bytes(MAX_DOCUMENT)?)
                .map_err(|_| Fault::new(format!("GET {url}: the tags are not JSON")))?;
            let found = page.get("tags").and_then(Value::as_array);
            let found = found.into_iter().flatten().filter_map(Value::as_str);
            tags.extend(found.map(|tag| tag.replace('_', "+")));
            match next {
                Some(Ok(next)) if next.is_same_origin(&self.base) && next != url => {
                    url = next
                }
                _ => break,
            }
        }
        Ok(tags)
    }

    fn blob(
        &self,
        client: &Client,
        cache: &Cache,
        repository: &str,
        layer: &Layer,
    ) -> Result<Vec<u8>, Fault> {
        let url = self.url(&format!("v2/{repository}/blobs/sha256:{}", layer.digest))?;
        let limit = layer.size.unwrap_or(MAX_ARCHIVE).min(MAX_ARCHIVE);
        let mut call = self.call(url, "");
        call.authorization = self.known(repository);
        match download(client, &call, Some(layer.digest), limit, cache) {
            Err(fault) if fault.status == Some(401) => {
                // The token's time is over.
                self.authorize(client, repository, &call)?;
                call.authorization = self.known(repository);
                download(client, &call, Some(layer.digest), limit, cache)
            }
            done => done,
        }
    }

    /// Asks; if the registry wants to know who we are, says so and asks again.
    fn get(
        &self,
        client: &Client,
        repository: &str,
        url: &Url,
        accept: &str,
    ) -> Result<Answer, Fault> {
        let mut call = self.call(url.clone(), accept);
        call.authorization = self.known(repository);
        let mut answer = client.send(&call)?;
        if answer.status() == 401 {
            self.answer_challenge(client, repository, &answer)?;
            call.authorization = self.known(repository);
            answer = client.send(&call)?;
        }
        match answer.status() {
            200 => Ok(answer),
            _ => Err(refused(&answer)),
        }
    }

    fn authorize(
        &self,
        client: &Client,
        repository: &str,
        call: &Call,
    ) -> Result<(), Fault> {
        let mut call = call.clone();
        call.authorization = None;
        let answer = client.send(&call)?;
        self.answer_challenge(client, repository, &answer)
    }

    fn answer_challenge(
        &self,
        client: &Client,
        repository: &str,
        answer: &Answer,
    ) -> Result<(), Fault> {
        // Some registries take both; tokens are for this repository only.
        let mut challenges =
            answer.headers("www-authenticate").filter_map(Challenge::parse);
        let bearer = challenges.find_map(|challenge| match challenge {
            Challenge::Bearer(server) => Some(server),
            Challenge::Basic => None,
        });
        let header = match bearer {
            Some(asked) => {
                let scope = format!("repository:{repository}:pull");
                asked.token(client, &self.base, &self.tls, self.login.as_ref(), &scope)?
            }
            None => {
                let header = self.login.as_ref().and_then(Login::header);
                header.ok_or_else(|| refused(answer))?
            }
        };
        let mut headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        headers.insert(repository.to_owned(), header);
        Ok(())
    }

    fn known(&self, repository: &str) -> Option<String> {
        let headers = self.headers.lock().unwrap_or_else(PoisonError::into_inner);
        headers.get(repository).cloned()
    }

    fn call(&self, url: Url, accept: &str) -> Call {
        let mut call = Call::new(url);
        call.accept = accept.to_owned();
        call.tls = self.tls.clone();
        call
    }

    fn url(&self, path: &str) -> Result<Url, Fault> {
        let odd = path.split('/').any(|part| matches!(part, "" | "." | ".."));
        let joined =
            if odd { Err("it is no name".to_owned()) } else { self.base.join(path) };
        joined.map_err(|words| Fault::new(format!("{}{path}: {words}", self.base)))
    }
}

/// A file of a manifest.
struct Layer {
    digest: Digest,
    size: Option<u64>,
}

fn layer(manifest: &Value, media_types: &[&str]) -> Option<Layer> {
    let layers = manifest.get("layers")?.as_array()?;
    let found = layers.iter().find(|layer| {
        let media_type = layer.get("mediaType").and_then(Value::as_str);
        media_type.is_some_and(|found| media_types.contains(&found))
    })?;
    Some(Layer {
        digest: Digest::parse(found.get("digest")?.as_str()?)?,
        size: found.get("size").and_then(Value::as_u64),
    })
}

/// `</v2/x/tags/list?last=a>; rel="next"`
fn next_page(link: &str) -> Option<&str> {
    let (address, rest) = link.trim().strip_prefix('<')?.split_once('>')?;
    rest.contains("rel=\"next\"").then_some(address)
}

/// A registry on this machine may speak plain HTTP, as Docker has it.
fn speaks_tls(client: &Client, base: &Url, tls: &TlsFiles) -> bool {
    let mut call = Call::new(base.clone());
    call.url.path = "/v2/".to_owned();
    call.tls = tls.clone();
    match client.one(&call) {
        Ok(_) => true,
        // An answer with a status is an answer; a certificate that is wrong is one as well.
        Err(fault) => fault.status.is_some() || fault.kind == FaultKind::Certificate,
    }
}
