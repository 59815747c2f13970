//! Reading values files.
//!
//! Follows `LoadValues` of Helm 4.2: the documents of a file are merged, each read the way
//! `sigs.k8s.io/yaml` reads into a map. Helm 3 reads the first document only.

use std::cell::RefCell;
use std::rc::Rc;

use goyaml::{
    Data as YamlData, Dialect, Entry, Fault, Map as YamlMap, Value, decode, parse_first,
    upstream_text,
};
use source::{Diagnostic, FileId, LayerKind, Result, Span};

use super::tree::{Data, MapRef, Node};
use crate::Compat;

/// A chart's default values.
#[derive(Debug)]
pub(crate) struct Defaults {
    /// All documents merged, as Helm 4 reads them.
    pub(crate) merged: Value,
    /// The first document, where there are several: all that Helm 3 reads.
    pub(crate) first: Option<Value>,
}

/// What is wrong with a YAML text.
pub(crate) struct YamlFault {
    /// Upstream's words: `error converting YAML to JSON: yaml: line 2: …`.
    pub(crate) words: String,
    /// The place; its offsets hold even if the text is no file.
    pub(crate) span: Span,
    pub(crate) hints: Vec<String>,
}

impl YamlFault {
    fn new(faults: &[Fault]) -> YamlFault {
        let first = faults.first();
        YamlFault {
            words: format!("error converting YAML to JSON: {}", upstream_text(faults)),
            span: first.map_or(Span::NONE, |fault| fault.span),
            hints: first.map(|fault| fault.diagnostic().hints).unwrap_or_default(),
        }
    }

    fn diagnostic(self) -> Box<Diagnostic> {
        let mut made = Diagnostic::error(self.span, self.words);
        made.hints = self.hints;
        made
    }
}

/// Reads one document as `sigs.k8s.io/yaml` does.
pub(crate) fn read_yaml(
    text: &str,
    file: FileId,
) -> std::result::Result<Value, YamlFault> {
    let document = parse_first(text, file, Dialect::V2)
        .map_err(|fault| YamlFault::new(std::slice::from_ref(&fault)))?;
    let Some(document) = document else { return Ok(Value::null()) };
    let value =
        decode(&document.root, Dialect::V2).map_err(|faults| YamlFault::new(&faults))?;
    match infinite(&value) {
        None => Ok(value),
        Some((span, number)) => {
            let number = match number {
                n if n.is_nan() => "NaN",
                n if n > 0.0 => "+Inf",
                _ => "-Inf",
            };
            let words = format!(
                "error converting YAML to JSON: json: unsupported value: {number}"
            );
            Err(YamlFault { words, span, hints: Vec::new() })
        }
    }
}

/// The first number that JSON cannot hold, in the order in which JSON is written.
fn infinite(value: &Value) -> Option<(Span, f64)> {
    match &value.data {
        YamlData::Float(n) if !n.is_finite() => Some((value.span, *n)),
        YamlData::Seq(items) => items.iter().find_map(infinite),
        YamlData::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            entries.into_iter().find_map(|(_, entry)| infinite(&entry.value))
        }
        _ => None,
    }
}

/// Reads one document; the diagnostic's message is upstream's.
pub(crate) fn yaml_document(text: &str, file: FileId) -> Result<Value> {
    read_yaml(text, file).map_err(YamlFault::diagnostic)
}

/// The text of a values file; an error is upstream's words.
///
/// # Errors
///
/// If the bytes are no text that go-yaml reads.
pub fn values_text(bytes: &[u8], compat: Compat) -> std::result::Result<String, String> {
    // Helm 4 reads line by line, and ends the last one.
    let ended = match (compat, bytes.last()) {
        (Compat::Helm4, Some(last)) if *last != b'\n' => &[bytes, b"\n"].concat(),
        _ => bytes,
    };
    match goyaml::read_text(ended, FileId::NONE) {
        Ok(_) => Ok(goyaml::read_text(bytes, FileId::NONE)
            .map_or_else(|_| String::from_utf8_lossy(bytes).into(), Into::into)),
        Err(fault) => {
            let words = fault.upstream();
            let words = format!(
                "cannot unmarshal yaml document: error converting YAML to JSON: {words}"
            );
            Err(super::told(&words, compat).to_owned())
        }
    }
}

/// Reads a values file: every document a map. (`LoadValues`)
pub(crate) fn load_values(text: &str, file: FileId) -> Result<Defaults> {
    let parts = documents(text).map_err(|(words, at)| {
        let words = format!("error reading yaml document: {words}");
        Diagnostic::error(Span::new(file, at, at), words)
    })?;
    let mut merged = YamlMap::default();
    // What YAML takes for the first document: comments before a `---` are none.
    let first = match parts.len() {
        0 | 1 => None,
        _ => document(text, 0, file).ok().map(Value::new),
    };
    for (start, part) in parts {
        let ended;
        let part = match part.ends_with('\n') {
            true => part,
            // The reader of documents ends every line.
            false => {
                ended = format!("{part}\n");
                &ended
            }
        };
        merge(&mut merged, document(part, start, file)?);
    }
    Ok(Defaults { merged: Value::new(merged), first })
}

fn document(text: &str, start: usize, file: FileId) -> Result<YamlMap> {
    let telling = |mut fault: Box<Diagnostic>| {
        fault.message = format!("cannot unmarshal yaml document: {}", fault.message);
        shift_span(&mut fault.span, start);
        fault
    };
    let mut value = yaml_document(text, file).map_err(telling)?;
    if start > 0 {
        shift(&mut value, start);
    }
    let found = match value.data {
        YamlData::Map(map) => return Ok(map),
        YamlData::Null => return Ok(YamlMap::default()),
        YamlData::Bool(_) => "bool",
        YamlData::Int(_) | YamlData::Uint(_) | YamlData::Float(_) => "number",
        YamlData::Str(_) => "string",
        YamlData::Seq(_) => "array",
    };
    let words = format!(
        "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
         json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
    );
    Err(Diagnostic::error(value.span, words).hint("values are a map of keys"))
}

/// The documents of a file and where each starts. (`YAMLReader` of apimachinery)
///
/// A `---` line ends what stands before it; a leading one belongs to the first document.
fn documents(text: &str) -> std::result::Result<Vec<(usize, &str)>, (String, usize)> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if let Some(after) = line.strip_prefix("---") {
            let after = after.trim();
            if !after.is_empty() && !after.starts_with('#') {
                return Err((format!("invalid Yaml document separator: {after}"), at));
            }
            if at > from {
                found.push((from, &text[from..at]));
                from = at + line.len();
            }
        }
        at += line.len();
    }
    if at > from {
        found.push((from, &text[from..at]));
    }
    Ok(found)
}

fn merge(into: &mut YamlMap, from: YamlMap) {
    for (key, entry) in from {
        match (into.get_mut(&key), entry) {
            (
                Some(Entry { value: Value { data: YamlData::Map(old), .. }, .. }),
                Entry { value: Value { data: YamlData::Map(new), .. }, .. },
            ) => merge(old, new),
            (Some(old), entry) => *old = entry,
            (None, entry) => {
                into.insert(key, entry);
            }
        }
    }
}

fn shift(value: &mut Value, by: usize) {
    shift_span(&mut value.span, by);
    match &mut value.data {
        YamlData::Seq(items) => items.iter_mut().for_each(|item| shift(item, by)),
        YamlData::Map(map) => map.values_mut().for_each(|entry| {
            shift_span(&mut entry.key_span, by);
            shift(&mut entry.value, by);
        }),
        _ => {}
    }
}

fn shift_span(span: &mut Span, by: usize) {
    if !span.is_none() {
        *span = Span::new(span.file, span.start as usize + by, span.end as usize + by);
    }
}

/// The working tree of a chart's defaults.
pub(crate) fn data_of_defaults(defaults: &Defaults, compat: Compat) -> MapRef {
    of_defaults(defaults, LayerKind::Chart, compat)
}

/// The working tree of what was loaded, as one layer.
pub(super) fn of_defaults(
    defaults: &Defaults,
    kind: LayerKind,
    compat: Compat,
) -> MapRef {
    let value = match (&defaults.first, compat) {
        (Some(first), Compat::Helm3) => first,
        _ => &defaults.merged,
    };
    from_value(value, kind).map().cloned().unwrap_or_default()
}

/// The working tree of a parsed one; every number becomes a float, as in Go.
pub(crate) fn from_value(value: &Value, kind: LayerKind) -> Node {
    #[expect(clippy::cast_precision_loss, reason = "float64(n), as Go does")]
    let data = match &value.data {
        YamlData::Null => Data::Null,
        YamlData::Bool(b) => Data::Bool(*b),
        YamlData::Int(n) => Data::Float(*n as f64),
        YamlData::Uint(n) => Data::Float(*n as f64),
        YamlData::Float(n) => Data::Float(*n),
        YamlData::Str(s) => Data::Str(s.clone()),
        YamlData::Seq(items) => {
            Data::List(Rc::new(items.iter().map(|v| from_value(v, kind)).collect()))
        }
        YamlData::Map(map) => {
            let entries = map.iter().map(|(key, entry)| {
                let mut node = from_value(&entry.value, kind);
                if node.layer.span.start == node.layer.span.end {
                    node.layer.span = entry.key_span;
                }
                (key.clone(), node)
            });
            Data::Map(Rc::new(RefCell::new(entries.collect())))
        }
    };
    Node::new(data, kind, value.span)
}
