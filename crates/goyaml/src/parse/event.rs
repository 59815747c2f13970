//! What the parser tells the composer.

use ecow::EcoString;

use crate::scan::Mark;
use crate::{Meta, Style};

/// One event, with the bytes that it stands for.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) kind: EventKind,
    /// Where go-yaml says the node is: anchor and tag included.
    pub(super) start: Mark,
    /// The content alone.
    pub(super) from: u32,
    pub(super) to: u32,
    /// Anchor, tag (as the text means it: `tag:yaml.org,2002:str`) and comments.
    pub(super) meta: Option<Box<Meta>>,
}

#[derive(Debug)]
pub(super) enum EventKind {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(EcoString),
    Scalar(EcoString, Style),
    SequenceStart(Style),
    SequenceEnd,
    MappingStart(Style),
    MappingEnd,
}
