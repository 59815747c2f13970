//! From a list of errors to the tree that the library makes of them.
//!
//! The validator says of each error by which keywords it was reached; from these follows what
//! stands in what. The order is that of `validator.go` of `santhosh-tekuri/jsonschema` v6.0.2;
//! properties, whose order there is random, are sorted.

use std::collections::BTreeMap;

use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Error;
use serde_json::Value;

use crate::compiled;
use crate::formats::Formats;
use crate::tree::{Fault, Kind};
use crate::words::{self, quoted_list};

/// What an error is read with.
pub(crate) struct Context<'a> {
    /// The schema as it was compiled, in which `dependencies` are looked up.
    pub(crate) schema: &'a Value,
    /// The values.
    pub(crate) values: &'a Value,
    pub(crate) formats: &'a Formats<'a>,
}

/// An error with its paths.
#[derive(Clone)]
pub(crate) struct Found<'e> {
    error: &'e ValidationError<'e>,
    /// The keywords that led to it.
    keywords: Vec<String>,
    /// The path of the value.
    path: Vec<String>,
}

impl<'e> Found<'e> {
    /// An error that was found with a schema.
    pub(crate) fn new(error: &'e ValidationError<'e>, schema: &Value) -> Found<'e> {
        // What is wrong with a name knows better how it was found.
        let evaluated = match error.kind() {
            Error::PropertyNames { error } => error.evaluation_path(),
            _ => error.evaluation_path(),
        };
        let keywords = evaluated.iter().map(|s| s.to_string()).collect();
        let keywords = compiled::told(keywords, schema);
        let path = error.instance_path().iter().map(|s| s.to_string()).collect();
        Found { error, keywords, path }
    }
}

/// The order in which a schema is looked at: after one of the first four nothing more is.
const ORDER: &[&str] = &[
    "type",
    "const",
    "enum",
    "format",
    "$ref",
    "minProperties",
    "maxProperties",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "required",
    "dependencies",
    "properties",
    "additionalProperties",
    "prefixItems",
    "items",
    "additionalItems",
    "contains",
    "minContains",
    "maxContains",
    "propertyNames",
    "dependentSchemas",
    "dependentRequired",
    "$recursiveRef",
    "$dynamicRef",
    "not",
    "allOf",
    "anyOf",
    "oneOf",
    "then",
    "else",
    "unevaluatedProperties",
    "unevaluatedItems",
];

/// How many of them end the look at a schema.
const DECISIVE: usize = 4;

/// Which of several errors belong together, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Slot {
    rank: usize,
    index: usize,
    name: String,
    /// How the schema came to look at that property.
    by: String,
}

/// Where errors lead: deeper, by so many keywords and perhaps into a part of the value.
struct Below {
    keywords: usize,
    part: Option<String>,
}

/// The fault of a schema that `depth` keywords led to, for the value at a path.
pub(crate) fn schema(
    found: Vec<Found<'_>>,
    depth: usize,
    path: &[String],
    context: &Context<'_>,
) -> Option<Fault> {
    let mut slots: BTreeMap<Slot, Vec<Found<'_>>> = BTreeMap::new();
    for one in found {
        slots.entry(slot(&one, depth, path)).or_default().push(one);
    }
    let mut faults = Vec::new();
    for (slot, found) in slots {
        if faults.is_empty() || slot.rank >= DECISIVE {
            faults.extend(keyword(found, depth, path, context));
        }
        if slot.rank < DECISIVE {
            break;
        }
    }
    Fault::group(path, faults)
}

fn slot(found: &Found<'_>, depth: usize, path: &[String]) -> Slot {
    let keyword = found.keywords.get(depth).map_or("", String::as_str);
    let (placed, by) = match keyword {
        "patternProperties" => ("properties", found.keywords.get(depth + 1).cloned()),
        "additionalProperties" if is_below(found, depth, path) => {
            ("properties", Some("\u{10FFFF}".to_owned()))
        }
        _ => (keyword, None),
    };
    let rank = ORDER.iter().position(|k| *k == placed).unwrap_or(ORDER.len());
    let mut slot = Slot { rank, by: by.unwrap_or_default(), ..Slot::default() };
    if keyword == "propertyNames" {
        slot.name = name_of(found.error);
    } else if matches!(keyword, "dependentSchemas" | "dependencies") {
        slot.name = found.keywords.get(depth + 1).cloned().unwrap_or_default();
    } else if is_below(found, depth, path)
        && let Some(part) = found.path.get(path.len())
        && !matches!(keyword, "$ref" | "$dynamicRef" | "$recursiveRef" | "allOf")
        && !matches!(keyword, "then" | "else" | "anyOf" | "oneOf" | "not")
    {
        match part.parse() {
            Ok(index) if placed != "properties" => slot.index = index,
            _ => slot.name.clone_from(part),
        }
    }
    slot
}

/// Is the error one of a schema below this keyword, not of the keyword itself?
fn is_below(found: &Found<'_>, depth: usize, path: &[String]) -> bool {
    let inside = found.path.len() > path.len();
    found.keywords.len() > depth + 1
        || matches!(found.error.kind(), Error::FalseSchema) && inside
}

/// The faults of one keyword, of one part of the value where it looks at parts.
fn keyword(
    found: Vec<Found<'_>>,
    depth: usize,
    path: &[String],
    context: &Context<'_>,
) -> Vec<Fault> {
    let Some(first) = found.first() else { return Vec::new() };
    let keyword = first.keywords.get(depth).map_or("", String::as_str);
    let says = |at: usize| first.keywords.get(at).is_some_and(|k| is_index(k));
    let is_false = matches!(first.error.kind(), Error::FalseSchema);
    let part = || first.path.get(path.len()).cloned();
    let below = match keyword {
        "propertyNames" => return names(&found, depth, path, context),
        "allOf" => return all_of(found, depth, path, context),
        "$ref" | "$dynamicRef" | "$recursiveRef" => Below { keywords: 1, part: None },
        "then" | "else" => Below { keywords: 1, part: None },
        _ if !is_below(first, depth, path) => return own(&found, path, context),
        "properties" | "patternProperties" => Below { keywords: 2, part: part() },
        "dependentSchemas" | "dependencies" => Below { keywords: 2, part: None },
        "items" | "prefixItems" if says(depth + 1) => Below { keywords: 2, part: part() },
        "items" | "additionalProperties" | "additionalItems" | "contains" => {
            Below { keywords: 1, part: part() }
        }
        "unevaluatedProperties" | "unevaluatedItems" => {
            Below { keywords: 1, part: part() }
        }
        _ => return own(&found, path, context),
    };
    let mut inner = path.to_vec();
    inner.extend(below.part);
    if is_false && first.keywords.len() <= depth + below.keywords {
        return vec![Fault::own(&inner, "false schema")];
    }
    let refers = keyword.starts_with('$');
    let fault = schema(found, depth + below.keywords, &inner, context);
    fault.map(|f| if refers { f.referred(path) } else { f }).into_iter().collect()
}

fn is_index(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn all_of(
    found: Vec<Found<'_>>,
    depth: usize,
    path: &[String],
    context: &Context<'_>,
) -> Vec<Fault> {
    let causes = alternatives(found, depth, path, context);
    vec![Fault::of(Kind::Gathered, path, "'allOf' failed".to_owned(), causes)]
}

/// What each schema of a list of schemas finds.
fn alternatives(
    found: Vec<Found<'_>>,
    depth: usize,
    path: &[String],
    context: &Context<'_>,
) -> Vec<Fault> {
    let mut each: BTreeMap<usize, Vec<Found<'_>>> = BTreeMap::new();
    for one in found {
        let index = one.keywords.get(depth + 1).and_then(|k| k.parse().ok());
        each.entry(index.unwrap_or_default()).or_default().push(one);
    }
    let each = each.into_values();
    each.filter_map(|found| schema(found, depth + 2, path, context)).collect()
}

/// The faults of one property's name; of all, where none is allowed.
fn names(
    found: &[Found<'_>],
    depth: usize,
    path: &[String],
    context: &Context<'_>,
) -> Vec<Fault> {
    let Some(first) = found.first() else { return Vec::new() };
    let invalid = |name: &str, causes: Vec<Fault>| {
        let words = format!("invalid propertyName {}", words::quote(name));
        Fault::of(Kind::Own, path, words, causes).unplaced()
    };
    if matches!(first.error.kind(), Error::FalseSchema) {
        let object = at(context.values, path).and_then(Value::as_object);
        let names = object.into_iter().flat_map(serde_json::Map::keys);
        let why = || vec![Fault::own(path, "false schema")];
        return names.map(|name| invalid(name, why())).collect();
    }
    let inner = found.iter().filter_map(|one| match one.error.kind() {
        Error::PropertyNames { error } => Some(Found::new(error, context.schema)),
        _ => None,
    });
    let causes = match schema(inner.collect(), depth + 1, path, context) {
        Some(Fault { kind: Kind::Group, causes, .. }) => causes,
        other => other.into_iter().collect(),
    };
    vec![invalid(&name_of(first.error), causes)]
}

/// The name that an error of `propertyNames` is about.
fn name_of(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Error::PropertyNames { error } => {
            error.instance().as_str().unwrap_or_default().to_owned()
        }
        _ => String::new(),
    }
}

/// The faults of a keyword that looks at the value itself.
fn own(found: &[Found<'_>], path: &[String], context: &Context<'_>) -> Vec<Fault> {
    let Some(first) = found.first() else { return Vec::new() };
    let depth = first.keywords.len().saturating_sub(1);
    match first.error.kind() {
        Error::Required { .. } => match first.keywords.last().map(String::as_str) {
            Some("dependencies" | "dependentRequired") => depending(first, path, context),
            _ => vec![Fault::own(path, words::missing(found.iter().map(|f| f.error)))],
        },
        Error::AnyOf { context: tried } | Error::OneOfNotValid { context: tried } => {
            let tried = tried.iter().flatten();
            let tried = tried.map(|error| Found::new(error, context.schema)).collect();
            let causes = alternatives(tried, depth, path, context);
            let words = words::words(first.error, context.formats);
            vec![Fault::of(Kind::Own, path, words, causes)]
        }
        Error::UnevaluatedProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                let inner: Vec<String> = path.iter().chain([name]).cloned().collect();
                Fault::own(&inner, "false schema")
            })
            .collect(),
        _ => found.iter().map(|one| told(one, path, context)).collect(),
    }
}

/// The value at a path.
fn at<'v>(values: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(values, |value, part| match value {
        Value::Array(items) => items.get(part.parse::<usize>().ok()?),
        _ => value.get(part),
    })
}

fn told(one: &Found<'_>, path: &[String], context: &Context<'_>) -> Fault {
    let mut fault = Fault::own(path, words::words(one.error, context.formats));
    let is_additional =
        one.keywords.last().is_some_and(|keyword| keyword == "additionalProperties");
    match one.error.kind() {
        Error::AdditionalProperties { unexpected } => {
            fault.key = unexpected.first().cloned();
        }
        // Without properties of its own the schema allows none at all.
        Error::FalseSchema if is_additional => {
            // The error shows a part of the object.
            if let Some(object) = at(context.values, path).and_then(Value::as_object) {
                let names: Vec<String> = object.keys().cloned().collect();
                fault.words =
                    format!("additional properties {} not allowed", quoted_list(&names));
                fault.key = names.into_iter().next();
            }
        }
        _ => {}
    }
    fault
}

/// The faults of properties that others require, which the error does not name.
fn depending(found: &Found<'_>, path: &[String], context: &Context<'_>) -> Vec<Fault> {
    let table = context.schema.pointer(found.error.schema_path().as_str());
    let (Some(table), Some(object)) =
        (table.and_then(Value::as_object), found.error.instance().as_object())
    else {
        return vec![told(found, path, context)];
    };
    let mut faults = Vec::new();
    for (name, required) in table.iter().filter(|(name, _)| object.contains_key(*name)) {
        let required = required.as_array().map_or(&[][..], Vec::as_slice);
        let is_missing = |name: &&str| !object.contains_key(*name);
        let missing: Vec<String> = required
            .iter()
            .filter_map(Value::as_str)
            .filter(is_missing)
            .map(str::to_owned)
            .collect();
        if !missing.is_empty() {
            let (missing, name) = (quoted_list(&missing), words::quote(name));
            let words = format!("properties {missing} required, if {name} exists");
            faults.push(Fault::own(path, words));
        }
    }
    faults
}
