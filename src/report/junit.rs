//! JUnit XML: one test case a diagnostic, or a single passing one.

use std::io;

use source::{Diagnostic, Severity, SourceMap};

use super::{Report, place, word};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let counts = report.counts();
    let tests = report.diagnostics.len().max(1);
    let failures = counts.errors + counts.warnings;
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
    writeln!(
        out,
        "<testsuites><testsuite name=\"thanos-gitops\" tests=\"{tests}\" \
         failures=\"{failures}\" errors=\"0\">"
    )?;
    if report.diagnostics.is_empty() {
        writeln!(out, "  <testcase classname=\"thanos-gitops\" name=\"no findings\"/>")?;
    }
    for diagnostic in report.diagnostics {
        case(report.sources, diagnostic, out)?;
    }
    writeln!(out, "</testsuite></testsuites>")
}

fn case(sources: &SourceMap, d: &Diagnostic, out: &mut dyn io::Write) -> io::Result<()> {
    let place = place::region(sources, d.span).map(|r| r.start);
    let path = place.as_ref().map_or("", |p| &p.path);
    let line = place.as_ref().map_or(0, |p| p.line);
    let name = format!("{} {path}:{line} {}", d.code, d.message);
    write!(
        out,
        "  <testcase classname=\"{}\" name=\"{}\" file=\"{}\" line=\"{line}\"",
        escaped(if d.code.is_empty() { "fault" } else { d.code }),
        escaped(name.trim_start()),
        escaped(path),
    )?;
    if d.severity == Severity::Info {
        return writeln!(out, "/>");
    }
    writeln!(
        out,
        "><failure type=\"{}\" message=\"{}\">{}</failure></testcase>",
        word(d.severity),
        escaped(&d.message),
        escaped(&d.hints.join("\n")),
    )
}

/// Text for XML 1.0: markup escaped, control characters, which it cannot hold, replaced.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => shown.push_str("&amp;"),
            '<' => shown.push_str("&lt;"),
            '>' => shown.push_str("&gt;"),
            '"' => shown.push_str("&quot;"),
            '\n' => shown.push_str("&#10;"),
            '\t' => shown.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {
                shown.push(char::REPLACEMENT_CHARACTER);
            }
            c => shown.push(c),
        }
    }
    shown
}
