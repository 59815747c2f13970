//! The schema as the library compiles it, where that is not what its draft says.
//! (`objcompiler.go` of `santhosh-tekuri/jsonschema` v6.0.2)
//!
//! In drafts 6 and 7 what stands beside `$ref` counts for nothing. The library leaves out what
//! draft 4 has, and compiles what came later: of that it checks `const` alone, before the
//! reference, and of the rest it only wants to find what that refers to. In all drafts, of
//! `then` and `else` it compiles the one that an `if` of `true` or `false` leads to.

use serde_json::{Map, Value, json};

use crate::meta;
use crate::refs::{self, MANY, ONE};

/// The key of the root under which stands what references are replaced by.
const KEY: &str = "$beside";

/// Where such a replacement is.
const PLACE: &str = "#/$beside/";

/// What the library compiles beside a reference in draft 6, and does not check.
const DRAFT_6: &[&str] = &["contains", "propertyNames"];

/// The same in draft 7.
const DRAFT_7: &[&str] = &["contains", "propertyNames", "if", "then", "else"];

/// The schema that was read from a text, as the library compiles it. One whose parts have
/// identities of their own stays as it is: other references may lead there.
pub(crate) fn compiled(schema: &Value, text: &[u8]) -> Value {
    let mut schema = schema.clone();
    let text = std::str::from_utf8(text).unwrap_or_default();
    let own = usize::from(schema.get("$id").is_some());
    let has_parts = text.matches("\"$id\"").count() > own || text.contains("nchor\"");
    let draft = meta::draft(&schema).unwrap_or_default();
    let beside = match draft.rsplit('/').nth(1) {
        None => return schema,
        Some("draft-04") => Some(Beside { newer: None, says_names: false }),
        Some("draft-06") => Some(Beside { newer: Some(DRAFT_6), says_names: false }),
        Some("draft-07") => Some(Beside { newer: Some(DRAFT_7), says_names: true }),
        Some(_) => None,
    };
    if has_parts || schema.get(KEY).is_some() {
        return schema;
    }
    let is_referred =
        ["/then", "/else", "/patternProperties"].iter().any(|part| text.contains(part));
    let mut pass = Pass { beside, is_referred, made: Vec::new() };
    pass.schema(&mut schema, "#");
    if let (Some(root), false) = (schema.as_object_mut(), pass.made.is_empty()) {
        root.insert(KEY.to_owned(), pass.made.into());
    }
    schema
}

/// What of a draft counts beside a reference.
#[derive(Clone, Copy)]
struct Beside {
    /// What is compiled there and not checked; without it `const` is not compiled either.
    newer: Option<&'static [&'static str]>,
    /// Does the draft itself want names that are expressions to be some?
    says_names: bool,
}

struct Pass {
    /// What counts beside a reference, if not all does.
    beside: Option<Beside>,
    /// May a reference lead into what is left out?
    is_referred: bool,
    /// What references are replaced by.
    made: Vec<Value>,
}

impl Pass {
    fn schema(&mut self, schema: &mut Value, at: &str) {
        let Value::Object(entries) = schema else { return };
        if let (Some(Value::Bool(holds)), false) = (entries.get("if"), self.is_referred) {
            entries.shift_remove(if *holds { "else" } else { "then" });
        }
        for (key, value) in entries.iter_mut() {
            let at = below(at, key);
            let key = key.as_str();
            match value {
                Value::Array(items) if ONE.contains(&key) => {
                    for (index, item) in items.iter_mut().enumerate() {
                        self.schema(item, &below(&at, &index.to_string()));
                    }
                }
                Value::Object(by)
                    if MANY.contains(&key) || matches!(key, "definitions" | "$defs") =>
                {
                    for (name, one) in by.iter_mut() {
                        self.schema(one, &below(&at, name));
                    }
                }
                one if ONE.contains(&key) => self.schema(one, &at),
                _ => {}
            }
        }
        let is_reference = entries.get("$ref").is_some_and(Value::is_string);
        if let Some(beside) = self.beside.filter(|_| is_reference) {
            if !beside.says_names && !self.is_referred {
                entries.shift_remove("patternProperties");
            }
            if let Some(keywords) = beside.newer {
                self.reference(entries, at, keywords);
            }
        }
    }

    /// Replaces a reference if something beside it matters.
    fn reference(
        &mut self,
        entries: &mut Map<String, Value>,
        at: &str,
        keywords: &[&str],
    ) {
        let Some(Value::String(reference)) = entries.get("$ref") else { return };
        let checked = entries.get("const").map(|wanted| json!({"const": wanted}));
        let condition = entries.get("if");
        let is_compiled = |keyword: &str| match keyword {
            "then" => condition.is_some_and(|holds| holds != &Value::Bool(false)),
            "else" => condition.is_some_and(|holds| holds != &Value::Bool(true)),
            _ => true,
        };
        let unchecked: Vec<Value> = keywords
            .iter()
            .filter(|keyword| entries.contains_key(**keyword) && is_compiled(keyword))
            .map(|keyword| json!({"$ref": below(at, keyword)}))
            .collect();
        if checked.is_none() && unchecked.is_empty() {
            return;
        }
        let all: Vec<Value> =
            checked.into_iter().chain([json!({"$ref": reference})]).collect();
        let any: Vec<Value> = [Value::Bool(true)].into_iter().chain(unchecked).collect();
        let place = format!("{PLACE}{}", self.made.len());
        self.made.push(json!({"allOf": all, "anyOf": any}));
        entries.insert("$ref".to_owned(), place.into());
    }
}

/// A reference to what stands below a place, under a key.
fn below(at: &str, key: &str) -> String {
    let mut pointer = format!("{at}/");
    for byte in refs::escaped(key).bytes() {
        match byte {
            b'a'..=b'z'
            | b'A'..=b'Z'
            | b'0'..=b'9'
            | b'-'
            | b'.'
            | b'_'
            | b'~'
            | b'$' => {
                pointer.push(char::from(byte));
            }
            _ => pointer.push_str(&format!("%{byte:02X}")),
        }
    }
    pointer
}

/// The keywords that lead to an error, as if no reference were replaced.
pub(crate) fn told(keywords: Vec<String>, schema: &Value) -> Vec<String> {
    if schema.get(KEY).is_none() {
        return keywords;
    }
    let (mut told, mut at, mut hidden) = (Vec::new(), Some(schema), 0);
    for keyword in keywords {
        let found = at.and_then(|at| match at {
            Value::Array(items) => items.get(keyword.parse::<usize>().ok()?),
            at => at.get(&keyword),
        });
        at = found;
        if let (Some(Value::String(reference)), "$ref") = (found, keyword.as_str()) {
            at = reference.strip_prefix('#').and_then(|place| schema.pointer(place));
            if reference.starts_with(PLACE) {
                // The reference, the `allOf` it leads to, and a number.
                hidden = 3;
            }
        }
        match hidden {
            0 => told.push(keyword),
            _ => hidden -= 1,
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::validate;

    /// What is said of values `{"a": …}` by a schema of a draft with a `properties/a`.
    fn said(draft: &str, of_a: &Value, a: &Value) -> String {
        let schema = json!({
            "$schema": format!("http://json-schema.org/{draft}/schema#"),
            "definitions": {"x": {"type": "string", "minLength": 3}},
            "properties": {"a": of_a},
        });
        let report = validate(schema.to_string().as_bytes(), &json!({"a": a}), &[]);
        report.map_or_else(|words| words, |report| report.text)
    }

    /// What Helm 4.2.4 says, recorded.
    #[test]
    fn beside_a_reference_const_counts() {
        let of_a = json!({"$ref": "#/definitions/x", "const": "b", "maxLength": 0});
        let short = "- at '/a': minLength: got 2, want 3\n";
        for draft in ["draft-07", "draft-06"] {
            let got = said(draft, &of_a, &json!("cd"));
            assert_eq!(got, "- at '/a': value must be 'b'\n");
        }
        assert_eq!(said("draft-04", &of_a, &json!("cd")), short);
        let fits = json!({"$ref": "#/definitions/x", "const": "cd", "maxLength": 0});
        for draft in ["draft-07", "draft-06", "draft-04"] {
            assert_eq!(said(draft, &fits, &json!("cd")), short);
        }
        let x = |n: i64| json!({"$ref": "#/definitions/x", "const": n});
        let expect = "\
- at '/a': 'anyOf' failed
  - at '/a': value must be 1
  - at '/a': got number, want string
";
        assert_eq!(said("draft-07", &json!({"anyOf": [x(1), x(2)]}), &json!(2)), expect);
    }

    /// What Helm 4.2.4 says, recorded.
    #[test]
    fn what_is_compiled_must_lead_somewhere() {
        let nowhere = "json-pointer in \"file:///values.schema.json#/nope\" not found";
        let beside =
            |key: &str| json!({"$ref": "#/definitions/x", key: {"$ref": "#/nope"}});
        let words = |draft: &str, key: &str| said(draft, &beside(key), &json!("abc"));
        assert_eq!(words("draft-07", "contains"), nowhere);
        assert_eq!(words("draft-06", "contains"), nowhere);
        assert_eq!(words("draft-04", "contains"), "");
        assert_eq!(words("draft-07", "if"), nowhere);
        assert_eq!(words("draft-06", "if"), "");
        assert_eq!(words("draft-07", "items"), "");
        let missing = "- at '/a': missing property 'q'\n";
        for (holds, used, unused) in [(true, "then", "else"), (false, "else", "then")] {
            let of_a = json!({
                "if": holds, used: {"required": ["q"]}, unused: {"$ref": "#/nope"},
            });
            assert_eq!(said("draft-07", &of_a, &json!({})), missing);
        }
    }

    /// What Helm 4.2.4 says, recorded.
    #[test]
    fn references_lead_beside_references() {
        let schema = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "properties": {
                "a": {"$ref": "#/properties/b%20/properties/q"},
                "b ": {
                    "$ref": "#/definitions/o",
                    "const": {"q": 1},
                    "properties": {"q": {"type": "null"}},
                },
            },
            "definitions": {"o": {"properties": {"q": {"minimum": 7}}}},
        });
        let values = json!({"a": 1, "b ": {"q": 1}});
        let report = validate(schema.to_string().as_bytes(), &values, &[]).unwrap();
        let expect =
            "- at '/a': got number, want null\n- at '/b /q': minimum: got 1, want 7\n";
        assert_eq!(report.text, expect);
    }

    #[test]
    fn circles_end() {
        let circle = json!({
            "$schema": "http://json-schema.org/draft-07/schema#",
            "$ref": "#/definitions/x", "const": {"a": 1},
            "definitions": {"x": {"$ref": "#", "const": {"a": 1}}},
        });
        let text = circle.to_string();
        assert!(validate(text.as_bytes(), &json!({"a": 1}), &[]).is_ok());
        let report = validate(text.as_bytes(), &json!({"a": 2}), &[]).unwrap();
        assert_eq!(report.text, "- at '': 'const' failed\n");
    }
}
