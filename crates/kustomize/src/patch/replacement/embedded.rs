//! JSON and YAML inside of strings.
//! (upstream: `filters/replacement/replacement.go`, `setValueInStructuredData`, v5.8)

use ecow::EcoString;
use goyaml::{Content, Dialect, Html, Kind, Node, Style, Tag};
use source::FileId;

/// A document that was read from a string, with the comments around it.
pub(super) struct Embedded {
    /// The tree.
    pub(super) root: Node,
    head_comment: EcoString,
    foot_comment: EcoString,
}

/// The document in a string; the error says why it is none.
pub(super) fn parse(text: &str) -> Result<Embedded, String> {
    let (documents, faults) = goyaml::parse(text, FileId::NONE, Dialect::V3);
    let first = documents.into_iter().next();
    match first {
        Some(document) if faults.is_empty() => Ok(Embedded {
            root: document.root,
            head_comment: document.head_comment,
            foot_comment: document.foot_comment,
        }),
        _ if !faults.is_empty() => Err(goyaml::upstream_text(&faults)),
        _ => Err("wrong node kind: expected MappingNode but got nothing".into()),
    }
}

/// Writes a changed document back: as JSON if it was JSON, pretty if it was pretty.
pub(super) fn serialize(document: &Embedded, original: &str) -> Result<String, String> {
    if !original.trim_start().starts_with(['{', '[']) {
        let mut out = String::new();
        if !document.head_comment.is_empty() {
            write_comment(&mut out, &document.head_comment, 0);
            out.push('\n');
        }
        let below = !out.is_empty();
        write_block(&mut out, &document.root, 0, below);
        if !document.foot_comment.is_empty() {
            out.push('\n');
            write_comment(&mut out, &document.foot_comment, 0);
        }
        return Ok(out.trim().to_owned());
    }
    let value = goyaml::decode(&document.root, Dialect::V3)
        .map_err(|faults| goyaml::upstream_text(&faults))?;
    let json = match original.contains('\n') && original.contains("  ") {
        true => goyaml::to_json_indent(&value, Html::Escaped, "  "),
        false => goyaml::to_json(&value, Html::Escaped),
    };
    json.map_err(|fault| fault.upstream())
}

/// A node as kyaml prints it for a comparison: scalars with their quotes.
pub(super) fn scalar_text(node: &Node) -> String {
    match node.kind() {
        Kind::Scalar => spelt(node),
        _ => {
            let mut out = String::new();
            write_block(&mut out, node, 0, false);
            out.trim().to_owned()
        }
    }
}

/// A scalar in its own style, on one line.
fn spelt(node: &Node) -> String {
    let text = node.text().unwrap_or("");
    match node.style {
        Style::DoubleQuoted => double_quoted(text),
        Style::SingleQuoted => format!("'{}'", text.replace('\'', "''")),
        _ if node.tag == Tag::Str && !is_plain(text) => quoted(text),
        _ if node.tag != Node::scalar(text).tag && !node.tag.short().is_empty() => {
            match node.tag {
                Tag::Str => text.to_owned(),
                tag if text.is_empty() => tag.short().to_owned(),
                tag => format!("{} {text}", tag.short()),
            }
        }
        _ => text.to_owned(),
    }
}

fn quoted(text: &str) -> String {
    let value = goyaml::Value::new(text);
    let text = goyaml::to_yaml(&value, goyaml::Format::Kyaml).unwrap_or_default();
    text.trim_end_matches('\n').to_owned()
}

/// Is a string certainly written plain?
fn is_plain(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(inner)
        && Node::scalar(text).tag == Tag::Str
}

fn double_quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            c if c.is_control() => out.push_str(&format!("\\x{:02X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn write_block(out: &mut String, node: &Node, indent: usize, new_line: bool) {
    match &node.content {
        Content::Mapping(entries) if !entries.is_empty() && node.style != Style::Flow => {
            let mut fresh = !new_line;
            for (at, (key, value)) in entries.iter().enumerate() {
                begin_entry(out, head_comment(key), indent, &mut fresh);
                out.push_str(&spelt(key));
                out.push(':');
                write_line_comment_of_block(out, key, value);
                write_value(out, value, indent);
                end_entry(out, key, indent, at + 1 == entries.len());
            }
        }
        Content::Sequence(items) if !items.is_empty() && node.style != Style::Flow => {
            let mut fresh = !new_line;
            for (at, item) in items.iter().enumerate() {
                begin_entry(out, head_comment(item), indent, &mut fresh);
                out.push_str("- ");
                write_block(out, item, indent + 2, false);
                end_entry(out, item, indent, at + 1 == items.len());
            }
        }
        Content::Scalar(text) if text.is_empty() && is_text_block(node) => {
            out.push_str("\"\"");
        }
        Content::Scalar(text) if matches!(node.style, Style::Literal | Style::Folded) => {
            write_literal(out, text, indent, node.style);
        }
        Content::Scalar(text) if text.contains('\n') && node.style == Style::Plain => {
            write_literal(out, text, indent, Style::Literal);
        }
        _ => {
            write_flow(out, node, false);
            write_line_comment(out, node);
        }
    }
}

fn is_text_block(node: &Node) -> bool {
    matches!(node.style, Style::Literal | Style::Folded)
}

fn head_comment(node: &Node) -> &str {
    node.meta.as_ref().map_or("", |meta| meta.head_comment.as_str())
}

/// Starts the line of an entry, below its comment.
fn begin_entry(out: &mut String, comment: &str, indent: usize, fresh: &mut bool) {
    if !std::mem::take(fresh) {
        start_line(out, indent);
    }
    if !comment.is_empty() {
        write_comment(out, comment, indent);
        start_line(out, indent);
    }
}

/// Writes the comment below an entry; an empty line parts it from the next entry.
fn end_entry(out: &mut String, node: &Node, indent: usize, last: bool) {
    let comment = node.meta.as_ref().map_or("", |meta| meta.foot_comment.as_str());
    if comment.is_empty() {
        return;
    }
    start_line(out, indent);
    write_comment(out, comment, indent);
    if !last {
        out.push('\n');
    }
}

fn write_comment(out: &mut String, comment: &str, indent: usize) {
    for (at, line) in comment.lines().enumerate() {
        match (at, line.is_empty()) {
            (0, _) => {}
            (_, true) => out.push('\n'),
            (_, false) => start_line(out, indent),
        }
        out.push_str(line);
    }
}

fn write_line_comment(out: &mut String, node: &Node) {
    if let Some(meta) = node.meta.as_ref().filter(|meta| !meta.line_comment.is_empty()) {
        out.push(' ');
        out.push_str(&meta.line_comment);
    }
}

/// Writes the comment after the key of a block.
fn write_line_comment_of_block(out: &mut String, key: &Node, value: &Node) {
    let block = value.kind() != Kind::Scalar && value.style != Style::Flow;
    if block {
        write_line_comment(out, key);
    }
}

fn write_value(out: &mut String, value: &Node, indent: usize) {
    let block = value.style != Style::Flow;
    match &value.content {
        Content::Mapping(entries) if !entries.is_empty() && block => {
            write_block(out, value, indent + 2, true);
        }
        Content::Sequence(items) if !items.is_empty() && block => {
            write_block(out, value, indent, true);
        }
        Content::Scalar(text) if text.is_empty() && value.tag == Tag::Null => {
            write_line_comment(out, value);
        }
        _ => {
            out.push(' ');
            write_block(out, value, indent + 2, false);
        }
    }
}

fn start_line(out: &mut String, indent: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
}

fn write_literal(out: &mut String, text: &str, indent: usize, style: Style) {
    out.push(if style == Style::Folded { '>' } else { '|' });
    let body = text.trim_end_matches('\n');
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    let indent = indent.max(2);
    for line in body.split('\n') {
        match line.is_empty() {
            true => out.push('\n'),
            false => {
                start_line(out, indent);
                out.push_str(line);
            }
        }
        if style == Style::Folded {
            out.push('\n');
        }
    }
    for _ in body.len() + 1..text.len() {
        out.push('\n');
    }
}

/// Writes a node on one line; `inside` of brackets, or not.
fn write_flow(out: &mut String, node: &Node, inside: bool) {
    match &node.content {
        Content::Mapping(entries) => {
            out.push('{');
            for (at, (key, value)) in entries.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(&spelt(key));
                out.push_str(": ");
                write_flow(out, value, true);
            }
            out.push('}');
        }
        Content::Sequence(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                write_flow(out, item, true);
            }
            out.push(']');
        }
        Content::Scalar(text)
            if inside
                && node.style == Style::Plain
                && text.contains([':', '?', ',', '[', ']', '{', '}']) =>
        {
            // Inside of brackets go-yaml writes none of these plain.
            out.push('\'');
            out.push_str(&text.as_str().replace('\'', "''"));
            out.push('\'');
        }
        Content::Scalar(_) => out.push_str(&spelt(node)),
        Content::Alias(name) => {
            out.push('*');
            out.push_str(name);
        }
    }
}
