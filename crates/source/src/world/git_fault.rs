//! What Git refuses, in words that do not depend on the user's language.

use std::fmt;

use super::GitRepository;
use super::git::git;

/// Why a revision cannot be read, and what to do about it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GitFault {
    /// What is wrong.
    pub message: String,
    /// What to do; empty if nobody knows.
    pub hint: String,
}

impl fmt::Display for GitFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<GitFault> for String {
    fn from(fault: GitFault) -> String {
        fault.message
    }
}

impl GitFault {
    pub(super) fn new(message: impl Into<String>, hint: impl Into<String>) -> GitFault {
        GitFault { message: message.into(), hint: hint.into() }
    }

    /// Git said something that nobody expected.
    pub(super) fn other(words: &str) -> GitFault {
        let words = words.trim().trim_start_matches("fatal: ");
        GitFault::new(format!("git: {words}"), "")
    }

    /// Why there is no such revision: no program, no repository, no commit, or no such name.
    pub(super) fn no_revision(folder: GitRepository<'_>, name: &str) -> GitFault {
        let shown = folder.folder().display();
        if let Err(words) = git(folder, &["rev-parse", "--git-dir"]) {
            return match words {
                words if words.contains("safe.directory") => GitFault::new(
                    format!("Git does not trust `{shown}`: it belongs to another user"),
                    "allow it: `git config --global --add safe.directory <folder>`",
                ),
                words if words.starts_with("cannot run git") => {
                    GitFault::new(words, "install Git, or put it on the PATH")
                }
                _ => GitFault::new(
                    format!("`{shown}` is in no Git repository"),
                    "run it in a clone of the repository, or name one with `--root`",
                ),
            };
        }
        if git(folder, &["rev-parse", "--verify", "--quiet", "HEAD"]).is_err() {
            return GitFault::new("there is no commit yet", "commit once, then compare");
        }
        let message = format!("no revision `{name}` in this repository");
        let remote = format!("refs/remotes/origin/{name}");
        if git(folder, &["rev-parse", "--verify", "--quiet", &remote]).is_ok() {
            return GitFault::new(message, format!("did you mean `origin/{name}`?"));
        }
        if is_shallow(folder) {
            return GitFault::new(message, UNSHALLOW);
        }
        GitFault::new(
            message,
            "`git fetch` may bring it; `git branch -a` lists the names",
        )
    }

    /// Why two revisions have no commit in common.
    pub(super) fn no_base(folder: GitRepository<'_>, a: &str, b: &str) -> GitFault {
        let message = format!("`{a}` and `{b}` have no commit in common");
        match is_shallow(folder) {
            true => GitFault::new(message, UNSHALLOW),
            false => GitFault::new(message, "compare them as they are: `A..B`"),
        }
    }
}

const UNSHALLOW: &str = "this clone is shallow: run `git fetch --unshallow`; in a GitHub workflow \
                         check out with `fetch-depth: 0`, in GitLab set `GIT_DEPTH: 0`";

fn is_shallow(folder: GitRepository<'_>) -> bool {
    let told = git(folder, &["rev-parse", "--is-shallow-repository"]);
    told.is_ok_and(|out| out.trim_ascii() == b"true")
}
