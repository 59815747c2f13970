//! Where a value came from, recorded cheaply and resolved only when someone asks.
//!
//! Three ideas (`docs/decisions.md` 3 and 4):
//!
//! * A parsed node's [`Span`](crate::Span) *is* its origin until something edits it; an edit
//!   is one entry of the build target's [`Origins`] arena ([`Origin::Edit`]), reached by an
//!   [`OriginId`].
//! * A template writes text and [`Mark`]s: ranges of that text, each with the origin of the
//!   data and the [`Frame`] (includes and conditions) in which it was printed. The text
//!   becomes a file of the source map with that [`Trace`]; so a node parsed from it resolves
//!   through its span, and nothing is copied per node.
//! * A render knows no files: values are [`Origin::Slot`]s, numbered by a preorder walk of
//!   the merged values. Each build target has its own [`SlotTable`] from slot to the layers
//!   (files and lines) that set it; so targets with equal values share one render.

mod arena;
mod layer;
mod trace;

pub use arena::{Origin, OriginId, Origins, Place, SlotId};
pub use layer::{Layer, LayerKind, Layering, Rendered, SlotTable};
pub use trace::{Frame, FrameId, FrameKind, Mark, Skipped, Trace};
