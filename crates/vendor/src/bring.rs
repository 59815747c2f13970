//! Brings everything that a tree names, several things at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::address::refuse_secrets;
use crate::charts::{Archive, Registry, Repository};
use crate::credentials::Credentials;
use crate::http::{Client, Patience, cannot};
use crate::remotes::{Remotes, Trees};
use crate::signatures::Signatures;
use crate::{Cache, Digest, Environment, Fault, Lock, LockedChart, LockedRemote};

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
    /// Once it is set nothing new is begun, and what is under way ends soon.
    pub stop: Arc<AtomicBool>,
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
    environment: Environment,
    client: Client,
    credentials: Credentials,
    cache: &'c Cache,
    signatures: Signatures,
    plain_http: Vec<String>,
    trees: Trees,
}

/// Repositories and registries of one run, each opened once, when it is first needed.
struct Sources<'v> {
    remotes: Remotes<'v>,
    repositories: BTreeMap<String, (BTreeSet<String>, Opened<Repository>)>,
    registries: BTreeMap<String, Opened<Registry>>,
}

/// Opened when it is first needed.
type Opened<T> = OnceLock<Result<T, Fault>>;

impl<'c> Vendor<'c> {
    /// Reads credentials and keys; fails if a file that is there cannot be read.
    pub fn new(settings: &Settings, cache: &'c Cache) -> Result<Vendor<'c>, Fault> {
        let environment = settings.environment.clone();
        let plain = environment.get("THANOS_GITOPS_PLAIN_HTTP").unwrap_or_default();
        let plain = plain.split(',').map(|host| host.trim().to_ascii_lowercase());
        Ok(Vendor {
            plain_http: plain.filter(|host| !host.is_empty()).collect(),
            credentials: Credentials::new(environment.clone())?,
            client: Client::new(environment.clone(), settings),
            environment,
            cache,
            signatures: Signatures::new(settings)?,
            trees: Trees::default(),
        })
    }

    /// Brings everything; what `refresh` picks is resolved anew, the rest stays as locked.
    ///
    /// Outcomes come in the order of `wanted`; `done` is told how many there are so far.
    /// What is left out because the run was told to stop has no outcome.
    pub fn bring(
        &self,
        wanted: &BTreeSet<Wanted>,
        lock: &Lock,
        refresh: &(dyn Fn(&Wanted) -> bool + Sync),
        done: &(dyn Fn(usize) + Sync),
    ) -> Vec<Outcome> {
        let wanted: Vec<&Wanted> = wanted.iter().collect();
        let sources = self.sources(&wanted);
        let outcomes = Mutex::new(Vec::new());
        let next = AtomicUsize::new(0);
        let work = || {
            while let Some(wanted) = wanted.get(next.fetch_add(1, Ordering::Relaxed)) {
                if self.client.is_stopped() {
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
        sources: &Sources<'_>,
    ) -> Result<Brought, Fault> {
        refuse_secrets(wanted.address())?;
        if let Some(kept) = known.as_ref().and_then(|entry| self.kept(entry)) {
            return kept;
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
                    provenance: self.signatures.are_checked(),
                };
                let archive = self.chart(&request, repository, sources)?;
                let signed = self.signatures.check(name, &archive)?;
                let put = |bytes: &[u8]| {
                    self.cache.put(bytes).map_err(|error| cannot(self.cache, &error))
                };
                let provenance = archive.provenance.as_deref().map(put).transpose()?;
                let entry = Entry::Chart(LockedChart {
                    name: name.clone(),
                    repository: repository.clone(),
                    requested: version.clone(),
                    version: archive.version,
                    sha256: put(&archive.bytes)?,
                    files: Some(archive.files),
                    manifest: archive.manifest,
                    provenance: provenance.or(locked.and_then(|l| l.provenance)),
                });
                Ok(Brought { entry, fetched: true, signed })
            }
            Wanted::Address(address) => {
                let known = match &known {
                    Some(Entry::Remote(remote)) => Some(remote),
                    _ => None,
                };
                let entry = Entry::Remote(sources.remotes.bring(address, known)?);
                Ok(Brought { entry, fetched: true, signed: None })
            }
        }
    }

    /// What is locked and in the cache; `None` if it has to be fetched.
    fn kept(&self, entry: &Entry) -> Option<Result<Brought, Fault>> {
        let bytes = self.cache.get(&entry.digest())?;
        let signed = match entry {
            Entry::Chart(chart) => {
                self.signatures.check_kept(chart, &bytes, self.cache)?
            }
            Entry::Remote(_) => Ok(None),
        };
        let brought = |signed| Brought { entry: entry.clone(), fetched: false, signed };
        Some(signed.map(brought))
    }

    fn sources(&self, wanted: &[&Wanted]) -> Sources<'_> {
        let Vendor { environment, client, credentials, cache, trees, .. } = self;
        let remotes = Remotes { environment, client, credentials, cache, trees };
        let (repositories, registries) = <(BTreeMap<_, _>, BTreeMap<_, _>)>::default();
        let mut sources = Sources { remotes, repositories, registries };
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

    fn chart(
        &self,
        wanted: &WantedChart<'_>,
        repository: &str,
        sources: &Sources<'_>,
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

    /// Where it comes from.
    fn address(&self) -> &str {
        match self {
            Wanted::Chart { repository, .. } => repository,
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
