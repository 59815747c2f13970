//! The schemas in `schemas/` are what the types say, and what is written obeys them.

use serde_json::Value;

#[track_caller]
fn committed(path: &str, schema: &Value) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/").to_owned() + path;
    if std::env::var("UPDATE").is_ok() {
        std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/schemas")).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, text, "schemas/{path} is stale: UPDATE=1 cargo test writes it");
}

#[test]
fn the_configuration_s_schema_is_committed() {
    committed("thanos-gitops.schema.json", &thanos_gitops::config::json_schema());
}

#[test]
fn the_report_s_schema_is_committed() {
    committed("report.v1.schema.json", &thanos_gitops::report::json_schema());
}

#[test]
fn the_schemas_of_explanations_are_committed() {
    committed("explain.v1.schema.json", &thanos_gitops::explain::json_schema());
    committed("explain-values.v1.schema.json", &thanos_gitops::explain::reach_schema());
}

/// As much of JSON Schema as our schemas use; says where `value` is not as it should be.
pub(crate) fn violations(
    schema: &Value,
    root: &Value,
    value: &Value,
    at: &str,
) -> Vec<String> {
    let mut found = Vec::new();
    let say = |what: &str| vec![format!("{at}: {what}: {value}")];
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#')).unwrap();
        return violations(target, root, value, at);
    }
    if let Some(any) = schema.get("anyOf").and_then(Value::as_array) {
        let fits = any.iter().any(|s| violations(s, root, value, at).is_empty());
        return if fits { found } else { say("fits none") };
    }
    if let Some(constant) = schema.get("const") {
        return if constant == value { found } else { say("is another constant") };
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return if values.contains(value) { found } else { say("is none of the words") };
    }
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(kind) => vec![kind.as_str().unwrap()],
        None => panic!("{at}: a schema without a type: {schema}"),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(n) if n.is_u64() || n.is_i64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = kinds.contains(&kind) || (kind == "integer" && kinds.contains(&"number"));
    if !fits {
        return say("is of the wrong type");
    }
    if let Some(items) = value.as_array() {
        for (n, item) in items.iter().enumerate() {
            found.extend(violations(&schema["items"], root, item, &format!("{at}/{n}")));
        }
    }
    if let Some(entries) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            if !entries.contains_key(name.as_str().unwrap()) {
                found.push(format!("{at}: lacks {name}"));
            }
        }
        for (name, value) in entries {
            match schema["properties"].get(name) {
                Some(schema) => {
                    found.extend(violations(
                        schema,
                        root,
                        value,
                        &format!("{at}/{name}"),
                    ));
                }
                None => found.push(format!("{at}: has an unknown {name}")),
            }
        }
    }
    found
}
