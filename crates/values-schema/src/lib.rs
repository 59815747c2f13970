//! Values of a Helm chart checked against its `values.schema.json`, in Helm's words.
//!
//! The validator is the `jsonschema` crate; the words and their nesting follow
//! `santhosh-tekuri/jsonschema` v6, which Helm 4 uses. A crate of its own, since the validator
//! takes long to build. Absent on purpose: the network. A schema at an address accepts
//! everything, as far as it lies there.

mod formats;
mod tree;
mod words;

use formats::Formats;
use jsonschema::{Retrieve, Uri};
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

/// Checks values; the error is why the schema itself cannot be used.
///
/// `formats` are those that the caller knows: of addresses and expressions, whose words are
/// those of Go's library.
pub fn validate(
    schema: &[u8],
    values: &Value,
    formats: &'static [(&'static str, Check)],
) -> Result<Report, String> {
    let formats = Formats::with(formats);
    let schema: Value = serde_json::from_slice(schema).map_err(|e| e.to_string())?;
    let mut options = jsonschema::options()
        .with_retriever(Anything)
        .with_base_uri("file:///values.schema.json");
    for (name, check) in formats.all() {
        options = options.with_format(*name, |text: &str| check(text).is_ok());
    }
    let validator = options.build(&schema).map_err(|e| e.to_string())?;
    let violations = words::violations(validator.iter_errors(values), &formats);
    let text = tree::text(&violations);
    let violations = violations.into_iter().map(words::Found::told).collect();
    Ok(Report { violations, text })
}

/// Answers every address with a schema that accepts everything.
struct Anything;

impl Retrieve for Anything {
    fn retrieve(
        &self,
        _uri: &Uri<String>,
    ) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Value::Bool(true))
    }
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

    #[test]
    fn addresses_are_never_asked() {
        let schema = json!({"properties": {"a": {"$ref": "https://example.com/a.json"}}});
        assert_eq!(text(&schema, &json!({"a": 1})), "");
    }
}
