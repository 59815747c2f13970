//! [`Compiler`]: finds all schemas that one leads to. (`compiler.go`, `objcompiler.go`)
//!
//! What nothing refers to is not compiled, and its faults are none; what stands beside a `$ref`
//! in drafts 6 and 7 is compiled as far as those drafts added it to draft 4.

use std::collections::BTreeMap;
use std::sync::Arc;

use regexp::Regexp;
use serde_json::{Map, Number, Value};

use crate::address::{self, Place};
use crate::draft::{self, Draft};
use crate::formats::Formats;
use crate::number::Decimal;
use crate::quoting::go_quoted;
use crate::roots::{Resource, Root};
use crate::schema::{Additional, Dependency, Id, Schema};
use crate::schemas::{Purpose, Schemas};
use crate::types::Types;
use crate::validator::{self, Meta};

/// The address of the schema of a chart.
pub(crate) const OWN: &str = "file:///values.schema.json";

/// What lies in the network, and what a `urn:` names.
static ANYTHING: Value = Value::Bool(true);

/// All documents and schemas.
pub(crate) struct Compiler<'d> {
    own: &'d Value,
    /// Is it known that the chart's schema is what its draft wants?
    is_sound: bool,
    pub(crate) formats: &'d Formats<'d>,
    roots: BTreeMap<String, Root<'d>>,
    pub(crate) schemas: Schemas<'d>,
}

impl<'d> Compiler<'d> {
    pub(crate) fn new(
        own: &'d Value,
        is_sound: bool,
        formats: &'d Formats<'d>,
    ) -> Compiler<'d> {
        Compiler {
            own,
            is_sound,
            formats,
            roots: BTreeMap::new(),
            schemas: Schemas::default(),
        }
    }

    /// Compiles the schema of the chart, or tells why it is none.
    pub(crate) fn compile_own(&mut self) -> Result<Id, String> {
        let place = Place { url: OWN.to_owned(), pointer: String::new() };
        self.compile(Purpose::Values, place)
    }

    /// (`doCompile`)
    fn compile(&mut self, purpose: Purpose, place: Place) -> Result<Id, String> {
        let mut queue = Vec::new();
        let id = self.enqueue(purpose, place, &mut queue);
        let mut next = 0;
        while let Some(id) = queue.get(next).copied() {
            next += 1;
            let Some(place) = self.schemas.get(id).map(|s| s.place.clone()) else {
                continue;
            };
            self.ensure(&place)?;
            self.compile_one(purpose, id, &place, &mut queue)?;
        }
        Ok(id)
    }

    fn enqueue(&mut self, purpose: Purpose, place: Place, queue: &mut Vec<Id>) -> Id {
        let (id, is_new) = self.schemas.id(purpose, place);
        if is_new {
            queue.push(id);
        }
        id
    }

    /// The document at an address. (`orLoad`)
    fn root(&mut self, url: &str) -> Result<&Root<'d>, String> {
        if !self.roots.contains_key(url) {
            let document = self.load(url)?;
            let root = self.collected(url, document)?;
            self.roots.insert(url.to_owned(), root);
        }
        self.roots.get(url).ok_or_else(String::new)
    }

    fn load(&self, url: &str) -> Result<&'d Value, String> {
        if url == OWN {
            return Ok(self.own);
        }
        if let Some(document) = draft::document(url) {
            return Ok(document);
        }
        let quoted = go_quoted(url);
        match address::scheme(url) {
            Some("http" | "https" | "urn") => Ok(&ANYTHING),
            Some("file") => {
                let path = url.trim_start_matches("file://");
                let why = format!("open {path}: no such file or directory");
                Err(format!("failing loading {quoted}: {why}"))
            }
            _ => Err(format!(
                "failing loading {quoted}: no URLLoader registered for {quoted}"
            )),
        }
    }

    /// A document whose parts are known, and which is what its draft wants. (`addRoot`)
    fn collected(&mut self, url: &str, document: &'d Value) -> Result<Root<'d>, String> {
        let mut root = Root::new(url, document);
        let own = if url == OWN { OWN } else { "" };
        root.collect(document, url, "", Draft::Y2020, &|named| {
            self.draft_of(own, named)
        })?;
        let is_sound = draft::document(url).is_some() || self.is_sound && url == OWN;
        if !is_sound {
            self.check(&root, document, "")?;
        }
        Ok(root)
    }

    /// The draft that a `$schema` names; a schema in the network is of the latest. (`getDraft`)
    fn draft_of(&self, own: &str, named: &str) -> Result<Draft, String> {
        if let Some(draft) = Draft::of(named) {
            return Ok(draft);
        }
        let url = named.split('#').next().unwrap_or_default();
        if url == own {
            return Err(format!("draft {} is not supported", go_quoted(url)));
        }
        self.load(url).map(|_| Draft::default())
    }

    /// Checks a schema against its draft's. (`roots.validate`)
    fn check(&mut self, root: &Root<'d>, schema: &Value, at: &str) -> Result<(), String> {
        let drafts = root.resources.values().map(|resource| resource.draft);
        let mut drafts: Vec<Draft> = drafts.collect();
        drafts.sort_unstable();
        drafts.dedup();
        for draft in drafts {
            let place = Place { url: draft.url().to_owned(), pointer: String::new() };
            self.compile(Purpose::Schemas, place)?;
        }
        let draft = root.resource(at).map(|resource| resource.draft);
        let rules = self.schemas.of_draft(draft.unwrap_or_default());
        let Some((id, rules)) = rules.and_then(|id| Some((id, self.schemas.get(id)?)))
        else {
            return Ok(());
        };
        let meta = Meta { schema: id, resources: &root.resources };
        let Some(fault) =
            validator::validate(&self.schemas, self.formats, (id, schema), Some(meta))?
        else {
            return Ok(());
        };
        let place = Place { url: root.url.clone(), pointer: at.to_owned() };
        Err(format!(
            "{} is not valid against metaschema: jsonschema validation failed with '{}'\n{}",
            go_quoted(&place.address()),
            rules.location(),
            fault.text().trim_end()
        ))
    }

    /// Makes sure that what stands at a place is a schema. (`ensureSubschema`)
    fn ensure(&mut self, place: &Place) -> Result<(), String> {
        let root = self.root(&place.url)?;
        if root.known.contains(&place.pointer) || is_remote(root) {
            return Ok(());
        }
        let value = place.lookup(root.document)?;
        let mut root = root.clone();
        let Some(owner) = root.resource(&place.pointer).cloned() else { return Ok(()) };
        let own = if place.url == OWN && place.pointer.is_empty() { OWN } else { "" };
        let draft_of = |named: &str| self.draft_of(own, named);
        root.collect(value, &owner.id, &place.pointer, owner.draft, &draft_of)?;
        if let (Value::Object(entries), false) =
            (value, root.resources.contains_key(&place.pointer))
        {
            root.collect_anchors(entries, &place.pointer, &owner.pointer)?;
        }
        self.check(&root, value, &place.pointer)?;
        self.roots.insert(place.url.clone(), root);
        Ok(())
    }

    /// (`compileValue`)
    fn compile_one(
        &mut self,
        purpose: Purpose,
        id: Id,
        place: &Place,
        queue: &mut Vec<Id>,
    ) -> Result<(), String> {
        let Some(root) = self.roots.get(&place.url) else { return Ok(()) };
        let value = match is_remote(root) {
            true => root.document,
            false => place.lookup(root.document)?,
        };
        let Some(resource) = root.resource(&place.pointer).cloned() else {
            return Ok(());
        };
        let base = Place { url: place.url.clone(), pointer: resource.pointer.clone() };
        let mut schema = Schema {
            place: place.clone(),
            draft: resource.draft,
            resource: self.enqueue(purpose, base.clone(), queue),
            ..Schema::default()
        };
        if schema.draft >= Draft::Y2020 && *place == base {
            for name in &resource.dynamic {
                let Some(pointer) = resource.anchors.get(name) else { continue };
                let at = Place { url: place.url.clone(), pointer: pointer.clone() };
                let found = self.enqueue(purpose, at, queue);
                schema.dynamic_anchors.insert(name.clone(), found);
            }
        }
        match value {
            Value::Bool(allowed) => schema.bool = Some(*allowed),
            Value::Object(entries) if entries.is_empty() => schema.bool = Some(true),
            Value::Object(entries) => {
                let mut one = One { all: self, purpose, entries, place, resource, queue };
                one.compile(&mut schema)?;
            }
            _ => {}
        }
        self.schemas.set(id, schema);
        Ok(())
    }
}

/// Is it a document in the network, of which nothing is known?
fn is_remote(root: &Root<'_>) -> bool {
    matches!(address::scheme(&root.url), Some("http" | "https"))
        && draft::document(&root.url).is_none()
}

/// The compilation of one object. (`objCompiler`)
struct One<'c, 'd> {
    all: &'c mut Compiler<'d>,
    purpose: Purpose,
    entries: &'d Map<String, Value>,
    place: &'c Place,
    resource: Resource,
    queue: &'c mut Vec<Id>,
}

impl<'d> One<'_, 'd> {
    fn compile(&mut self, schema: &mut Schema<'d>) -> Result<(), String> {
        schema.reference = self.reference("$ref")?;
        if schema.draft >= Draft::Y2019 || schema.reference.is_none() {
            self.applicators(schema)?;
            self.assertions(schema)?;
        }
        if schema.draft >= Draft::Six {
            schema.array.contains = self.one("contains");
            schema.object.names = self.one("propertyNames");
            schema.constant = self.entries.get("const");
        }
        if schema.draft >= Draft::Seven {
            self.condition(schema);
        }
        if schema.draft >= Draft::Y2019 {
            self.since_2019(schema)?;
        }
        if schema.draft >= Draft::Y2020 {
            self.since_2020(schema)?;
        }
        Ok(())
    }

    fn applicators(&mut self, schema: &mut Schema<'d>) -> Result<(), String> {
        schema.all_of = self.list("allOf");
        schema.any_of = self.list("anyOf");
        schema.one_of = self.list("oneOf");
        schema.not = self.one("not");
        if schema.draft < Draft::Y2020 {
            match self.entries.get("items") {
                Some(Value::Array(_)) => {
                    schema.array.first = self.list("items");
                    schema.array.additional = self.additional("additionalItems");
                }
                _ => schema.array.rest = self.one("items"),
            }
        }
        schema.object.properties = self.map("properties");
        for (pattern, id) in self.map("patternProperties") {
            let pattern = self.regexp("patternProperties", pattern)?;
            schema.object.patterns.push((pattern, id));
        }
        schema.object.additional = self.additional("additionalProperties");
        let entries = self.entries;
        if let Some(Value::Object(by)) = entries.get("dependencies") {
            for (name, asked) in by {
                let dependency = match asked {
                    Value::Array(names) => Dependency::Names(strings(names)),
                    _ => {
                        let place = self.place.below("dependencies").below(name);
                        Dependency::Schema(self.enqueue(place))
                    }
                };
                schema.object.dependencies.insert(name, dependency);
            }
        }
        Ok(())
    }

    fn assertions(&mut self, schema: &mut Schema<'d>) -> Result<(), String> {
        schema.types = Types::new(self.entries.get("type"));
        schema.one_of_values = self.entries.get("enum").filter(|value| value.is_array());
        let number = &mut schema.number;
        number.multiple_of = self.number("multipleOf");
        (number.maximum, number.exclusive_maximum) =
            self.limits("maximum", "exclusiveMaximum");
        (number.minimum, number.exclusive_minimum) =
            self.limits("minimum", "exclusiveMinimum");
        schema.text.min = self.integer("minLength");
        schema.text.max = self.integer("maxLength");
        if let Some(pattern) = self.text("pattern") {
            schema.text.pattern = Some((self.regexp("pattern", pattern)?, pattern));
        }
        schema.array.min = self.integer("minItems");
        schema.array.max = self.integer("maxItems");
        schema.array.unique = self.is_true("uniqueItems");
        schema.object.max = self.integer("maxProperties");
        schema.object.min = self.integer("minProperties");
        if let Some(Value::Array(names)) = self.entries.get("required") {
            schema.object.required = strings(names);
        }
        if schema.draft < Draft::Y2019 || self.purpose == Purpose::Schemas {
            schema.format = self.text("format");
        }
        Ok(())
    }

    /// Of `then` and `else` the one is compiled that an `if` of `true` or `false` leads to.
    fn condition(&mut self, schema: &mut Schema<'d>) {
        schema.if_ = self.one("if");
        if schema.if_.is_none() {
            return;
        }
        let known = self.entries.get("if").and_then(Value::as_bool);
        if known != Some(false) {
            schema.then = self.one("then");
        }
        if known != Some(true) {
            schema.else_ = self.one("else");
        }
    }

    fn since_2019(&mut self, schema: &mut Schema<'d>) -> Result<(), String> {
        schema.recursive_ref = self.reference("$recursiveRef")?;
        schema.recursive_anchor = self.is_true("$recursiveAnchor");
        if schema.array.contains.is_some() {
            schema.array.min_contains = self.integer("minContains");
            schema.array.max_contains = self.integer("maxContains");
        }
        if let Some(Value::Object(by)) = self.entries.get("dependentRequired") {
            for (name, asked) in by {
                if let Value::Array(names) = asked {
                    schema.object.dependent_required.insert(name, strings(names));
                }
            }
        }
        schema.object.dependent_schemas = self.map("dependentSchemas");
        schema.array.unevaluated = self.one("unevaluatedItems");
        schema.object.unevaluated = self.one("unevaluatedProperties");
        Ok(())
    }

    fn since_2020(&mut self, schema: &mut Schema<'d>) -> Result<(), String> {
        if let Some(id) = self.reference("$dynamicRef")? {
            let (_, fragment) =
                address::split(self.text("$dynamicRef").unwrap_or_default())?;
            let is_name = !fragment.is_empty() && !fragment.starts_with('/');
            schema.dynamic_ref = Some((id, is_name.then_some(fragment)));
        }
        schema.dynamic_anchor = self.text("$dynamicAnchor");
        schema.array.first = self.list("prefixItems");
        schema.array.rest = self.one("items");
        Ok(())
    }

    /// (`enqueueRef`)
    fn reference(&mut self, key: &str) -> Result<Option<Id>, String> {
        let Some(reference) = self.text(key) else { return Ok(None) };
        let (relative, fragment) = address::split(reference)?;
        let url = address::join(&self.resource.id, relative);
        let root = self.all.root(&self.place.url)?;
        let place = match root.resolve(&url, &fragment)? {
            Some(place) => place,
            None => {
                let root = self.all.root(&url)?;
                match is_remote(root) {
                    true => Place { url, pointer: String::new() },
                    false => root.resolve(&url, &fragment)?.ok_or_else(String::new)?,
                }
            }
        };
        Ok(Some(self.enqueue(place)))
    }

    fn enqueue(&mut self, place: Place) -> Id {
        self.all.enqueue(self.purpose, place, self.queue)
    }

    fn one(&mut self, key: &str) -> Option<Id> {
        self.entries.get(key)?;
        let place = self.place.below(key);
        Some(self.enqueue(place))
    }

    fn list(&mut self, key: &str) -> Vec<Id> {
        let Some(Value::Array(items)) = self.entries.get(key) else { return Vec::new() };
        let place = self.place.below(key);
        (0..items.len()).map(|at| self.enqueue(place.below(&at.to_string()))).collect()
    }

    fn map(&mut self, key: &str) -> BTreeMap<&'d str, Id> {
        let entries = self.entries;
        let Some(Value::Object(by)) = entries.get(key) else { return BTreeMap::new() };
        let place = self.place.below(key);
        by.keys().map(|name| (name.as_str(), self.enqueue(place.below(name)))).collect()
    }

    fn additional(&mut self, key: &str) -> Option<Additional> {
        match self.entries.get(key) {
            Some(Value::Bool(allowed)) => Some(Additional::Allowed(*allowed)),
            _ => self.one(key).map(Additional::Schema),
        }
    }

    fn regexp(&self, key: &str, pattern: &str) -> Result<Arc<Regexp>, String> {
        Regexp::compile(pattern.as_bytes()).map_err(|why| {
            let place = go_quoted(&self.place.below(key).address());
            format!("invalid regex {} at {place}: {why}", go_quoted(pattern))
        })
    }

    /// A limit, and the one that may not be reached: of draft 4 it is the same with a flag.
    fn limits(
        &self,
        key: &str,
        exclusive: &str,
    ) -> (Option<&'d Number>, Option<&'d Number>) {
        match self.is_true(exclusive) {
            true => (None, self.number(key)),
            false => (self.number(key), self.number(exclusive)),
        }
    }

    fn text(&self, key: &str) -> Option<&'d str> {
        self.entries.get(key)?.as_str()
    }

    fn number(&self, key: &str) -> Option<&'d Number> {
        self.entries.get(key)?.as_number()
    }

    fn integer(&self, key: &str) -> Option<i64> {
        Decimal::new(self.number(key)?).integer()
    }

    fn is_true(&self, key: &str) -> bool {
        self.entries.get(key) == Some(&Value::Bool(true))
    }
}

/// The texts of a list. (`toStrings`)
fn strings(items: &[Value]) -> Vec<&str> {
    items.iter().filter_map(Value::as_str).collect()
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
