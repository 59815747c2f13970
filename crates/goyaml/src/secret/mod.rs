//! Finding the places of secrets in a tree, so that nothing ever shows them.

mod words;

use std::ops::Range;

use source::{SourceFile, SourceMap, Span, is_reference, is_secret_key};

use crate::parse::parse;
use crate::{Content, Dialect, Node, Style, Tag};

/// How deep YAML may be embedded in YAML.
const EMBEDDED_DEPTH: usize = 3;

/// An empty map of files that are searched for secrets before any of their text is shown.
#[must_use]
pub fn source_map() -> SourceMap {
    SourceMap::hiding(secret_ranges)
}

/// The secrets of a text, sorted: those of its YAML; where it is none, those that a line
/// alone tells.
#[must_use]
pub fn secret_ranges(text: &str) -> Vec<Range<usize>> {
    // Every way to write one needs an assignment.
    if !text.contains([':', '=']) {
        return Vec::new();
    }
    let map = SourceMap::new();
    let file = map.add("", text);
    let (documents, faults) = parse(text, file, Dialect::V3);
    let spans = documents.iter().flat_map(|d| secret_spans(&d.root, &map));
    let mut ranges: Vec<Range<usize>> = spans.map(Span::range).collect();
    if !faults.is_empty() {
        ranges.extend(words::in_lines(text));
    }
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges
}

/// The places of a tree's secrets, in the order of the text: what stands under keys that
/// [`is_secret_key`] knows, `data` and `stringData` of Secrets, the `value` beside a `name`
/// that says password, the same in YAML that is embedded in strings, and credentials in
/// command lines and addresses.
///
/// Empty and encrypted (`ENC[…]`) values and references (`${PASSWORD}`) are no secrets.
#[must_use]
pub fn secret_spans(root: &Node, map: &SourceMap) -> Vec<Span> {
    let mut search = Search { map, found: Vec::new(), depth: 0 };
    search.node(root);
    search.found
}

/// Does the field hold the *name* of a key in a Secret, and no secret: `secretKey` beside
/// `remoteRef` in an ExternalSecret, or beside `secretName`?
#[must_use]
pub fn names_a_key(field: &str, parent: &Node) -> bool {
    const NEIGHBOURS: &[&str] =
        &["secretName", "existingSecret", "secretRef", "remoteRef", "secretKeyRef"];
    let letters = field.chars().filter(char::is_ascii_alphanumeric);
    let field: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    field.ends_with("secretkey")
        && NEIGHBOURS.iter().any(|name| parent.get(name).is_some())
}

struct Search<'a> {
    map: &'a SourceMap,
    found: Vec<Span>,
    depth: usize,
}

impl Search<'_> {
    fn node(&mut self, node: &Node) {
        match &node.content {
            Content::Alias(_) => {}
            Content::Scalar(text) if !self.embedded(node, text) => {
                for range in words::in_text(text) {
                    self.within(node, text, range);
                }
            }
            Content::Scalar(_) => {}
            Content::Sequence(items) => self.items(items),
            Content::Mapping(entries) => {
                let secret = node.get("kind").and_then(Node::text) == Some("Secret");
                let named =
                    node.get("name").and_then(Node::text).is_some_and(is_secret_key);
                for (key, value) in entries {
                    match key.text().unwrap_or("") {
                        "data" | "stringData" if secret => self.leaves(value),
                        "value" if named => self.value(value),
                        key if names_a_key(key, node) => self.node(value),
                        key if is_secret_key(key) => self.value(value),
                        _ => self.node(value),
                    }
                }
            }
        }
    }

    /// The items of a list; `--password` makes the next one secret.
    fn items(&mut self, items: &[Node]) {
        let mut flagged = false;
        for item in items {
            let text = item.text().unwrap_or("");
            match flagged && !text.starts_with('-') {
                true => self.leaves(item),
                false => self.node(item),
            }
            flagged = text.starts_with('-') && is_secret_key(text);
        }
    }

    /// A value under a key that says that it is secret.
    fn value(&mut self, value: &Node) {
        match &value.content {
            Content::Scalar(_) => self.leaves(value),
            Content::Sequence(items) => items.iter().for_each(|item| self.value(item)),
            // `password: {value: …}` holds it, `password: {valueFrom: …}` does not.
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    match key.text() {
                        Some("value") => self.value(value),
                        _ => self.node(value),
                    }
                }
            }
            Content::Alias(_) => {}
        }
    }

    /// All scalars of a value, keys aside.
    fn leaves(&mut self, value: &Node) {
        match &value.content {
            Content::Sequence(items) => items.iter().for_each(|item| self.leaves(item)),
            Content::Mapping(entries) => {
                entries.iter().for_each(|(_, value)| self.leaves(value));
            }
            Content::Scalar(text) => {
                let harmless = matches!(value.tag, Tag::Null | Tag::Bool);
                if !harmless && is_secret_text(text) {
                    self.found.push(value.span);
                }
            }
            Content::Alias(_) => {}
        }
    }

    /// YAML in a string: was it a document, and are its secrets found?
    fn embedded(&mut self, node: &Node, text: &str) -> bool {
        if self.depth >= EMBEDDED_DEPTH || !text.contains(':') || node.span.is_none() {
            return false;
        }
        if node.style == Style::Plain || !text.contains('\n') && !text.starts_with('{') {
            return false;
        }
        let file = self.map.file(node.span.file);
        let (documents, faults) = parse(text, node.span.file, Dialect::V3);
        for document in &documents {
            let depth = self.depth + 1;
            let mut inner = Search { map: self.map, found: Vec::new(), depth };
            inner.node(&document.root);
            // The places of a text within a text are no places of the file.
            if self.depth > 0 && !inner.found.is_empty() {
                self.found.push(node.span);
                continue;
            }
            for span in inner.found {
                self.outer(node, text, &file, span);
            }
        }
        faults.is_empty() && documents.iter().all(|d| d.root.text().is_none())
    }

    /// Adds the place of a part of a scalar's text.
    fn within(&mut self, node: &Node, text: &str, part: Range<usize>) {
        // The places of a text within a text are no places of the file.
        if self.depth > 0 || node.span.is_none() {
            return self.found.push(node.span);
        }
        let file = self.map.file(node.span.file);
        let written = file.text.get(node.span.range()).unwrap_or("");
        match written.find(text) {
            Some(at) => {
                let start = node.span.start as usize + at;
                let (from, to) = (start + part.start, start + part.end);
                self.found.push(Span::new(node.span.file, from, to));
            }
            None => {
                let span = Span::new(node.span.file, part.start, part.end);
                self.outer(node, text, &file, span);
            }
        }
    }

    /// Adds the outer place of a place in an embedded text.
    fn outer(&mut self, node: &Node, text: &str, file: &SourceFile, span: Span) {
        if node.style != Style::Literal {
            // Folding and escapes move bytes: all of it is hidden.
            return self.found.push(node.span);
        }
        let header = file.line_column(node.span.start as usize).0;
        let first = text.get(..span.start as usize).unwrap_or("").matches('\n').count();
        let inner_lines = text.split('\n').enumerate().skip(first);
        let mut start = text
            .get(..span.start as usize)
            .and_then(|before| before.rfind('\n'))
            .map_or(0, |at| at + 1);
        for (number, line) in inner_lines {
            if start >= span.end as usize {
                break;
            }
            let outer = file.line_range(header + 1 + number);
            let indent = outer.len().saturating_sub(line.len());
            let from = (span.start as usize).saturating_sub(start).min(line.len());
            let to = (span.end as usize - start).min(line.len());
            let base = outer.start + indent;
            if from < to && base + to <= outer.end {
                self.found.push(Span::new(node.span.file, base + from, base + to));
            }
            start += line.len() + 1;
        }
    }
}

/// Is the text a secret itself, and no reference to one?
fn is_secret_text(text: &str) -> bool {
    !text.trim().is_empty() && !is_reference(text)
}

#[cfg(test)]
mod tests {
    use super::secret_spans;
    use crate::{Dialect, parse};
    use source::SourceMap;

    fn secrets(text: &str) -> Vec<String> {
        let map = SourceMap::new();
        let file = map.add("a.yaml", text);
        let (documents, _) = parse(text, file, Dialect::V3);
        let spans = documents.iter().flat_map(|d| secret_spans(&d.root, &map));
        spans.map(|span| map.text(span)).collect()
    }

    #[test]
    fn keys_and_secrets_are_found() {
        let text = "\
kind: Secret
data: {a: Zm9v, b: '', c: 'ENC[AES256_GCM,data:x]'}
stringData:
  note: hello
---
grafana:
  adminPassword: hunter2
  password: ${PASSWORD}
  existingSecret: name
env:
- name: DB_PASSWORD
  value: s3cret
- name: DB_PASSWORD
  valueFrom: {secretKeyRef: {name: a, key: b}}
";
        assert_eq!(secrets(text), ["Zm9v", "hello", "hunter2", "s3cret"]);
    }

    #[test]
    fn yaml_in_embedded_yaml_is_searched() {
        let text = "a: |\n  b: |\n    password: x\n    d: e\n  c: f\n";
        let found = secrets(text);
        assert!(found.iter().any(|part| part.contains("password: x")), "{found:?}");
        assert!(!found.iter().any(|part| part.contains("c: f")), "{found:?}");
    }

    #[test]
    fn embedded_yaml_is_searched() {
        let text = "\
config: |
  type: S3
  config:
    access_key: 한국
    secret_key: \"abc\"   # here
folded: >
  secret_key: x

  b: c
";
        let found = secrets(text);
        assert_eq!(found.first().map(String::as_str), Some("\"abc\""));
        assert!(found.get(1).is_some_and(|all| all.starts_with('>')));
    }
}
