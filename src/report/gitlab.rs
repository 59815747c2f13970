//! GitLab's code quality report, a subset of Code Climate's.

use std::io;

use serde_json::{Value, json};
use source::Severity;

use super::{Report, fingerprint, place};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let prints = fingerprint::fingerprints(report.sources, report.diagnostics);
    let with_prints = report.diagnostics.iter().zip(prints);
    let issues: Vec<Value> = with_prints
        .map(|(d, print)| {
            let place = place::region(report.sources, d.span).map(|r| r.start);
            // A path is mandatory; the configuration stands for the whole repository.
            let path = place.as_ref().map_or(crate::config::FILE, |p| &p.path);
            json!({
                "description": d.message,
                "check_name": if d.code.is_empty() { "fault" } else { d.code },
                "fingerprint": print,
                "severity": match d.severity {
                    Severity::Error => "critical",
                    Severity::Warning => "minor",
                    Severity::Info => "info",
                },
                "location": {
                    "path": path,
                    "lines": {"begin": place.as_ref().map_or(1, |p| p.line)},
                },
            })
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &Value::Array(issues))?;
    out.write_all(b"\n")
}
