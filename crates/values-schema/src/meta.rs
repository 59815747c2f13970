//! Is a schema itself one? What its draft says of it, in the library's words.

use serde_json::{Value, json};

use crate::formats::Formats;
use crate::gather::{self, Context, Found};
use crate::refs;
use crate::tree::Fault;
use crate::words;

/// The drafts by their addresses, without scheme.
const DRAFTS: &[&str] = &[
    "json-schema.org/draft/2020-12/schema",
    "json-schema.org/draft/2019-09/schema",
    "json-schema.org/draft-07/schema",
    "json-schema.org/draft-06/schema",
    "json-schema.org/draft-04/schema",
];

/// The address of the schema's draft, the latest if it names none; nothing if it is none of
/// the standard. (`draftFromURL`)
pub(crate) fn draft(schema: &Value) -> Option<String> {
    let latest = DRAFTS.first().map(|draft| format!("https://{draft}"));
    let Some(named) = schema.get("$schema").and_then(Value::as_str) else {
        return latest;
    };
    let named = named.strip_suffix('#').unwrap_or(named);
    let bare = ["http://", "https://"].iter().find_map(|s| named.strip_prefix(s))?;
    if bare == "json-schema.org/schema" {
        return latest;
    }
    let found = DRAFTS.iter().find(|draft| **draft == bare)?;
    let scheme = if found.contains("/draft/") { "https" } else { "http" };
    Some(format!("{scheme}://{found}"))
}

/// Is this the address of a draft, which the validator has?
pub(crate) fn is_draft(address: &Value) -> bool {
    let address = address.as_str().unwrap_or_default();
    DRAFTS.iter().any(|draft| address.contains(draft))
}

/// Why a schema is none, as the library says it.
pub(crate) fn fault(schema: &Value, formats: &Formats<'_>) -> Option<String> {
    let draft = draft(schema)?;
    let own = format!("{draft}#");
    let referring = json!({"$schema": own, "allOf": [{"$ref": own}]});
    let options = formats.options().should_validate_formats(true);
    let validator = options.build(&referring).ok()?;
    let errors: Vec<_> = validator.iter_errors(schema).collect();
    let found = errors.iter().map(|error| Found::new(error, &referring)).collect();
    let context = Context { schema: &referring, values: schema, formats };
    // The three keywords that lead to the draft are no part of it.
    let text = gather::schema(found, 3, &[], &context)?.text();
    // The library's copies of the older drafts say nothing of names that are expressions.
    let is_old = draft.ends_with("draft-06/schema") || draft.ends_with("draft-04/schema");
    if is_old
        && text.contains("invalid propertyName")
        && let Some(words) =
            refs::dangling(schema).or_else(|| odd_expression(schema, "", formats))
    {
        return Some(words);
    }
    Some(refusal(&draft, &text))
}

/// Which `enum`s have no items or equal ones: the library's copies of the drafts before 2019
/// refuse them, the published ones do not.
pub(crate) fn odd_enums(schema: &Value) -> Option<String> {
    let draft = draft(schema).filter(|draft| draft.contains("/draft-0"))?;
    let mut found = Vec::new();
    enums(schema, &mut Vec::new(), &mut found);
    let text = Fault::group(&[], found)?.text();
    Some(refusal(&draft, &text))
}

fn enums(schema: &Value, path: &mut Vec<String>, found: &mut Vec<Fault>) {
    let Value::Object(entries) = schema else { return };
    for (key, value) in entries {
        path.push(key.clone());
        match value {
            Value::Array(items) if key == "enum" => {
                let equal = words::equal_items(value).map(|(first, second)| {
                    format!("items at {first} and {second} are equal")
                });
                let none = items.is_empty().then(|| "minItems: got 0, want 1".to_owned());
                found.extend(none.or(equal).map(|words| Fault::own(path, words)));
            }
            Value::Array(items) if refs::ONE.contains(&key.as_str()) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(index.to_string());
                    enums(item, path, found);
                    path.pop();
                }
            }
            Value::Object(by)
                if key == "definitions" || refs::MANY.contains(&key.as_str()) =>
            {
                for (name, one) in by {
                    path.push(name.clone());
                    enums(one, path, found);
                    path.pop();
                }
            }
            one if refs::ONE.contains(&key.as_str()) => enums(one, path, found),
            _ => {}
        }
        path.pop();
    }
}

/// What the library says of a schema that its draft refuses.
fn refusal(draft: &str, text: &str) -> String {
    format!(
        "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema \
         validation failed with '{draft}#'\n{}",
        text.trim_end()
    )
}

/// The first expression that Go does not read, as the compiler tells of it. The validator's own
/// language differs.
pub(crate) fn odd_expression(
    schema: &Value,
    at: &str,
    formats: &Formats<'_>,
) -> Option<String> {
    let odd = |text: &str, at: &str| {
        let why = formats.fault("regex", text)?;
        let at = format!("file:///values.schema.json#{at}");
        Some(format!("invalid regex {text:?} at {at:?}: {why}"))
    };
    let below = |key: &str| format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
    match schema {
        Value::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            odd_expression(item, &below(&index.to_string()), formats)
        }),
        Value::Object(entries) => entries.iter().find_map(|(key, value)| {
            let found = match (key.as_str(), value) {
                ("pattern", Value::String(text)) => odd(text, &below(key)),
                ("patternProperties", Value::Object(by)) => {
                    by.keys().find_map(|name| odd(name, &below(key)))
                }
                _ => None,
            };
            found.or_else(|| odd_expression(value, &below(key), formats))
        }),
        _ => None,
    }
}
