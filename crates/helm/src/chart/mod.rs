//! Charts: what they are made of, and how they are read.
//!
//! A [`Chart`] is immutable and shared between threads; [`ChartCache`] reads each one once.

mod archive;
mod buffered;
mod cache;
mod directory;
mod ignore;
mod keys;
mod loader;
mod locked;
mod metadata;
pub(crate) mod pattern;
mod schema;
mod templates;

use std::sync::{Arc, OnceLock};

use ecow::EcoString;
use goyaml::Value;
use source::{FileId, Span};
use values_schema::Schema;

pub use archive::{ArchiveFile, archive_files};
pub use cache::{ChartCache, Ownership};
pub(crate) use keys::at;
pub use keys::{ChartAt, ChartKeys};
pub use locked::{chart_metadata, missing_dependencies};
pub use metadata::{Dependency, ImportValue, Maintainer, Metadata};
use templates::ParsedTemplates;
pub(crate) use templates::{ParsedSet, TemplateFile, takes_part};

use crate::values::Defaults;

/// A chart as it was read. Immutable, and cheap to share between threads.
#[derive(Debug)]
pub struct Chart {
    pub(crate) metadata: Metadata,
    pub(crate) values: Defaults,
    pub(crate) schema: Option<ChartFile>,
    pub(crate) schema_read: OnceLock<Result<Schema, String>>,
    pub(crate) templates: Vec<ChartFile>,
    pub(crate) files: Arc<Vec<ChartFile>>,
    pub(crate) dependencies: Vec<Arc<Chart>>,
    pub(crate) chart_yaml: FileId,
    pub(crate) parsed: ParsedTemplates,
    pub(crate) keys: OnceLock<Option<Arc<ChartKeys>>>,
}

/// A file of a chart.
#[derive(Clone, Debug)]
pub struct ChartFile {
    /// Its path inside the chart.
    pub name: EcoString,
    /// Its bytes, without a byte order mark.
    pub data: Arc<[u8]>,
    /// Its text in the source map; [`FileId::NONE`] if it is no text.
    pub file: FileId,
    /// Its bytes as text, if they are; it shares them.
    pub(crate) text: Option<Arc<str>>,
}

impl Chart {
    /// What `Chart.yaml` says.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// The charts in `charts/`.
    #[must_use]
    pub fn dependencies(&self) -> &[Arc<Chart>] {
        &self.dependencies
    }

    /// The chart's default values: `values.yaml`.
    #[must_use]
    pub fn values(&self) -> &Value {
        &self.values.merged
    }

    /// `values.schema.json`, if there is one.
    #[must_use]
    pub fn schema(&self) -> Option<&ChartFile> {
        self.schema.as_ref()
    }

    /// `values.schema.json` with what is in it, if it is there; read once.
    pub(crate) fn read_schema(&self) -> Option<(&ChartFile, &Result<Schema, String>)> {
        let file = self.schema.as_ref()?;
        Some((file, self.schema_read.get_or_init(|| schema::read(&file.data))))
    }

    /// Where `Chart.yaml` gives the name.
    #[must_use]
    pub fn span(&self) -> Span {
        match self.metadata.span.is_none() {
            true => Span::new(self.chart_yaml, 0, 0),
            false => self.metadata.span,
        }
    }

    /// Where `Chart.yaml` gives a field; the name if it does not.
    pub(crate) fn span_of(&self, field: &str) -> Span {
        self.metadata.span_of(field).unwrap_or(self.span())
    }
}

impl ChartFile {
    /// The text, invalid bytes replaced.
    #[must_use]
    pub fn text(&self) -> std::borrow::Cow<'_, str> {
        match &self.text {
            Some(text) => (&**text).into(),
            None => String::from_utf8_lossy(&self.data),
        }
    }

    /// The same, to keep.
    pub(crate) fn shared_text(&self) -> Arc<str> {
        self.text.clone().unwrap_or_else(|| self.text().into())
    }
}
