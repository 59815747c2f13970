//! When values are equal: numbers by what they are, objects in any order. (`equals`)

use std::collections::BTreeMap;

use serde_json::Value;

use crate::number::Decimal;

/// Are two values equal?
pub(crate) fn equals(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one == other,
        (Value::Number(one), Value::Number(other)) => {
            Decimal::new(one) == Decimal::new(other)
        }
        (Value::Object(_), Value::Object(_)) | (Value::Array(_), Value::Array(_)) => {
            written(one) == written(other)
        }
        (one, other) => one == other,
    }
}

/// The first item that is equal to one before it, after that one. (`duplicates`)
pub(crate) fn duplicates(items: &[Value]) -> Option<(usize, usize)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        if let Some(before) = seen.get(&written(item)) {
            return Some((*before, at));
        }
        seen.insert(written(item), at);
    }
    None
}

/// A value in the one way to write it.
fn written(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Number(number) => text.push_str(&format!("{:?}", Decimal::new(number))),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                write(item, text);
                text.push(',');
            }
            text.push(']');
        }
        Value::Object(entries) => {
            let sorted: BTreeMap<&String, &Value> = entries.iter().collect();
            text.push('{');
            for (name, value) in sorted {
                text.push_str(&format!("{name:?}:"));
                write(value, text);
                text.push(',');
            }
            text.push('}');
        }
        Value::String(string) => text.push_str(&format!("{string:?}")),
        scalar => text.push_str(&scalar.to_string()),
    }
}
