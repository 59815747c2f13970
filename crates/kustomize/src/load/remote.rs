//! Which paths mean something on a network.

use super::repo_spec::RepoSpec;

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

/// Is this the address of a Git repository?
pub(crate) fn is_remote_folder(path: &str) -> bool {
    RepoSpec::parse(path).is_some()
}
