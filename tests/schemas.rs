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

/// Where a document is not as its schema says.
pub(crate) fn violations(schema: &Value, document: &Value) -> Vec<String> {
    let schema = serde_json::to_vec(schema).unwrap();
    let schema = values_schema::Schema::read(&schema).unwrap();
    let report = schema.validate(document, &[]).unwrap();
    report
        .violations
        .iter()
        .map(|v| format!("{}: {}", v.path.join("/"), v.words))
        .collect()
}

#[test]
fn documents_are_held_to_all_that_a_schema_says() {
    let schema = serde_json::json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "line": {"type": "integer", "minimum": 1},
            "code": {"type": "string", "pattern": "^[A-Z]+[0-9]+$"},
        },
    });
    let count = |document: Value| violations(&schema, &document).len();
    assert_eq!(count(serde_json::json!({"line": 1, "code": "REPO001"})), 0);
    assert_eq!(count(serde_json::json!({"line": 0, "code": "repo-1"})), 2);
    assert_eq!(count(serde_json::json!({"other": 1})), 1);
}
