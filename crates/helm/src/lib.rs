//! Helm charts rendered in process: sprig and Helm functions, charts, values.
#![expect(dead_code, unused_imports, reason = "the engine that calls it lands next")]

mod ambient;
mod capabilities;
mod chart;
mod compat;
mod draws;
pub mod funcs;
mod gofmt;
mod host;
mod includes;
mod regexp;
mod release;
pub mod semver;
mod strvals;
mod time;
mod toml;
mod values;

pub use capabilities::{Capabilities, HelmVersion, KubeVersion};
pub use chart::{
    Chart, ChartCache, ChartFile, Dependency, Digest, ImportValue, Maintainer, Metadata,
    Ownership,
};
pub use compat::Compat;
pub use draws::Draws;
pub use host::Host;
pub use includes::Includes;
pub use release::{Hook, HookEvent, Manifest, ManifestKind};
pub use values::{
    Options, SchemaReport, SchemaValidator, SetFlag, SetFlagKind, ValuesLayer,
};
