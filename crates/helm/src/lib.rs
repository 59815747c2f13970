//! Helm charts rendered in process: sprig and Helm functions, charts, values.

pub mod semver;
