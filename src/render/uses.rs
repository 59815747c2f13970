//! Which values a chart was given, as people wrote them, and which of them it read.

use std::sync::Arc;

use goyaml::{Dialect, Value};
use kustomize::{ChartRequest, ValuesDocument};
use source::{FileId, SourceMap, Span, World};

/// A chart that a target used, and the values that people wrote for it.
///
/// Holds what lints need to know of a render, and nothing of the render itself.
#[derive(Clone, Debug)]
pub struct ChartUse {
    /// The chart.
    pub chart: Arc<helm::Chart>,
    /// Its entry in `helmCharts`.
    pub span: Span,
    /// The documents that people can change, the winner last.
    pub documents: Vec<UsedDocument>,
}

/// One text of values: a values file, or `valuesInline`.
#[derive(Clone, Debug)]
pub struct UsedDocument {
    /// The values as they are written.
    pub values: Arc<Value>,
    /// For each node of [`Self::values`] in preorder, whether the render looked at the value
    /// at its path; `None` if the chart could not be rendered.
    pub read: Option<Vec<bool>>,
}

impl ChartUse {
    pub(super) fn new(
        chart: &Arc<helm::Chart>,
        request: &ChartRequest,
        documents: Vec<Arc<Value>>,
        read: Option<Vec<Vec<bool>>>,
    ) -> ChartUse {
        let mut read = read.map(Vec::into_iter);
        let documents = documents.into_iter().map(|values| UsedDocument {
            values,
            read: read.as_mut().and_then(Iterator::next),
        });
        let documents = documents.collect();
        ChartUse { chart: chart.clone(), span: request.span, documents }
    }
}

/// The documents of a request that people can change; a chart's own defaults, which Kustomize
/// hands over as if they were a user's, are none.
pub(super) fn documents(
    request: &ChartRequest,
    world: &dyn World,
    sources: &SourceMap,
) -> Vec<Arc<Value>> {
    let mut found = Vec::new();
    for document in &request.documents {
        let node = match document {
            ValuesDocument::Inline(node) => Some(node.clone()),
            ValuesDocument::File(id) => {
                if is_own_default(request, world, sources, *id) {
                    continue;
                }
                let file = sources.file(*id);
                let parsed = goyaml::parse_first(&file.text, *id, Dialect::V2);
                parsed.ok().flatten().map(|document| document.root)
            }
        };
        let value = node.and_then(|node| goyaml::decode(&node, Dialect::V2).ok());
        found.extend(value.filter(|value| value.as_map().is_some()).map(Arc::new));
    }
    found
}

/// Is it the chart's own file of defaults, or nobody's to change?
pub(super) fn is_own_default(
    request: &ChartRequest,
    world: &dyn World,
    sources: &SourceMap,
    file: FileId,
) -> bool {
    let file = sources.file(file);
    !file.editable
        || file.path == format!("{}/values.yaml", world.display(&request.chart))
}
