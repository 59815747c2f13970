//! The user's own `git`, told which repository is meant.

use std::path::Path;
use std::process::{Command, Stdio};

/// A repository that Git is asked about: the folder, and whose it is.
#[derive(Clone, Copy, Debug)]
pub enum GitRepository<'p> {
    /// The one that the caller works in: what a hook of it says (`GIT_DIR`, the objects of a push
    /// that is not accepted yet) holds.
    Callers(&'p Path),
    /// Another one, named by its path alone: what surrounds the caller is not about it.
    Other(&'p Path),
}

/// The variables by which Git is told of a repository. (`git rev-parse --local-env-vars`, without
/// those that hold configuration)
const LOCAL: &[&str] = &[
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_DIR",
    "GIT_GRAFT_FILE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

impl GitRepository<'_> {
    /// The folder that it is asked about by.
    pub(super) fn folder(&self) -> &Path {
        match self {
            GitRepository::Callers(folder) | GitRepository::Other(folder) => folder,
        }
    }

    /// A command of `git` in the repository's folder, which reads nothing.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the door to the disk")]
    pub fn command(self) -> Command {
        let mut git = Command::new("git");
        let folder = match self {
            GitRepository::Callers(folder) => folder,
            GitRepository::Other(folder) => {
                LOCAL.iter().for_each(|name| {
                    git.env_remove(name);
                });
                folder
            }
        };
        git.arg("-C").arg(folder).stdin(Stdio::null());
        git
    }
}
