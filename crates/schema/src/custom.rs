//! An OpenAPI document as a table.
//!
//! Reads `definitions` (types) and `paths` (scopes) of a Swagger 2 document, as kyaml does
//! (`openapi.go`, `AddDefinitions`, `findNamespaceability`). Whatever does not fit is left
//! out; nothing fails.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

use goyaml::Node;

use crate::table::escape;

const PREFIX: &str = "#/definitions/";
/// Types that are nested deeper are taken for "anything".
const MAX_DEPTH: usize = 128;

/// The lines of a table for this document.
pub(crate) fn table_text(document: &Node) -> String {
    let definitions = entries(document.get("definitions"));
    let numbers = definitions.iter().enumerate().map(|(i, (name, _))| (*name, i));
    let mut writer = Writer {
        numbers: numbers.collect(),
        next: definitions.len(),
        pending: definitions
            .iter()
            .map(|(name, schema)| (Some(*name), *schema))
            .collect(),
        spelt: String::new(),
    };
    let mut text = String::new();
    while let Some((name, schema)) = writer.pending.pop_front() {
        let fields = writer.fields(schema);
        let kinds = if name.is_some() { kinds(schema) } else { "-".into() };
        let name = escape(name.unwrap_or("-"));
        let _ = writeln!(text, "D {name} {kinds}{fields}");
    }
    text.push_str(&scopes(document));
    text
}

struct Writer<'a> {
    numbers: HashMap<&'a str, usize>,
    next: usize,
    pending: VecDeque<(Option<&'a str>, &'a Node)>,
    spelt: String,
}

impl<'a> Writer<'a> {
    fn fields(&mut self, schema: &'a Node) -> String {
        let properties = entries(schema.get("properties"));
        let rest = schema.get("additionalProperties").filter(|n| n.entries().is_some());
        if properties.is_empty() && rest.is_none() || text(schema, "$ref").is_some() {
            self.spelt.clear();
            self.spell(schema, 0, true);
            return format!(" ={}", self.spelt);
        }
        let mut out = String::new();
        let rest = rest.map(|rest| ("*", rest));
        for (name, schema) in properties.into_iter().chain(rest) {
            self.spelt.clear();
            self.spell(schema, 0, false);
            let _ = write!(out, " {}:{}", escape(name), self.spelt);
        }
        out
    }

    /// Appends a type's spelling. `whole` is true for a definition that is no object.
    fn spell(&mut self, schema: &'a Node, depth: usize, whole: bool) {
        if let Some(reference) = text(schema, "$ref") {
            return self.spell_reference(reference);
        }
        let has_fields = !entries(schema.get("properties")).is_empty();
        let nested_merge =
            depth > 0 && text(schema, "x-kubernetes-patch-strategy").is_some();
        if depth > MAX_DEPTH || (has_fields || nested_merge) && !whole {
            return self.spell_later(schema, depth);
        }
        let rest = schema.get("additionalProperties").filter(|n| n.entries().is_some());
        match (text(schema, "type"), rest) {
            (Some("array"), _) => {
                self.spelt.push('[');
                match schema.get("items").filter(|items| items.entries().is_some()) {
                    Some(items) => self.spell(items, depth + 1, false),
                    None => self.spelt.push('?'),
                }
            }
            (_, Some(rest)) => {
                self.spelt.push('{');
                self.spell(rest, depth + 1, false);
            }
            (Some("string"), _) => self.spelt.push('s'),
            (Some("integer"), _) => self.spelt.push('i'),
            (Some("number"), _) => self.spelt.push('n'),
            (Some("boolean"), _) => self.spelt.push('b'),
            (Some("object"), _) => self.spelt.push('o'),
            _ => self.spelt.push('?'),
        }
        self.spell_strategy(schema);
    }

    fn spell_reference(&mut self, reference: &str) {
        let name = reference.strip_prefix(PREFIX).unwrap_or(reference);
        let _ = match self.numbers.get(name) {
            Some(number) => write!(self.spelt, "@{number}"),
            None => write!(self.spelt, "^{}", escape(name)),
        };
    }

    /// Gives a nested type a definition of its own.
    fn spell_later(&mut self, schema: &'a Node, depth: usize) {
        if depth > MAX_DEPTH {
            self.spelt.push('?');
            return;
        }
        let _ = write!(self.spelt, "@{}", self.next);
        self.next += 1;
        self.pending.push_back((None, schema));
    }

    fn spell_strategy(&mut self, schema: &Node) {
        let Some(strategy) = text(schema, "x-kubernetes-patch-strategy") else { return };
        let _ = write!(self.spelt, "!{}", strategy.replace(['!', ' ', '\n'], ""));
        let list = schema.get("x-kubernetes-list-map-keys").and_then(Node::items);
        let keys: Vec<&str> = match list {
            Some(list) => list.iter().filter_map(Node::text).collect(),
            None => text(schema, "x-kubernetes-patch-merge-key").into_iter().collect(),
        };
        let keys: Vec<_> = keys.into_iter().map(escape).collect();
        if !keys.is_empty() {
            let _ = write!(self.spelt, "!{}", keys.join("+"));
        }
    }
}

fn kinds(schema: &Node) -> String {
    let list = schema.get("x-kubernetes-group-version-kind").and_then(Node::items);
    let kinds: Vec<_> = list.unwrap_or(&[]).iter().filter_map(kind).collect();
    if kinds.is_empty() { "-".into() } else { kinds.join(",") }
}

fn kind(gvk: &Node) -> Option<String> {
    let (version, kind) = (text(gvk, "version")?, text(gvk, "kind")?);
    let key = match text(gvk, "group") {
        Some(group) if !group.is_empty() => format!("{group}/{version}/{kind}"),
        _ => format!("{version}/{kind}"),
    };
    let usable = !key.contains(|c: char| c.is_whitespace() || c == ',');
    usable.then_some(key)
}

/// Scope lines: a kind with a path that names a namespace is namespaced.
fn scopes(document: &Node) -> String {
    let mut cluster = String::new();
    let mut namespaced = String::new();
    for (path, item) in entries(document.get("paths")) {
        let Some(get) = item.get("get") else { continue };
        let Some(kind) = get.get("x-kubernetes-group-version-kind").and_then(kind) else {
            continue;
        };
        let _ = match path.contains("namespaces/{namespace}") {
            true => writeln!(namespaced, "S {kind} N"),
            false => writeln!(cluster, "S {kind} C"),
        };
    }
    cluster + &namespaced
}

fn entries(node: Option<&Node>) -> Vec<(&str, &Node)> {
    let entries = node.and_then(Node::entries).unwrap_or(&[]);
    entries.iter().filter_map(|(key, value)| Some((key.text()?, value))).collect()
}

fn text<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    node.get(key)?.text()
}

#[cfg(test)]
mod tests {
    use goyaml::{Dialect, Node, parse};
    use source::FileId;

    use crate::{OpenApi, Scope};

    fn read(text: &str) -> Node {
        let (documents, faults) = parse(text, FileId::NONE, Dialect::V3);
        assert_eq!(faults, []);
        documents.into_iter().next().unwrap().root
    }

    const DOCUMENT: &str = "
definitions:
  v1.Thing:
    x-kubernetes-group-version-kind: [{group: example.com, kind: Thing, version: v1}]
    properties:
      spec: {$ref: '#/definitions/v1.Spec'}
      inline: {type: object, properties: {a b: {type: string}}}
  v1.Spec:
    type: object
    properties:
      parts:
        type: array
        items: {type: object, properties: {id: {type: string}, sub: {$ref: '#/definitions/v1.Spec'}}}
        x-kubernetes-patch-merge-key: id
        x-kubernetes-patch-strategy: merge
      tags: {type: object, additionalProperties: {type: integer}}
      foreign: {$ref: '#/definitions/io.k8s.api.core.v1.PodSpec'}
paths:
  /apis/example.com/v1/things:
    get: {x-kubernetes-group-version-kind: {group: example.com, kind: Thing, version: v1}}
  /apis/example.com/v1/namespaces/{namespace}/things:
    get: {x-kubernetes-group-version-kind: {group: example.com, kind: Thing, version: v1}}
";

    #[test]
    fn a_custom_document_replaces_the_builtin_one() {
        let schema = OpenApi::builtin().with_custom(&read(DOCUMENT));
        let thing = schema.for_gvk("example.com/v1", "Thing").unwrap();
        let parts = thing.lookup(&["spec", "parts", "[]", "sub", "parts"]).unwrap();
        assert_eq!((parts.is_merged(), parts.merge_key()), (true, Some("id")));
        assert!(thing.lookup(&["inline", "a b"]).is_some());
        assert!(thing.lookup(&["spec", "tags", "x"]).is_some());
        assert!(thing.lookup(&["spec", "foreign"]).is_none());
        assert_eq!(schema.scope("example.com/v1", "Thing"), Some(Scope::Namespaced));
        assert!(schema.for_gvk("apps/v1", "Deployment").is_none());
        assert!(schema.is_cluster_scoped("v1", "Namespace"));
        assert!(
            schema.for_gvk("kustomize.config.k8s.io/v1beta1", "Kustomization").is_some()
        );
    }

    #[test]
    fn an_extended_schema_keeps_the_builtin_one() {
        let schema = OpenApi::builtin().extended(&read(DOCUMENT));
        let thing = schema.for_gvk("example.com/v1", "Thing").unwrap();
        let containers = thing.lookup(&["spec", "foreign", "containers"]).unwrap();
        assert_eq!(containers.merge_key(), Some("name"));
        assert!(schema.for_gvk("apps/v1", "Deployment").is_some());
    }
}
