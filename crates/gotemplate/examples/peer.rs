//! A peer for differential testing: reads cases as JSON lines, writes results as JSON lines.
//!
//! A case is `{"text": …, "data": …, "missing": "zero"}`; a result is `{"out": …}` or
//! `{"err": …}`. Each character of `text`, `out` and `err` stands for one byte.

#[path = "../tests/harness/mod.rs"]
mod harness;

use std::io::{BufRead, Write};

use serde_json::{Value, json};

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn main() -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let case: Value = serde_json::from_str(&line?)?;
        let text = case["text"].as_str().unwrap_or("");
        let text: Vec<u8> = text.chars().filter_map(|c| u8::try_from(c).ok()).collect();
        let missing = case["missing"].as_str().unwrap_or("");
        let latin =
            |bytes: &[u8]| bytes.iter().map(|b| char::from(*b)).collect::<String>();
        let result = match harness::run(&text, &case["data"], missing) {
            Ok(text) => json!({"out": latin(&text)}),
            Err(error) => json!({"err": latin(error.to_string().as_bytes())}),
        };
        writeln!(out, "{result}")?;
        out.flush()?;
    }
    Ok(())
}
