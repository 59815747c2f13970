//! From events to a tree, without recursion.

use ecow::EcoString;
use rustc_hash::FxHashSet;
use source::{FileId, OriginId, Span};

use super::event::{Event, EventKind};
use super::grammar::Grammar;
use super::{Document, MAX_DEPTH};
use crate::resolve::resolve;
use crate::scan::{Problem, Scan};
use crate::{Content, Dialect, Kind, Meta, Node, Style, Tag};

pub(super) struct Composer<'a> {
    grammar: Grammar<'a>,
    file: FileId,
    dialect: Dialect,
    anchors: FxHashSet<EcoString>,
    open: Vec<Open>,
    /// What the open collections hold so far, the innermost last: each gets a list of its
    /// exact length when it ends.
    items: Vec<Node>,
    entries: Vec<(Node, Node)>,
    /// The root of the document, when it is complete.
    root: Option<Node>,
    document: Option<(u32, EcoString)>,
}

/// A collection whose end did not come yet.
struct Open {
    node: Node,
    /// The key that waits for its value.
    key: Option<Node>,
    /// Where what it holds begins among the items or entries.
    first: usize,
}

const LONG_TAG: &str = "tag:yaml.org,2002:";

impl<'a> Composer<'a> {
    pub(super) fn new(
        grammar: Grammar<'a>,
        file: FileId,
        dialect: Dialect,
    ) -> Composer<'a> {
        let anchors = FxHashSet::default();
        let (open, items, entries) = (Vec::new(), Vec::new(), Vec::new());
        let (root, document) = (None, None);
        Composer { grammar, file, dialect, anchors, open, items, entries, root, document }
    }

    pub(super) fn text(&self) -> &'a str {
        self.grammar.scanner.text()
    }

    /// How far the text was read.
    pub(super) fn at(&self) -> usize {
        self.grammar.scanner.mark().at as usize
    }

    #[cfg(test)]
    pub(super) fn steps(&self) -> usize {
        self.grammar.scanner.steps
    }

    /// The next document; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Scan<Option<Document>> {
        loop {
            let event = self.grammar.next()?;
            match event.kind {
                EventKind::StreamEnd => return Ok(None),
                EventKind::DocumentStart => {
                    self.anchors.clear();
                    let head = event.meta.map(|meta| meta.head_comment);
                    self.document = Some((event.from, head.unwrap_or_default()));
                }
                EventKind::DocumentEnd => {
                    let foot = event.meta.map(|meta| meta.foot_comment);
                    return Ok(self.finish(event.to, foot.unwrap_or_default()));
                }
                _ => self.node(event)?,
            }
        }
    }

    /// What there is of a document that was not completed.
    pub(super) fn partial(&mut self) -> Option<Document> {
        while let Some(open) = self.open.pop() {
            self.close(open);
        }
        let at = u32::try_from(self.at()).unwrap_or(u32::MAX);
        self.finish(at, EcoString::new())
    }

    fn finish(&mut self, end: u32, foot_comment: EcoString) -> Option<Document> {
        let (start, head_comment) = self.document.take()?;
        let root = self.root.take()?;
        let span = self.span(start, end.max(root.span.end));
        let comments = std::mem::take(&mut self.grammar.scanner.comments);
        Some(Document { root, span, head_comment, foot_comment, comments })
    }

    fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end: end.max(start) }
    }

    fn node(&mut self, event: Event) -> Scan<()> {
        match event.kind {
            EventKind::Alias(ref name) if !self.anchors.contains(name) => {
                let message = format!("unknown anchor '{name}' referenced");
                // Upstream prints no line: the place is for us.
                let place = crate::scan::Mark { line: 0, ..event.start };
                return Err(Box::new(Problem {
                    scanner: false,
                    context: None,
                    place,
                    message,
                }));
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.close_at(open, event);
                }
                return Ok(());
            }
            _ => {}
        }
        let collection = matches!(
            event.kind,
            EventKind::SequenceStart(_) | EventKind::MappingStart(_)
        );
        let start = event.start;
        let node = self.make(event);
        if let Some(anchor) = node.anchor() {
            self.anchors.insert(anchor.into());
        }
        if !collection {
            self.add(node);
            return Ok(());
        }
        let first = match node.content {
            Content::Mapping(_) => self.entries.len(),
            _ => self.items.len(),
        };
        self.open.push(Open { node, key: None, first });
        if self.open.len() > MAX_DEPTH {
            return Err(Box::new(Problem {
                scanner: false,
                context: None,
                place: start,
                message: format!("yaml: exceeded max depth of {MAX_DEPTH}"),
            }));
        }
        Ok(())
    }

    fn make(&self, event: Event) -> Node {
        let span = self.span(event.from, event.to);
        let line = event.start.line + 1;
        let mut meta = event.meta;
        let (content, style, default) = match event.kind {
            EventKind::Alias(name) => (Content::Alias(name), Style::Plain, Tag::Other),
            EventKind::SequenceStart(style) => {
                (Content::Sequence(Vec::new()), style, Tag::Seq)
            }
            EventKind::MappingStart(style) => {
                (Content::Mapping(Vec::new()), style, Tag::Map)
            }
            EventKind::Scalar(text, style) => {
                let tag = self.implicit_tag(&text, style);
                (Content::Scalar(text), style, tag)
            }
            _ => (Content::Scalar(EcoString::new()), Style::Plain, Tag::Null),
        };
        let tag = self.explicit_tag(&mut meta).unwrap_or(default);
        let meta = meta.filter(|meta| **meta != Meta::default());
        let origin = OriginId::NONE;
        Node { content, span, origin, line, tag, style, untagged: false, meta }
    }

    /// The tag that the text has, brought to its short form.
    fn explicit_tag(&self, meta: &mut Option<Box<Meta>>) -> Option<Tag> {
        let tag = &mut meta.as_mut()?.tag;
        let text = tag.as_ref()?;
        if text == "!" && self.dialect == Dialect::V3 {
            *tag = None;
            return None;
        }
        let short: EcoString = match text.strip_prefix(LONG_TAG) {
            Some(name) => format!("!!{name}").into(),
            None => text.clone(),
        };
        let known = Tag::from_short(&short);
        *tag = Some(short);
        Some(known)
    }

    fn implicit_tag(&self, text: &str, style: Style) -> Tag {
        match style {
            Style::Plain if text == "<<" => Tag::Merge,
            Style::Plain => resolve(text, self.dialect, true).tag(),
            _ => Tag::Str,
        }
    }

    /// Adds a complete node to what is open.
    fn add(&mut self, mut node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return;
        };
        // An empty node may stand at the end of its block, which v3 moves back.
        let after = open.key.as_ref().map_or(open.node.span.start, |key| key.span.end);
        node.span.start = node.span.start.max(after);
        node.span.end = node.span.end.max(node.span.start);
        open.node.span.end = open.node.span.end.max(node.span.end);
        let block = open.node.style == Style::Block;
        match &open.node.content {
            Content::Sequence(_) => self.items.push(node),
            Content::Mapping(_) => match open.key.take() {
                Some(mut key) => {
                    // A value's foot is kept with its key.
                    if foot(&key).is_empty() && !foot(&node).is_empty() {
                        let text = std::mem::take(&mut node.meta_mut().foot_comment);
                        key.meta_mut().foot_comment = text;
                    }
                    self.entries.push((key, node));
                }
                None => {
                    if block
                        && !foot(&node).is_empty()
                        && let Some((before, _)) = last(&mut self.entries, open.first)
                    {
                        // On a dedent it is the foot of what came before.
                        let text = std::mem::take(&mut node.meta_mut().foot_comment);
                        before.meta_mut().foot_comment = text;
                    }
                    open.key = Some(node);
                }
            },
            Content::Scalar(_) | Content::Alias(_) => {}
        }
    }

    fn close_at(&mut self, mut open: Open, event: Event) {
        let flow = open.node.style == Style::Flow;
        if flow {
            open.node.span.end = open.node.span.end.max(event.to);
        }
        if event.meta.is_some() || open.node.meta.is_some() {
            let end = event.meta.unwrap_or_default();
            let meta = open.node.meta_mut();
            meta.line_comment = end.line_comment;
            meta.foot_comment = end.foot_comment;
            let foot = meta.foot_comment.clone();
            if !flow
                && !foot.is_empty()
                && open.node.kind() == Kind::Mapping
                && let Some((last, _)) = last(&mut self.entries, open.first)
            {
                last.meta_mut().foot_comment = foot;
                open.node.meta_mut().foot_comment = EcoString::new();
            }
            open.node.meta = open.node.meta.filter(|meta| **meta != Meta::default());
        }
        self.close(open);
    }

    fn close(&mut self, mut open: Open) {
        if let Some(key) = open.key.take() {
            let at = Span { start: key.span.end, ..key.span };
            let empty = Content::Scalar(EcoString::new());
            self.entries.push((key, Node { content: empty, ..Node::null() }.at(at)));
        }
        match &mut open.node.content {
            Content::Sequence(items) => *items = self.items.drain(open.first..).collect(),
            Content::Mapping(entries) => {
                *entries = self.entries.drain(open.first..).collect();
            }
            Content::Scalar(_) | Content::Alias(_) => {}
        }
        self.add(open.node);
    }
}

/// The last entry of the collection whose entries begin at `first`.
fn last<T>(entries: &mut [T], first: usize) -> Option<&mut T> {
    entries.get_mut(first..)?.last_mut()
}

fn foot(node: &Node) -> &str {
    node.meta.as_ref().map_or("", |meta| &meta.foot_comment)
}
