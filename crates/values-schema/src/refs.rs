//! References to other files, which Helm looks for where no chart has any.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::meta;

/// The keywords whose value is a schema, or a list of schemas.
pub(crate) const ONE: &[&str] = &[
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "if",
    "then",
    "else",
    "items",
    "prefixItems",
    "additionalItems",
    "additionalProperties",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The keywords whose value is a map of schemas.
pub(crate) const MANY: &[&str] =
    &["properties", "patternProperties", "dependencies", "dependentSchemas"];

/// The first address of a file that validation would ask for: `file:///other.json`. What no
/// reference reaches is not asked for, and a schema with an identity has other addresses.
pub(crate) fn file(schema: &Value) -> Option<String> {
    let alone = is_alone(schema);
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut open = vec![schema];
    while let Some(next) = open.pop() {
        let Value::Object(entries) = next else { continue };
        if entries.contains_key("$id") || entries.contains_key("id") {
            return None;
        }
        if let Some(Value::String(reference)) = entries.get("$ref") {
            match reference.strip_prefix('#') {
                Some(pointer) if seen.insert(pointer) => {
                    open.extend(schema.pointer(pointer));
                }
                Some(_) => {}
                None => match address(reference) {
                    Some(found) => return Some(found),
                    None => continue,
                },
            }
            if alone {
                continue;
            }
        }
        for (key, value) in entries {
            match value {
                Value::Array(items) if ONE.contains(&key.as_str()) => open.extend(items),
                Value::Object(by) if MANY.contains(&key.as_str()) => {
                    open.extend(by.values());
                }
                value if ONE.contains(&key.as_str()) => open.push(value),
                _ => {}
            }
        }
    }
    None
}

/// What is wrong with a reference that the schema itself is: it is followed before anything else.
pub(crate) fn dangling(schema: &Value) -> Option<String> {
    let pointer = schema.get("$ref")?.as_str()?.strip_prefix('#')?;
    let is_pointer = pointer.is_empty() || pointer.starts_with('/');
    (is_pointer && schema.pointer(pointer).is_none()).then(|| nowhere(pointer))
}

/// A key as a part of a pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// That a pointer leads nowhere.
pub(crate) fn nowhere(pointer: &str) -> String {
    format!("json-pointer in \"file:///values.schema.json#{pointer}\" not found")
}

/// The schema without what lies in the network: there everything is accepted.
pub(crate) fn local(mut schema: Value) -> Value {
    let alone = is_alone(&schema);
    forget(&mut schema, alone);
    schema
}

/// Does nothing beside a reference count? So it is before the draft of 2019.
fn is_alone(schema: &Value) -> bool {
    let named = schema.get("$schema").and_then(Value::as_str).unwrap_or_default();
    meta::is_old(named)
}

fn forget(schema: &mut Value, alone: bool) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| forget(item, alone)),
        Value::Object(entries) => {
            let is_remote = |value: &Value| {
                let text = value.as_str().unwrap_or_default();
                text.starts_with("https://") || text.starts_with("http://")
            };
            let remote = entries.get("$ref").is_some_and(|reference| {
                is_remote(reference) && !meta::is_draft(reference)
            });
            match remote {
                true if alone => entries.clear(),
                true => drop(entries.remove("$ref")),
                false => {}
            }
            entries.values_mut().for_each(|value| forget(value, alone));
        }
        _ => {}
    }
}

/// The address of a file that a reference means: of a relative one, beside the schema, which
/// is taken for the root of the file system.
fn address(reference: &str) -> Option<String> {
    let path = reference.split('#').next().unwrap_or_default();
    if let Some(path) = path.strip_prefix("file:///") {
        return (path != "values.schema.json").then(|| format!("file:///{path}"));
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    let mut segments: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => drop(segments.pop()),
            "" => return None,
            name if name.chars().all(is_plain) => segments.push(name),
            _ => return None,
        }
    }
    let path = segments.join("/");
    (path != "values.schema.json").then(|| format!("file:///{path}"))
}
