//! `values.schema.json`: a JSON Schema validator with the words that Helm prints.
//!
//! Mirrors `santhosh-tekuri/jsonschema` v6 for the keywords that charts use, of drafts 4 to
//! 2020-12. References lead into the same document only: a render touches no network, so a
//! reference elsewhere makes the schema unusable. `format` is an annotation, as upstream's
//! default has it from draft 2019-09 on.

use std::cell::Cell;

use helm::{SchemaReport, SchemaValidator};
use serde_json::{Map, Value};

/// The validator of charts' values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ValuesSchema;

/// How deep schema and values may be nested together.
const DEEPEST: u32 = 300;
/// How many schemas are looked at; a schema can multiply work by referring to itself.
const MOST: u32 = 5_000_000;

impl SchemaValidator for ValuesSchema {
    fn validate(
        &self,
        schema: &[u8],
        values: &Value,
    ) -> Result<Vec<SchemaReport>, String> {
        let schema: Value = serde_json::from_slice(schema).map_err(|e| e.to_string())?;
        let run = Run { root: &schema, looked: Cell::new(0) };
        let mut faults = Vec::new();
        run.check(&schema, values, &mut Vec::new(), 0, &mut faults)?;
        Ok(faults.iter().map(|fault| fault.report(0)).collect())
    }
}

/// A violation and what it follows from.
struct Fault {
    path: Vec<String>,
    words: String,
    causes: Vec<Fault>,
}

impl Fault {
    fn report(&self, indent: usize) -> SchemaReport {
        SchemaReport { path: self.path.clone(), words: self.text(indent) }
    }

    fn text(&self, indent: usize) -> String {
        let escape =
            |part: &String| format!("/{}", part.replace('~', "~0").replace('/', "~1"));
        let pointer: String = self.path.iter().map(escape).collect();
        let mut text =
            format!("{}- at {}: {}", "  ".repeat(indent), quoted(&pointer), self.words);
        for cause in &self.causes {
            text.push('\n');
            text.push_str(&cause.text(indent + 1));
        }
        text
    }
}

struct Run<'a> {
    root: &'a Value,
    looked: Cell<u32>,
}

type Checked = Result<(), String>;

impl Run<'_> {
    fn check(
        &self,
        schema: &Value,
        value: &Value,
        path: &mut Vec<String>,
        depth: u32,
        faults: &mut Vec<Fault>,
    ) -> Checked {
        self.looked.set(self.looked.get() + 1);
        if depth > DEEPEST || self.looked.get() > MOST {
            return Err("the schema refers to itself without end".to_owned());
        }
        let schema = match schema {
            Value::Object(schema) => schema,
            Value::Bool(false) => {
                faults.push(fault(path, "false schema"));
                return Ok(());
            }
            _ => return Ok(()),
        };
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.resolve(target)?;
            self.check(target, value, path, depth + 1, faults)?;
        }
        let before = faults.len();
        scalars(schema, value, path, faults);
        // A value of the wrong type says nothing about the rest.
        if faults.len() > before && !has_type(schema, value) {
            return Ok(());
        }
        match value {
            Value::Object(map) => self.object(schema, map, path, depth, faults)?,
            Value::Array(items) => self.array(schema, items, path, depth, faults)?,
            _ => {}
        }
        self.combined(schema, value, path, depth, faults)
    }

    fn resolve(&self, target: &str) -> Result<&Value, String> {
        let unusable =
            || format!("cannot resolve the reference {target:?} in values.schema.json");
        let pointer = target.strip_prefix('#').ok_or_else(unusable)?;
        let pointer = percent_decoded(pointer);
        if pointer.is_empty() || pointer.starts_with('/') {
            return self.root.pointer(&pointer).ok_or_else(unusable);
        }
        let name = |schema: &&Value| {
            let is = |key: &str, word: &str| {
                schema.get(key).and_then(Value::as_str) == Some(word)
            };
            is("$anchor", &pointer) || is("$id", target)
        };
        let groups = ["definitions", "$defs"].iter().filter_map(|key| self.root.get(key));
        let all = groups.filter_map(Value::as_object).flat_map(Map::values);
        all.into_iter().find(name).ok_or_else(unusable)
    }

    fn object(
        &self,
        schema: &Map<String, Value>,
        map: &Map<String, Value>,
        path: &mut Vec<String>,
        depth: u32,
        faults: &mut Vec<Fault>,
    ) -> Checked {
        let required =
            schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let missing: Vec<String> = required
            .filter_map(Value::as_str)
            .filter(|name| !map.contains_key(*name))
            .map(quoted)
            .collect();
        match missing.as_slice() {
            [] => {}
            [one] => faults.push(fault(path, format!("missing property {one}"))),
            all => {
                faults.push(fault(path, format!("missing properties {}", all.join(", "))))
            }
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        let patterns = schema.get("patternProperties").and_then(Value::as_object);
        let rest = schema.get("additionalProperties");
        let mut additional = Vec::new();
        for (name, value) in map {
            path.push(name.clone());
            let mut known = false;
            if let Some(schema) = properties.and_then(|p| p.get(name)) {
                known = true;
                self.check(schema, value, path, depth + 1, faults)?;
            }
            for (pattern, schema) in patterns.into_iter().flatten() {
                if regex::Regex::new(pattern).is_ok_and(|regex| regex.is_match(name)) {
                    known = true;
                    self.check(schema, value, path, depth + 1, faults)?;
                }
            }
            match rest {
                Some(Value::Bool(false)) if !known => additional.push(quoted(name)),
                Some(schema) if !known => {
                    self.check(schema, value, path, depth + 1, faults)?
                }
                _ => {}
            }
            path.pop();
        }
        if !additional.is_empty() {
            let words =
                format!("additional properties {} not allowed", additional.join(", "));
            faults.push(fault(path, words));
        }
        self.dependencies(schema, map, path, depth, faults)
    }

    fn dependencies(
        &self,
        schema: &Map<String, Value>,
        map: &Map<String, Value>,
        path: &mut Vec<String>,
        depth: u32,
        faults: &mut Vec<Fault>,
    ) -> Checked {
        for keyword in ["dependencies", "dependentRequired", "dependentSchemas"] {
            let rules = schema.get(keyword).and_then(Value::as_object);
            for (name, rule) in rules.into_iter().flatten() {
                if !map.contains_key(name) {
                    continue;
                }
                let Some(needed) = rule.as_array() else {
                    let whole = Value::Object(map.clone());
                    self.check(rule, &whole, path, depth + 1, faults)?;
                    continue;
                };
                let names = needed.iter().filter_map(Value::as_str);
                let missing: Vec<String> =
                    names.filter(|n| !map.contains_key(*n)).map(quoted).collect();
                if !missing.is_empty() {
                    let words = format!(
                        "properties {} required, if {} exists",
                        missing.join(", "),
                        quoted(name)
                    );
                    faults.push(fault(path, words));
                }
            }
        }
        Ok(())
    }

    fn array(
        &self,
        schema: &Map<String, Value>,
        items: &[Value],
        path: &mut Vec<String>,
        depth: u32,
        faults: &mut Vec<Fault>,
    ) -> Checked {
        let by_place =
            schema.get("prefixItems").or(schema.get("items")).and_then(Value::as_array);
        let rest = match (schema.get("items"), schema.get("additionalItems")) {
            (Some(Value::Array(_)), rest) => rest,
            (rest, _) => rest,
        };
        for (n, item) in items.iter().enumerate() {
            path.push(n.to_string());
            if let Some(schema) = by_place.and_then(|p| p.get(n)).or(rest) {
                self.check(schema, item, path, depth + 1, faults)?;
            }
            path.pop();
        }
        if let Some(schema) = schema.get("contains") {
            let mut any = false;
            for item in items {
                any = any || self.holds(schema, item, path, depth)?;
            }
            if !any {
                faults.push(fault(path, "no items match contains schema"));
            }
        }
        Ok(())
    }

    fn holds(
        &self,
        schema: &Value,
        value: &Value,
        path: &mut Vec<String>,
        depth: u32,
    ) -> Result<bool, String> {
        let mut faults = Vec::new();
        self.check(schema, value, path, depth + 1, &mut faults)?;
        Ok(faults.is_empty())
    }

    fn combined(
        &self,
        schema: &Map<String, Value>,
        value: &Value,
        path: &mut Vec<String>,
        depth: u32,
        faults: &mut Vec<Fault>,
    ) -> Checked {
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        let mut causes = Vec::new();
        for schema in list("allOf").into_iter().flatten() {
            self.check(schema, value, path, depth + 1, &mut causes)?;
        }
        if !causes.is_empty() {
            faults.push(Fault { causes, ..fault(path, "'allOf' failed") });
        }
        for (key, word) in [("anyOf", "'anyOf' failed"), ("oneOf", "'oneOf' failed")] {
            let Some(schemas) = list(key) else { continue };
            let (mut matched, mut causes) = (Vec::new(), Vec::new());
            for (n, schema) in schemas.iter().enumerate() {
                let before = causes.len();
                self.check(schema, value, path, depth + 1, &mut causes)?;
                if causes.len() == before {
                    matched.push(n);
                }
            }
            match (key, matched.as_slice()) {
                ("anyOf", [_, ..]) | ("oneOf", [_]) => {}
                ("oneOf", [first, second, ..]) => {
                    let words = format!("{word}, subschemas {first}, {second} matched");
                    faults.push(fault(path, words));
                }
                (key, _) => {
                    let tail = if key == "oneOf" { ", none matched" } else { "" };
                    faults.push(Fault { causes, ..fault(path, format!("{word}{tail}")) });
                }
            }
        }
        if let Some(schema) = schema.get("not")
            && self.holds(schema, value, path, depth)?
        {
            faults.push(fault(path, "'not' failed"));
        }
        if let Some(condition) = schema.get("if") {
            let branch =
                if self.holds(condition, value, path, depth)? { "then" } else { "else" };
            if let Some(schema) = schema.get(branch) {
                self.check(schema, value, path, depth + 1, faults)?;
            }
        }
        Ok(())
    }
}

fn fault(path: &[String], words: impl Into<String>) -> Fault {
    Fault { path: path.to_vec(), words: words.into(), causes: Vec::new() }
}

/// Upstream's word for the type of a value.
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

fn wanted_types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn has_type(schema: &Map<String, Value>, value: &Value) -> bool {
    let wanted = wanted_types(schema);
    let integer = || value.as_f64().is_some_and(|n| n.fract() == 0.0);
    wanted.is_empty()
        || wanted.contains(&type_of(value))
        || (wanted.contains(&"integer") && integer())
}

/// The keywords that look at one value alone.
fn scalars(
    schema: &Map<String, Value>,
    value: &Value,
    path: &[String],
    faults: &mut Vec<Fault>,
) {
    if !has_type(schema, value) {
        let wanted = wanted_types(schema).join(" or ");
        return faults
            .push(fault(path, format!("got {}, want {wanted}", type_of(value))));
    }
    if let Some(Value::Array(words)) = schema.get("enum")
        && !words.iter().any(|word| same(word, value))
    {
        let shown: Vec<String> = words.iter().map(display).collect();
        faults.push(fault(
            path,
            match shown.as_slice() {
                _ if words.iter().any(|w| w.is_object() || w.is_array()) => {
                    "'enum' failed".to_owned()
                }
                [one] => format!("value must be {one}"),
                all => format!("value must be one of {}", all.join(", ")),
            },
        ));
    }
    if let Some(constant) = schema.get("const").filter(|c| !same(c, value)) {
        faults.push(fault(
            path,
            match constant.is_object() || constant.is_array() {
                true => "'const' failed".to_owned(),
                false => format!("value must be {}", display(constant)),
            },
        ));
    }
    if let (Some(pattern), Some(text)) = (text_of(schema, "pattern"), value.as_str())
        && regex::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        let words =
            format!("{} does not match pattern {}", quoted(text), quoted(pattern));
        faults.push(fault(path, words));
    }
    sizes(schema, value, path, faults);
    numbers(schema, value, path, faults);
}

fn text_of<'a>(schema: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    schema.get(key).and_then(Value::as_str)
}

fn sizes(
    schema: &Map<String, Value>,
    value: &Value,
    path: &[String],
    faults: &mut Vec<Fault>,
) {
    let (size, noun) = match value {
        Value::String(text) => (text.chars().count(), "Length"),
        Value::Array(items) => (items.len(), "Items"),
        Value::Object(map) => (map.len(), "Properties"),
        _ => return,
    };
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    for (word, low) in [("min", true), ("max", false)] {
        let key = format!("{word}{noun}");
        let Some(limit) = schema.get(&key).and_then(Value::as_u64) else { continue };
        if if low { size < limit } else { size > limit } {
            faults.push(fault(path, format!("{key}: got {size}, want {limit}")));
        }
    }
    if let (Some(Value::Bool(true)), Value::Array(items)) =
        (schema.get("uniqueItems"), value)
    {
        let pairs =
            (0..items.len()).flat_map(|i| (i + 1..items.len()).map(move |j| (i, j)));
        // Long lists are not compared pair by pair: that would be quadratic.
        let mut pairs = pairs.take(1_000_000);
        if let Some((i, j)) = pairs.find(|(i, j)| same(&items[*i], &items[*j])) {
            faults.push(fault(path, format!("items at {i} and {j} are equal")));
        }
    }
}

fn numbers(
    schema: &Map<String, Value>,
    value: &Value,
    path: &[String],
    faults: &mut Vec<Fault>,
) {
    let Some(number) = value.as_f64() else { return };
    let checks: [(&str, fn(f64, f64) -> bool); 4] = [
        ("minimum", |n, limit| n >= limit),
        ("maximum", |n, limit| n <= limit),
        ("exclusiveMinimum", |n, limit| n > limit),
        ("exclusiveMaximum", |n, limit| n < limit),
    ];
    for (key, fits) in checks {
        let Some(limit) = schema.get(key).and_then(Value::as_f64) else { continue };
        if !fits(number, limit) {
            faults.push(fault(path, format!("{key}: got {number}, want {limit}")));
        }
    }
    if let Some(step) = schema.get("multipleOf").and_then(Value::as_f64)
        && step > 0.0
        && (number / step).fract() != 0.0
    {
        faults.push(fault(path, format!("multipleOf: got {number}, want {step}")));
    }
}

/// Equal as JSON Schema means it: 1 and 1.0 are.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// A text in single quotes, as upstream prints names. (`kind.quote`)
fn quoted(text: impl AsRef<str>) -> String {
    let json = Value::String(text.as_ref().to_owned()).to_string();
    let inner = json.get(1..json.len() - 1).unwrap_or("");
    format!("'{}'", inner.replace("\\\"", "\"").replace('\'', "\\'"))
}

fn display(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Object(_) | Value::Array(_) => "value".to_owned(),
        other => other.to_string(),
    }
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|d| std::str::from_utf8(d).ok());
        match digits.and_then(|d| u8::from_str_radix(d, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::ValuesSchema;
    use helm::SchemaValidator;
    use serde_json::{Value, json};

    fn words(schema: &Value, values: &Value) -> Vec<String> {
        let schema = schema.to_string();
        let found = ValuesSchema.validate(schema.as_bytes(), values).unwrap();
        found.into_iter().map(|report| report.words).collect()
    }

    #[test]
    fn violations_are_told_in_upstream_s_words() {
        let schema = json!({
            "type": "object",
            "required": ["image"],
            "additionalProperties": false,
            "properties": {
                "replicas": {"type": "integer", "minimum": 1},
                "image": {"$ref": "#/definitions/name"},
                "mode": {"enum": ["a", "b"]},
            },
            "definitions": {"name": {"type": "string", "pattern": "^[a-z]+$"}},
        });
        assert_eq!(
            words(&schema, &json!({"replicas": "x", "mode": "c", "extra": 1})),
            [
                "- at '': missing property 'image'",
                "- at '/replicas': got string, want integer",
                "- at '/mode': value must be one of 'a', 'b'",
                "- at '': additional properties 'extra' not allowed",
            ]
        );
        assert_eq!(
            words(&schema, &json!({"image": "A", "replicas": 0})),
            [
                "- at '/image': 'A' does not match pattern '^[a-z]+$'",
                "- at '/replicas': minimum: got 0, want 1",
            ]
        );
    }

    #[test]
    fn a_schema_that_refers_to_itself_ends() {
        let schema = json!({"$ref": "#"}).to_string();
        assert!(ValuesSchema.validate(schema.as_bytes(), &json!({})).is_err());
    }
}
