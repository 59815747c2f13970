//! Semantic versions and constraints, as github.com/Masterminds/semver v3.5.0 reads them.
//!
//! Looser than the specification (`v1.2`, `01.2.3`) and with rules of its own for
//! prereleases, which is why no other crate will do. Start with [`Constraints::parse`].

mod constraint;
mod version;

pub use constraint::Constraints;
pub use version::Version;
