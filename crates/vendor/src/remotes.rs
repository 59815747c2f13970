//! Files and folders of Git repositories that a tree names by their address.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::credentials::{Credentials, Login};
use crate::http::{Call, Client, Url, cannot, download};
use crate::{Cache, Digest, Environment, Fault, GitAddress, LockedRemote};

/// The largest file that a kustomization names by its address.
const MAX_FILE: u64 = 32 << 20;

/// What brings files and folders; a commit that several addresses lead to is fetched once.
pub(crate) struct Remotes<'v> {
    pub(crate) client: &'v Client,
    pub(crate) credentials: &'v Credentials,
    pub(crate) environment: &'v Environment,
    pub(crate) cache: &'v Cache,
    pub(crate) trees: &'v Trees,
}

/// The trees of a run, by repository and what was asked for.
pub(crate) type Trees = Mutex<BTreeMap<(String, String), Arc<Tree>>>;

/// The commit of a tree, and the archive in the cache, once it is fetched.
type Tree = OnceLock<Result<(String, Digest), Fault>>;

impl Remotes<'_> {
    /// Brings what is at an address, which must be what is locked, if it is.
    pub(crate) fn bring(
        &self,
        address: &str,
        known: Option<&LockedRemote>,
    ) -> Result<LockedRemote, Fault> {
        let wanted = known.map(|known| known.sha256);
        let commit = known.and_then(|known| known.commit.as_deref());
        let is_file = is_file(address) || known.is_some_and(|k| k.commit.is_none());
        let (commit, sha256) = match GitAddress::parse(address).filter(|_| !is_file) {
            None => (None, self.file(address, wanted)?),
            Some(git) => match self.tree(&git, commit) {
                Ok((commit, digest)) => (Some(commit), digest),
                // Kustomize takes an address of the web for a file if one is there.
                Err(fault) if known.is_none() && git.reference.is_none() => {
                    let is_web = address.starts_with("http");
                    let file = if is_web { self.file(address, None).ok() } else { None };
                    (None, file.ok_or(fault)?)
                }
                Err(fault) => return Err(fault),
            },
        };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != sha256) {
            let (wanted, found) = (wanted.short(), sha256.short());
            return Err(Fault::new(format!(
                "`{address}` was changed: locked is {wanted}, found {found}"
            ))
            .hint(format!(
                "ask why before you trust it; then take it with `thanos-gitops vendor \
                 --update '{address}'`"
            )));
        }
        Ok(LockedRemote { address: address.to_owned(), commit, sha256 })
    }

    fn file(&self, address: &str, wanted: Option<Digest>) -> Result<Digest, Fault> {
        let url = Url::parse(address)
            .map_err(|words| Fault::new(format!("`{address}`: {words}")))?;
        let login = self.credentials.variable(&url.authority());
        let mut call = Call::new(url);
        call.authorization = login.as_ref().and_then(Login::header);
        let bytes = download(self.client, &call, wanted, MAX_FILE, self.cache)?;
        self.cache.put(&bytes).map_err(|error| cannot(self.cache, &error))
    }

    fn tree(
        &self,
        address: &GitAddress,
        commit: Option<&str>,
    ) -> Result<(String, Digest), Fault> {
        let wanted = commit.or(address.reference.as_deref()).unwrap_or("HEAD");
        let key = (address.repository.clone(), wanted.to_owned());
        let tree = {
            let mut trees = self.trees.lock().unwrap_or_else(PoisonError::into_inner);
            trees.entry(key).or_default().clone()
        };
        tree.get_or_init(|| {
            let cannot = |error| cannot(self.cache, &error);
            let (commit, archive) = self.client.retry(|| {
                let folder = self.cache.folder().map_err(cannot)?;
                crate::git::fetch(address, commit, folder.path(), self.environment)
            })?;
            Ok((commit, self.cache.put(&archive).map_err(cannot)?))
        })
        .clone()
    }
}

/// Is it the address of a file? One of a folder in a Git repository has no such ending.
fn is_file(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let is_http = path.starts_with("http://") || path.starts_with("https://");
    let endings = [".yaml", ".yml", ".json"];
    is_http && endings.iter().any(|ending| path.ends_with(ending))
}
