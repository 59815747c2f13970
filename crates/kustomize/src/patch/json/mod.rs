//! JSON patches (RFC 6902), as evanphx/json-patch v4 applies them.
//!
//! [`decode`](decode::decode) reads a patch, [`apply`] changes one object. The object makes a
//! trip through JSON, as upstream's does: keys are sorted, numbers are floats, comments and
//! styles are gone. Values of the patch keep their places.
//!
//! Quirks that are upstream's: `replace` of a key that is not there adds it; an index may be
//! negative; whatever stands before the first `/` of a path is ignored; `test` compares numbers
//! and strings as they are spelt.

mod decode;
mod pointer;
mod spelling;

use ecow::{EcoString, eco_format};
use goyaml::{Data, Kind, Map, Node, Tag, Value};
use source::{Diagnostic, Place, Result, Span};

pub(super) use self::decode::{Decoded, Operation, Patch, decode};
use self::pointer::{find, steps};
use self::spelling::Spelling;
use crate::resource::{Before, Editor};

const MISSING: &str = "missing value";

/// Applies a patch to an object.
pub(super) fn apply(
    patch: &Patch,
    node: &mut Node,
    sources: &source::SourceMap,
    editor: &mut Editor<'_>,
) -> Result<()> {
    let mut document = goyaml::decode(node, goyaml::Dialect::V3)
        .map_err(|faults| refused(&faults, node.span))?;
    let mut run = Run { spelling: Spelling { sources, json: patch.json_file }, editor };
    let reason = run.editor.reason();
    for operation in &patch.operations {
        run.editor.set_reason(reason);
        run.editor.and_because_of(operation.places());
        run.apply(&mut document, operation).map_err(|message| {
            let span = operation.place();
            let found = Diagnostic::error(span, message)
                .label(node.span, "the object that it was applied to");
            hint(found, operation)
        })?;
    }
    if !matches!(document.data, Data::Map(_)) {
        let message =
            "json: cannot unmarshal array into Go value of type map[string]interface {}";
        return Err(
            Diagnostic::error(patch.span, message).hint("an object must stay a mapping")
        );
    }
    let (span, origin) = (node.span, node.origin);
    *node = tree(document);
    node.span = span;
    node.origin = origin;
    Ok(())
}

/// An object that cannot become JSON.
fn refused(faults: &[goyaml::Fault], span: Span) -> Box<Diagnostic> {
    match faults.first() {
        Some(fault) => fault.diagnostic().at(span),
        None => Diagnostic::error(span, "the object cannot be written as JSON"),
    }
}

fn hint(found: Box<Diagnostic>, operation: &Operation) -> Box<Diagnostic> {
    if operation.kind() == "test" {
        return found.hint("the object does not say what `test` expects: fix either");
    }
    if found.message.starts_with("Unexpected kind") {
        return found
            .hint("`op` is one of `add`, `remove`, `replace`, `move`, `copy`, `test`");
    }
    match found.message.contains(MISSING) || found.message.contains("invalid index") {
        true => found.hint(
            "a path must exist up to its last part; write `~1` for `/` and `~0` for `~` in keys",
        ),
        false => found,
    }
}

struct Run<'a, 'e, 'o> {
    spelling: Spelling<'a>,
    editor: &'e mut Editor<'o>,
}

impl Run<'_, '_, '_> {
    fn apply(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        match operation.kind() {
            "add" => self.add(document, operation),
            "remove" => self.remove(document, operation),
            "replace" => self.replace(document, operation),
            "move" => self.relocate(document, operation),
            "test" => self.test(document, operation),
            "copy" => self.copy(document, operation),
            kind => Err(format!("Unexpected kind: {kind}")),
        }
    }

    fn add(&mut self, document: &mut Value, operation: &Operation) -> Result<(), String> {
        let Some(path) = operation.path() else {
            return Err(format!("add operation failed to decode path: {MISSING}"));
        };
        let Some((mut container, key)) = find(document, path) else {
            return Err(format!(
                "add operation does not apply: doc is missing path: \"{path}\": {MISSING}"
            ));
        };
        let value = self.value(operation, Before::default());
        container
            .add(&key, value, operation.path_span)
            .map_err(|e| format!("error in add for path: '{path}': {e}"))
    }

    fn replace(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        let Some(path) = operation.path() else {
            return Err(format!(
                "replace operation failed to decode path: operation missing path field: {MISSING}"
            ));
        };
        if path.is_empty() {
            let value = self.value(operation, before(document));
            if !matches!(value.data, Data::Map(_) | Data::Seq(_)) {
                return Err("replace operation value must be object or array".into());
            }
            *document = value;
            return Ok(());
        }
        let Some((mut container, key)) = find(document, path) else {
            return Err(format!(
                "replace operation does not apply: doc is missing path: {path}: {MISSING}"
            ));
        };
        let Ok(old) = container.get(&key) else {
            return Err(format!(
                "replace operation does not apply: doc is missing key: {path}: {MISSING}"
            ));
        };
        let before = old.map(before).unwrap_or_default();
        let value = self.value(operation, before);
        container
            .set(&key, value, operation.path_span)
            .map_err(|e| format!("error in remove for path: '{path}': {e}"))
    }

    fn remove(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        let Some(path) = operation.path() else {
            return Err(format!("remove operation failed to decode path: {MISSING}"));
        };
        match self.take(document, path, operation) {
            None => Err(format!(
                "remove operation does not apply: doc is missing path: \"{path}\": {MISSING}"
            )),
            Some((_, removed)) => removed
                .map(drop)
                .map_err(|e| format!("error in remove for path: '{path}': {e}")),
        }
    }

    /// Takes out what a path leads to, and records that it is gone; beside it the last key.
    /// `None` if there is nothing that could hold it.
    fn take(
        &mut self,
        document: &mut Value,
        path: &str,
        operation: &Operation,
    ) -> Option<(EcoString, Result<Value, String>)> {
        let way = steps(document, path);
        let (mut container, key) = find(document, path)?;
        let taken = container.remove(&key);
        if let Ok(taken) = &taken {
            let known = self.editor.removed();
            let at = Place::Span(operation.place());
            self.editor.remove(&tree(taken.clone()), self::known(at));
            for step in way.into_iter().rev() {
                self.editor.within(known, || step);
            }
        }
        Some((key, taken))
    }

    fn relocate(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        let Some(from) = operation.from() else {
            return Err(format!(
                "move operation failed to decode from: operation, missing from field: {MISSING}"
            ));
        };
        let Some((key, moved)) = self.take(document, from, operation) else {
            return Err(format!(
                "move operation does not apply: doc is missing from path: {from}: {MISSING}"
            ));
        };
        let moved = moved.map_err(|e| format!("error in move for path: '{key}': {e}"))?;
        let Some(path) = operation.path() else {
            return Err(format!(
                "move operation failed to decode path: operation missing path field: {MISSING}"
            ));
        };
        let Some((mut container, key)) = find(document, path) else {
            return Err(format!(
                "move operation does not apply: doc is missing destination path: {path}: {MISSING}"
            ));
        };
        let moved = self.moved(moved, operation);
        container
            .add(&key, moved, operation.path_span)
            .map_err(|e| format!("error in move for path: '{path}': {e}"))
    }

    fn copy(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        let Some(from) = operation.from() else {
            return Err(format!(
                "copy operation failed to decode from: operation, missing from field: {MISSING}"
            ));
        };
        let Some((container, key)) = find(document, from) else {
            return Err(format!(
                "copy operation does not apply: doc is missing from path: {from}: {MISSING}"
            ));
        };
        let found = container
            .get(&key)
            .map_err(|e| format!("error in copy for from: '{from}': {e}"))?;
        let copied = found.cloned().unwrap_or_default();
        let Some(path) = operation.path() else {
            return Err(format!("copy operation failed to decode path: {MISSING}"));
        };
        let Some((mut container, key)) = find(document, path) else {
            return Err(format!(
                "copy operation does not apply: doc is missing destination path: {path}: {MISSING}"
            ));
        };
        let copied = self.moved(copied, operation);
        container
            .add(&key, copied, operation.path_span)
            .map_err(|e| format!("error while adding value during copy: {e}"))
    }

    fn test(
        &mut self,
        document: &mut Value,
        operation: &Operation,
    ) -> Result<(), String> {
        let Some(path) = operation.path() else {
            return Err(format!(
                "test operation failed to decode path: operation missing path field: {MISSING}"
            ));
        };
        let expected = operation.value.as_ref();
        let failed = || Err(format!("testing value {path} failed: test failed"));
        if path.is_empty() {
            let same = expected.is_some_and(|value| self.spelling.same(document, value));
            return if same { Ok(()) } else { failed() };
        }
        let Some((container, key)) = find(document, path) else {
            return Err(format!(
                "test operation does not apply: is missing path: {path}: {MISSING}"
            ));
        };
        let found = container
            .get(&key)
            .map_err(|e| format!("error in test for path: '{path}': {e}"))?;
        let same = match (found, expected) {
            (None, expected) => expected.is_none_or(Value::is_null),
            (Some(found), None) => found.is_null(),
            (Some(found), Some(expected)) => self.spelling.same(found, expected),
        };
        if same { Ok(()) } else { failed() }
    }

    /// The value of an operation, every part of it marked as an edit.
    fn value(&mut self, operation: &Operation, before: Before) -> Value {
        let mut value = operation.value.clone().unwrap_or_default();
        self.mark(&mut value);
        if value.span.is_none() {
            value.span = operation.span;
        }
        value.origin = self.editor.record(before, known(Place::Span(value.span)));
        value
    }

    fn mark(&mut self, value: &mut Value) {
        match &mut value.data {
            Data::Seq(items) => items.iter_mut().for_each(|item| self.mark(item)),
            Data::Map(map) => map.values_mut().for_each(|e| self.mark(&mut e.value)),
            _ => {
                value.origin =
                    self.editor.record(Before::default(), known(Place::Span(value.span)))
            }
        }
    }

    /// A value that stood elsewhere in the object.
    fn moved(&mut self, mut value: Value, operation: &Operation) -> Value {
        let after = known(value.place());
        let span = operation.span;
        value.origin =
            self.editor.record(Before::default(), after.or(known(Place::Span(span))));
        value
    }
}

/// What stands where an operation puts something else.
fn before(value: &Value) -> Before {
    let text = match &value.data {
        Data::Null => Some("null".into()),
        Data::Bool(value) => Some(eco_format!("{value}")),
        Data::Int(value) => Some(eco_format!("{value}")),
        Data::Uint(value) => Some(eco_format!("{value}")),
        Data::Float(value) => Some(eco_format!("{value}")),
        Data::Str(text) => Some(text.clone()),
        Data::Seq(_) | Data::Map(_) => None,
    };
    Before { place: known(value.place()), text }
}

fn known(place: Place) -> Option<Place> {
    match place {
        Place::Span(span) if span.is_none() => None,
        place => Some(place),
    }
}

/// The tree that kyaml reads from a value's JSON: keys sorted, numbers as floats print.
fn tree(value: Value) -> Node {
    let (span, origin) = (value.span, value.origin);
    let mut node = match value.data {
        Data::Null => Node::null(),
        Data::Bool(value) => Node::bool(value),
        #[expect(
            clippy::cast_precision_loss,
            reason = "encoding/json makes float64 of all"
        )]
        Data::Int(value) => Node::scalar(goyaml::format_float(value as f64)),
        #[expect(
            clippy::cast_precision_loss,
            reason = "encoding/json makes float64 of all"
        )]
        Data::Uint(value) => Node::scalar(goyaml::format_float(value as f64)),
        Data::Float(value) => Node::scalar(goyaml::format_float(value)),
        Data::Str(text) => Node::string(text),
        Data::Seq(items) => Node::sequence(items.into_iter().map(tree).collect()),
        Data::Map(map) => mapping(map),
    };
    if node.kind() == Kind::Scalar && node.tag == Tag::Merge {
        node.tag = Tag::Str;
    }
    // It is read from a text.
    node.line = 1;
    node.span = span;
    node.origin = origin;
    node
}

fn mapping(map: Map) -> Node {
    let mut entries: Vec<_> = map.into_iter().collect();
    goyaml::sort_keys(&mut entries, goyaml::Dialect::V3, |(key, _)| key.as_str());
    let entry = |(key, entry): (ecow::EcoString, goyaml::Entry)| {
        (Node::string(key).at(entry.key_span), tree(entry.value))
    };
    Node::mapping(entries.into_iter().map(entry).collect())
}

impl Operation {
    fn place(&self) -> Span {
        if self.path_span.is_none() { self.span } else { self.path_span }
    }
}
