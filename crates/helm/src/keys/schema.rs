//! The values that `values.schema.json` names.

use ecow::EcoString;
use gotemplate::{PathId, Paths};
use serde_json::Value;

/// How deep schemas are followed; those that refer to themselves have no end.
const MAX_DEPTH: usize = 12;

/// Adds the properties of a schema below `at`.
pub(super) fn declare(schema: &Value, at: &[EcoString], paths: &mut Paths) {
    let mut of = Paths::ROOT;
    for key in at {
        match paths.entry(of, key) {
            Some(next) => of = next,
            None => return,
        }
    }
    let mut budget = 100_000;
    declare_in(schema, schema, of, paths, MAX_DEPTH, &mut budget);
}

fn declare_in(
    root: &Value,
    schema: &Value,
    of: PathId,
    paths: &mut Paths,
    depth: usize,
    budget: &mut usize,
) {
    if depth == 0 || *budget == 0 {
        return paths.look_whole(of);
    }
    *budget -= 1;
    let properties = schema.get("properties").and_then(Value::as_object);
    for (key, inner) in properties.into_iter().flatten() {
        if let Some(at) = paths.entry(of, key) {
            declare_in(root, inner, at, paths, depth - 1, budget);
        }
    }
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let any = patterns.into_iter().flat_map(|map| map.values());
    let any = any.chain(schema.get("items").filter(|items| items.is_object()));
    let any =
        any.chain(schema.get("additionalProperties").filter(|more| more.is_object()));
    for inner in any {
        if let Some(at) = paths.any(of) {
            declare_in(root, inner, at, paths, depth - 1, budget);
        }
    }
    for word in ["allOf", "anyOf", "oneOf"] {
        let all = schema.get(word).and_then(Value::as_array);
        for inner in all.into_iter().flatten() {
            declare_in(root, inner, of, paths, depth - 1, budget);
        }
    }
    for word in ["if", "then", "else"] {
        if let Some(inner) = schema.get(word) {
            declare_in(root, inner, of, paths, depth - 1, budget);
        }
    }
    if let Some(pointer) = schema.get("$ref").and_then(Value::as_str) {
        match pointer.strip_prefix('#').and_then(|pointer| root.pointer(pointer)) {
            Some(inner) => declare_in(root, inner, of, paths, depth - 1, budget),
            None => paths.look_whole(of),
        }
    }
}
