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

/// Anchor and tag before a node.
#[derive(Default)]
pub(super) struct Properties {
    pub(super) anchor: Option<EcoString>,
    pub(super) tag: Option<EcoString>,
}

impl Event {
    pub(super) fn new(kind: EventKind, start: Mark, end: Mark) -> Event {
        Event { kind, start, from: start.at, to: end.at, meta: None }
    }

    /// A scalar that no text stands for.
    pub(super) fn empty(at: Mark) -> Event {
        Event::new(EventKind::Scalar(EcoString::new(), Style::Plain), at, at)
    }

    pub(super) fn meta(&mut self) -> &mut Meta {
        self.meta.get_or_insert_default()
    }

    pub(super) fn set_properties(&mut self, properties: Properties) {
        if properties.anchor.is_some() || properties.tag.is_some() {
            let meta = self.meta();
            meta.anchor = properties.anchor;
            meta.tag = properties.tag;
        }
    }

    pub(super) fn set_head(&mut self, head: EcoString) {
        if !head.is_empty() {
            self.meta().head_comment = head;
        }
    }

    pub(super) fn set_comments(
        &mut self,
        head: EcoString,
        line: EcoString,
        foot: EcoString,
    ) {
        if !head.is_empty() || !line.is_empty() || !foot.is_empty() {
            let meta = self.meta();
            meta.head_comment = head;
            meta.line_comment = line;
            meta.foot_comment = foot;
        }
    }
}
