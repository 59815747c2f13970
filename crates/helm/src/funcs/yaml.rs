//! YAML. (helm: funcs.go)

use std::borrow::Borrow;
use std::sync::Arc;

use gotemplate::{Call, Func, List, Map, Str, Value, func};
use goyaml::{Data as Plain, Dialect, Emitter, Format, Scalar, Value as Tree};
use source::{FileId, OriginId};

use super::args::Text;
use super::outlined;
use super::plain::{
    Encoder, Numbers, field_name, from_tree, marked, moment_forms, to_tree, told,
};
use super::raw::raw_bytes;
use crate::Host;

pub(super) static FUNCS: &[Func] = &[
    func!("toYaml", to_yaml, Transparent),
    func!("toYamlPretty", to_yaml_pretty, Transparent),
    func!("fromYaml", from_yaml, Transparent),
    func!("fromYamlArray", from_yaml_array, Transparent),
];

/// What Helm 4 has and Helm 3 has not.
pub(super) static HELM4_FUNCS: &[Func] =
    &[func!("mustToYaml", must_to_yaml, Transparent)];

fn write(call: &mut Call<'_>, value: &Value, format: Format) -> Result<Value, String> {
    let tree = match format {
        Format::Sigs => to_tree(call, value, Encoder::Sigs)
            .map_err(|error| format!("error marshaling into JSON: {error}"))?,
        _ => to_tree(call, value, Encoder::Go)?,
    };
    let mut emitter = Emitter::new(format);
    push(&mut emitter, &tree);
    let emitted = emitter.finish().map_err(|fault| fault.upstream())?;
    let text = emitted.text.strip_suffix('\n').unwrap_or(&emitted.text);
    Ok(marked(call, text, &emitted.marks))
}

/// A value as YAML with its last line break. (sigs.k8s.io/yaml, `Marshal`)
pub(crate) fn yaml_document(call: &mut Call<'_>, value: &Value) -> Result<Value, String> {
    let text = write(call, value, Format::Sigs)?;
    let text_origin = text.origin;
    let mut document = call.builder();
    if let Some(text) = text.as_str() {
        document.push_str(text, text_origin);
    }
    document.push("\n");
    Ok(document.finish())
}

/// Pushes a tree as [`goyaml::push_value`] does, and times as they stand.
fn push(emitter: &mut Emitter, value: &Tree) {
    match &value.data {
        Plain::Seq(items) => {
            emitter.begin_seq(value.origin);
            items.iter().for_each(|item| push(emitter, item));
            emitter.end();
        }
        Plain::Map(map) => {
            emitter.begin_map(value.origin);
            let mut entries: Vec<_> = map.iter().collect();
            goyaml::sort_keys(&mut entries, emitter.dialect(), |(key, _)| key.as_str());
            for (key, entry) in entries {
                match field_name(key) {
                    // go-yaml writes the names of fields in small letters.
                    Some(name) => emitter.key(&name.to_lowercase(), OriginId::NONE),
                    None => emitter.key(key, OriginId::NONE),
                }
                push(emitter, &entry.value);
            }
            emitter.end();
        }
        Plain::Str(text) => match moment_forms(text) {
            Some((yaml, _)) => emitter.scalar(Scalar::Plain(yaml), value.origin),
            None => match raw_bytes(text) {
                Some(bytes) => emitter.scalar(Scalar::Bytes(&bytes), value.origin),
                None => emitter.scalar(Scalar::Str(text), value.origin),
            },
        },
        _ => goyaml::push_value(emitter, value),
    }
}

/// A value as YAML without the last line break; a fault gives "". (funcs.go, `toYAML`)
fn to_yaml(call: &mut Call<'_>, value: Value) -> Result<Value, String> {
    write(call, &value, Format::Sigs).or_else(|fault| told(fault, Value::str("")))
}

/// A value as YAML; a fault fails the render. (funcs.go, `mustToYAML`)
fn must_to_yaml(call: &mut Call<'_>, value: Value) -> Result<Value, String> {
    write(call, &value, Format::Sigs)
}

/// A value as YAML with lists indented; a fault gives "", but what go-yaml has no form for
/// fails the render. (funcs.go, `toYAMLPretty`)
fn to_yaml_pretty(call: &mut Call<'_>, value: Value) -> Result<Value, String> {
    match write(call, &value, Format::Pretty) {
        Ok(text) => Ok(text),
        Err(error) => match error.strip_prefix("json: unsupported type: ") {
            Some(of) => Err(format!("cannot marshal type: {of}")),
            None => told(error, Value::str("")),
        },
    }
}

/// Reads YAML as `sigs.k8s.io/yaml` does: as JSON, in the end.
fn read(text: &Text) -> Result<Tree, String> {
    let converting = |error: String| format!("error converting YAML to JSON: {error}");
    let source = goyaml::read_text(text.text.as_bytes(), FileId::NONE)
        .map_err(|fault| converting(fault.upstream()))?;
    let document = goyaml::parse_first(&source, FileId::NONE, Dialect::V2)
        .map_err(|fault| converting(fault.upstream()))?;
    let Some(document) = document else { return Ok(Tree::null()) };
    let tree = goyaml::decode(&document.root, Dialect::V2)
        .map_err(|faults| converting(goyaml::upstream_text(&faults)))?;
    match unsupported(&tree) {
        Some(f) => {
            let shown = if f.is_nan() {
                "NaN"
            } else if f > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            Err(converting(format!("json: unsupported value: {shown}")))
        }
        None => Ok(tree),
    }
}

/// A float that JSON cannot hold.
fn unsupported(tree: &Tree) -> Option<f64> {
    match &tree.data {
        Plain::Float(f) if !f.is_finite() => Some(*f),
        Plain::Seq(items) => items.iter().find_map(unsupported),
        Plain::Map(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            entries.into_iter().find_map(|(_, entry)| unsupported(&entry.value))
        }
        _ => None,
    }
}

/// The complaint of `json.Unmarshal` about a value that does not fit.
pub(super) fn misfit(tree: &Tree, wanted: &str) -> String {
    let found = match &tree.data {
        Plain::Null => "null",
        Plain::Bool(_) => "bool",
        Plain::Int(_) | Plain::Uint(_) | Plain::Float(_) => "number",
        Plain::Str(_) => "string",
        Plain::Seq(_) => "array",
        Plain::Map(_) => "object",
    };
    format!("json: cannot unmarshal {found} into Go value of type {wanted}")
}

/// The dictionary that was read, or one with the error under `Error`; null is `null`.
pub(super) fn dictionary(
    call: &mut Call<'_>,
    text: &Text,
    read: Result<impl Borrow<Tree>, String>,
    decoding: &str,
    null: Map,
) -> Map {
    let error = match read {
        Ok(tree) if tree.borrow().is_null() => return null,
        Ok(tree) => {
            match from_tree(call, tree.borrow(), text, Numbers::Floats).as_map() {
                Some(map) => return map.clone(),
                None => format!(
                    "{decoding}{}",
                    misfit(tree.borrow(), "map[string]interface {}")
                ),
            }
        }
        Err(error) => error,
    };
    [(Str::from("Error"), Value::from(error).with_origin(text.origin))]
        .into_iter()
        .collect()
}

/// The list that was read, or one that holds the error; null is `null`.
pub(super) fn array(
    call: &mut Call<'_>,
    text: &Text,
    read: Result<impl Borrow<Tree>, String>,
    decoding: &str,
    null: List,
) -> List {
    let error = match read {
        Ok(tree) if tree.borrow().is_null() => return null,
        Ok(tree) => match from_tree(call, tree.borrow(), text, Numbers::Floats).as_list()
        {
            Some(list) => return list.clone(),
            None => format!("{decoding}{}", misfit(tree.borrow(), "[]interface {}")),
        },
        Err(error) => error,
    };
    List::new(vec![Value::from(error).with_origin(text.origin)])
}

const DECODING: &str = "error unmarshaling JSON: while decoding JSON: ";

/// Reads YAML that is a map. (funcs.go, `fromYAML`)
fn from_yaml(call: &mut Call<'_>, text: Text) -> Map {
    if let Some(map) = outlined::map(call, &text) {
        return map;
    }
    let tree = read_again(call, &text);
    dictionary(call, &text, tree, DECODING, Map::new())
}

/// Reads YAML that is a list. (funcs.go, `fromYAMLArray`)
fn from_yaml_array(call: &mut Call<'_>, text: Text) -> List {
    let tree = read_again(call, &text);
    array(call, &text, tree, DECODING, List::new(Vec::new()))
}

/// Reads a text, unless renders have read it several times.
fn read_again(call: &Call<'_>, text: &Text) -> Result<Arc<Tree>, String> {
    match call.host::<Host>() {
        Some(host) => host.documents.read(text.text.as_bytes(), || read(text)),
        None => read(text).map(Arc::new),
    }
}
