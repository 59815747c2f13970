//! Is a schema itself one? What its draft says of it, in the library's words.

use referencing::meta::{DRAFT4, DRAFT6, DRAFT7};
use serde_json::{Map, Value, json};

use crate::formats::Formats;
use crate::gather::{self, Context, Found};
use crate::refs;
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
    let (rules, depth) = rules(&draft)?;
    let options = formats.options().should_validate_formats(true);
    let validator = options.build(&rules).ok()?;
    let errors: Vec<_> = validator.iter_errors(schema).collect();
    let found = errors.iter().map(|error| Found::new(error, &rules)).collect();
    let context = Context { schema: &rules, values: schema, formats };
    let text = gather::schema(found, depth, &[], &context)?.text();
    Some(refusal(&draft, &text))
}

/// The schema of a draft, and how many keywords lead to it. The library's copies of the drafts
/// before 2019 refuse an `enum` of no items or of equal ones, which the published ones do not,
/// and its copy of draft 6 says nothing of names that are expressions.
fn rules(draft: &str) -> Option<(Value, usize)> {
    let own = format!("{draft}#");
    if !is_old(draft) {
        return Some((json!({"$schema": own, "allOf": [{"$ref": own}]}), 3));
    }
    let published = match draft.rsplit('/').nth(1)? {
        "draft-04" => &DRAFT4,
        "draft-06" => &DRAFT6,
        _ => &DRAFT7,
    };
    let mut rules = Value::clone(published);
    let properties = rules.get_mut("properties")?.as_object_mut()?;
    for (limit, value) in [("minItems", json!(1)), ("uniqueItems", json!(true))] {
        properties.get_mut("enum")?.as_object_mut()?.insert(limit.to_owned(), value);
    }
    if draft.ends_with("draft-06/schema") {
        let names = properties.get_mut("patternProperties")?.as_object_mut()?;
        names.shift_remove("propertyNames");
    }
    Some((rules, 0))
}

/// Is it a draft before that of 2019?
pub(crate) fn is_old(draft: &str) -> bool {
    draft.contains("/draft-0")
}

/// Is there an `enum` that only the library's copies of the older drafts refuse?
pub(crate) fn has_odd_enum(schema: &Value) -> bool {
    let is_odd = |value: &Value| {
        value.as_array().is_some_and(Vec::is_empty) || words::equal_items(value).is_some()
    };
    let mut found = false;
    each(schema, "", &mut |entries, _| {
        found |= entries.get("enum").is_some_and(is_odd);
    });
    found && draft(schema).is_some_and(|draft| is_old(&draft))
}

/// The fault of an expression in a draft that says nothing of some of them, as the compiler
/// tells it; a reference that the schema itself is it follows before.
pub(crate) fn unsaid_expression(schema: &Value, formats: &Formats<'_>) -> Option<String> {
    let draft = draft(schema)?;
    let is_silent =
        draft.ends_with("draft-06/schema") || draft.ends_with("draft-04/schema");
    let found = odd_expression(schema, formats).filter(|_| is_silent)?;
    Some(refs::dangling(schema).unwrap_or(found))
}

/// Visits the objects that are schemas, with their places.
fn each(schema: &Value, at: &str, see: &mut dyn FnMut(&Map<String, Value>, &str)) {
    let Value::Object(entries) = schema else { return };
    see(entries, at);
    let below = |at: &str, key: &str| format!("{at}/{}", refs::escaped(key));
    for (key, value) in entries {
        let at = below(at, key);
        let key = key.as_str();
        match value {
            Value::Array(items) if refs::ONE.contains(&key) => {
                for (index, item) in items.iter().enumerate() {
                    each(item, &below(&at, &index.to_string()), see);
                }
            }
            Value::Object(by)
                if refs::MANY.contains(&key)
                    || matches!(key, "definitions" | "$defs") =>
            {
                for (name, one) in by {
                    each(one, &below(&at, name), see);
                }
            }
            one if refs::ONE.contains(&key) => each(one, &at, see),
            _ => {}
        }
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
pub(crate) fn odd_expression(schema: &Value, formats: &Formats<'_>) -> Option<String> {
    let odd = |text: &str, at: &str, key: &str| {
        let why = formats.fault("regex", text)?;
        let at = format!("file:///values.schema.json#{at}/{key}");
        Some(format!("invalid regex {text:?} at {at:?}: {why}"))
    };
    let mut found = None;
    each(schema, "", &mut |entries, at| {
        if found.is_some() {
            return;
        }
        let text = entries.get("pattern").and_then(Value::as_str);
        found = text.and_then(|text| odd(text, at, "pattern"));
        if let (None, Some(Value::Object(by))) =
            (&found, entries.get("patternProperties"))
        {
            found = by.keys().find_map(|name| odd(name, at, "patternProperties"));
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::{Check, validate};

    /// A check as the caller brings it.
    static FORMATS: &[(&str, Check)] = &[("regex", |text| match text.contains("(?=") {
        true => Err("error parsing regexp".to_owned()),
        false => Ok(()),
    })];

    fn said(draft: &str, mut schema: Value) -> String {
        schema["$schema"] = format!("http://json-schema.org/{draft}/schema#").into();
        let report = validate(schema.to_string().as_bytes(), &json!({"b": 1}), FORMATS);
        report.map_or_else(|words| words, |report| report.text)
    }

    /// What Helm 4.2.4 says, recorded.
    #[test]
    fn older_drafts_are_the_librarys() {
        let refused = |draft: &str| {
            format!(
                "\"file:///values.schema.json#\" is not valid against metaschema: \
                 jsonschema validation failed with 'http://json-schema.org/{draft}/schema#'"
            )
        };
        let schema = json!({"enum": [], "properties": {"d": {"anyOf": [1]}}});
        let none = "- at '/enum': minItems: got 0, want 1";
        let number = "- at '/properties/d/anyOf/0': got number, want object";
        let text = said("draft-04", schema);
        let mut lines: Vec<&str> = text.lines().collect();
        lines.sort_unstable();
        assert_eq!(lines, [&*refused("draft-04"), none, number]);
        let schema = json!({
            "default": {"pattern": "(?=a)"}, "properties": {"a": {"enum": [1, 1]}},
        });
        let equal = "- at '/properties/a/enum': items at 0 and 1 are equal";
        assert_eq!(said("draft-06", schema), format!("{}\n{equal}", refused("draft-06")));
    }

    /// What Helm 4.2.4 says, recorded but for the words of the expression.
    #[test]
    fn expressions_that_are_not_compiled_are_none() {
        let odd = json!({"(?=a)": true});
        let schema = json!({"patternProperties": odd, "default": {"pattern": "(?=a)"}});
        let words = "invalid regex \"(?=a)\" at \
                     \"file:///values.schema.json#/patternProperties\": error parsing \
                     regexp";
        assert_eq!(said("draft-06", schema), words);
        let schema = json!({
            "$ref": "#/definitions/x", "const": -3, "definitions": {"x": {}},
            "patternProperties": odd,
        });
        assert_eq!(said("draft-06", schema), "- at '': value must be -3\n");
        let schema = json!({"$ref": "#/definitions/nope", "patternProperties": odd});
        let words =
            "json-pointer in \"file:///values.schema.json#/definitions/nope\" not found";
        assert_eq!(said("draft-06", schema), words);
    }
}
