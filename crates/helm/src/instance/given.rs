//! Where the values of a render were handed in.

use source::{FileId, Layer, LayerKind, SourceMap, Span};

use crate::chart::Chart;
use crate::values::{Options, ValuesLayer};

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
