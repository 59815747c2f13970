//! GitHub workflow commands: `::error file=…,line=…::message`.

use std::io;

use source::Severity;

use super::{Report, place};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    for d in report.diagnostics {
        let command = match d.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        write!(out, "::{command} ")?;
        if let Some(region) = place::region(report.sources, d.span) {
            write!(
                out,
                "file={},line={},col={},endLine={},endColumn={},",
                property(&region.start.path),
                region.start.line,
                region.start.column,
                region.end_line,
                region.end_column,
            )?;
        }
        let title = if d.code.is_empty() { "thanos-gitops" } else { d.code };
        let mut text = d.message.clone();
        for hint in &d.hints {
            text.push('\n');
            text.push_str(hint);
        }
        writeln!(out, "title={}::{}", property(title), data(&text))?;
    }
    Ok(())
}

/// The message part, as the runner unescapes it (actions/toolkit, `escapeData`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property, as the runner unescapes it (actions/toolkit, `escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
