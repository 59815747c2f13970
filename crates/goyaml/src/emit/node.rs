//! Writing nodes as go-yaml v3's encoder does: styles, tags, anchors and comments kept.
//!
//! The order in which comments are taken and written is upstream's, event by event
//! (`emitterc.go` of v3): a comment waits in [`NodeWriter`] until a step writes it.

use super::Format;
use super::comment::Comments;
use super::style::{Analysis, ScalarStyle};
use super::writer::Writer;
use crate::resolve::resolve;
use crate::{Content, Dialect, Document, Kind, Node, Style, Tag};

/// Writes a node as kyaml's `String` does: styles and comments stay, two columns of
/// indentation, sequences not indented.
#[must_use]
pub fn node_to_yaml(node: &Node) -> String {
    NodeWriter::new().document(node, "", "")
}

/// Writes a document as [`node_to_yaml`] does, with the comments around it.
#[must_use]
pub fn document_to_yaml(document: &Document) -> String {
    let (head, foot) = (&document.head_comment, &document.foot_comment);
    NodeWriter::new().document(&document.root, head, foot)
}

/// What a node stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Parent {
    Root,
    BlockSequence,
    FlowSequence,
    Key,
    Value,
}

pub(super) struct NodeWriter {
    pub(super) out: Writer,
    pub(super) comments: Comments,
    flow_level: usize,
}

impl NodeWriter {
    fn new() -> NodeWriter {
        let out = Writer::new(Format::Kyaml);
        NodeWriter { out, comments: Comments::default(), flow_level: 0 }
    }

    fn document(mut self, root: &Node, head: &str, foot: &str) -> String {
        if !head.is_empty() {
            self.comments.head = head.into();
            self.comments.write_head(&mut self.out);
            self.out.put_break();
        }
        self.comments.start(root);
        self.comments.write_head(&mut self.out);
        self.node(root, Parent::Root, false);
        self.comments.write_line(&mut self.out);
        self.comments.write_foot(&mut self.out);
        self.body(root, Parent::Root);
        if !foot.is_empty() {
            self.comments.foot = foot.into();
        }
        self.out.foot_indent = Some(0);
        self.comments.write_foot(&mut self.out);
        self.out.foot_indent = None;
        self.out.indent = 0;
        self.out.write_indent();
        self.out.text
    }

    /// A scalar or alias; of a collection what stands before its entries.
    fn node(&mut self, node: &Node, parent: Parent, simple_key: bool) {
        if let Content::Alias(name) = &node.content {
            self.out.write_word(&format!("*{name}"));
            return;
        }
        if let Some(anchor) = node.anchor() {
            self.out.write_word(&format!("&{anchor}"));
        }
        let (tag, forced) = written_tag(node);
        if let Some(tag) = tag {
            self.out.write_word(&tag_text(tag));
        }
        if let Content::Scalar(text) = &node.content {
            let style = wanted_style(node, text, forced);
            self.scalar(text, style, parent, simple_key);
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        parent: Parent,
        simple_key: bool,
    ) {
        let analysis = Analysis::of(text, Dialect::V3);
        let style = match self.flow_level {
            0 => analysis.select(text, style, simple_key),
            _ => analysis.select_flow(text, style),
        };
        if style == ScalarStyle::Plain && text.is_empty() {
            self.out.indention = false;
            return;
        }
        let outer = self.out.indent;
        self.out.increase_scalar_indent(parent == Parent::BlockSequence);
        self.out.header_comment = match style {
            ScalarStyle::Literal | ScalarStyle::Folded => {
                std::mem::take(&mut self.comments.line)
            }
            _ => String::new(),
        };
        let _start = self.out.space_then_here();
        self.out.write_scalar(text, style, !simple_key);
        self.out.indent = outer;
    }

    /// The entries of a collection.
    fn body(&mut self, node: &Node, parent: Parent) {
        let flow = self.flow_level > 0 || node.style == Style::Flow;
        match &node.content {
            Content::Scalar(_) | Content::Alias(_) => {}
            Content::Sequence(items) if flow || items.is_empty() => {
                self.flow_sequence(node, items, parent);
            }
            Content::Sequence(items) => self.block_sequence(node, items, parent),
            Content::Mapping(entries) if flow || entries.is_empty() => {
                self.flow_mapping(node, entries, parent);
            }
            Content::Mapping(entries) => self.block_mapping(node, entries, parent),
        }
    }

    fn block_sequence(&mut self, node: &Node, items: &[Node], parent: Parent) {
        let outer = self.out.indent;
        let in_mapping = matches!(parent, Parent::Key | Parent::Value);
        self.out.increase_indent(parent == Parent::BlockSequence, in_mapping);
        for item in items {
            self.comments.start(item);
            self.comments.write_head(&mut self.out);
            self.out.write_indent();
            self.out.write_block_indicator('-');
            self.node(item, Parent::BlockSequence, false);
            self.comments.write_line(&mut self.out);
            self.comments.write_foot(&mut self.out);
            self.body(item, Parent::BlockSequence);
        }
        self.end(node, "", parent);
        self.out.indent = outer;
    }

    fn block_mapping(&mut self, node: &Node, entries: &[(Node, Node)], parent: Parent) {
        let outer = self.out.indent;
        self.out.increase_indent(parent == Parent::BlockSequence, false);
        let mut tail = "";
        for (key, value) in entries {
            self.comments.start_key(key, tail);
            tail = foot(key);
            self.comments.write_head(&mut self.out);
            self.out.write_indent();
            if !self.comments.line.is_empty() {
                self.comments.key_line = std::mem::take(&mut self.comments.line);
            }
            let simple = is_simple_key(key);
            if !simple {
                self.out.write_block_indicator('?');
            }
            self.node(key, Parent::Key, simple);
            self.body(key, Parent::Key);
            self.comments.start(value);
            if simple {
                self.out.write_indicator(":");
            } else {
                self.out.write_indent();
                self.out.write_block_indicator(':');
            }
            self.key_line_comment(value);
            self.node(value, Parent::Value, false);
            self.comments.write_line(&mut self.out);
            self.comments.write_foot(&mut self.out);
            self.body(value, Parent::Value);
        }
        self.end(node, tail, parent);
        self.comments.write_head(&mut self.out);
        self.out.indent = outer;
    }

    /// A key's line comment goes behind its value, or behind its `:` if a block follows.
    fn key_line_comment(&mut self, value: &Node) {
        if self.comments.key_line.is_empty() {
            return;
        }
        match value.kind() {
            Kind::Scalar if self.comments.line.is_empty() => {
                self.comments.line = std::mem::take(&mut self.comments.key_line);
            }
            Kind::Sequence | Kind::Mapping if value.style != Style::Flow => {
                let Comments { line, key_line, .. } = &mut self.comments;
                std::mem::swap(line, key_line);
                self.comments.write_line(&mut self.out);
                let Comments { line, key_line, .. } = &mut self.comments;
                std::mem::swap(line, key_line);
            }
            _ => {}
        }
    }

    fn flow_sequence(&mut self, node: &Node, items: &[Node], parent: Parent) {
        let outer = self.open_flow("[", parent);
        let mut comma = false;
        for item in items {
            self.comments.start(item);
            self.separate_flow(comma);
            comma = !self.comments.has_trailing();
            self.node(item, Parent::FlowSequence, false);
            self.end_flow_item();
            self.body(item, Parent::FlowSequence);
        }
        self.end(node, "", parent);
        self.flow_level -= 1;
        self.out.indent = outer;
        if self.out.column == 0 {
            self.out.write_indent();
        }
        self.out.write_indicator("]");
        self.comments.write_line(&mut self.out);
        self.comments.write_foot(&mut self.out);
    }

    fn flow_mapping(&mut self, node: &Node, entries: &[(Node, Node)], parent: Parent) {
        let outer = self.open_flow("{", parent);
        let mut comma = false;
        let mut tail = "";
        for (key, value) in entries {
            self.comments.start_key(key, tail);
            tail = foot(key);
            self.separate_flow(comma);
            let simple = is_simple_key(key);
            if !simple {
                self.out.write_word("?");
            }
            self.node(key, Parent::Key, simple);
            self.body(key, Parent::Key);
            self.comments.start(value);
            match simple {
                true => self.out.write_indicator(":"),
                false => self.out.write_word(":"),
            }
            comma = !self.comments.has_trailing();
            self.node(value, Parent::Value, false);
            self.end_flow_item();
            self.body(value, Parent::Value);
        }
        self.end(node, tail, parent);
        if self.comments.has_end_of_flow() && comma {
            self.out.write_indicator(",");
        }
        self.comments.write_head(&mut self.out);
        self.flow_level -= 1;
        self.out.indent = outer;
        self.out.write_indicator("}");
        self.comments.write_line(&mut self.out);
        self.comments.write_foot(&mut self.out);
    }

    /// Takes the comments of a collection's end; a key's foot waits for its value.
    fn end(&mut self, node: &Node, tail: &str, parent: Parent) {
        let waiting = std::mem::take(&mut self.comments.foot);
        self.comments.end(node, tail);
        if parent == Parent::Key || self.comments.foot.is_empty() {
            self.comments.foot = waiting;
        }
    }

    fn open_flow(&mut self, bracket: &str, parent: Parent) -> i32 {
        let outer = self.out.indent;
        self.out.write_opening(bracket);
        self.out.increase_scalar_indent(parent == Parent::BlockSequence);
        self.flow_level += 1;
        outer
    }

    fn separate_flow(&mut self, comma: bool) {
        if comma {
            self.out.write_indicator(",");
        }
        self.comments.write_head(&mut self.out);
        if self.out.column == 0 {
            self.out.write_indent();
        }
    }

    fn end_flow_item(&mut self) {
        if self.comments.has_trailing() {
            self.out.write_indicator(",");
        }
        self.comments.write_line(&mut self.out);
        self.comments.write_foot(&mut self.out);
    }
}

fn foot(node: &Node) -> &str {
    node.meta.as_ref().map_or("", |meta| &meta.foot_comment)
}

/// Can the key stand before its `:` on one line?
fn is_simple_key(key: &Node) -> bool {
    let anchor = key.anchor().map_or(0, str::len);
    let tag = written_tag(key).0.map_or(0, str::len);
    let length = match &key.content {
        Content::Alias(name) => name.len(),
        Content::Scalar(text) if Analysis::of(text, Dialect::V3).multiline => {
            return false;
        }
        Content::Scalar(text) => text.len(),
        Content::Sequence(items) if items.is_empty() => 0,
        Content::Mapping(entries) if entries.is_empty() => 0,
        Content::Sequence(_) | Content::Mapping(_) => return false,
    };
    length + anchor + tag <= 128
}

/// The tag that is written, and whether the text must be quoted to stay a string.
fn written_tag(node: &Node) -> (Option<&str>, bool) {
    let tag = node.short_tag();
    if node.explicit_tag().is_some() {
        return (Some(tag), false);
    }
    match &node.content {
        _ if node.tag == Tag::Other || node.untagged => (None, false),
        Content::Alias(_) => (None, false),
        Content::Sequence(_) => (Some(tag).filter(|_| node.tag != Tag::Seq), false),
        Content::Mapping(_) => (Some(tag).filter(|_| node.tag != Tag::Map), false),
        Content::Scalar(text) => {
            let quoted = !matches!(node.style, Style::Plain | Style::Block | Style::Flow);
            if node.tag == Tag::Str && quoted {
                return (None, false);
            }
            let resolved = resolve(text, Dialect::V3, true).tag();
            match node.tag {
                tag if tag == resolved => (None, false),
                Tag::Str => (None, true),
                _ => (Some(tag), false),
            }
        }
    }
}

/// `!!str` and `!custom` as they are, other tags as `!<…>`.
fn tag_text(tag: &str) -> String {
    let escaped = |text: &str| {
        let mut out = String::new();
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => out.push(char::from(byte)),
                b'-' | b';' | b'/' | b'?' | b':' | b'@' | b'&' | b'=' | b'+' | b'$'
                | b',' | b'_' | b'.' | b'~' | b'*' | b'\'' | b'(' | b')' | b'['
                | b']' => {
                    out.push(char::from(byte));
                }
                byte => out.push_str(&format!("%{byte:02X}")),
            }
        }
        out
    };
    if let Some(name) = tag.strip_prefix("!!") {
        return format!("!!{}", escaped(name));
    }
    match tag.strip_prefix('!') {
        Some(name) => format!("!{}", escaped(name)),
        None => format!("!<{}>", escaped(tag)),
    }
}

fn wanted_style(node: &Node, text: &str, forced: bool) -> ScalarStyle {
    match node.style {
        Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
        Style::SingleQuoted => ScalarStyle::SingleQuoted,
        Style::Literal => ScalarStyle::Literal,
        Style::Folded => ScalarStyle::Folded,
        _ if text.contains('\n') => ScalarStyle::Literal,
        _ if forced => ScalarStyle::DoubleQuoted,
        _ => ScalarStyle::Plain,
    }
}

impl Analysis {
    /// The style that is used inside a flow collection.
    fn select_flow(&self, text: &str, style: ScalarStyle) -> ScalarStyle {
        let style = match style {
            ScalarStyle::Plain if text.is_empty() || !self.flow_plain => {
                ScalarStyle::SingleQuoted
            }
            style => style,
        };
        match style {
            ScalarStyle::SingleQuoted if !self.single_quoted => ScalarStyle::DoubleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => ScalarStyle::DoubleQuoted,
            style => style,
        }
    }
}
