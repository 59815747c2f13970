//! `valuesInline`, and how it meets the values file.

use goyaml::{Content, Data, Dialect, Node, Style, Tag, Value, format_json_float};
use source::{
    Diagnostic, FileId, Layer, LayerKind, Layering, Origin, Origins, Place, Result, Span,
};

use crate::context::Context;
use crate::kustomization::ValuesMerge;
use crate::load::document;
use crate::patch::merge2;
use crate::print::typed;
use crate::upstream::Upstream;

/// Merged values, and what they were merged of.
pub(super) struct Merged {
    /// What Helm reads.
    pub(super) value: Value,
    /// Who lost.
    pub(super) layering: Layering,
}

/// What kyaml merges of both, as Helm reads it after upstream has written it to a file.
/// (upstream: `createNewMergedValuesFile`, `replaceValuesInline`)
///
/// A null deletes the key and is gone itself: Helm never sees it.
pub(super) fn merged(
    context: &Context<'_>,
    inline: &Node,
    file: Option<FileId>,
    merge: ValuesMerge,
) -> Result<Merged> {
    let inline = through_json(inline)?;
    let mut lost = Lost { origins: &context.origins, layering: Layering::default() };
    lost.edits(&typed(&inline)?);
    let node = match (file, merge) {
        (None, _) | (_, ValuesMerge::Replace) => inline,
        (Some(file), merge) => {
            let read = document(context, file).map_err(|error| {
                let step = "could not parse values file into rnode";
                let words =
                    error.words().replacen("error converting YAML to JSON", step, 1);
                error.says(words)
            })?;
            let Some(values) = read else {
                let message = "could not parse values file into rnode: EOF";
                return Err(Diagnostic::error(Span::new(file, 0, 0), message)
                    .label(inline.span, "it cannot be merged with these values")
                    .hint("write `{}` into the file, or leave `valuesFile` out"));
            };
            lost.layering.kinds.push((file, LayerKind::File));
            let (own, other) = (typed(&values)?, typed(&inline)?);
            match merge {
                ValuesMerge::Merge => lost.merge(&own, LayerKind::Inline, &other),
                _ => lost.merge(&other, LayerKind::File, &own),
            }
            let merged = match merge {
                ValuesMerge::Merge => merge2(&values, inline),
                _ => merge2(&inline, values),
            };
            merged?.unwrap_or_else(|| Node::mapping(Vec::new()))
        }
    };
    let mut value = typed(&node)?;
    whole_numbers(&mut value);
    Ok(Merged { value, layering: lost.layering })
}

/// Finds the values that lost.
struct Lost<'a> {
    origins: &'a Origins,
    layering: Layering,
}

impl Lost<'_> {
    /// Notes what patches of the entry replaced among its values.
    fn edits(&mut self, value: &Value) {
        let mut former = Vec::new();
        let mut origin = value.origin;
        while let Some(Origin::Edit { before: Some(before), .. }) =
            self.origins.get(origin)
        {
            former.extend(self.written(before));
            let Place::Origin(earlier) = before else { break };
            origin = earlier;
        }
        for span in former.into_iter().filter(|span| *span != value.span) {
            let layer = Layer { kind: LayerKind::Inline, span };
            self.layering.lost.entry(value.span).or_default().insert(0, layer);
        }
        match &value.data {
            Data::Seq(items) => items.iter().for_each(|item| self.edits(item)),
            Data::Map(map) => map.values().for_each(|entry| self.edits(&entry.value)),
            _ => {}
        }
    }

    /// Where a value is written.
    fn written(&self, place: Place) -> Option<Span> {
        let origin = match place {
            Place::Span(span) => return (!span.is_none()).then_some(span),
            Place::Origin(origin) => origin,
        };
        match self.origins.get(origin)? {
            Origin::Source(span) | Origin::Drawn { at: span, .. } => Some(span),
            Origin::Because { data, .. } | Origin::Line { of: data, .. } => {
                self.written(Place::Origin(data))
            }
            Origin::Edit { after: Some(after), .. } => self.written(after),
            Origin::Edit { config, .. } => Some(config),
            Origin::Union(_) | Origin::Slot(_) | Origin::Key(_) => None,
        }
    }

    /// Notes what of `loser` a winner takes the place of.
    fn merge(&mut self, winner: &Value, kind: LayerKind, loser: &Value) {
        if let (Some(winner), Some(loser)) = (winner.as_map(), loser.as_map()) {
            for (key, entry) in winner {
                if let Some(other) = loser.get(key) {
                    self.merge(&entry.value, kind, &other.value);
                }
            }
            return;
        }
        if !winner.span.is_none() && !loser.span.is_none() {
            // What lost against the loser lost, too.
            let mut lost =
                self.layering.lost.get(&loser.span).cloned().unwrap_or_default();
            lost.push(Layer { kind, span: loser.span });
            self.layering.lost.entry(winner.span).or_default().append(&mut lost);
        }
    }
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
