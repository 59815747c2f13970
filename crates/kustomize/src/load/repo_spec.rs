//! Addresses of folders in Git repositories. (upstream: `api/internal/git/repospec.go`)

use ecow::{EcoString, eco_format};

/// What an address such as `https://github.com/org/repo//deploy?ref=v1` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RepoSpec {
    /// What Git is told to fetch from. (`CloneSpec`)
    pub(crate) repo: EcoString,
    /// The folder inside; empty for the root.
    pub(crate) path: EcoString,
    /// The branch, tag or commit; empty if it is not told. Percent signs stay as they are.
    pub(crate) reference: EcoString,
}

impl RepoSpec {
    /// Reads an address; none if it is a path. (`NewRepoSpecFromURL`)
    pub(crate) fn parse(text: &str) -> Option<RepoSpec> {
        if text.starts_with('/') {
            return None;
        }
        let (address, query) = text.split_once('?').unwrap_or((text, ""));
        let (host, rest) = host(address)?;
        let (repository, path) = split(rest, host.starts_with("file://"))?;
        if repository.is_empty() || leaves(path) {
            return None;
        }
        let path = path.strip_prefix('/').unwrap_or(path).into();
        let repo = eco_format!("{host}{repository}");
        Some(RepoSpec { repo, path, reference: reference(query) })
    }
}

/// `ref=`, else `version=`.
fn reference(query: &str) -> EcoString {
    let find = |key: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.find(|(name, _)| *name == key).map_or("", |(_, value)| value)
    };
    match find("ref") {
        "" => find("version").into(),
        reference => reference.into(),
    }
}

/// Scheme, user and host, with the separator behind them; and the rest. (`extractHost`)
fn host(address: &str) -> Option<(EcoString, &str)> {
    let address = strip_ignore_case(address, "git::").unwrap_or(address);
    let schemes = ["ssh://", "https://", "http://", "file://"];
    let known = schemes.iter().find_map(|s| Some((*s, strip_ignore_case(address, s)?)));
    let (scheme, rest) = known.unwrap_or(("", address));
    if scheme == "file://" {
        return Some((scheme.into(), rest));
    }
    let (user, rest) = user(rest);
    let github = ["github.com/", "github.com:"];
    let github = github.iter().any(|host| strip_ignore_case(rest, host).is_some());
    let scp = scheme.is_empty() && (!user.is_empty() || github);
    if scheme.is_empty() && !scp {
        return None;
    }
    let (slash, colon) = (rest.find('/'), rest.find(':').filter(|_| scp));
    // A colon is a separator only if it comes before any slash.
    let separator = match (slash, colon) {
        (None, colon) => colon,
        (Some(slash), Some(colon)) if colon > 0 && colon < slash => Some(colon),
        (slash, _) => slash,
    };
    let (host, rest) = rest.split_at(separator? + 1);
    let host = match github {
        true if scheme == "ssh://" || !user.is_empty() => {
            eco_format!("{user}github.com:")
        }
        true => "https://github.com/".into(),
        false => eco_format!("{scheme}{user}{host}"),
    };
    Some((host, rest))
}

/// A user's name up to its `@`, and the rest. (`extractUsername`)
fn user(text: &str) -> (&str, &str) {
    let Some((name, _)) = text.split_once('@') else { return ("", text) };
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '-';
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(letters)
    {
        true => text.split_at(name.len() + 1),
        false => ("", text),
    }
}

/// The repository and the folder inside. (`parsePathParts`)
fn split(path: &str, is_local: bool) -> Option<(&str, &str)> {
    if let Some(at) = path.find("_git/") {
        let end = path.get(at + 5..)?.find('/').map_or(path.len(), |n| at + 5 + n);
        return Some(path.split_at(end));
    }
    if let Some(parts) = path.split_once("//") {
        return Some(parts);
    }
    if let Some(at) = path.find(".git") {
        return Some(path.split_at(at + 4));
    }
    if is_local {
        return Some((path, ""));
    }
    let first = path.find('/')?;
    let second = path.get(first + 1..)?.find('/').map(|n| first + 1 + n);
    Some(path.split_at(second.unwrap_or(path.len())))
}

/// Does a path lead out of its repository? (`kustRootPathExitsRepo`)
fn leaves(path: &str) -> bool {
    let mut depth = 0;
    path.split('/').filter(|part| !matches!(*part, "" | ".")).any(|part| {
        depth += if part == ".." { -1 } else { 1 };
        depth < 0
    })
}

fn strip_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::RepoSpec;

    #[test]
    fn addresses_are_taken_apart() {
        let is = |text: &str, wanted: [&str; 3]| {
            let spec = RepoSpec::parse(text).unwrap();
            let found = [spec.repo, spec.path, spec.reference];
            assert_eq!(found.each_ref().map(|part| part.as_str()), wanted, "{text}");
        };
        let github = "https://github.com/org/repo";
        is("github.com/org/repo", [github, "", ""]);
        is("https://github.com/org/repo//deploy/x?ref=v1", [github, "deploy/x", "v1"]);
        is("https://GitHub.com/org/repo/a/b?version=v2", [github, "a/b", "v2"]);
        is("http://github.com/org/repo.git", ["https://github.com/org/repo.git", "", ""]);
        is("git@github.com:org/repo.git", ["git@github.com:org/repo.git", "", ""]);
        is("ssh://git@host/o/r.git/sub", ["ssh://git@host/o/r.git", "sub", ""]);
        is("git::https://host/org/repo", ["https://host/org/repo", "", ""]);
        let azure = "https://dev.azure.com/org/project/_git/repo";
        is(&format!("{azure}/path?version=a&ref=b"), [azure, "path", "b"]);
        is("file:///srv/repo//a?ref=main", ["file:///srv/repo", "a", "main"]);
        is("file:///srv/repo/a", ["file:///srv/repo/a", "", ""]);
    }

    #[test]
    fn paths_are_no_addresses() {
        for local in [
            "../base",
            "github.com",
            "a@b",
            "overlays/x.git",
            "/abs/x.git",
            "https://host",
            "https://host/one",
            "https://host/org/repo.git/../..",
            "file://",
        ] {
            assert_eq!(RepoSpec::parse(local), None, "{local}");
        }
    }
}
