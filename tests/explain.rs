//! Real explanations, as people and programs see them: a change of one is a change that users
//! see.
//!
//! `tests/explain/repo` uses what a value can go through: layers of values, `valuesInline`,
//! `tpl`, `include`, `toYaml`, `mergeOverwrite`, `deepCopy`, `printf`, files of the chart,
//! patches, a prefix, images, labels, replicas, replacements, generators and name hashes.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use crate::schemas::violations;

mod functions;
mod reasons;

const HERE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/explain");

/// What the program prints, and how it ends.
fn run(command: &str) -> (String, String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_thanos-gitops"))
        .args(command.split(' '))
        .env("NO_COLOR", "1")
        .current_dir(Path::new(HERE).join("repo"))
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (text(output.stdout), text(output.stderr), output.status.code().unwrap_or(-1))
}

#[test]
fn explanations_are_as_committed() {
    let commands = std::fs::read_to_string(Path::new(HERE).join("commands.txt"));
    let mut text = String::new();
    for command in commands.expect("the commands").lines() {
        let (out, err, code) = run(command);
        writeln!(text, "$ thanos-gitops {command}\n{out}{err}(exit {code})\n").unwrap();
    }
    let file = Path::new(HERE).join("transcript.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &text).expect("the transcript");
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(
        found, text,
        "tests/explain/transcript.txt: UPDATE=1 cargo test writes it"
    );
    assert!(!text.contains("hunter2"), "a secret is shown");
}

#[test]
fn documents_obey_their_schemas() {
    let explained = run("explain edge Deployment/shop-web --format json");
    let reached = run("explain --values charts/demo/values.yaml --format json");
    let schemas = [
        (explained.0, thanos_gitops::explain::json_schema()),
        (reached.0, thanos_gitops::explain::reach_schema()),
    ];
    for (text, schema) in schemas {
        let document = serde_json::from_str(&text).expect("JSON");
        assert_eq!(violations(&schema, &document), Vec::<String>::new());
    }
}

#[test]
fn places_may_be_spelt_as_editors_and_reports_spell_them() {
    let short = run("explain --values overlays/edge/web/values.yaml:2");
    let with_column = run("explain --values overlays/edge/web/values.yaml:2:3");
    let full = format!("{HERE}/repo/overlays/edge/web/values.yaml:2");
    let in_full = run(&format!("explain --values {full}"));
    assert_eq!(short.2, 0, "{}", short.1);
    assert_eq!(with_column, short);
    assert_eq!(in_full, short);
}
