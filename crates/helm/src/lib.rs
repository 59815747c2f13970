//! Helm charts rendered in process: sprig and Helm functions, charts, values.

mod compat;
mod draws;
mod host;
pub mod semver;

pub use compat::Compat;
pub use draws::Draws;
pub use host::Host;
