//! The engine against what Go's own text/template prints.
//!
//! A line `TEMPLATE --> OUTPUT` of a case file is a case; `⏎` stands for a line break, `!!`
//! before an error. `data JSON` and `missing zero` hold for the lines below. The outputs were
//! recorded from Go 1.26.

mod harness;
mod marks;
mod objects;
mod robust;

use gotemplate::Error;
use serde_json::Value;

/// Runs the cases of a file and reports every one that differs.
fn check(cases: &str) {
    let mut data = Value::Null;
    let mut missing = "";
    let mut of_data = String::new();
    for line in cases.lines() {
        if let Some(json) = line.strip_prefix("data ") {
            data = serde_json::from_str(json).expect("data is JSON");
        } else if let Some(word) = line.strip_prefix("missing ") {
            compare(&of_data, |text| harness::run(text.as_bytes(), &data, missing));
            of_data.clear();
            missing = word;
        } else {
            of_data.push_str(line);
            of_data.push('\n');
        }
    }
    compare(&of_data, |text| harness::run(text.as_bytes(), &data, missing));
}

/// Compares what `run` makes of each case with what Go made of it.
fn compare(cases: &str, run: impl Fn(&str) -> Result<Vec<u8>, Box<Error>>) {
    let mut failed = Vec::new();
    for line in cases.lines().filter(|l| !l.trim().is_empty() && !l.starts_with("# ")) {
        let (text, expected) = line.split_once(" --> ").expect("a case has -->");
        let text = text.replace('⏎', "\n");
        let got = match run(&text) {
            Ok(out) => String::from_utf8_lossy(&out).into_owned(),
            Err(error) => format!("!! {error}"),
        };
        let got = got.replace('\n', "⏎");
        if got != expected {
            failed.push(format!("{text}\n  Go:   {expected}\n  here: {got}"));
        }
    }
    assert!(failed.is_empty(), "{} cases differ:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn execution() {
    check(include_str!("exec.txt"));
}

#[test]
fn parsing() {
    check(include_str!("parse.txt"));
}

#[test]
fn printing() {
    check(include_str!("printf.txt"));
}

#[test]
fn builtins() {
    check(include_str!("builtins.txt"));
}
