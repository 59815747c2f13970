//! [`State`]: the execution of one template.

use source::{FrameKind, Mark, OriginId, Span};

use super::Executor;
use super::reasons::copy_marks;
use crate::fmt::print_indirect;
use crate::limits::{GO_DEPTH, MAX_RECORDS};
use crate::marks::{narrow, shifted, slice_marks};
use crate::parse::{Action, Command, Expr, Node, Pipe, Range, Template, Tree};
use crate::{Clues, Data, Error, Executing, FuncError, Value};

pub(super) type Exec<T> = Result<T, Box<Error>>;

/// The execution of one template: its variables, and where it stands.
pub(super) struct State<'e, 't> {
    pub(super) exec: &'e mut Executor,
    pub(super) tree: &'t Tree,
    pub(super) vars: Vec<(&'t str, Value)>,
    /// What was touched last: errors point at it, as Go's do.
    pub(super) at: At<'t>,
}

/// A node that an error can point at.
#[derive(Clone, Copy)]
pub(super) enum At<'t> {
    Start,
    Action(&'t Action, &'t Node),
    Template(&'t Template, &'t Node),
    Pipe(&'t Pipe),
    Command(&'t Command),
    Expr(&'t Expr),
}

/// How a list of nodes was left.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// At its end.
    Next,
    /// By `{{ break }}`.
    Break,
    /// By `{{ continue }}`.
    Continue,
}

impl<'t> At<'t> {
    fn place(self) -> (u32, Range) {
        match self {
            At::Start => (0, Range { start: 0, end: 0 }),
            At::Action(action, _) => (action.pos, action.range),
            At::Template(template, _) => (template.pos, template.range),
            At::Pipe(pipe) => (pipe.range.start, pipe.range),
            At::Command(command) => (command.range.start, command.range),
            At::Expr(expr) => (expr.pos, expr.range),
        }
    }

    fn context(self) -> String {
        match self {
            At::Start => String::new(),
            At::Action(_, node) | At::Template(_, node) => node.to_string(),
            At::Pipe(pipe) => pipe.to_string(),
            At::Command(command) => command.to_string(),
            At::Expr(expr) => expr.to_string(),
        }
    }
}

impl<'e, 't> State<'e, 't> {
    pub(super) fn new(
        exec: &'e mut Executor,
        tree: &'t Tree,
        dot: &Value,
    ) -> State<'e, 't> {
        State { exec, tree, vars: vec![("$", dot.clone())], at: At::Start }
    }

    /// An error at the node that was touched last.
    pub(super) fn fail(&self, message: impl Into<String>) -> Box<Error> {
        let (pos, range) = self.at.place();
        let source = &self.tree.source;
        let (line, column) = source.line_column(pos);
        Box::new(Error {
            name: source.name.clone(),
            line,
            executing: Some(Executing {
                template: self.tree.name.clone(),
                column,
                context: self.at.context(),
            }),
            message: message.into(),
            span: source.span(range),
            origin: OriginId::NONE,
            within: Vec::new(),
            cause: None,
            clues: Clues { conditions: self.exec.deciding(), ..Clues::default() },
        })
    }

    /// An error about a value.
    pub(super) fn fail_of(
        &self,
        value: &Value,
        message: impl Into<String>,
    ) -> Box<Error> {
        let mut error = self.fail(message);
        error.origin = value.origins().find(|o| !o.is_none()).unwrap_or_default();
        error
    }

    /// The error of a function.
    pub(super) fn fail_func(&self, name: &str, error: FuncError) -> Box<Error> {
        let mut outer = self.fail(format!("error calling {name}: {}", error.text));
        outer.cause = error.cause;
        outer.origin = error.origin;
        outer
    }

    pub(super) fn span_of_at(&self) -> Span {
        self.tree.source.span(self.at.place().1)
    }

    /// The error of a template inside too many others.
    pub(super) fn too_deep(&self, max: usize) -> Box<Error> {
        self.fail(format!("exceeded maximum template depth ({max})"))
    }

    /// Counts one step against the limit.
    pub(super) fn step(&mut self) -> Exec<()> {
        self.exec.steps += 1;
        if self.exec.steps > self.exec.limits.steps {
            let max = self.exec.limits.steps;
            return Err(self.fail(format!("template takes more than {max} steps")));
        }
        if self.exec.records() > MAX_RECORDS {
            let words = format!(
                "template makes more than {MAX_RECORDS} records of what came from where"
            );
            return Err(self.fail(words));
        }
        Ok(())
    }

    pub(super) fn walk_root(mut self, dot: &Value) -> Exec<()> {
        let tree = self.tree;
        self.walk(dot, &tree.root).map(|_| ())
    }

    pub(super) fn walk(&mut self, dot: &Value, nodes: &'t [Node]) -> Exec<Flow> {
        if !self.exec.stack.has_room() {
            return Err(self.too_deep(self.exec.depth()));
        }
        for node in nodes {
            self.step()?;
            let flow = match node {
                Node::Text(range) => {
                    self.text(*range)?;
                    Flow::Next
                }
                Node::Action(action) => {
                    self.action(dot, action, node)?;
                    Flow::Next
                }
                Node::If(branch) => self.if_or_with(dot, branch, FrameKind::If)?,
                Node::With(branch) => self.if_or_with(dot, branch, FrameKind::With)?,
                Node::Range(branch) => self.range(dot, branch)?,
                Node::Template(template) => {
                    self.template(dot, template, node)?;
                    Flow::Next
                }
                Node::Break => Flow::Break,
                Node::Continue => Flow::Continue,
            };
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn action(&mut self, dot: &Value, action: &'t Action, node: &'t Node) -> Exec<()> {
        self.at = At::Action(action, node);
        let value = self.pipeline(dot, &action.pipe)?;
        if action.pipe.decl.is_empty() {
            self.at = At::Action(action, node);
            self.print(&value, action.range)?;
        }
        Ok(())
    }

    fn template(
        &mut self,
        dot: &Value,
        template: &'t Template,
        node: &'t Node,
    ) -> Exec<()> {
        self.at = At::Template(template, node);
        let Some(tree) = self.exec.set.lookup(&template.name).cloned() else {
            let name = crate::fmt::quote(template.name.as_bytes());
            let mut error = self.fail(format!("template {name} not defined"));
            error.clues.similar = self.exec.set.similar(&template.name);
            return Err(error);
        };
        if self.exec.too_deep() {
            return Err(self.too_deep(GO_DEPTH));
        }
        let dot = match &template.pipe {
            Some(pipe) => self.pipeline(dot, pipe)?,
            None => Value::NIL,
        };
        let span = self.tree.source.span(template.range);
        let outer = self.exec.push_frame(FrameKind::Include, span, OriginId::NONE);
        let done = self.exec.run(&tree, &dot);
        self.exec.frame = outer;
        done.map_err(|mut error| {
            error.within.push(span);
            error
        })
    }

    fn text(&mut self, range: Range) -> Exec<()> {
        let source = &self.tree.source;
        let bytes = source.get(range);
        let out = &mut self.exec.out;
        let start = narrow(out.text.len());
        out.text.extend_from_slice(bytes);
        let (frame, at) = (self.exec.frame, source.span(range));
        if let Some(lines) = &source.lines {
            out.marks.extend(lines.of(range).map(|(part, origin)| {
                let from = start + (part.start - range.start);
                let end = from + (part.end - part.start);
                Mark { start: from, end, origin, frame, at }
            }));
        } else if source.marks.is_empty() {
            let end = narrow(out.text.len());
            out.marks.push(Mark { start, end, origin: source.origin, frame, at });
        } else {
            let range = range.start as usize..range.end as usize;
            let own = slice_marks(&source.marks, range);
            out.marks.extend(own.iter().map(|mark| shifted(mark, start)));
        }
        self.check_output()
    }

    fn check_output(&self) -> Exec<()> {
        let max = self.exec.limits.output;
        if self.exec.written + self.exec.out.size() > max {
            return Err(self.fail(format!("template prints more than {max} bytes")));
        }
        Ok(())
    }

    /// Prints a value, and marks where it came from. (`printValue`)
    fn print(&mut self, value: &Value, range: Range) -> Exec<()> {
        if let Data::Func(func) = &value.data {
            let context = self.at.context();
            let message = format!("can't print {context} of type {}", func.signature);
            return Err(self.fail(message));
        }
        self.exec.look_whole(value);
        let out = &mut self.exec.out;
        let start = narrow(out.text.len());
        match &value.data {
            Data::Nil => out.text.extend_from_slice(b"<no value>"),
            Data::Str(text) => out.text.extend_from_slice(text.as_bytes()),
            _ => print_indirect(&mut out.text, value),
        }
        let marks = value.marks();
        if marks.is_empty() {
            let end = narrow(out.text.len());
            let at = self.tree.source.span(range);
            let mark =
                Mark { start, end, origin: value.origin, frame: self.exec.frame, at };
            if start < end {
                out.marks.push(mark);
            } else if !value.origin.is_none() {
                self.exec.skip(at, value.origin);
            }
        } else {
            let at = self.tree.source.span(range);
            let own = Mark {
                start,
                end: start,
                origin: OriginId::NONE,
                frame: self.exec.frame,
                at,
            };
            let end = narrow(out.text.len());
            copy_marks(self.exec, marks, own, end);
        }
        self.check_output()
    }
}
