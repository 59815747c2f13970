//! [`Rendered`]: what a build target knows of a text that was rendered: whose values it got.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Mark, Trace};
use crate::{FileId, Span};

/// Which layer of values a [`Layer`] is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LayerKind {
    /// The chart's own `values.yaml`, or a parent chart's for its subchart.
    Chart,
    /// A values file: `-f`, `valuesFile`, `additionalValuesFiles`.
    File,
    /// `valuesInline` of a kustomization.
    Inline,
    /// `--set` and its relatives.
    Set,
    /// What named the release or its namespace.
    Release,
}

/// One place that set a slot.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Layer {
    /// Which layer.
    pub kind: LayerKind,
    /// Where in it.
    pub span: Span,
}

/// What is known of values that were merged before a chart engine saw them.
#[derive(Clone, Debug, Default)]
pub struct Layering {
    /// The layer that a file's values are of, where it is another than the tree's.
    pub kinds: Vec<(FileId, LayerKind)>,
    /// By the place of a value that won, the layers that lost against it, the weakest first.
    pub lost: HashMap<Span, Vec<Layer>>,
}

/// From slot to the layers that set it: shadowed ones first, the winner last.
#[derive(Clone, Debug, Default)]
pub struct SlotTable {
    /// One entry a slot.
    pub layers: Vec<Vec<Layer>>,
}

/// Why a text of the source map says what it says.
#[derive(Clone, Debug)]
pub struct Rendered {
    /// The marks of this text.
    pub marks: Arc<[Mark]>,
    /// The arena and frames of the render; shared between targets.
    pub trace: Arc<Trace>,
    /// The layers behind the slots, as this build target has them.
    pub slots: Arc<SlotTable>,
    /// Where people say what it is made from, the strongest last: what asks for the chart,
    /// then the beginning of each of its values documents.
    pub given: Arc<[Span]>,
}

impl Rendered {
    /// The marks that overlap a range of bytes.
    #[must_use]
    pub fn marks_in(&self, range: std::ops::Range<usize>) -> &[Mark] {
        let from = self.marks.partition_point(|m| m.end as usize <= range.start);
        let to = self.marks.partition_point(|m| (m.start as usize) < range.end);
        self.marks.get(from..to).unwrap_or(&[])
    }
}
