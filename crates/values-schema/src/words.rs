//! What each kind of violation is called.

use std::collections::HashMap;

use jsonschema::error::{TypeKind, ValidationErrorKind as Kind};
use jsonschema::{JsonType, ValidationError};
use serde_json::Value;

use crate::Violation;
use crate::formats::Formats;

/// A violation with what it is made of.
pub(crate) struct Found {
    pub(crate) violation: Violation,
    /// For `anyOf` and `oneOf`: why each alternative does not fit.
    pub(crate) causes: Vec<Found>,
    /// Where in the schema: `/properties/a/type`.
    pub(crate) keyword: String,
}

impl Found {
    /// The violation in one line, with why no alternative fits.
    pub(crate) fn told(self) -> Violation {
        let mut why: Vec<String> = Vec::new();
        for cause in self.causes {
            let words = cause.told().words;
            if !why.contains(&words) {
                why.push(words);
            }
        }
        let mut violation = self.violation;
        if !why.is_empty() {
            violation.words = format!("{}: {}", violation.words, why.join("; "));
        }
        violation
    }
}

/// The violations of an instance, missing properties of one object in one.
pub(crate) fn violations<'a>(
    errors: impl IntoIterator<Item = ValidationError<'a>>,
    formats: &Formats<'_>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut missing: Vec<Vec<String>> = Vec::new();
    let mut first: HashMap<(Vec<String>, String), usize> = HashMap::new();
    for error in errors {
        let path: Vec<String> =
            error.instance_path().iter().map(|segment| segment.to_string()).collect();
        let keyword = error.evaluation_path().to_string();
        let mut names = Vec::new();
        if let Kind::Required { property } = error.kind() {
            names.push(quote(property.as_str().unwrap_or_default()));
            let known = first.entry((path.clone(), keyword.clone()));
            let at = *known.or_insert(found.len());
            if at < found.len() {
                missing[at].extend(names);
                found[at].violation.words =
                    format!("missing properties {}", missing[at].join(", "));
                continue;
            }
        }
        missing.push(names);
        let key = match error.kind() {
            Kind::AdditionalProperties { unexpected } => unexpected.first().cloned(),
            _ => None,
        };
        let (words, causes) = (words(&error, formats), causes(error.kind(), formats));
        found.push(Found { violation: Violation { path, words, key }, causes, keyword });
    }
    decided(found)
}

/// Drops what the library does not look at: after a wrong type, constant or choice, the rest
/// of the same schema is passed over.
fn decided(mut found: Vec<Found>) -> Vec<Found> {
    let split = |f: &Found| {
        let (schema, keyword) = f.keyword.rsplit_once('/').unwrap_or(("", &f.keyword));
        let rank = ["type", "const", "enum", "format"].iter().position(|k| *k == keyword);
        (f.violation.path.clone(), schema.to_owned(), rank.unwrap_or(usize::MAX))
    };
    let mut first: HashMap<(Vec<String>, String), usize> = HashMap::new();
    for one in &found {
        let (path, schema, rank) = split(one);
        let least = first.entry((path, schema)).or_insert(rank);
        *least = rank.min(*least);
    }
    found.retain(|one| {
        let (path, schema, rank) = split(one);
        first.get(&(path, schema)).is_none_or(|least| rank <= *least)
    });
    found
}

/// The first item that is equal to one before it, and that one.
fn equal_items(list: &Value) -> Option<(usize, usize)> {
    let items = list.as_array()?;
    let earlier =
        |at: usize| items.iter().take(at).position(|item| Some(item) == items.get(at));
    // The library that Helm uses compares each with each as well, up to this length.
    (1..items.len().min(1_000)).find_map(|at| earlier(at).map(|before| (before, at)))
}

fn causes(kind: &Kind, formats: &Formats<'_>) -> Vec<Found> {
    if let Kind::PropertyNames { error } = kind {
        let path = error.instance_path().iter().map(|s| s.to_string()).collect();
        let violation = Violation { path, words: words(error, formats), key: None };
        let keyword = error.evaluation_path().to_string();
        return vec![Found { violation, causes: causes(error.kind(), formats), keyword }];
    }
    let (Kind::AnyOf { context }
    | Kind::OneOfNotValid { context }
    | Kind::OneOfMultipleValid { context }) = kind
    else {
        return Vec::new();
    };
    // The contexts are borrowed; their errors are told anew.
    context
        .iter()
        .flatten()
        .map(|error| Found {
            violation: Violation {
                path: error.instance_path().iter().map(|s| s.to_string()).collect(),
                words: words(error, formats),
                key: None,
            },
            causes: causes(error.kind(), formats),
            keyword: error.evaluation_path().to_string(),
        })
        .collect()
}

fn words(error: &ValidationError<'_>, formats: &Formats<'_>) -> String {
    let got = error.instance();
    match error.kind() {
        Kind::Required { property } => {
            format!("missing property {}", quote(property.as_str().unwrap_or_default()))
        }
        Kind::Type { kind } => format!("got {}, want {}", type_of(got), wanted(kind)),
        Kind::AdditionalProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().map(|name| quote(name)).collect();
            format!("additional properties {} not allowed", names.join(", "))
        }
        Kind::Enum { options } => one_of(options),
        Kind::Constant { expected_value } => match **expected_value {
            Value::Array(_) | Value::Object(_) => "'const' failed".to_owned(),
            _ => format!("value must be {}", display(expected_value)),
        },
        Kind::AnyOf { .. } => "'anyOf' failed".to_owned(),
        Kind::OneOfNotValid { .. } => "'oneOf' failed, none matched".to_owned(),
        Kind::OneOfMultipleValid { .. } => {
            "'oneOf' failed, more than one subschema matched".to_owned()
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
