//! `valuesInline`, and how it meets the values file.

use goyaml::{Content, Data, Dialect, Node, Style, Tag, Value, format_json_float};
use source::{Diagnostic, FileId, Result};

use crate::build::typed;
use crate::context::Context;
use crate::kustomization::ValuesMerge;
use crate::load::document;
use crate::patch::merge2;

/// What kyaml merges of both, as Helm reads it after upstream has written it to a file.
/// (upstream: `createNewMergedValuesFile`, `replaceValuesInline`)
///
/// A null deletes the key and is gone itself: Helm never sees it.
pub(super) fn merged(
    context: &Context<'_>,
    inline: &Node,
    file: Option<FileId>,
    merge: ValuesMerge,
) -> Result<Value> {
    let inline = through_json(inline)?;
    let node = match (file, merge) {
        (None, _) | (_, ValuesMerge::Replace) => inline,
        (Some(file), merge) => {
            let Some(values) = document(context, file)? else {
                let message = "could not parse values file into rnode: EOF";
                return Err(Diagnostic::error(inline.span, message)
                    .hint("an empty values file cannot be merged with `valuesInline`"));
            };
            let merged = match merge {
                ValuesMerge::Merge => merge2(&values, inline),
                _ => merge2(&inline, values),
            };
            merged?.unwrap_or_else(|| Node::mapping(Vec::new()))
        }
    };
    let mut value = typed(&node)?;
    whole_numbers(&mut value);
    Ok(value)
}

/// The inline values as upstream holds them: read by the older dialect, every number a float.
fn through_json(inline: &Node) -> Result<Node> {
    let value = goyaml::decode(inline, Dialect::V2).map_err(|faults| {
        let message = goyaml::upstream_text(&faults);
        Diagnostic::error(inline.span, format!("invalid Kustomization: {message}"))
    });
    let mut value = value?;
    value.integers_to_floats();
    whole_numbers(&mut value);
    Ok(node(value))
}

/// Floats that JSON prints as integers are read back as such.
fn whole_numbers(value: &mut Value) {
    match &mut value.data {
        #[expect(clippy::cast_possible_truncation, reason = "the range is checked")]
        Data::Float(float) if float.fract() == 0.0 && float.abs() < 9.2e18 => {
            value.data = Data::Int(*float as i64);
        }
        Data::Seq(items) => items.iter_mut().for_each(whole_numbers),
        Data::Map(map) => {
            map.values_mut().for_each(|entry| whole_numbers(&mut entry.value));
        }
        _ => {}
    }
}

fn node(value: Value) -> Node {
    let made = match value.data {
        Data::Null => Node::null(),
        Data::Bool(value) => Node::bool(value),
        Data::Int(value) => Node::int(value),
        Data::Uint(value) => number(value.to_string(), Tag::Int),
        Data::Float(value) => number(float(value), Tag::Float),
        Data::Str(text) => Node::string(text),
        Data::Seq(items) => Node::sequence(items.into_iter().map(node).collect()),
        Data::Map(map) => Node::mapping(
            map.into_iter()
                .map(|(key, entry)| {
                    (Node::string(key).at(entry.key_span), node(entry.value))
                })
                .collect(),
        ),
    };
    made.at(value.span).from_origin(value.origin)
}

fn number(text: String, tag: Tag) -> Node {
    Node::new(Content::Scalar(text.into()), tag, Style::Plain)
}

/// JSON has no infinities; printing the values will say so.
fn float(value: f64) -> String {
    format_json_float(value).unwrap_or_else(|| ".inf".to_owned())
}
