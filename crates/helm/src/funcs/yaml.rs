//! YAML. (helm: funcs.go)

use gotemplate::{Call, Func, List, Map, Str, Value, func};
use goyaml::{Data as Plain, Dialect, Format, Value as Tree};
use source::FileId;

use super::args::Text;
use super::pieces::mended;
use super::plain::{Encoder, Numbers, from_tree, marked, to_tree};

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
    let emitted =
        goyaml::to_yaml_marked(&tree, format).map_err(|fault| fault.upstream())?;
    let text = emitted.text.strip_suffix('\n').unwrap_or(&emitted.text);
    Ok(marked(call, text, &emitted.marks))
}

/// A value as YAML without the last line break; a fault gives "". (funcs.go, `toYAML`)
fn to_yaml(call: &mut Call<'_>, value: Value) -> Value {
    write(call, &value, Format::Sigs).unwrap_or_else(|_| Value::str(""))
}

/// A value as YAML; a fault fails the render. (funcs.go, `mustToYAML`)
fn must_to_yaml(call: &mut Call<'_>, value: Value) -> Result<Value, String> {
    write(call, &value, Format::Sigs)
}

/// A value as YAML with lists indented. (funcs.go, `toYAMLPretty`)
fn to_yaml_pretty(call: &mut Call<'_>, value: Value) -> Value {
    write(call, &value, Format::Pretty).unwrap_or_else(|_| Value::str(""))
}

/// Reads YAML as `sigs.k8s.io/yaml` does: as JSON, in the end.
fn read(text: &Text) -> Result<Tree, String> {
    let converting = |error: String| format!("error converting YAML to JSON: {error}");
    let source = mended(text.text.as_bytes());
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
        Plain::Map(map) => map.values().find_map(|entry| unsupported(&entry.value)),
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
    read: Result<Tree, String>,
    decoding: &str,
    null: Map,
) -> Map {
    let error = match read {
        Ok(tree) if tree.is_null() => return null,
        Ok(tree) => match from_tree(call, &tree, text, Numbers::Floats).as_map() {
            Some(map) => return map.clone(),
            None => format!("{decoding}{}", misfit(&tree, "map[string]interface {}")),
        },
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
    read: Result<Tree, String>,
    decoding: &str,
    null: List,
) -> List {
    let error = match read {
        Ok(tree) if tree.is_null() => return null,
        Ok(tree) => match from_tree(call, &tree, text, Numbers::Floats).as_list() {
            Some(list) => return list.clone(),
            None => format!("{decoding}{}", misfit(&tree, "[]interface {}")),
        },
        Err(error) => error,
    };
    List::new(vec![Value::from(error).with_origin(text.origin)])
}

const DECODING: &str = "error unmarshaling JSON: while decoding JSON: ";

/// Reads YAML that is a map. (funcs.go, `fromYAML`)
fn from_yaml(call: &mut Call<'_>, text: Text) -> Map {
    dictionary(call, &text, read(&text), DECODING, Map::new())
}

/// Reads YAML that is a list. (funcs.go, `fromYAMLArray`)
fn from_yaml_array(call: &mut Call<'_>, text: Text) -> List {
    array(call, &text, read(&text), DECODING, List::new(Vec::new()))
}
