//! What the Go libraries answer, and what this crate answers.
//!
//! A case is a line `=== name`, for reading then the text as a JSON string, and then lines
//! `who: answer`, each answer a JSON string.

use goyaml::{
    Dialect, Fault, Format, Html, Value, decode, decode_strict, document_to_yaml,
    parse_first, parse_json, to_json, to_yaml, upstream_text,
};
use source::FileId;

const READ: &str = include_str!("cases/read.txt");
const WRITE: &str = include_str!("cases/write.txt");

fn unquote(text: &str) -> String {
    let value = parse_json(text, FileId::NONE).unwrap();
    value.as_str().unwrap().to_owned()
}

fn error(faults: &[Fault]) -> String {
    format!("ERR {}", upstream_text(faults))
}

/// `YAMLToJSON`, `YAMLToJSONStrict` and kyaml's `MarshalJSON`.
fn read_as_json(text: &str, dialect: Dialect, strict: bool) -> String {
    let document = match parse_first(text, FileId::NONE, dialect) {
        Ok(Some(document)) => document,
        Ok(None) if dialect == Dialect::V3 => return "{}".to_owned(),
        Ok(None) => return "null".to_owned(),
        Err(fault) => return error(&[fault]),
    };
    let value = match strict {
        true => decode_strict(&document.root, dialect),
        false => decode(&document.root, dialect),
    };
    let json = |value: Value| to_json(&value, Html::Escaped).map_err(|f| vec![f]);
    value.and_then(json).unwrap_or_else(|faults| error(&faults))
}

fn read_as_nodes(text: &str) -> String {
    match parse_first(text, FileId::NONE, Dialect::V3) {
        Ok(Some(document)) => document_to_yaml(&document),
        Ok(None) => "ERR EOF".to_owned(),
        Err(fault) => error(&[fault]),
    }
}

#[test]
fn reads_as_go_yaml() {
    let mut wrong = Vec::new();
    for case in READ.split("=== ").skip(1) {
        let mut lines = case.lines();
        let name = lines.next().unwrap();
        let text = unquote(lines.next().unwrap());
        for line in lines {
            let (who, expected) = line.split_once(": ").unwrap();
            let found = match who {
                "v2" => read_as_json(&text, Dialect::V2, false),
                "v2 strict" => read_as_json(&text, Dialect::V2, true),
                "v3" => read_as_json(&text, Dialect::V3, false),
                _ => read_as_nodes(&text),
            };
            let expected = unquote(expected);
            if found != expected {
                wrong.push(format!("{name} ({who})\n  want {expected}\n  got  {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn writes_as_go_yaml() {
    let mut wrong = Vec::new();
    for case in WRITE.split("=== ").skip(1) {
        let mut lines = case.lines();
        let json = lines.next().unwrap();
        let mut value = parse_json(json, FileId::NONE).unwrap();
        value.integers_to_floats();
        for line in lines {
            let (who, expected) = line.split_once(": ").unwrap();
            let format = match who {
                "sigs" => Format::Sigs,
                "v2" => Format::V2,
                _ => Format::Pretty,
            };
            let found = to_yaml(&value, format).unwrap_or_else(|fault| error(&[fault]));
            let expected = unquote(expected);
            if found != expected {
                wrong.push(format!("{json} ({who})\n  want {expected}\n  got  {found}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
