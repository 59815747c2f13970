//! The syntax tree. It prints itself as Go's does, because error texts quote it.
//! (text/template/parse: `node.go`)

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use source::{FileId, Mark, OriginId, Span};

use super::number::Number;
use crate::Func;
use crate::fmt::quote;
use crate::sorted::Hint;

/// The body of a template: of a file, or of a define.
#[derive(Debug)]
pub(crate) struct Tree {
    /// Its name.
    pub(crate) name: Arc<str>,
    /// The text that it stands in.
    pub(crate) source: Arc<Source>,
    /// Its nodes. They hold ranges of the source, not the source: equal texts share them.
    pub(crate) root: Arc<[Node]>,
}

/// A text that was parsed.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its name: the path of a file.
    pub(crate) name: Arc<str>,
    /// The text.
    pub(crate) text: Arc<[u8]>,
    /// Its file of the source map.
    pub(crate) file: FileId,
    /// The place that stands for all of it, if it is no file but was given to `tpl`.
    pub(crate) at: Option<Span>,
    /// Where its text came from, if it was made at run time.
    pub(crate) origin: OriginId,
    /// The parts of such a text, if it has several origins.
    pub(crate) marks: Vec<Mark>,
    /// The lines of such a text, if it is one value's.
    pub(crate) lines: Option<Lines>,
}

/// The lines of a text that was made at run time.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Where the first came from; [`OriginId::after`] gives where the others did.
    pub(crate) first: OriginId,
    /// Where each line starts.
    pub(crate) starts: Vec<u32>,
}

impl Lines {
    /// The parts of a range, a line or a part of one each, and where they came from.
    pub(crate) fn of(&self, range: Range) -> impl Iterator<Item = (Range, OriginId)> {
        let from = self.starts.partition_point(|start| *start <= range.start).max(1) - 1;
        let lines = self.starts.get(from..).unwrap_or(&[]).iter().enumerate();
        lines.take_while(move |(_, start)| **start < range.end).map(move |(n, start)| {
            let next = self.starts.get(from + n + 1).copied().unwrap_or(u32::MAX);
            let part = Range { start: range.start.max(*start), end: range.end.min(next) };
            (part, self.first.after(from + n))
        })
    }
}

impl Source {
    /// The span of a range.
    pub(crate) fn span(&self, range: Range) -> Span {
        let own = Span { file: self.file, start: range.start, end: range.end };
        self.at.unwrap_or(own)
    }

    /// The text of a range.
    pub(crate) fn get(&self, range: Range) -> &[u8] {
        self.text.get(range.start as usize..range.end as usize).unwrap_or(&[])
    }

    /// Line and column as Go counts them: the column from 0. (`ErrorContext`)
    pub(crate) fn line_column(&self, pos: u32) -> (usize, usize) {
        let before = self.text.get(..pos as usize).unwrap_or(&[]);
        let lines = before.iter().filter(|b| **b == b'\n').count();
        let column = before.iter().rev().take_while(|b| **b != b'\n').count();
        (lines + 1, column)
    }
}

/// A range of bytes of a [`Source`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Range {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// One piece of a template. Comments leave no node.
///
/// A chart has a hundred thousand: what is larger than a range stands apart, and lists are
/// boxes without room for more.
#[derive(Debug)]
pub(crate) enum Node {
    /// `text`
    Text(Range),
    /// `{{ .x }}`
    Action(Box<Action>),
    /// `{{ if .x }}…{{ else }}…{{ end }}`
    If(Box<Branch>),
    /// `{{ with .x }}…{{ else }}…{{ end }}`
    With(Box<Branch>),
    /// `{{ range .x }}…{{ else }}…{{ end }}`
    Range(Box<Branch>),
    /// `{{ template "name" .x }}`
    Template(Box<Template>),
    /// `{{ break }}`
    Break,
    /// `{{ continue }}`
    Continue,
}

impl Node {
    /// The last byte of the source that it is known to reach; `{{ end }}` is not counted.
    pub(crate) fn end(&self) -> u32 {
        match self {
            Node::Text(range) => range.end,
            Node::Action(action) => action.range.end,
            Node::Template(template) => template.range.end,
            Node::If(branch) | Node::With(branch) | Node::Range(branch) => {
                let last = branch.else_list.as_ref().unwrap_or(&branch.list).last();
                last.map_or(branch.range.end, Node::end)
            }
            Node::Break | Node::Continue => 0,
        }
    }
}

/// `{{ .x }}`
#[derive(Debug)]
pub(crate) struct Action {
    /// Where errors point.
    pub(crate) pos: u32,
    /// All of it, delimiters included.
    pub(crate) range: Range,
    pub(crate) pipe: Pipe,
}

/// An `if`, `with` or `range`.
#[derive(Debug)]
pub(crate) struct Branch {
    /// The action that opens it, delimiters included.
    pub(crate) range: Range,
    pub(crate) pipe: Pipe,
    pub(crate) list: Box<[Node]>,
    pub(crate) else_list: Option<Box<[Node]>>,
    /// The variables that are assigned in one list or the other, the first of them.
    pub(crate) assigned: Box<[EcoString]>,
}

/// Of so many variables it is told that a branch could have assigned them: each branch around
/// would repeat more.
const MOST_ASSIGNED: usize = 16;

impl Branch {
    /// The variables that nodes assign.
    pub(crate) fn assigned<'n>(
        nodes: impl Iterator<Item = &'n Node>,
    ) -> Box<[EcoString]> {
        let mut names: Vec<EcoString> = Vec::new();
        for node in nodes {
            let (own, below): (&[Variable], &[EcoString]) = match node {
                Node::Action(action) if action.pipe.assigns => (&action.pipe.decl, &[]),
                Node::If(inner) | Node::With(inner) | Node::Range(inner) => {
                    (&[], &inner.assigned)
                }
                _ => continue,
            };
            for name in own.iter().map(|variable| &variable.name).chain(below) {
                if names.len() < MOST_ASSIGNED && !names.contains(name) {
                    names.push(name.clone());
                }
            }
        }
        names.into()
    }
}

/// `{{ template "name" .x }}`, and the call that a `block` leaves.
#[derive(Debug)]
pub(crate) struct Template {
    /// Where errors point.
    pub(crate) pos: u32,
    /// All of it, delimiters included.
    pub(crate) range: Range,
    pub(crate) name: EcoString,
    pub(crate) pipe: Option<Pipe>,
}

/// `$x := .a | f`
#[derive(Debug)]
pub(crate) struct Pipe {
    pub(crate) range: Range,
    /// Are the variables assigned, not declared?
    pub(crate) assigns: bool,
    pub(crate) decl: Box<[Variable]>,
    pub(crate) cmds: Box<[Command]>,
}

/// `f .a "b"`; the first argument is what is called.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) range: Range,
    pub(crate) args: Box<[Expr]>,
}

/// `$x`, a variable being declared or assigned.
#[derive(Debug)]
pub(crate) struct Variable {
    pub(crate) name: EcoString,
}

/// `.a`, one of a chain.
#[derive(Debug)]
pub(crate) struct Name {
    pub(crate) text: EcoString,
    /// Where maps had it last.
    pub(crate) hint: Hint,
}

/// An operand.
#[derive(Debug)]
pub(crate) struct Expr {
    /// Where errors point: at the second name of a chain `.a.b`, for instance.
    pub(crate) pos: u32,
    pub(crate) range: Range,
    pub(crate) kind: ExprKind,
}

/// What an operand is.
#[derive(Debug)]
pub(crate) enum ExprKind {
    /// `.`
    Dot,
    /// `nil`
    Nil,
    /// `true`
    Bool(bool),
    /// `0x10`, with its text.
    Number(Box<Number>),
    /// `"text"`, as written and as meant.
    Str { quoted: EcoString, text: Arc<[u8]> },
    /// `.a.b`
    Field(Box<[Name]>),
    /// `$x.a.b`
    Variable { name: EcoString, fields: Box<[Name]> },
    /// `printf`
    Identifier(&'static Func),
    /// `(.x | f).a.b`
    Chain { node: Box<Expr>, fields: Box<[Name]> },
    /// `(.x | f)`
    Pipe(Box<Pipe>),
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Node::Action(action) => write!(f, "{{{{{}}}}}", action.pipe),
            Node::Template(template) => {
                write!(f, "{{{{template {}", quote(template.name.as_bytes()))?;
                if let Some(pipe) = &template.pipe {
                    write!(f, " {pipe}")?;
                }
                f.write_str("}}")
            }
            // No error is ever reported at any other node.
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Pipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, variable) in self.decl.iter().enumerate() {
            write!(f, "{}{}", if i > 0 { ", " } else { "" }, variable.name)?;
        }
        if !self.decl.is_empty() {
            f.write_str(if self.assigns { " = " } else { " := " })?;
        }
        for (i, command) in self.cmds.iter().enumerate() {
            write!(f, "{}{command}", if i > 0 { " | " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, arg) in self.args.iter().enumerate() {
            let space = if i > 0 { " " } else { "" };
            match &arg.kind {
                ExprKind::Pipe(pipe) => write!(f, "{space}({pipe})")?,
                _ => write!(f, "{space}{arg}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dotted = |f: &mut fmt::Formatter<'_>, fields: &[Name]| {
            fields.iter().try_for_each(|field| write!(f, ".{}", field.text))
        };
        match &self.kind {
            ExprKind::Dot => f.write_str("."),
            ExprKind::Nil => f.write_str("nil"),
            ExprKind::Bool(b) => write!(f, "{b}"),
            ExprKind::Number(number) => f.write_str(&number.text),
            ExprKind::Str { quoted, .. } => f.write_str(quoted),
            ExprKind::Field(fields) => dotted(f, fields),
            ExprKind::Variable { name, fields } => {
                f.write_str(name)?;
                dotted(f, fields)
            }
            ExprKind::Identifier(func) => f.write_str(func.name),
            ExprKind::Chain { node, fields } => {
                match &node.kind {
                    ExprKind::Pipe(pipe) => write!(f, "({pipe})")?,
                    _ => write!(f, "{node}")?,
                }
                dotted(f, fields)
            }
            ExprKind::Pipe(pipe) => pipe.fmt(f),
        }
    }
}

/// Is there nothing here but space? (text/template/parse: `IsEmptyTree`)
pub(crate) fn is_empty(nodes: &[Node], source: &Source) -> bool {
    nodes.iter().all(|node| match node {
        Node::Text(range) => {
            let text = source.get(*range).trim_ascii_start();
            // Most texts show here that they hold more.
            let graphic = text.first().is_some_and(u8::is_ascii_graphic);
            !graphic && String::from_utf8_lossy(text).chars().all(char::is_whitespace)
        }
        _ => false,
    })
}
