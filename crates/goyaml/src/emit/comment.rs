//! Comments while nodes are written: those that wait, and how they are written.

use super::node::NodeWriter;
use super::writer::Writer;
use crate::chars::is_break;
use crate::{Kind, Node};

/// Comments that some step is yet to write.
#[derive(Debug, Default)]
pub(super) struct Comments {
    pub(super) head: String,
    pub(super) line: String,
    pub(super) foot: String,
    /// The foot of the key before.
    tail: String,
    /// The line comment of a key.
    pub(super) key_line: String,
}

impl Comments {
    /// Takes the comments that come with a scalar, or with the start of a collection.
    pub(super) fn start(&mut self, node: &Node) {
        let Some(meta) = &node.meta else { return };
        replace(&mut self.head, &meta.head_comment);
        if !matches!(node.kind(), Kind::Sequence | Kind::Mapping) {
            replace(&mut self.line, &meta.line_comment);
            replace(&mut self.foot, &meta.foot_comment);
        }
    }

    /// Takes the comments of a key; its foot comes after its value, as the next key's tail.
    pub(super) fn start_key(&mut self, key: &Node, tail: &str) {
        replace(&mut self.tail, tail);
        let Some(meta) = &key.meta else { return };
        replace(&mut self.head, &meta.head_comment);
        if !matches!(key.kind(), Kind::Sequence | Kind::Mapping) {
            replace(&mut self.line, &meta.line_comment);
        }
    }

    /// Takes the comments that come with the end of a collection.
    pub(super) fn end(&mut self, node: &Node, tail: &str) {
        replace(&mut self.tail, tail);
        let Some(meta) = &node.meta else { return };
        replace(&mut self.line, &meta.line_comment);
        replace(&mut self.foot, &meta.foot_comment);
    }

    pub(super) fn has_trailing(&self) -> bool {
        !(self.line.is_empty() && self.foot.is_empty() && self.tail.is_empty())
    }

    pub(super) fn has_end_of_flow(&self) -> bool {
        !(self.head.is_empty() && self.foot.is_empty() && self.tail.is_empty())
    }
}

fn replace(waiting: &mut String, text: &str) {
    if !text.is_empty() {
        text.clone_into(waiting);
    }
}

impl NodeWriter {
    pub(super) fn process_head(&mut self) {
        if !self.comments.tail.is_empty() {
            self.out.write_indent();
            self.out.write_comment(&std::mem::take(&mut self.comments.tail));
            self.out.foot_indent = Some(self.out.indent.max(0));
        }
        if !self.comments.head.is_empty() {
            self.out.write_indent();
            self.out.write_comment(&std::mem::take(&mut self.comments.head));
        }
    }

    pub(super) fn process_line(&mut self) {
        if !self.comments.line.is_empty() {
            let _start = self.out.space_then_here();
            self.out.write_comment(&std::mem::take(&mut self.comments.line));
        }
    }

    pub(super) fn process_foot(&mut self) {
        if !self.comments.foot.is_empty() {
            self.out.write_indent();
            self.out.write_comment(&std::mem::take(&mut self.comments.foot));
            self.out.foot_indent = Some(self.out.indent.max(0));
        }
    }
}

impl Writer {
    /// Writes a comment and ends its line; adds `# ` where it is missing.
    pub(super) fn write_comment(&mut self, comment: &str) {
        let (mut broken, mut pound) = (false, false);
        for c in comment.chars() {
            if is_break(c) {
                self.write_break(c);
                (broken, pound) = (true, false);
                continue;
            }
            if broken {
                self.write_indent();
            }
            if !pound && c != '#' {
                self.put_ascii("# ");
            }
            self.put(c);
            self.indention = false;
            (broken, pound) = (false, true);
        }
        if !broken {
            self.put_break();
        }
        self.set_whitespace();
    }
}
