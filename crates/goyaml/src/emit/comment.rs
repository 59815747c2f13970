//! Comments while nodes are written: those that wait, and how they are written.

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

    /// Writes the foot of the key before, and the head. (`yaml_emitter_process_head_comment`)
    pub(super) fn write_head(&mut self, out: &mut Writer) {
        if !self.tail.is_empty() {
            out.write_indent();
            out.write_comment(&std::mem::take(&mut self.tail));
            out.foot_indent = Some(out.indent.max(0));
        }
        if !self.head.is_empty() {
            out.write_indent();
            out.write_comment(&std::mem::take(&mut self.head));
        }
    }

    /// Writes the line comment. (`yaml_emitter_process_line_comment`)
    pub(super) fn write_line(&mut self, out: &mut Writer) {
        if !self.line.is_empty() {
            let _start = out.space_then_here();
            out.write_comment(&std::mem::take(&mut self.line));
        }
    }

    /// Writes the foot. (`yaml_emitter_process_foot_comment`)
    pub(super) fn write_foot(&mut self, out: &mut Writer) {
        if !self.foot.is_empty() {
            out.write_indent();
            out.write_comment(&std::mem::take(&mut self.foot));
            out.foot_indent = Some(out.indent.max(0));
        }
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
