//! Where the values of a render were handed in, and which of them are secret.

use goyaml::Dialect;
use source::{FileId, Layer, LayerKind, SourceMap, Span, is_secret_key};

use super::load::from_value;
use super::tree::{Data, MapRef, Node};
use super::{Options, ValuesLayer, merge_options};
use crate::Compat;
use crate::chart::Chart;

/// The beginning of each file that holds values, the chart's own first.
///
/// It is the place of the root of the merged values: where a reader would add a key.
pub(crate) fn given(values: &Options, chart: &Chart, sources: &SourceMap) -> Vec<Layer> {
    let mut found = Vec::new();
    let own = chart.values.merged.as_map().and_then(|map| map.iter().next());
    if let Some((_, entry)) = own {
        found.push(Layer { kind: LayerKind::Chart, span: head(entry.key_span.file) });
    }
    for layer in &values.layers {
        match layer {
            ValuesLayer::File(file) => {
                let kind = match sources.file(*file).editable {
                    true => LayerKind::File,
                    false => LayerKind::Chart,
                };
                found.push(Layer { kind, span: head(*file) });
            }
            ValuesLayer::Tree { values, kind, .. } => {
                let first = values.as_map().and_then(|map| map.iter().next());
                let span = match (values.span.is_none(), first) {
                    (true, Some((_, entry))) => entry.key_span.head(),
                    _ => values.span.head(),
                };
                found.push(Layer { kind: *kind, span });
            }
        }
    }
    found.retain(|layer| !layer.span.is_none());
    found
}

fn head(file: FileId) -> Span {
    Span::new(file, 0, 0)
}

/// Marks the secrets of all values as such, so that no message shows them.
pub(crate) fn taint_values(
    values: &Options,
    chart: &Chart,
    sources: &SourceMap,
    compat: Compat,
) {
    for layer in &values.layers {
        match layer {
            ValuesLayer::File(file) => taint_file(*file, sources),
            ValuesLayer::Tree { values, kind, .. } => {
                taint(&from_value(values, *kind), sources);
            }
        }
    }
    taint(&from_value(&chart.values.merged, LayerKind::Chart), sources);
    let flags = Options { layers: Vec::new(), flags: values.flags.clone() };
    if let Ok(set) = merge_options(&flags, sources, compat) {
        taint_map(&set, sources);
    }
}

/// Marks the secrets of a file: by its tree, or line by line if it has none.
fn taint_file(file: FileId, sources: &SourceMap) {
    let text = sources.file(file).text.clone();
    let (documents, faults) = goyaml::parse(&text, file, Dialect::V2);
    for document in &documents {
        goyaml::taint_secrets(&document.root, sources);
    }
    if faults.is_empty() {
        return;
    }
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once(':')
            && is_secret_key(key.trim_start_matches(['-', ' ']))
            && !value.trim().is_empty()
        {
            let from = start + key.len() + 1 + value.len() - value.trim_start().len();
            let to = from + value.trim().len();
            sources.taint(Span::new(file, from, to));
        }
        start += line.len();
    }
}

fn taint_map(map: &MapRef, sources: &SourceMap) {
    for (key, node) in map.borrow().iter() {
        match &node.data {
            Data::Map(_) | Data::List(_) => taint(node, sources),
            Data::Str(_) | Data::Int(_) | Data::Float(_) if is_secret_key(key) => {
                sources.taint(node.layer.span);
            }
            _ => {}
        }
    }
}

fn taint(node: &Node, sources: &SourceMap) {
    match &node.data {
        Data::Map(map) => taint_map(map, sources),
        Data::List(list) => list.iter().for_each(|item| taint(item, sources)),
        _ => {}
    }
}
