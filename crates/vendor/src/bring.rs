//! Brings everything that a tree names, several things at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::charts::{Archive, Registry, Repository};
use crate::credentials::Credentials;
use crate::http::{Call, Client, Patience, Url, cannot, download};
use crate::provenance::Keyring;
use crate::{
    Cache, Digest, Environment, Fault, GitAddress, Lock, LockedChart, LockedRemote,
};

/// The largest file that a kustomization names by its address.
const MAX_FILE: u64 = 32 << 20;

/// How many things are fetched at a time.
const JOBS: usize = 8;

/// Something that a tree names by an address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// A chart.
    Chart {
        /// Its name.
        name: String,
        /// The address of its repository, as it is written.
        repository: String,
        /// The version or range, as it is written; empty for the newest.
        version: String,
        /// May the newest be a prerelease?
        prereleases: bool,
    },
    /// A file, or a folder of a Git repository.
    Address(String),
}

/// What came of something wanted.
#[derive(Debug)]
pub struct Outcome {
    /// What was wanted.
    pub wanted: Wanted,
    /// What it is, or why it could not be had.
    pub result: Result<Brought, Fault>,
}

/// Something that is in the cache.
#[derive(Debug)]
pub struct Brought {
    /// What the lock says about it.
    pub entry: Entry,
    /// Was it fetched, and not just found?
    pub fetched: bool,
    /// Who signed it, if that was checked.
    pub signed: Option<String>,
}

/// An entry of a lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A chart.
    Chart(LockedChart),
    /// A file or a folder.
    Remote(LockedRemote),
}

/// How to bring.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The surroundings: credentials, proxies, certificates.
    pub environment: Environment,
    /// How long to wait.
    pub patience: Patience,
    /// The keys that charts may be signed with, and whether each must be.
    pub keyring: Option<PathBuf>,
    /// Is a chart without a signature refused?
    pub must_be_signed: bool,
}

/// One chart to fetch, for a repository or registry.
pub(crate) struct WantedChart<'a> {
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    pub(crate) prereleases: bool,
    /// The archive that it must be.
    pub(crate) locked: Option<Digest>,
    /// The manifest that it must be.
    pub(crate) manifest: Option<Digest>,
    /// Is its `.prov` file wanted?
    pub(crate) provenance: bool,
}

/// Fetches what a tree names into the cache.
pub struct Vendor<'c> {
    client: Client,
    credentials: Credentials,
    cache: &'c Cache,
    keyring: Option<Keyring>,
    must_be_signed: bool,
    plain_http: Vec<String>,
}

/// Repositories and registries of one run, each opened once, when it is first needed.
#[derive(Default)]
struct Sources {
    repositories: BTreeMap<String, (BTreeSet<String>, Opened<Repository>)>,
    registries: BTreeMap<String, Opened<Registry>>,
}

/// Opened when it is first needed.
type Opened<T> = OnceLock<Result<T, Fault>>;

impl<'c> Vendor<'c> {
    /// Reads credentials and keys; fails if a file that is there cannot be read.
    pub fn new(settings: &Settings, cache: &'c Cache) -> Result<Vendor<'c>, Fault> {
        let environment = settings.environment.clone();
        let keyring = settings.keyring.as_deref().map(Keyring::read).transpose()?;
        if settings.must_be_signed && keyring.is_none() {
            return Err(Fault::new("signatures cannot be checked without a keyring")
                .hint("name one with `--keyring FILE`"));
        }
        let plain = environment.get("THANOS_GITOPS_PLAIN_HTTP").unwrap_or_default();
        let plain = plain.split(',').map(|host| host.trim().to_ascii_lowercase());
        Ok(Vendor {
            plain_http: plain.filter(|host| !host.is_empty()).collect(),
            credentials: Credentials::new(environment.clone())?,
            client: Client::new(environment, settings.patience),
            cache,
            keyring,
            must_be_signed: settings.must_be_signed,
        })
    }

    /// Brings everything; what `refresh` picks is resolved anew, the rest stays as locked.
    ///
    /// Outcomes come in the order of `wanted`; `done` is told how many there are so far.
    /// Nothing new is begun once `stop` is set: what is left out has no outcome.
    pub fn bring(
        &self,
        wanted: &BTreeSet<Wanted>,
        lock: &Lock,
        refresh: &(dyn Fn(&Wanted) -> bool + Sync),
        done: &(dyn Fn(usize) + Sync),
        stop: &AtomicBool,
    ) -> Vec<Outcome> {
        let wanted: Vec<&Wanted> = wanted.iter().collect();
        let sources = Sources::of(&wanted);
        let outcomes = Mutex::new(Vec::new());
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(wanted) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let known = if refresh(wanted) { None } else { locked(lock, wanted) };
                let result = self.one(wanted, known, &sources);
                let outcome = Outcome { wanted: (*wanted).clone(), result };
                let mut all = outcomes.lock().unwrap_or_else(PoisonError::into_inner);
                all.push(outcome);
                done(all.len());
            }
        };
        let processors =
            std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        std::thread::scope(|scope| {
            // Most of the time is spent waiting, so there may be more threads than processors.
            for _ in 1..JOBS.max(processors).min(wanted.len()) {
                scope.spawn(work);
            }
            work();
        });
        let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcomes.sort_by(|a, b| a.wanted.cmp(&b.wanted));
        outcomes
    }

    fn one(
        &self,
        wanted: &Wanted,
        known: Option<Entry>,
        sources: &Sources,
    ) -> Result<Brought, Fault> {
        let digest = known.as_ref().map(Entry::digest);
        if let (Some(entry), Some(digest)) = (&known, digest)
            && self.cache.get(&digest).is_some()
        {
            return Ok(Brought { entry: entry.clone(), fetched: false, signed: None });
        }
        match wanted {
            Wanted::Chart { name, repository, version, prereleases } => {
                let locked = match &known {
                    Some(Entry::Chart(locked)) => Some(locked),
                    _ => None,
                };
                let request = WantedChart {
                    name,
                    version: locked.map_or(version, |locked| &locked.version),
                    prereleases: *prereleases,
                    locked: locked.map(|locked| locked.sha256),
                    manifest: locked.and_then(|locked| locked.manifest),
                    provenance: self.keyring.is_some(),
                };
                let archive = self.chart(&request, repository, sources)?;
                let signed = self.check_signature(&request, &archive)?;
                let put = self.cache.put(&archive.bytes);
                let entry = Entry::Chart(LockedChart {
                    name: name.clone(),
                    repository: repository.clone(),
                    requested: version.clone(),
                    version: archive.version,
                    sha256: put.map_err(|error| cannot(self.cache, &error))?,
                    manifest: archive.manifest,
                });
                Ok(Brought { entry, fetched: true, signed })
            }
            Wanted::Address(address) => {
                let known = match &known {
                    Some(Entry::Remote(remote)) => Some(remote),
                    _ => None,
                };
                let entry = Entry::Remote(self.remote(address, known)?);
                Ok(Brought { entry, fetched: true, signed: None })
            }
        }
    }

    fn chart(
        &self,
        wanted: &WantedChart<'_>,
        repository: &str,
        sources: &Sources,
    ) -> Result<Archive, Fault> {
        if let Some(opened) = sources.registries.get(repository) {
            let opened = opened.get_or_init(|| {
                let (client, credentials) = (&self.client, &self.credentials);
                Registry::open(client, credentials, repository, &self.plain_http)
            });
            let registry = opened.as_ref().map_err(Fault::clone)?;
            return registry.fetch(&self.client, self.cache, wanted);
        }
        let Some((names, opened)) = sources.repositories.get(repository) else {
            return Err(Fault::new(format!("`{repository}` is no repository")));
        };
        let opened = opened.get_or_init(|| {
            Repository::open(&self.client, &self.credentials, repository, names)
        });
        let opened = opened.as_ref().map_err(Fault::clone)?;
        opened.fetch(&self.client, self.cache, wanted)
    }

    fn check_signature(
        &self,
        wanted: &WantedChart<'_>,
        archive: &Archive,
    ) -> Result<Option<String>, Fault> {
        let Some(keyring) = &self.keyring else { return Ok(None) };
        let (name, version) = (wanted.name, &archive.version);
        let Some(provenance) = &archive.provenance else {
            return match self.must_be_signed {
                true => {
                    Err(Fault::new(format!("chart `{name}` {version} is not signed"))
                        .hint("leave `--verify` out to take charts that nobody signed"))
                }
                false => Ok(None),
            };
        };
        let signer = keyring.verify(provenance, &archive.file_name, &archive.bytes);
        signer.map(Some).map_err(|words| {
            Fault::new(format!(
                "chart `{name}` {version}: its signature is not good: {words}"
            ))
            .hint("add the publisher's key to the keyring, if you trust it")
        })
    }

    fn remote(
        &self,
        address: &str,
        known: Option<&LockedRemote>,
    ) -> Result<LockedRemote, Fault> {
        let wanted = known.map(|known| known.sha256);
        let (bytes, commit) =
            match GitAddress::parse(address).filter(|_| !is_file(address)) {
                Some(git) => {
                    let commit = known.and_then(|known| known.commit.as_deref());
                    let (commit, archive) = self.git(&git, commit)?;
                    (archive, Some(commit))
                }
                None => {
                    let shown = crate::http::without_credentials(address);
                    let url = Url::parse(address)
                        .map_err(|words| Fault::new(format!("`{shown}`: {words}")))?;
                    let call = Call::new(url);
                    (download(&self.client, &call, wanted, MAX_FILE, self.cache)?, None)
                }
            };
        let sha256 = Digest::of(&bytes);
        if let Some(wanted) = wanted.filter(|wanted| *wanted != sha256) {
            let (wanted, found) = (wanted.short(), sha256.short());
            return Err(Fault::new(format!(
                "`{address}` was changed: locked is {wanted}, found {found}"
            )));
        }
        self.cache.put(&bytes).map_err(|error| cannot(self.cache, &error))?;
        Ok(LockedRemote { address: address.to_owned(), commit, sha256 })
    }

    fn git(
        &self,
        address: &GitAddress,
        commit: Option<&str>,
    ) -> Result<(String, Vec<u8>), Fault> {
        let folder = self.cache.folder().map_err(|error| cannot(self.cache, &error))?;
        crate::git::fetch(address, commit, folder.path())
    }
}

impl Sources {
    fn of(wanted: &[&Wanted]) -> Sources {
        let mut sources = Sources::default();
        for wanted in wanted {
            let Wanted::Chart { name, repository, .. } = wanted else { continue };
            if repository.starts_with("oci://") {
                sources.registries.entry(repository.clone()).or_default();
            } else {
                let source = sources.repositories.entry(repository.clone());
                source.or_default().0.insert(name.clone());
            }
        }
        sources
    }
}

impl Entry {
    /// The digest of its content.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Entry::Chart(chart) => chart.sha256,
            Entry::Remote(remote) => remote.sha256,
        }
    }
}

impl Wanted {
    /// The name that people call it by.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Wanted::Chart { name, .. } => name,
            Wanted::Address(address) => address,
        }
    }
}

/// What the lock says about something wanted.
fn locked(lock: &Lock, wanted: &Wanted) -> Option<Entry> {
    match wanted {
        Wanted::Chart { name, repository, version, .. } => {
            lock.chart(name, repository, version).cloned().map(Entry::Chart)
        }
        Wanted::Address(address) => lock.remote(address).cloned().map(Entry::Remote),
    }
}

/// Is it the address of a file? One of a folder in a Git repository has no such ending.
fn is_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let is_http = path.starts_with("http://") || path.starts_with("https://");
    let endings = [".yaml", ".yml", ".json"];
    is_http && endings.iter().any(|ending| path.ends_with(ending))
}
