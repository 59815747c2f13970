//! Two revisions of a repository, compared by what they compile to.
