//! Schemas and values against what Helm 4.2.4 says of them.
//!
//! A case is three parts, and an empty line: a schema, values, and the recorded words. Their
//! lines are compared in an order of their own, since Helm's is random among properties.

use values_schema::Schema;

const CASES: &str = include_str!("cases.txt");

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn schemas_say_what_helm_says() {
    let mut wrong = Vec::new();
    for case in CASES.trim_end().split("\n\n") {
        let mut parts = case.splitn(3, '\n');
        let mut part = || parts.next().unwrap_or_default();
        let (schema, values, expected) = (part(), part(), part());
        let values = serde_json::from_str(values).expect("a case has values");
        let read = Schema::read(schema.as_bytes());
        let told = match read.and_then(|schema| schema.validate(&values, &[])) {
            Ok(report) => report.text,
            Err(words) => words,
        };
        if sorted(told.trim_end()) != sorted(expected) {
            wrong.push(format!("{schema}\n{values}\n{told}\n-- expected\n{expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
