//! The drafts of the standard, and where schemas stand in theirs. (`draft.go`)

use std::sync::LazyLock;

use referencing::meta;
use serde_json::{Map, Value, json};

use crate::address::escaped;

/// A draft.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Draft {
    Four,
    Six,
    Seven,
    Y2019,
    #[default]
    Y2020,
}

/// The keywords whose value is a schema, and the first draft that has them.
const ONE: &[(&str, Draft)] = &[
    ("not", Draft::Four),
    ("additionalProperties", Draft::Four),
    ("items", Draft::Four),
    ("additionalItems", Draft::Four),
    ("propertyNames", Draft::Six),
    ("contains", Draft::Six),
    ("if", Draft::Seven),
    ("then", Draft::Seven),
    ("else", Draft::Seven),
    ("unevaluatedProperties", Draft::Y2019),
    ("unevaluatedItems", Draft::Y2019),
    ("contentSchema", Draft::Y2019),
];

/// The keywords whose value is a list of schemas.
const LISTS: &[(&str, Draft)] = &[
    ("allOf", Draft::Four),
    ("anyOf", Draft::Four),
    ("oneOf", Draft::Four),
    ("items", Draft::Four),
    ("prefixItems", Draft::Y2020),
];

/// The keywords whose value is a map of schemas.
const MAPS: &[(&str, Draft)] = &[
    ("definitions", Draft::Four),
    ("properties", Draft::Four),
    ("patternProperties", Draft::Four),
    ("dependencies", Draft::Four),
    ("$defs", Draft::Y2019),
    ("dependentSchemas", Draft::Y2019),
];

impl Draft {
    /// The draft that an address names. (`draftFromURL`)
    pub(crate) fn of(address: &str) -> Option<Draft> {
        let bare = address.strip_suffix('#').unwrap_or(address);
        let bare = bare.strip_prefix("http://").or(bare.strip_prefix("https://"));
        match bare.unwrap_or(address) {
            "json-schema.org/schema" | "json-schema.org/draft/2020-12/schema" => {
                Some(Draft::Y2020)
            }
            "json-schema.org/draft/2019-09/schema" => Some(Draft::Y2019),
            "json-schema.org/draft-07/schema" => Some(Draft::Seven),
            "json-schema.org/draft-06/schema" => Some(Draft::Six),
            "json-schema.org/draft-04/schema" => Some(Draft::Four),
            _ => None,
        }
    }

    /// The address of its own schema.
    pub(crate) fn url(self) -> &'static str {
        match self {
            Draft::Four => "http://json-schema.org/draft-04/schema",
            Draft::Six => "http://json-schema.org/draft-06/schema",
            Draft::Seven => "http://json-schema.org/draft-07/schema",
            Draft::Y2019 => "https://json-schema.org/draft/2019-09/schema",
            Draft::Y2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword of an identity.
    pub(crate) fn id_keyword(self) -> &'static str {
        if self == Draft::Four { "id" } else { "$id" }
    }

    /// The identity of a schema, without its fragment. (`getID`)
    pub(crate) fn id(self, entries: &Map<String, Value>) -> Option<&str> {
        if self < Draft::Y2019 && entries.contains_key("$ref") {
            return None;
        }
        let id = entries.get(self.id_keyword())?.as_str()?;
        id.split('#').next().filter(|id| !id.is_empty())
    }

    /// The schemas right inside a schema, with their pointers from it. (`subschemas`)
    pub(crate) fn parts(self, entries: &Map<String, Value>) -> Vec<(String, &Value)> {
        let mut parts = Vec::new();
        for (key, value) in entries {
            let has = |keywords: &[(&str, Draft)]| {
                keywords.iter().any(|(known, since)| known == key && *since <= self)
            };
            match value {
                Value::Array(items) if has(LISTS) => {
                    let items = items.iter().enumerate();
                    parts.extend(items.map(|(i, item)| (format!("/{key}/{i}"), item)));
                }
                Value::Object(by) if has(MAPS) => {
                    let by = by.iter();
                    let below = |name: &str| format!("/{key}/{}", escaped(name));
                    parts.extend(by.map(|(name, value)| (below(name), value)));
                }
                value if has(ONE) => parts.push((format!("/{key}"), value)),
                _ => {}
            }
        }
        parts
    }
}

/// The library's own copy of a schema of the standard.
pub(crate) fn document(url: &str) -> Option<&'static Value> {
    let bare = url.strip_prefix("http://").or(url.strip_prefix("https://"))?;
    let vocabulary: &LazyLock<_> = match bare.strip_prefix("json-schema.org/")? {
        "draft-04/schema" => return Some(&FOUR),
        "draft-06/schema" => return Some(&SIX),
        "draft-07/schema" => return Some(&SEVEN),
        "draft/2019-09/schema" => &meta::DRAFT201909,
        "draft/2019-09/meta/core" => &meta::DRAFT201909_CORE,
        "draft/2019-09/meta/applicator" => &meta::DRAFT201909_APPLICATOR,
        "draft/2019-09/meta/validation" => &meta::DRAFT201909_VALIDATION,
        "draft/2019-09/meta/meta-data" => &meta::DRAFT201909_META_DATA,
        "draft/2019-09/meta/format" => &meta::DRAFT201909_FORMAT,
        "draft/2019-09/meta/content" => &meta::DRAFT201909_CONTENT,
        "schema" | "draft/2020-12/schema" => &meta::DRAFT202012,
        "draft/2020-12/meta/core" => &meta::DRAFT202012_CORE,
        "draft/2020-12/meta/applicator" => &meta::DRAFT202012_APPLICATOR,
        "draft/2020-12/meta/unevaluated" => &meta::DRAFT202012_UNEVALUATED,
        "draft/2020-12/meta/validation" => &meta::DRAFT202012_VALIDATION,
        "draft/2020-12/meta/meta-data" => &meta::DRAFT202012_META_DATA,
        "draft/2020-12/meta/format-annotation" => &meta::DRAFT202012_FORMAT_ANNOTATION,
        "draft/2020-12/meta/format-assertion" => &meta::DRAFT202012_FORMAT_ASSERTION,
        "draft/2020-12/meta/content" => &meta::DRAFT202012_CONTENT,
        _ => return None,
    };
    Some(vocabulary)
}

static FOUR: LazyLock<Value> = LazyLock::new(|| {
    let mut draft = older(&meta::DRAFT4);
    if let Some(properties) = properties(&mut draft) {
        properties.insert("id".to_owned(), json!({"type": "string"}));
        properties.insert("$ref".to_owned(), json!({"type": "string"}));
        let uri = json!({"type": "string", "format": "uri"});
        properties.insert("$schema".to_owned(), uri);
    }
    draft
});

static SIX: LazyLock<Value> = LazyLock::new(|| {
    let mut draft = older(&meta::DRAFT6);
    if let Some(properties) = properties(&mut draft) {
        properties.shift_remove("examples");
        if let Some(names) = properties.get_mut("patternProperties") {
            names.as_object_mut().and_then(|names| names.shift_remove("propertyNames"));
        }
    }
    draft
});

static SEVEN: LazyLock<Value> = LazyLock::new(|| older(&meta::DRAFT7));

fn properties(draft: &mut Value) -> Option<&mut Map<String, Value>> {
    draft.get_mut("properties")?.as_object_mut()
}

/// An older draft as the library has it: it refuses an `enum` of no items or of equal ones,
/// which the published ones do not.
fn older(published: &Value) -> Value {
    let mut draft = published.clone();
    let one_of =
        properties(&mut draft).and_then(|by| by.get_mut("enum")?.as_object_mut());
    if let Some(one_of) = one_of {
        one_of.insert("minItems".to_owned(), json!(1));
        one_of.insert("uniqueItems".to_owned(), json!(true));
    }
    draft
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::validate;

    fn said(draft: &str, mut schema: Value) -> String {
        schema["$schema"] = format!("http://json-schema.org/{draft}/schema#").into();
        let report = validate(schema.to_string().as_bytes(), &json!({"b": 1}), &[]);
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

    /// What Helm 4.2.4 says, recorded.
    #[test]
    fn expressions_that_are_not_compiled_are_none() {
        let odd = json!({"(?=a)": true});
        let schema = json!({"patternProperties": odd, "default": {"pattern": "(?=a)"}});
        let words = "invalid regex \"(?=a)\" at \
                     \"file:///values.schema.json#/patternProperties\": error parsing \
                     regexp: invalid or unsupported Perl syntax: `(?=`";
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
