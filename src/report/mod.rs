//! Findings and faults as text, JSON, SARIF and the rest: one writer a file.
//!
//! [`Report`] resolves every diagnostic to places that people can open; the writers only
//! arrange it. Excerpts come from `source`, which masks secrets.

pub(crate) mod document;
mod fingerprint;
mod github;
mod gitlab;
mod json;
mod junit;
mod place;
mod pretty;
mod sarif;

use std::io;

use source::{Diagnostic, Severity, SourceMap};

pub(crate) use fingerprint::baseline;
pub use json::json_schema;
pub use pretty::Pretty;

/// What a report may look like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Text with excerpts, for people
    #[default]
    Pretty,
    /// Version 1 of schemas/report.v1.schema.json
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for CI servers
    Junit,
    /// GitHub workflow commands, shown in the diff
    Github,
    /// GitLab code quality
    Gitlab,
}

/// Diagnostics, ready to be written.
pub struct Report<'a> {
    /// Every text that a diagnostic may point into.
    pub sources: &'a SourceMap,
    /// The diagnostics, in the order in which they are written.
    pub diagnostics: &'a [Diagnostic],
}

/// How many diagnostics there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// What is only worth knowing.
    pub infos: usize,
}

impl Report<'_> {
    /// Counts by severity.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let count = |s| self.diagnostics.iter().filter(|d| d.severity == s).count();
        Counts {
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            infos: count(Severity::Info),
        }
    }

    /// Writes the report in a machine's or a person's format.
    pub fn write(
        &self,
        format: Format,
        style: &Pretty,
        out: &mut dyn io::Write,
    ) -> io::Result<()> {
        let mut diagnostics = self.diagnostics.to_vec();
        self.sources.mask(diagnostics.iter_mut().flat_map(Diagnostic::words));
        let this = &Report { sources: self.sources, diagnostics: &diagnostics };
        match format {
            Format::Pretty => style.write(this, out),
            Format::Json => json::write(this, out),
            Format::Sarif => sarif::write(this, out),
            Format::Junit => junit::write(this, out),
            Format::Github => github::write(this, out),
            Format::Gitlab => gitlab::write(this, out),
        }
    }
}

/// The word for a severity.
pub(crate) fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// Puts diagnostics in the order of a report: by file, line and column, then code and
/// message. Those without a place come first.
pub fn sort(sources: &SourceMap, diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_cached_key(|d| {
        (sources.location(d.span), d.code, d.message.clone(), d.hints.clone())
    });
}

/// Leaves out the diagnostics whose fingerprints are known.
pub(crate) fn leave_out(
    sources: &SourceMap,
    diagnostics: &mut Vec<Diagnostic>,
    known: &std::collections::BTreeSet<String>,
) {
    let mut prints = fingerprint::fingerprints(sources, diagnostics).into_iter();
    diagnostics.retain(|_| prints.next().is_none_or(|print| !known.contains(&print)));
}
