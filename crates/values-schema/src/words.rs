//! What each kind of violation is called. (`kind/kind.go`)

use serde_json::{Number, Value};

use crate::quoting::quote;
use crate::types::Types;

/// The properties that an object lacks.
pub(crate) fn missing(names: &[&str]) -> String {
    match names {
        [one] => format!("missing property {}", quote(one)),
        _ => format!("missing properties {}", quoted_list(names)),
    }
}

/// Names in quotes, separated by commas.
pub(crate) fn quoted_list(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
    names.join(", ")
}

/// That a value is of none of some types.
pub(crate) fn of_type(got: &Value, want: Types) -> String {
    format!("got {}, want {}", type_of(got), want.names().join(" or "))
}

/// That a value is not another.
pub(crate) fn constant(want: &Value) -> String {
    match want {
        Value::Array(_) | Value::Object(_) => "'const' failed".to_owned(),
        _ => format!("value must be {}", display(want)),
    }
}

/// That a value is none of some.
pub(crate) fn one_of(options: &[Value]) -> String {
    if options.iter().any(|o| o.is_array() || o.is_object()) {
        return "'enum' failed".to_owned();
    }
    let shown: Vec<String> = options.iter().map(display).collect();
    match shown.as_slice() {
        [one] => format!("value must be {one}"),
        _ => format!("value must be one of {}", shown.join(", ")),
    }
}

/// That too few items match.
pub(crate) fn too_few(min: i64, at: &[usize]) -> String {
    let words = format!("min {} items required to match contains schema", grouped(min));
    match at {
        [] => format!("{words}, but none matched"),
        at => format!("{words}, but matched {} items at {}", grouped(at.len()), list(at)),
    }
}

/// That too many items match.
pub(crate) fn too_many(max: i64, at: &[usize]) -> String {
    let (max, count) = (grouped(max), grouped(at.len()));
    format!(
        "max {max} items required to match contains schema, but matched {count} items at {}",
        list(at)
    )
}

fn list(at: &[usize]) -> String {
    let at: Vec<String> = at.iter().map(usize::to_string).collect();
    at.join(" ")
}

/// That there is too little or too much.
pub(crate) fn size(keyword: &str, got: usize, want: i64) -> String {
    format!("{keyword}: got {}, want {}", grouped(got), grouped(want))
}

/// That a number is beyond a limit.
pub(crate) fn number(keyword: &str, got: &Number, want: &Number) -> String {
    let show = |n: &Number| grouped(n.as_f64().unwrap_or(0.0));
    format!("{keyword}: got {}, want {}", show(got), show(want))
}

/// A number as English writes it: `1,000`.
pub(crate) fn grouped(number: impl ToString) -> String {
    let number = number.to_string();
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (number.as_str(), String::new()),
    };
    let (sign, digits) = match whole.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", whole),
    };
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{sign}{out}{fraction}")
}

/// The type of a value.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn display(value: &Value) -> String {
    match value {
        Value::String(text) => quote(text),
        Value::Null => "<nil>".to_owned(),
        Value::Array(_) | Value::Object(_) => "value".to_owned(),
        other => other.to_string(),
    }
}
