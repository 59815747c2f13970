//! JSON and YAML inside of strings.
//! (upstream: `filters/replacement/replacement.go`, `setValueInStructuredData`, v5.8)

use goyaml::{Dialect, Document, Html, Node, document_to_yaml, node_to_yaml};
use source::FileId;

/// The first document in a string; the error says why there is none.
pub(super) fn parse(text: &str) -> Result<Document, String> {
    let (documents, faults) = goyaml::parse(text, FileId::NONE, Dialect::V3);
    match documents.into_iter().next() {
        Some(document) if faults.is_empty() => Ok(document),
        _ if !faults.is_empty() => Err(goyaml::upstream_text(&faults)),
        _ => Err("wrong node kind: expected MappingNode but got nothing".into()),
    }
}

/// Writes a changed document back: as JSON if it was JSON, pretty if it was pretty. None if
/// there is no such JSON.
pub(super) fn serialize(document: &Document, original: &str) -> Option<String> {
    let text = document_to_yaml(document);
    if !original.trim_start().starts_with(['{', '[']) {
        return Some(text.trim().to_owned());
    }
    let value = goyaml::decode(&parse(&text).ok()?.root, Dialect::V3).ok()?;
    let json = match original.contains('\n') && original.contains("  ") {
        true => goyaml::to_json_indent(&value, Html::Escaped, "  "),
        false => goyaml::to_json(&value, Html::Escaped),
    };
    json.ok()
}

/// A node as kyaml prints it for a comparison: scalars with their quotes.
pub(super) fn scalar_text(node: &Node) -> String {
    node_to_yaml(node).trim().to_owned()
}
