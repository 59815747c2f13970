//! Which paths mean something on a network. (upstream: `api/internal/git/repospec.go`)

/// Does an entry of a kustomization lead to a network: to a file, or to a Git repository?
#[must_use]
pub fn is_remote(path: &str) -> bool {
    is_remote_file(path) || is_remote_folder(path)
}

/// Is this the address of a file? (`IsRemoteFile`)
pub(crate) fn is_remote_file(path: &str) -> bool {
    let Some((scheme, _)) = path.split_once(':') else { return false };
    scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
}

/// Is this the address of a Git repository? (`NewRepoSpecFromURL` accepts it)
pub(crate) fn is_remote_folder(path: &str) -> bool {
    if path.starts_with('/') {
        return false;
    }
    let path = path.split('?').next().unwrap_or(path);
    let path = strip_ignore_case(path, "git::").unwrap_or(path);
    let schemes = ["ssh://", "https://", "http://", "file://"];
    let scheme = schemes.iter().find_map(|s| Some((*s, strip_ignore_case(path, s)?)));
    let (scheme, rest) = scheme.unwrap_or(("", path));
    if scheme == "file://" {
        return !rest.is_empty();
    }
    let (user, rest) = user_and_rest(rest);
    let github = ["github.com/", "github.com:", "www.github.com/"];
    let github = github.iter().any(|host| strip_ignore_case(rest, host).is_some());
    let scp = scheme.is_empty() && (user || github);
    if scheme.is_empty() && !scp {
        return false;
    }
    let separator = match scp {
        true => rest.find(['/', ':']),
        false => rest.find('/'),
    };
    let Some(at) = separator else { return false };
    has_repository(rest.get(at + 1..).unwrap_or(""))
}

fn has_repository(path: &str) -> bool {
    if path.contains("_git/") || path.contains(".git") {
        return true;
    }
    match path.split_once("//") {
        Some((repository, _)) => !repository.is_empty(),
        None => path.split('/').count() >= 2,
    }
}

fn user_and_rest(rest: &str) -> (bool, &str) {
    let head = rest.split('/').next().unwrap_or("");
    match head.find('@') {
        Some(at) if at > 0 => (true, rest.get(at + 1..).unwrap_or("")),
        _ => (false, rest),
    }
}

fn strip_ignore_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..).unwrap_or(""))
}

#[cfg(test)]
mod tests {
    use super::is_remote_folder;

    #[test]
    fn addresses_and_folders() {
        for remote in [
            "github.com/org/repo",
            "https://github.com/org/repo//deploy?ref=v1",
            "git@github.com:org/repo.git",
            "ssh://git@host/org/repo.git/sub",
            "git::https://host/org/repo",
        ] {
            assert!(is_remote_folder(remote), "{remote}");
        }
        for local in ["../base", "github.com", "a@b", "overlays/x.git", "/abs/x.git"] {
            assert!(!is_remote_folder(local), "{local}");
        }
    }
}
