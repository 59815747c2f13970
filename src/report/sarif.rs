//! SARIF 2.1.0, as GitHub code scanning reads it.

use std::collections::BTreeSet;
use std::io;

use serde_json::{Value, json};
use source::{Diagnostic, Severity, SourceMap, Span};

use super::{Report, fingerprint, place};
use crate::lint::Lint;

pub(crate) fn write(report: &Report<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let codes: BTreeSet<&str> = report.diagnostics.iter().map(code).collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(code)).collect();
    let prints = fingerprint::fingerprints(report.sources, report.diagnostics);
    let with_prints = report.diagnostics.iter().zip(prints);
    let results: Vec<Value> = with_prints
        .map(|(d, print)| {
            let mut result = result(report.sources, d, print);
            let rule = codes.iter().position(|known| *known == code(d));
            result["ruleIndex"] = rule.unwrap_or_default().into();
            result
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "thanos-gitops",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    serde_json::to_writer_pretty(&mut *out, &document)?;
    out.write_all(b"\n")
}

/// What code scanning shows of a rule: its name, what it finds, and its page.
fn rule(code: &str) -> Value {
    let Some(lint) = Lint::find(code) else {
        let text =
            json!({"text": "What keeps the program from doing what it was asked for."});
        return json!({
            "id": code,
            "name": code,
            "shortDescription": text,
            "fullDescription": text,
            "help": text,
            "defaultConfiguration": {"level": "error"},
        });
    };
    let (page, uri) = (lint.page, lint.uri());
    json!({
        "id": code,
        "name": lint.name,
        "shortDescription": {"text": lint.summary()},
        "fullDescription": {"text": lint.description()},
        "help": {"text": page, "markdown": page},
        "helpUri": uri,
        "defaultConfiguration": {"level": level(lint.level)},
        "properties": {"tags": lint.tags(), "problem.severity": match lint.level {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "recommendation",
        }},
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// A fault has no lint; SARIF wants an id all the same.
fn code(d: &Diagnostic) -> &str {
    if d.code.is_empty() { "fault" } else { d.code }
}

fn result(sources: &SourceMap, d: &Diagnostic, fingerprint: String) -> Value {
    let related = d.labels.iter().map(|l| (l.span, &l.text));
    let chain = place::chain(sources, d);
    let steps = d.trace.iter().chain(&chain);
    let related = related.chain(steps.map(|t| (t.span, &t.text)));
    let related: Vec<Value> = related
        .filter_map(|(span, text)| {
            let mut place = location(sources, span)?;
            place["message"] = json!({"text": text});
            Some(place)
        })
        .collect();
    let text = d.hints.iter().fold(d.message.clone(), |text, hint| text + "\n" + hint);
    json!({
        "ruleId": code(d),
        "level": level(d.severity),
        "message": {"text": text},
        "locations": location(sources, d.span).into_iter().collect::<Vec<_>>(),
        "relatedLocations": related,
        "partialFingerprints": {"thanosGitops/v1": fingerprint},
    })
}

fn location(sources: &SourceMap, span: Span) -> Option<Value> {
    let region = place::region(sources, span)?;
    Some(json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&region.start.path)},
        "region": {
            "startLine": region.start.line,
            "startColumn": region.start.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        },
    }}))
}

/// A relative path as a URI: everything but letters, digits, `/`, `-`, `.`, `_` escaped.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'/' | b'-' | b'.' | b'_' => uri.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => uri.push(char::from(byte)),
            byte => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}
