//! The JSON Schema of `thanos-gitops.yaml`, made from the table in `shape.rs`.

use serde_json::{Map, Value, json};

use super::shape::{self, Key, Kind};

/// The JSON Schema that editors use to complete and check the file.
///
/// The committed copy is `schemas/thanos-gitops.schema.json`; a test compares them.
#[must_use]
pub fn json_schema() -> Value {
    let mut schema = map(shape::FILE);
    let head = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "thanos-gitops.yaml",
        "description": "What a repository says about itself; every key is optional.",
    });
    if let (Value::Object(head), Value::Object(body)) = (head, &mut schema) {
        let rest = std::mem::take(body);
        *body = head.into_iter().chain(rest).collect();
    }
    schema
}

fn map(keys: &[Key]) -> Value {
    let mut properties = Map::new();
    for key in keys {
        let mut value = kind(&key.kind);
        if let Value::Object(value) = &mut value {
            value.insert("description".to_owned(), key.doc.into());
        }
        properties.insert(key.name.to_owned(), value);
    }
    json!({"type": "object", "properties": properties, "additionalProperties": false})
}

fn kind(kind_: &Kind) -> Value {
    match kind_ {
        Kind::Text => json!({"type": ["string", "number", "boolean"]}),
        Kind::Path => json!({"type": "string"}),
        Kind::Date => json!({"type": "string", "pattern": "^\\d{4}-\\d{2}-\\d{2}"}),
        Kind::Version => {
            json!({"type": ["string", "number"], "pattern": "^v?\\d+(\\.\\d+){0,2}"})
        }
        Kind::Choice(words) => choice(words),
        Kind::List(of) => json!({"type": "array", "items": kind(of)}),
        Kind::Map(keys) => map(keys),
        Kind::Named(of) => json!({"type": "object", "additionalProperties": kind(of)}),
        Kind::Lint => lint(),
    }
}

/// YAML reads `5.8` and `4` as numbers; both spellings are accepted.
fn choice(words: &[&str]) -> Value {
    let mut values: Vec<Value> = words.iter().map(|w| (*w).into()).collect();
    let numbers = words.iter().filter_map(|w| serde_json::from_str::<Value>(w).ok());
    values.extend(numbers.filter(Value::is_number));
    json!({ "enum": values })
}

fn lint() -> Value {
    let level = choice(shape::LEVELS);
    json!({"anyOf": [
        level,
        {"type": "object", "properties": {"level": level}},
    ]})
}
