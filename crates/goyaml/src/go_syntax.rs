//! Values as Go's `%#v` shows them, for error messages.

use std::fmt::Write;

use crate::Dialect;
use crate::number::format_float;
use crate::value::{Data, Value};

/// `fmt.Sprintf("%#v", value)` of what go-yaml decodes into an `interface{}`: v3 makes maps
/// with string keys where it can.
pub(crate) fn go_syntax(value: &Value, dialect: Dialect) -> String {
    let map = match dialect {
        Dialect::V2 => "map[interface {}]interface {}{",
        Dialect::V3 => "map[string]interface {}{",
    };
    match &value.data {
        Data::Null => "<nil>".to_owned(),
        _ => {
            let mut text = String::new();
            write_value(&mut text, value, map);
            text
        }
    }
}

fn write_value(out: &mut String, value: &Value, map_type: &str) {
    // Writing to a string cannot fail.
    let _written = match &value.data {
        Data::Null => out.write_str("interface {}(nil)"),
        Data::Bool(value) => write!(out, "{value}"),
        Data::Int(value) => write!(out, "{value}"),
        Data::Uint(value) => write!(out, "{value:#x}"),
        Data::Float(value) if value.is_nan() => out.write_str("NaN"),
        Data::Float(value) if value.is_infinite() => {
            out.write_str(if *value > 0.0 { "+Inf" } else { "-Inf" })
        }
        Data::Float(value) => out.write_str(&format_float(*value)),
        Data::Str(text) => out.write_str(&quote(text)),
        Data::Seq(items) => {
            out.push_str("[]interface {}{");
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_value(out, item, map_type);
            }
            out.write_str("}")
        }
        Data::Map(map) => {
            out.push_str(map_type);
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (at, (key, entry)) in entries.into_iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&quote(key));
                out.push(':');
                write_value(out, &entry.value, map_type);
            }
            out.write_str("}")
        }
    };
}

/// `strconv.Quote`, with backquotes where `%#v` uses them.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        let _written = match c {
            '"' => out.write_str("\\\""),
            '\\' => out.write_str("\\\\"),
            '\n' => out.write_str("\\n"),
            '\r' => out.write_str("\\r"),
            '\t' => out.write_str("\\t"),
            '\x07' => out.write_str("\\a"),
            '\x08' => out.write_str("\\b"),
            '\x0b' => out.write_str("\\v"),
            '\x0c' => out.write_str("\\f"),
            '\0'..='\x1f' | '\x7f' => write!(out, "\\x{:02x}", u32::from(c)),
            '\u{80}'..='\u{a0}' | '\u{ad}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                write!(out, "\\u{:04x}", u32::from(c))
            }
            c => out.write_char(c),
        };
    }
    out.push('"');
    out
}
