//! The JSON report, version 1: what every other machine format is a view of.

use std::io;

use serde_json::{Value, json};
use source::{Diagnostic, SourceMap, Span};

use super::document::{location, object, position, schema_of};
use super::{Report, fingerprint, place, word};

pub(crate) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &document(report))?;
    out.write_all(b"\n")
}

/// The report as a document.
pub(crate) fn document(report: &Report<'_>) -> Value {
    let counts = report.counts();
    let prints = fingerprint::fingerprints(report.sources, report.diagnostics);
    let with_prints = report.diagnostics.iter().zip(prints);
    let findings: Vec<Value> =
        with_prints.map(|(d, print)| finding(report.sources, d, print)).collect();
    json!({
        "version": 1,
        "tool": {"name": "thanos-gitops", "version": env!("CARGO_PKG_VERSION")},
        "summary": {
            "errors": counts.errors,
            "warnings": counts.warnings,
            "infos": counts.infos,
        },
        "findings": findings,
    })
}

fn finding(sources: &SourceMap, d: &Diagnostic, fingerprint: String) -> Value {
    let place = |span: Span, text: &str| json!({"location": location(sources, span), "text": text});
    let labels: Vec<Value> = d.labels.iter().map(|l| place(l.span, &l.text)).collect();
    let chain = place::chain(sources, d);
    let steps = d.trace.iter().chain(&chain);
    let trace: Vec<Value> = steps.map(|t| place(t.span, &t.text)).collect();
    let fix = d.fix.as_ref().map(|fix| {
        let edits = fix.edits.iter().map(|(span, text)| place(*span, text));
        json!({"title": fix.title, "edits": edits.collect::<Vec<_>>()})
    });
    json!({
        "code": if d.code.is_empty() { Value::Null } else { d.code.into() },
        "severity": word(d.severity),
        "message": d.message,
        "location": location(sources, d.span),
        "labels": labels,
        "trace": trace,
        "hints": d.hints,
        "fix": fix,
        "subject": d.subject.as_ref().map(|s| json!({
            "clusters": s.clusters,
            "object": s.object,
            "field": s.field,
        })),
        "fingerprint": fingerprint,
    })
}

/// The JSON Schema of the report.
///
/// The committed copy is `schemas/report.v1.schema.json`; a test compares them.
#[must_use]
pub fn json_schema() -> Value {
    let text = json!({"type": "string"});
    let count = json!({"type": "integer", "minimum": 0});
    let places = json!({"type": "array", "items": object(&[
        ("location", position()),
        ("text", text.clone()),
    ])});
    let findings = object(&[
        ("code", json!({"type": ["string", "null"], "pattern": "^[A-Z0-9]+$"})),
        ("severity", json!({"enum": ["error", "warning", "info"]})),
        ("message", text.clone()),
        ("location", position()),
        ("labels", places.clone()),
        ("trace", places.clone()),
        ("hints", json!({"type": "array", "items": text})),
        (
            "fix",
            json!({"anyOf": [
                {"type": "null"},
                object(&[("title", text.clone()), ("edits", places)]),
            ]}),
        ),
        (
            "subject",
            json!({"anyOf": [
                {"type": "null"},
                object(&[
                    ("clusters", json!({"type": "array", "items": {"type": "string"}})),
                    ("object", json!({"type": "string"})),
                    ("field", json!({"type": "string"})),
                ]),
            ]}),
        ),
        ("fingerprint", json!({"type": "string", "pattern": "^[0-9a-f]{32}$"})),
    ]);
    let properties = [
        ("tool", object(&[("name", text.clone()), ("version", text)])),
        (
            "summary",
            object(&[
                ("errors", count.clone()),
                ("warnings", count.clone()),
                ("infos", count),
            ]),
        ),
        ("findings", json!({"type": "array", "items": findings})),
    ];
    schema_of("thanos-gitops report", &properties)
}
