//! Helm charts rendered in process: sprig and Helm functions, charts, values.
//!
//! Start with [`Renderer::render`]: it merges values ([`Options`]), switches dependencies on
//! and off, runs the templates, and sorts what comes out into [`Manifests`].
//! [`Manifests::to_stdout`] is what `helm template` prints.

mod ambient;
mod capabilities;
mod chart;
mod compat;
mod documents;
mod draws;
mod engine;
pub mod funcs;
mod gofmt;
mod header;
mod host;
mod includes;
mod instance;
mod keys;
mod memo;
mod release;
mod release_name;
mod render_options;
mod renderer;
pub mod semver;
mod strvals;
mod template;
mod time;
mod toml;
mod turns;
mod values;

pub use capabilities::{Capabilities, HelmVersion, KubeVersion};
pub use chart::{
    ArchiveFile, Chart, ChartAt, ChartCache, ChartFile, ChartKeys, Dependency,
    ImportValue, Maintainer, Metadata, Ownership, archive_files, chart_metadata,
    missing_dependencies,
};
pub use compat::Compat;
pub use documents::Documents;
pub use draws::Draws;
pub use gotemplate::{Limits, with_stack};
pub use host::Host;
pub use includes::Includes;
pub use keys::quoted_paths;
pub use release::{Hook, HookEvent, Manifest, ManifestKind};
pub use release_name::{generated_name, name_from_template};
pub use render_options::{NamedAt, Release, RenderOptions};
pub use renderer::{Manifests, Renderer};
pub use template::Selection;
pub use values::{Options, SetFlag, SetFlagKind, ValuesLayer, check_path, values_text};

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
