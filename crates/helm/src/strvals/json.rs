//! `--set-json`: a JSON object, or keys with JSON values.

use std::cell::RefCell;
use std::rc::Rc;

use source::{FileId, LayerKind, Span};

use super::Stop;
use super::parser::parse_keyed_json;
use super::scanner::Scanner;
use crate::values::{Data, MapRef, Node};

/// Parses `a=[1],b=null` into `dest`. (`ParseJSON`)
pub(crate) fn parse_json(text: &str, file: FileId, dest: &MapRef) -> Result<(), String> {
    parse_keyed_json(text, file, dest)
}

/// The map of `--set-json '{"a": 1}'`; `None` if it is no JSON object.
pub(crate) fn json_object(text: &str, file: FileId) -> Option<MapRef> {
    let value: serde_json::Value = serde_json::from_str(text).ok()?;
    let span = Span::new(file, 0, text.len());
    match data(&value, span) {
        Data::Map(map) => Some(map),
        _ => None,
    }
}

/// The JSON value here; nothing up to a comma or the end is null.
pub(super) fn json_value(scan: &mut Scanner<'_>) -> Result<Data, Stop> {
    if empty_value(scan) {
        return Ok(Data::Null);
    }
    let start = scan.at;
    let mut values =
        serde_json::Deserializer::from_str(scan.rest()).into_iter::<serde_json::Value>();
    let value = match values.next() {
        Some(Ok(value)) => value,
        Some(Err(fault)) => return Stop::fault(fault.to_string()),
        None => return Err(Stop::Eof),
    };
    let length = values.byte_offset();
    scan.at = start + length;
    let made = data(&value, Span::new(scan.file, start, start + length));
    empty_value(scan);
    Ok(made)
}

/// Skips blanks and one comma; was there nothing else?
fn empty_value(scan: &mut Scanner<'_>) -> bool {
    loop {
        match scan.peek() {
            None => return true,
            Some(',') => {
                scan.next();
                return true;
            }
            Some(c) if c.is_whitespace() => {
                scan.next();
            }
            Some(_) => return false,
        }
    }
}

fn data(value: &serde_json::Value, span: Span) -> Data {
    use serde_json::Value;
    let node = |v: &Value| Node::new(data(v, span), LayerKind::Set, span);
    match value {
        Value::Null => Data::Null,
        Value::Bool(b) => Data::Bool(*b),
        Value::Number(n) => Data::Float(n.as_f64().unwrap_or(0.0)),
        Value::String(s) => Data::Str(s.as_str().into()),
        Value::Array(items) => Data::List(Rc::new(items.iter().map(node).collect())),
        Value::Object(entries) => {
            let map = entries.iter().map(|(k, v)| (k.as_str().into(), node(v)));
            Data::Map(Rc::new(RefCell::new(map.collect())))
        }
    }
}
