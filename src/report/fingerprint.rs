//! Names of findings that survive line moves.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest, Sha256};
use source::{Diagnostic, SourceMap};

use super::place;

/// One fingerprint a diagnostic, in their order.
///
/// Made from the code, the path, the message and the masked line without its indentation, so
/// that lines added above change nothing, and neither does the folder that the program is
/// run in. Equal ones are told apart by their count.
pub(crate) fn fingerprints(
    sources: &SourceMap,
    diagnostics: &[Diagnostic],
) -> Vec<String> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut one = |d: &Diagnostic| {
        let span = place::shown(sources, d.span);
        let location = sources.location(span);
        let line = location.as_ref().map(|l| sources.file(span.file).excerpt(l.line));
        // Where a file is in the repository, from wherever the program is run.
        let place = sources.file(span.file).place.as_ref().map(ToString::to_string);
        let path = place.or(location.map(|l| l.path)).unwrap_or_default();
        let line = line.unwrap_or_default();
        let subject = d.subject.as_deref();
        let object = subject.map_or("", |s| &s.object);
        let text = [d.code, &path, object, &d.message, line.trim()].join("\0");
        let count = seen.entry(text.clone()).or_default();
        *count += 1;
        hex(&Sha256::digest(format!("{text}\0{count}")))
    };
    diagnostics.iter().map(&mut one).collect()
}

/// The first 32 hexadecimal digits of `bytes`.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

/// The fingerprints of a JSON report: a baseline of findings that are known.
pub(crate) fn baseline(report: &[u8]) -> Result<BTreeSet<String>, String> {
    let document: serde_json::Value = serde_json::from_slice(report)
        .map_err(|e| format!("it is no JSON report: {e}"))?;
    let findings = document.get("findings").and_then(|f| f.as_array());
    let findings = findings.ok_or("it is no JSON report: it has no `findings`")?;
    let version = document.get("version").and_then(serde_json::Value::as_u64);
    if version != Some(1) {
        return Err("it is a JSON report of another version; make it anew".to_owned());
    }
    let prints = findings.iter().filter_map(|f| f.get("fingerprint")?.as_str());
    Ok(prints.map(str::to_owned).collect())
}
