//! Folders of Git repositories: addresses, commits, and the archive that is kept of a tree.
//!
//! Everything goes through the user's own `git`, so that credentials, proxies and certificates
//! are those that work at the prompt. What is kept is a tar archive of the commit's files,
//! sorted, without owners and times: equal trees have equal digests on every machine.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use source::{EntryKind, GitRepository, GitWorld, VPath, World};

use crate::{Environment, Fault};

/// A file larger than this is no manifest, and is left out.
const MAX_FILE: usize = 5 << 20;

/// The largest tree.
const MAX_TREE: usize = 256 << 20;

/// Words of git and its helpers about what the next try may not meet.
const PASSING: &[&str] = &[
    "Connection refused",
    "Connection reset",
    "Connection timed out",
    "RPC failed",
    "The requested URL returned error: 429",
    "The requested URL returned error: 5",
    "early EOF",
    "unexpected disconnect",
];

/// The ways to a repository. Git also knows some that run a program of the address's choice.
const PROTOCOLS: &str = "file:git:http:https:ssh";

/// The address of a folder in a Git repository, as Kustomize spells it.
/// (upstream: `api/internal/git/repospec.go`)
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitAddress {
    /// What Git is told to fetch from.
    pub repository: String,
    /// The folder inside, without slashes at its ends; empty for the root.
    pub path: String,
    /// The branch, tag or commit; `None` for what the repository shows first.
    pub reference: Option<String>,
}

impl GitAddress {
    /// Reads an address such as `https://github.com/org/repo//path?ref=v1`.
    #[must_use]
    pub fn parse(address: &str) -> Option<GitAddress> {
        let (address, query) = address.split_once('?').unwrap_or((address, ""));
        let reference = reference(query);
        let address = strip(address, "git::").unwrap_or(address);
        let schemes = ["ssh://", "https://", "http://", "file://"];
        let scheme = schemes.into_iter().find(|s| strip(address, s).is_some());
        let rest = address.get(scheme.map_or(0, str::len)..)?;
        let host = match scheme {
            Some("file://") => "",
            Some(_) => rest.get(..rest.find('/')?)?,
            None => rest.get(..rest.find(['/', ':'])?)?,
        };
        let after = rest.get(host.len()..)?;
        let (separator, path) = match host.is_empty() {
            true => ("", after),
            false => (after.get(..1)?, after.get(1..)?),
        };
        let (repository, path) = split(path, scheme == Some("file://"))?;
        let github = matches!(host, "github.com" | "www.github.com");
        // A bare `github.com/org/repo` means HTTPS.
        let (scheme, separator) = match scheme {
            None if github => ("https://", "/"),
            None => ("", separator),
            Some(scheme) => (scheme, separator),
        };
        let suffix = if github && !repository.ends_with(".git") { ".git" } else { "" };
        Some(GitAddress {
            repository: format!("{scheme}{host}{separator}{repository}{suffix}"),
            path: path.trim_matches('/').to_owned(),
            reference,
        })
    }

    /// Does the address itself name one commit?
    #[must_use]
    pub fn is_commit(&self) -> bool {
        let reference = self.reference.as_deref().unwrap_or("");
        reference.len() == 40 && reference.chars().all(|c| c.is_ascii_hexdigit())
    }
}

/// `ref=`, or the older `version=`.
fn reference(query: &str) -> Option<String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut found = pairs.filter(|(key, _)| matches!(*key, "ref" | "version"));
    found.next().map(|(_, value)| value.to_owned()).filter(|value| !value.is_empty())
}

/// The repository's part of a path, and the folder inside. (`parsePath`)
fn split(path: &str, is_local: bool) -> Option<(&str, &str)> {
    if let Some(at) = path.find("//") {
        return Some((path.get(..at)?, path.get(at + 2..)?));
    }
    if let Some(at) = path.find("_git/") {
        let name = path.get(at + 5..)?;
        let end = at + 5 + name.find('/').unwrap_or(name.len());
        return Some((path.get(..end)?, path.get(end..)?));
    }
    if let Some(at) = path.find(".git") {
        return Some((path.get(..at + 4)?, path.get(at + 4..)?));
    }
    if is_local {
        return Some((path, ""));
    }
    let second = path.match_indices('/').nth(1).map_or(path.len(), |(at, _)| at);
    path.contains('/').then_some(())?;
    Some((path.get(..second)?, path.get(second..)?))
}

fn strip<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..).unwrap_or(""))
}

/// Fetches one commit into a bare repository in `folder` and packs its tree.
///
/// With `commit` it is that one, whatever the reference has become. Returns the commit and
/// the archive.
pub(crate) fn fetch(
    address: &GitAddress,
    commit: Option<&str>,
    folder: &Path,
    environment: &Environment,
) -> Result<(String, Vec<u8>), Fault> {
    let wanted = commit.or(address.reference.as_deref()).unwrap_or("HEAD");
    if address.repository.starts_with('-') || wanted.starts_with('-') {
        return Err(Fault::new(format!("`{}` is no address", address.repository)));
    }
    let run = |words: &[&str]| run(folder, words, address, environment);
    run(&["init", "--quiet", "--bare", "."])?;
    let shallow = ["fetch", "--quiet", "--no-tags", "--depth=1", "--"];
    let head = match run(&[&shallow[..], &[&address.repository, wanted]].concat()) {
        Ok(_) => run(&["rev-parse", "--verify", "FETCH_HEAD^{commit}"])?,
        Err(fault) if fault.passing => return Err(fault),
        // A server may refuse to hand out a commit by its name, and a short one has none.
        Err(fault) => {
            let all = "+refs/*:refs/fetched/*";
            run(&["fetch", "--quiet", "--", &address.repository, all])
                .map_err(|_| fault)?;
            let spec = format!("{wanted}^{{commit}}");
            run(&["rev-parse", "--verify", "--end-of-options", &spec])?
        }
    };
    let head = head.trim().to_owned();
    if commit.is_some_and(|commit| commit != head) {
        let message = format!("`{}` has no commit {wanted}", address.repository);
        return Err(Fault::new(message));
    }
    let world =
        GitWorld::open(GitRepository::Other(folder), &head).map_err(Fault::new)?;
    let archive = pack(&world)
        .map_err(|words| Fault::new(format!("`{}`: {words}", address.repository)))?;
    Ok((head, archive))
}

fn run(
    folder: &Path,
    words: &[&str],
    address: &GitAddress,
    environment: &Environment,
) -> Result<String, Fault> {
    let mut git = GitRepository::Other(folder).command();
    git.args(words).env("GIT_TERMINAL_PROMPT", "0");
    // A server that says nothing for a minute is given up; whoever set these knows better.
    let defaults = [
        ("GIT_ALLOW_PROTOCOL", PROTOCOLS),
        ("GIT_HTTP_LOW_SPEED_LIMIT", "1"),
        ("GIT_HTTP_LOW_SPEED_TIME", "60"),
    ];
    git.envs(defaults.into_iter().filter(|(name, _)| environment.get(name).is_none()));
    let done = git.output().map_err(|error| {
        Fault::new(format!("cannot run `git`: {error}"))
            .hint("install git: remote bases are fetched with it")
    })?;
    if done.status.success() {
        return Ok(String::from_utf8_lossy(&done.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let said = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let said = said.collect::<Vec<_>>().join("; ");
    let shown = &address.repository;
    let fault = Fault::new(format!("git could not fetch `{shown}`: {said}"))
        .hint("try `git ls-remote` with this address; vendoring uses your git as it is");
    let may_pass = PASSING.iter().any(|words| said.contains(words));
    Err(if may_pass { fault.passing() } else { fault })
}

/// The files of a world as an archive.
fn pack(world: &dyn World) -> Result<Vec<u8>, String> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut size = 0;
    let mut folders = vec![VPath::root()];
    let mut files: BTreeMap<VPath, Arc<[u8]>> = BTreeMap::new();
    while let Some(folder) = folders.pop() {
        // A submodule is a folder that this repository does not hold.
        for (name, kind) in world.list(&folder).unwrap_or_default() {
            let Some(path) = folder.join(&name) else { continue };
            // What is behind a link is packed where the link leads to; links to folders could
            // make a circle, and one that leaves the tree leads nowhere.
            let real = world.canonical(&path);
            match kind {
                EntryKind::Folder if real.as_ref() == Ok(&path) => folders.push(path),
                EntryKind::Folder => {}
                EntryKind::File => {
                    let Ok(bytes) = world.read(&path) else { continue };
                    if bytes.len() > MAX_FILE {
                        continue;
                    }
                    size += bytes.len();
                    if size > MAX_TREE {
                        let limit = MAX_TREE >> 20;
                        return Err(format!("the tree is larger than {limit} MiB"));
                    }
                    files.insert(path, bytes);
                }
            }
        }
    }
    for (path, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        let packed = tar.append_data(&mut header, path.as_str(), &*bytes);
        packed.map_err(|error| error.to_string())?;
    }
    tar.into_inner().map_err(|error| error.to_string())
}

/// The files of an archive that [`pack`] made.
pub(crate) fn tree_files(bytes: &[u8]) -> Result<BTreeMap<VPath, Arc<[u8]>>, String> {
    let words = |error: std::io::Error| error.to_string();
    let mut files = BTreeMap::new();
    for entry in tar::Archive::new(bytes).entries().map_err(words)? {
        let mut entry = entry.map_err(words)?;
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).map_err(words)?;
        files.extend(VPath::new(&path).map(|path| (path, data.into())));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, VPath};

    use super::{GitAddress, pack, tree_files};

    #[test]
    fn addresses_are_read_as_kustomize_reads_them() {
        let read = |address: &str| {
            let a = GitAddress::parse(address).unwrap();
            (a.repository, a.path, a.reference.unwrap_or_default())
        };
        let is = |address: &str, repository: &str, path: &str, reference: &str| {
            let expected = (repository.into(), path.into(), reference.into());
            assert_eq!(read(address), expected, "{address}");
        };
        let github = "https://github.com/org/repo.git";
        is("github.com/org/repo//deploy/x?ref=v1", github, "deploy/x", "v1");
        is("https://github.com/org/repo/deploy?ref=v1", github, "deploy", "v1");
        is("https://github.com/org/repo.git?version=v2", github, "", "v2");
        is("git::https://git.example.com/a/b", "https://git.example.com/a/b", "", "");
        let deep = "https://git.example.com/group/sub/repo.git";
        is("https://git.example.com/group/sub/repo.git//x", deep, "x", "");
        let ssh = "ssh://git@git.example.com/a/b.git";
        is("ssh://git@git.example.com/a/b.git/x/y?ref=main", ssh, "x/y", "main");
        is("git@git.example.com:a/b.git//x", "git@git.example.com:a/b.git", "x", "");
        is("file:///srv/repo.git//x?ref=a", "file:///srv/repo.git", "x", "a");
    }

    #[test]
    fn equal_trees_have_equal_archives() {
        let long = format!("{}/kustomization.yaml", "deep/".repeat(40));
        let one = MemoryWorld::new().with("b/x.yaml", "x: 1\n").with(&long, "a");
        let two = MemoryWorld::new().with(&long, "a").with("b/x.yaml", "x: 1\n");
        let archive = pack(&one).unwrap();
        assert_eq!(archive, pack(&two).unwrap());
        let files = tree_files(&archive).unwrap();
        assert_eq!(files.len(), 2);
        assert_eq!(&*files[&VPath::new(&long).unwrap()], b"a");
    }
}
