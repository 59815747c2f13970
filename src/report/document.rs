//! What the documents for programs have in common: places, and JSON Schemas.

use serde_json::{Value, json};
use source::{SourceMap, Span};

use super::place;

/// A place with its line as it may be shown; null if it is in no file.
pub(crate) fn location(sources: &SourceMap, span: Span) -> Value {
    let Some(region) = place::region(sources, span) else { return Value::Null };
    let span = place::shown(sources, span);
    json!({
        "path": region.start.path,
        "line": region.start.line,
        "column": region.start.column,
        "endLine": region.end_line,
        "endColumn": region.end_column,
        "excerpt": sources.file(span.file).excerpt(region.start.line),
    })
}

/// The schema of a document with these properties and its version.
pub(crate) fn schema_of(title: &str, properties: &[(&str, Value)]) -> Value {
    let text = json!({"type": "string"});
    let number = json!({"type": "integer", "minimum": 1});
    let place = object(&[
        ("path", text.clone()),
        ("line", number.clone()),
        ("column", number.clone()),
        ("endLine", number.clone()),
        ("endColumn", number),
        ("excerpt", text),
    ]);
    let version = [("version", json!({"const": 1}))];
    let all: Vec<(&str, Value)> =
        version.into_iter().chain(properties.iter().cloned()).collect();
    let mut schema = object(&all);
    if let Value::Object(schema) = &mut schema {
        let dialect = "https://json-schema.org/draft/2020-12/schema";
        schema.insert("$schema".to_owned(), dialect.into());
        schema.insert("title".to_owned(), title.into());
        let defs = json!({"location": {"anyOf": [{"type": "null"}, place]}});
        schema.insert("$defs".to_owned(), defs);
    }
    schema
}

/// The schema of [`location`].
pub(crate) fn position() -> Value {
    json!({"$ref": "#/$defs/location"})
}

/// An object with exactly these properties, all required.
pub(crate) fn object(properties: &[(&str, Value)]) -> Value {
    let names: Vec<&str> = properties.iter().map(|(name, _)| *name).collect();
    let properties: serde_json::Map<String, Value> = properties
        .iter()
        .map(|(name, kind)| ((*name).to_owned(), kind.clone()))
        .collect();
    json!({
        "type": "object",
        "properties": properties,
        "required": names,
        "additionalProperties": false,
    })
}
