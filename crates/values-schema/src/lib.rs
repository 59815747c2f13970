//! Values of a Helm chart checked against its `values.schema.json`, in Helm's words.
//!
//! Follows `santhosh-tekuri/jsonschema` v6.0.2, which Helm 4 uses, file by file: `Compiler`
//! finds the schemas that one leads to, `validator` checks a value against them, `tree` prints
//! what is wrong. Absent on purpose: the network. A schema at an address accepts everything,
//! as far as it lies there; one in a file is not there, since it is looked for outside of the
//! chart. Absent too: vocabularies, which only a draft of one's own brings.

mod address;
mod compiler;
mod draft;
mod equal;
mod formats;
mod number;
mod path;
mod quoting;
mod roots;
mod schema;
mod schemas;
mod tree;
mod types;
mod validator;
mod words;

use std::sync::OnceLock;

use compiler::Compiler;
use formats::Formats;
use serde_json::Value;

/// One violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The path of the value: keys, and indices in decimal.
    pub path: Vec<String>,
    /// What is wrong: `got string, want integer`.
    pub words: String,
    /// The key of the value that is not allowed, if one key is at fault.
    pub key: Option<String>,
}

/// What of `values` violates a schema.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The violations, one by one.
    pub violations: Vec<Violation>,
    /// All of them as Helm prints them, one a line: `- at '/a': got string, want integer`.
    pub text: String,
}

/// What is wrong with a text of a format.
pub type Check = fn(&str) -> Result<(), String>;

/// A schema that was read. Whether it is one, as its draft wants it, is found out once.
#[derive(Debug)]
pub struct Schema {
    document: Value,
    is_sound: OnceLock<()>,
}

impl Schema {
    /// Reads a schema; the error is that it is no JSON.
    pub fn read(text: &[u8]) -> Result<Schema, String> {
        let document = serde_json::from_slice(text).map_err(|e| e.to_string())?;
        Ok(Schema { document, is_sound: OnceLock::new() })
    }

    /// What was read.
    #[must_use]
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// Checks values; the error is why the schema itself cannot be used.
    ///
    /// `formats` are those that the caller knows: of addresses and expressions, whose words are
    /// those of Go's library. They are the same in all calls.
    pub fn validate(
        &self,
        values: &Value,
        formats: &'static [(&'static str, Check)],
    ) -> Result<Report, String> {
        let formats = Formats::with(formats);
        let is_sound = self.is_sound.get().is_some();
        let mut compiler = Compiler::new(&self.document, is_sound, &formats);
        let own = compiler.compile_own()?;
        self.is_sound.get_or_init(|| ());
        let checked =
            validator::validate(&compiler.schemas, &formats, (own, values), None)?;
        Ok(checked.map_or_else(Report::default, |fault| Report {
            text: fault.text(),
            violations: fault.violations(),
        }))
    }
}

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// Checks values as [`Schema::validate`] does, twice.
#[cfg(test)]
pub(crate) fn validate(
    schema: &[u8],
    values: &Value,
    formats: &'static [(&'static str, Check)],
) -> Result<Report, String> {
    let schema = Schema::read(schema)?;
    let first = schema.validate(values, formats);
    // The second time it is known to be sound.
    assert_eq!(schema.validate(values, formats), first);
    first
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::validate;

    fn text(schema: &serde_json::Value, values: &serde_json::Value) -> String {
        validate(schema.to_string().as_bytes(), values, &[]).unwrap().text
    }

    #[test]
    fn says_what_helm_says() {
        let schema = json!({
            "required": ["name", "image"],
            "properties": {
                "replicas": {"type": "integer", "minimum": 1},
                "image": {"type": "object", "properties": {
                    "tag": {"type": "string"}, "pull": {"enum": ["Always", "Never"]}}},
                "port": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
        });
        let values = json!({
            "replicas": "many", "image": {"tag": 1, "pull": "x"}, "port": 8080,
        });
        let expect = "\
- at '': missing property 'name'
- at '/image': validation failed
  - at '/image/tag': got number, want string
  - at '/image/pull': value must be one of 'Always', 'Never'
- at '/port': 'anyOf' failed
  - at '/port': got number, want string
  - at '/port': got number, want null
- at '/replicas': got string, want integer
";
        let mut got: Vec<String> =
            text(&schema, &values).lines().map(str::to_owned).collect();
        let mut expect: Vec<String> = expect.lines().map(str::to_owned).collect();
        got.sort();
        expect.sort();
        assert_eq!(got, expect);
        assert_eq!(text(&schema, &json!({"name": 1, "image": {}})), "");
    }

    #[test]
    fn formats_are_helms_and_say_why() {
        let draft = "http://json-schema.org/draft-07/schema#";
        let said = |format: &str, value: &str| {
            let schema =
                json!({"$schema": draft, "properties": {"a": {"format": format}}});
            let text = text(&schema, &json!({"a": value}));
            text.trim_end().strip_prefix("- at '/a': ").unwrap_or(&text).to_owned()
        };
        let cases = [
            ("date", "2020-02-30", "parsing time \"2020-02-30\": day out of range"),
            ("date", "2020-01-01T", "parsing time \"2020-01-01T\": extra text: \"T\""),
            (
                "date-time",
                "2020-01-01T12:00:60Z",
                "invalid time element: invalid leap second",
            ),
            ("duration", "P1M1Y", "unit 'Y' out of order"),
            ("email", "a@b_c.d", "invalid domain: invalid character '_'"),
            ("hostname", "-a", "label starts with hyphen"),
            ("ipv4", "1.2.3.a", "strconv.Atoi: parsing \"a\": invalid syntax"),
            ("json-pointer", "/a~", "~ must be followed by 0 or 1"),
            ("period", "P1D/P1D", "invalid end date-time: less than 20 characters long"),
            ("relative-json-pointer", "01", "starts with zero"),
            ("semver", "1.2", "versionCore must have 3 numbers separated by dot"),
            ("time", "24:00:00Z", "hour/min/sec out of range"),
            ("uuid", "x", "must have 5 elements"),
        ];
        for (format, value, words) in cases {
            let expect = format!("'{value}' is not valid {format}: {words}");
            assert_eq!(said(format, value), expect);
        }
        let fine = [
            ("email", "@b"),
            ("hostname", "a."),
            ("hostname", "aa--b"),
            ("semver", "1.2.3-a"),
        ];
        for (format, value) in fine {
            assert_eq!(said(format, value), "");
        }
    }

    /// What Helm 4.2.4 says of schemas, recorded.
    #[test]
    fn faults_of_schemas_are_helms() {
        let said = |schema: serde_json::Value| {
            validate(schema.to_string().as_bytes(), &json!({"a": {"b": 1}}), &[])
                .unwrap_err()
        };
        let meta = "\"file:///values.schema.json#\" is not valid against metaschema: \
                    jsonschema validation failed with ";
        let of_type = "'anyOf' failed\n    - at '/type': value must be one of 'array', \
                       'boolean', 'integer', 'null', 'number', 'object', 'string'\n    - at \
                       '/type': got string, want array";
        assert_eq!(
            said(json!({"type": "nope"})),
            format!(
                "{meta}'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' \
                 failed\n  - at '/type': {of_type}"
            )
        );
        let draft = "http://json-schema.org/draft-07/schema#";
        assert_eq!(
            said(json!({"$schema": draft, "properties": {"a": {"minLength": -1}}})),
            format!(
                "{meta}'{draft}'\n- at '/properties/a/minLength': 'allOf' failed\n  - at \
                 '/properties/a/minLength': minimum: got -1, want 0"
            )
        );
        assert_eq!(
            said(json!({"$schema": draft, "properties": {"a": {"enum": []}}})),
            format!(
                "{meta}'{draft}'\n- at '/properties/a/enum': minItems: got 0, want 1"
            )
        );
        assert_eq!(
            said(json!({"$ref": "#/definitions/nope"})),
            "json-pointer in \"file:///values.schema.json#/definitions/nope\" not found"
        );
        assert_eq!(
            said(json!({"properties": {"a": {"$ref": "other.json#/x"}}})),
            "failing loading \"file:///other.json\": open /other.json: no such file or \
             directory"
        );
    }

    /// What Helm 4.2.4 says of values, recorded.
    #[test]
    fn faults_are_nested_as_helms() {
        let schema = json!({
            "allOf": [{"required": ["b"]}, {"$ref": "#/$defs/x"}],
            "oneOf": [{"type": "object"}, {"required": ["a"]}],
            "properties": {"a": {"additionalProperties": false}},
            "dependentRequired": {"a": ["c"]},
            "$defs": {"x": {"minProperties": 3, "properties": {"a": {"type": "null"}}}},
        });
        let expect = "\
- at '/a': additional properties 'b' not allowed
- at '': properties 'c' required, if 'a' exists
- at '': 'allOf' failed
  - at '': missing property 'b'
  - at '': validation failed
    - at '': minProperties: got 1, want 3
    - at '/a': got object, want null
- at '': 'oneOf' failed, subschemas 0, 1 matched
";
        assert_eq!(text(&schema, &json!({"a": {"b": 1}})), expect);
    }

    /// What Helm 4.2.4 says of names, recorded.
    #[test]
    fn faults_of_names_are_nested_as_helms() {
        let schema = json!({"propertyNames": {
            "allOf": [{"minLength": 2}, {"anyOf": [{"pattern": "^b"}, false]}],
            "maxLength": 0,
        }});
        let expect = "\
- at '': invalid propertyName 'a'
  - at '': maxLength: got 1, want 0
  - at '': 'allOf' failed
    - at '': minLength: got 1, want 2
    - at '': 'anyOf' failed
      - at '': 'a' does not match pattern '^b'
      - at '': false schema
";
        assert_eq!(text(&schema, &json!({"a": 1})), expect);
        let schema = json!({
            "$defs": {"x": {"enum": ["a", true]}},
            "propertyNames": {"allOf": [true, {"$ref": "#/$defs/x"}]},
        });
        let expect = "\
- at '': invalid propertyName 'b'
  - at '': 'allOf' failed
    - at '': value must be one of 'a', true
";
        assert_eq!(text(&schema, &json!({"b": 1})), expect);
        let schema = json!({"properties": {"a": {"propertyNames": false}}});
        let expect = "\
- at '': invalid propertyName 'b'
  - at '': false schema
- at '': invalid propertyName 'c'
  - at '': false schema
";
        assert_eq!(text(&schema, &json!({"a": {"b": 1, "c": 2}})), expect);
        let schema = json!({"properties": {"a": {"propertyNames": {"enum": ["x"]}}}});
        let expect = "- at '': invalid propertyName 'b'\n  - at '': value must be 'x'\n";
        assert_eq!(text(&schema, &json!({"a": {"b": 1}})), expect);
    }

    #[test]
    fn what_takes_too_much_ends() {
        let link =
            |n: usize| (format!("d{n}"), json!({"$ref": format!("#/$defs/d{}", n + 1)}));
        let chain: serde_json::Map<String, serde_json::Value> =
            (0..1000).map(link).collect();
        let mut schema = json!({"$ref": "#/$defs/d0", "$defs": chain});
        schema["$defs"]["d1000"] = json!({"type": "null"});
        let said = |schema: &serde_json::Value| {
            validate(schema.to_string().as_bytes(), &json!({}), &[]).unwrap_err()
        };
        assert_eq!(said(&schema), "the schema leads more than 600 schemas deep");
        let twice = |n: usize| {
            let next = json!({"$ref": format!("#/$defs/d{}", n + 1)});
            (format!("d{n}"), json!({"allOf": [next, next]}))
        };
        let tree: serde_json::Map<String, serde_json::Value> =
            (0..50).map(twice).collect();
        let mut schema = json!({"$ref": "#/$defs/d0", "$defs": tree});
        schema["$defs"]["d50"] = json!({"type": "object"});
        assert_eq!(said(&schema), "the schema is looked at more than 20000 times");
    }

    #[test]
    fn addresses_are_never_asked() {
        let schema = json!({"properties": {"a": {"$ref": "https://example.com/a.json"}}});
        assert_eq!(text(&schema, &json!({"a": 1})), "");
        let schema = json!({"properties": {"a": {
            "$ref": "https://example.com/a.json#/definitions/io.x", "minimum": 2}}});
        let below = "- at '/a': minimum: got 1, want 2\n";
        assert_eq!(text(&schema, &json!({"a": 1})), below);
    }
}
