//! Charts and remote bases: resolved, fetched once, verified, locked, cached.
//!
//! [`Vendor::bring`] fetches what a tree names by an address and says what it is, by content:
//! that is written down in a [`Lock`]. A build reads a [`LockedWorld`]: the tree, and what its
//! lock names, taken from the [`Cache`] and verified. Only `bring` touches a network.

mod address;
mod bring;
mod cache;
mod charts;
mod conflict;
mod credentials;
mod digest;
mod environment;
mod fault;
mod git;
mod http;
mod lock;
mod locked_world;
#[cfg(test)]
mod mutations;
mod provenance;
mod remotes;
mod signatures;

pub use address::shown;
pub use bring::{Brought, Entry, Outcome, Settings, Vendor, Wanted};
pub use cache::{Cache, Collected};
pub use digest::Digest;
pub use environment::Environment;
pub use fault::Fault;
pub use git::GitAddress;
pub use http::Patience;
pub use lock::{Lock, LockFault, LockedChart, LockedRemote};
pub use locked_world::LockedWorld;
