//! What each kind of violation is called.

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::formats::Formats;

/// The properties that one object lacks, in one.
pub(crate) fn missing<'e>(
    errors: impl Iterator<Item = &'e ValidationError<'e>>,
) -> String {
    let names: Vec<String> = errors
        .filter_map(|error| match error.kind() {
            Kind::Required { property } => property.as_str().map(str::to_owned),
            _ => None,
        })
        .collect();
    match names.as_slice() {
        [one] => format!("missing property {}", quote(one)),
        _ => format!("missing properties {}", quoted_list(&names)),
    }
}

/// Names in quotes, separated by commas.
pub(crate) fn quoted_list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quote(name)).collect();
    names.join(", ")
}

/// The first item that is equal to one before it, and that one.
pub(crate) fn equal_items(list: &Value) -> Option<(usize, usize)> {
    let items = list.as_array()?;
    let earlier =
        |at: usize| items.iter().take(at).position(|item| Some(item) == items.get(at));
    // The library that Helm uses compares each with each as well, up to this length.
    (1..items.len().min(1_000)).find_map(|at| earlier(at).map(|before| (before, at)))
}

/// What one error is called.
pub(crate) fn words(error: &ValidationError<'_>, formats: &Formats<'_>) -> String {
    let got = error.instance();
    match error.kind() {
        Kind::Required { property } => {
            format!("missing property {}", quote(property.as_str().unwrap_or_default()))
        }
        Kind::Type { kind } => format!("got {}, want {}", type_of(got), wanted(kind)),
        Kind::AdditionalProperties { unexpected } => {
            format!("additional properties {} not allowed", quoted_list(unexpected))
        }
        Kind::Enum { options } => one_of(options),
        Kind::Constant { expected_value } => match **expected_value {
            Value::Array(_) | Value::Object(_) => "'const' failed".to_owned(),
            _ => format!("value must be {}", display(expected_value)),
        },
        Kind::AnyOf { .. } => "'anyOf' failed".to_owned(),
        Kind::OneOfNotValid { .. } => "'oneOf' failed, none matched".to_owned(),
        Kind::OneOfMultipleValid { context } => {
            let fits = context.iter().enumerate().filter(|(_, errors)| errors.is_empty());
            let fits: Vec<String> =
                fits.map(|(index, _)| index.to_string()).take(2).collect();
            format!("'oneOf' failed, subschemas {} matched", fits.join(", "))
        }
        Kind::AdditionalItems { limit } => {
            let count = got.as_array().map_or(0, Vec::len).saturating_sub(*limit);
            format!("last {count} additionalItem(s) not allowed")
        }
        Kind::Not { .. } => "'not' failed".to_owned(),
        Kind::FalseSchema => "false schema".to_owned(),
        Kind::Pattern { pattern } => {
            let text = got.as_str().unwrap_or_default();
            format!("{} does not match pattern {}", quote(text), quote(pattern))
        }
        Kind::Format { format } => {
            let why = got.as_str().and_then(|text| formats.fault(format, text));
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            format!("{} is not valid {format}{why}", display(got))
        }
        Kind::Contains => "no items match contains schema".to_owned(),
        Kind::UniqueItems => match equal_items(got) {
            Some((first, second)) => format!("items at {first} and {second} are equal"),
            None => "items are not unique".to_owned(),
        },
        Kind::PropertyNames { error } => {
            let name = error.instance().as_str().unwrap_or_default().to_owned();
            format!("invalid propertyName {}", quote(&name))
        }
        kind => limits(kind, got).unwrap_or_else(|| error.to_string()),
    }
}

/// The kinds that compare a size or a number with a limit.
fn limits(kind: &Kind, got: &Value) -> Option<String> {
    let characters = got.as_str().map_or(0, |text| text.chars().count());
    let items = got.as_array().map_or(0, Vec::len);
    let entries = got.as_object().map_or(0, serde_json::Map::len);
    Some(match kind {
        Kind::MinLength { limit } => sizes("minLength", characters, *limit),
        Kind::MaxLength { limit } => sizes("maxLength", characters, *limit),
        Kind::MinItems { limit } => sizes("minItems", items, *limit),
        Kind::MaxItems { limit } => sizes("maxItems", items, *limit),
        Kind::MinProperties { limit } => sizes("minProperties", entries, *limit),
        Kind::MaxProperties { limit } => sizes("maxProperties", entries, *limit),
        Kind::Minimum { limit } => numbers("minimum", got, limit),
        Kind::Maximum { limit } => numbers("maximum", got, limit),
        Kind::ExclusiveMinimum { limit } => numbers("exclusiveMinimum", got, limit),
        Kind::ExclusiveMaximum { limit } => numbers("exclusiveMaximum", got, limit),
        Kind::MultipleOf { multiple_of } => {
            numbers("multipleOf", got, &Value::from(*multiple_of))
        }
        _ => return None,
    })
}

fn sizes(keyword: &str, got: usize, want: u64) -> String {
    let (got, want) = (grouped(&got.to_string()), grouped(&want.to_string()));
    format!("{keyword}: got {got}, want {want}")
}

fn numbers(keyword: &str, got: &Value, want: &Value) -> String {
    let show = |n: &Value| grouped(&n.as_f64().unwrap_or(0.0).to_string());
    format!("{keyword}: got {}, want {}", show(got), show(want))
}

/// A number as English writes it: `1,000`.
fn grouped(number: &str) -> String {
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, format!(".{fraction}")),
        None => (number, String::new()),
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

fn one_of(options: &Value) -> String {
    let options = options.as_array().map_or(&[][..], Vec::as_slice);
    if options.iter().any(|o| o.is_array() || o.is_object()) {
        return "'enum' failed".to_owned();
    }
    let shown: Vec<String> = options.iter().map(display).collect();
    match shown.as_slice() {
        [one] => format!("value must be {one}"),
        _ => format!("value must be one of {}", shown.join(", ")),
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn wanted(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => one.to_string(),
        TypeKind::Multiple(many) => {
            let names: Vec<String> =
                many.iter().map(|t: JsonType| t.to_string()).collect();
            names.join(" or ")
        }
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

/// Single quotes around a text, as the library quotes.
pub(crate) fn quote(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('\n', "\\n").replace('\t', "\\t");
    format!("'{}'", escaped.replace('\'', "\\'"))
}
