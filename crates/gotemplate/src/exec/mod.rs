//! [`Executor`]: the state of a render. The evaluator is in the files beside this one.

mod arg;
mod branch;
mod call;
mod clues;
mod eval;
mod field;
mod looks;
mod reasons;
mod state;

use std::any::Any;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use source::{Frame, FrameId, FrameKind, Mark, OriginId, Origins, Skipped, Span, Trace};

use crate::parse::{Lines, Source, Tree};
use crate::stack::Stack;
use crate::{Clues, Error, FuncError, Limits, Look, MissingKey, Str, TemplateSet, Value};
pub(crate) use field::zero;
use reasons::Reasons;
use state::State;

/// What it takes to execute a template apart: its output is kept and copied.
const STEPS_OF_INCLUDE: u64 = 4;

/// The room of an output that is larger is not kept for the next.
const MUCH: usize = 64 << 10;

/// What an execution printed.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The text.
    pub text: Vec<u8>,
    /// Where it came from: marks of the executor's [`Trace`], in order, without overlap.
    pub marks: Vec<Mark>,
}

impl Output {
    /// The bytes that it takes.
    fn size(&self) -> usize {
        self.text.len() + self.marks.len() * size_of::<Mark>()
    }
}

/// The state of a render: it executes any number of templates, one after the other.
pub struct Executor {
    set: Arc<TemplateSet>,
    host: Rc<dyn Any>,
    root_name: Arc<str>,
    missing_key: MissingKey,
    look: fn(&str) -> Look,
    limits: Limits,
    stack: Stack,
    origins: Origins,
    frames: Vec<Frame>,
    skipped: Vec<Skipped>,
    frame: FrameId,
    reasons: Reasons,
    /// How many templates of this execution are inside each other. (Go: `state.depth`)
    depth: usize,
    /// How many those of the executions around it are.
    around: usize,
    steps: u64,
    /// Bytes in large values that functions made.
    made: usize,
    /// Bytes in outputs other than the current one.
    written: usize,
    out: Output,
    /// What outputs were written to before, for the next.
    spare: Vec<Output>,
}

impl Executor {
    /// An executor of these templates that records origins in this arena.
    #[must_use]
    pub fn new(set: Arc<TemplateSet>, origins: Origins) -> Executor {
        let root = Frame {
            parent: FrameId(0),
            kind: FrameKind::File,
            span: Span::NONE,
            origin: OriginId::NONE,
        };
        Executor {
            set,
            host: Rc::new(()),
            root_name: Arc::from(""),
            missing_key: MissingKey::default(),
            look: crate::look::of_builtin,
            limits: Limits::default(),
            stack: Stack::here(),
            origins,
            frames: vec![root],
            skipped: Vec::new(),
            frame: FrameId(0),
            reasons: Reasons::default(),
            depth: 0,
            around: 0,
            steps: 0,
            made: 0,
            written: 0,
            out: Output::default(),
            spare: Vec::new(),
        }
    }

    /// Gives functions access to data of the host: [`Call::host`](crate::Call::host).
    #[must_use]
    pub fn with_host(mut self, host: Rc<dyn Any>) -> Executor {
        self.host = host;
        self
    }

    /// Sets what a missing map key is.
    #[must_use]
    pub fn with_missing_key(mut self, missing_key: MissingKey) -> Executor {
        self.missing_key = missing_key;
        self
    }

    /// Sets what functions see of their arguments; without it, those that are not
    /// text/template's own see all.
    #[must_use]
    pub fn with_look(mut self, look: fn(&str) -> Look) -> Executor {
        self.look = look;
        self
    }

    /// Sets the bounds.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Executor {
        self.limits = limits;
        self
    }

    /// Sets the name with which the set is called in errors: Helm's is `gotpl`.
    #[must_use]
    pub fn with_root_name(mut self, name: &str) -> Executor {
        self.root_name = Arc::from(name);
        self
    }

    /// Executes a template.
    ///
    /// # Errors
    /// The first failure; what was printed before it is lost.
    pub fn execute(&mut self, name: &str, dot: Value) -> Result<Output, Box<Error>> {
        self.execute_because(name, dot, Span::NONE, OriginId::NONE)
    }

    /// Executes a template that is there because something asked for it at `asked`, and a
    /// value decided.
    ///
    /// # Errors
    /// The first failure; what was printed before it is lost.
    pub fn execute_because(
        &mut self,
        name: &str,
        dot: Value,
        asked: Span,
        reason: OriginId,
    ) -> Result<Output, Box<Error>> {
        let tree = self.find(name)?;
        self.out = self.blank();
        self.stack = Stack::here();
        (self.depth, self.around, self.frame) = (0, 0, FrameId(0));
        let frame = self.push_frame(FrameKind::File, asked, reason);
        let done = self.run(&tree, &dot);
        self.frame = frame;
        let out = std::mem::take(&mut self.out);
        self.written += out.size();
        done.map(|()| self.fitted(out))
    }

    /// The frame of texts that are taken as they are, because something asked for them at
    /// `asked`, and a value decided.
    pub fn taken_because(&mut self, asked: Span, reason: OriginId) -> FrameId {
        let around = std::mem::take(&mut self.frame);
        self.push_frame(FrameKind::Taken, asked, reason);
        std::mem::replace(&mut self.frame, around)
    }

    /// Notes that something at `span` prints nothing, and which value decided that.
    pub fn skip(&mut self, span: Span, origin: OriginId) {
        self.skipped.push(Skipped { span, origin });
    }

    /// The origins and frames that the marks of all outputs name.
    #[must_use]
    pub fn finish(self) -> Trace {
        Trace::new(self.origins, self.frames, self.skipped)
    }

    /// The host's data of this type.
    #[must_use]
    pub fn host<T: Any>(&self) -> Option<Rc<T>> {
        self.host.clone().downcast().ok()
    }

    /// The templates that are seen at this moment.
    #[must_use]
    pub fn templates(&self) -> &Arc<TemplateSet> {
        &self.set
    }

    /// The arena of origins.
    pub fn origins(&mut self) -> &mut Origins {
        &mut self.origins
    }

    /// The frame (includes and conditions) in which it is.
    #[must_use]
    pub fn frame(&self) -> FrameId {
        self.frame
    }

    /// How many templates are inside each other.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.around + self.depth
    }

    /// Executes a template and returns what it printed.
    pub(crate) fn include(
        &mut self,
        name: &str,
        dot: Value,
        at: Span,
    ) -> Result<Value, FuncError> {
        let tree = self.find(name)?;
        self.capture(&tree, &dot, at, OriginId::NONE)
    }

    /// Executes a text and returns what it printed.
    pub(crate) fn execute_text(
        &mut self,
        name: &str,
        text: &Str,
        origin: OriginId,
        dot: Value,
        at: Span,
    ) -> Result<Value, FuncError> {
        let telling = |mut error: FuncError| {
            if let Some(cause) = &mut error.cause {
                clues::note_line(cause, name, text, origin);
            }
            error
        };
        let mut overlay = TemplateSet::overlay(&self.set);
        let own = overlay.add_text(Source {
            name: Arc::from(name),
            text: text.share(),
            file: at.file,
            at: Some(at),
            origin,
            marks: text.marks().to_vec(),
            lines: self.lines(text, origin),
        });
        let own = own.map_err(|error| telling(error.into()))?;
        let outer = std::mem::replace(&mut self.set, Arc::new(overlay));
        // What the text prints is there because of the text.
        let whole = Value::from(text.clone()).with_origin(origin);
        let text_origin = self.origin_of(&whole);
        // A blank text inside a text of the same name is itself, not that other one.
        let found = own.map_or_else(|| self.find(name).map_err(FuncError::from), Ok);
        let done = found.and_then(|tree| self.capture(&tree, &dot, at, text_origin));
        self.set = outer;
        done.map_err(telling)
    }

    /// The lines of a text that is one value, if it has several.
    fn lines(&mut self, text: &Str, origin: OriginId) -> Option<Lines> {
        if text.is_marked() || !self.origins.is_slot(origin) {
            return None;
        }
        let bytes = text.as_bytes().iter().enumerate();
        let breaks = bytes.filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let inside = breaks.filter(|at| *at < text.len()).map(crate::marks::narrow);
        let starts: Vec<u32> = std::iter::once(0).chain(inside).collect();
        if starts.len() < 2 {
            return None;
        }
        let first = self.origins.lines(origin, starts.len());
        Some(Lines { first, starts })
    }

    /// Executes a tree whose output is a value. (Go: `ExecuteTemplate`, which counts the depth
    /// anew; what bounds it is how often a name may be included, and the stack)
    fn capture(
        &mut self,
        tree: &Tree,
        dot: &Value,
        at: Span,
        origin: OriginId,
    ) -> Result<Value, FuncError> {
        if self.too_deep_inside() {
            let max = self.depth().min(self.limits.depth_of_all);
            return Err(format!("exceeded maximum template depth ({max})").into());
        }
        self.charge(STEPS_OF_INCLUDE)?;
        let blank = self.blank();
        let outer = std::mem::replace(&mut self.out, blank);
        let (room, skipped) = (outer.size(), self.skipped.len());
        self.written += room;
        let frame = self.push_frame(FrameKind::Include, at, origin);
        let depth = std::mem::take(&mut self.depth);
        self.around += depth;
        let done = self.run(tree, dot);
        self.around -= depth;
        self.depth = depth;
        self.frame = frame;
        self.written -= room;
        let inner = std::mem::replace(&mut self.out, outer);
        let value = done.map(|()| self.captured(&inner, skipped));
        self.reuse(inner);
        Ok(value?)
    }

    /// What was printed, as a value; `skipped` counts the branches not taken before it.
    fn captured(&mut self, out: &Output, skipped: usize) -> Value {
        if out.text.iter().all(u8::is_ascii_whitespace) {
            // Of what is not there, no mark can tell.
            let reason = self.skipped_since(skipped);
            let origin = self.chosen(OriginId::NONE, reason);
            return Value::from(Str::new(&out.text)).with_origin(origin);
        }
        Value::from(Str::marked(&out.text, out.marks.clone()))
    }

    /// An output with nothing in it, and perhaps with room.
    fn blank(&mut self) -> Output {
        self.spare.pop().unwrap_or_default()
    }

    /// An output that takes no more room than it needs, unless it is large.
    fn fitted(&mut self, out: Output) -> Output {
        if out.size() > MUCH {
            return out;
        }
        let fitted = out.clone();
        self.reuse(out);
        fitted
    }

    /// Keeps the room of an output for the next one, unless that is much.
    fn reuse(&mut self, mut out: Output) {
        if out.size() <= MUCH {
            out.text.clear();
            out.marks.clear();
            self.spare.push(out);
        }
    }

    /// Counts what costs as much as so many steps.
    pub(crate) fn charge(&mut self, steps: u64) -> Result<(), FuncError> {
        self.steps = self.steps.saturating_add(steps);
        let max = self.limits.steps;
        match self.steps > max {
            true => Err(format!("template takes more than {max} steps").into()),
            false => Ok(()),
        }
    }

    /// How much was recorded of where things came from.
    fn records(&self) -> usize {
        self.frames.len() + self.origins.len() + self.skipped.len()
    }

    /// Is this execution as deep as one may be? (Go: `s.depth == maxExecDepth`, where the first
    /// template of an execution has depth 0)
    fn too_deep(&self) -> bool {
        self.depth > self.limits.depth || self.too_deep_inside()
    }

    /// Are all executions together as deep as they may be?
    fn too_deep_inside(&self) -> bool {
        self.depth() >= self.limits.depth_of_all || !self.stack.has_room_for_template()
    }

    /// Executes a tree one level deeper, printing to the current output.
    fn run(&mut self, tree: &Tree, dot: &Value) -> Result<(), Box<Error>> {
        self.depth += 1;
        let done = State::new(self, tree, dot).walk_root(dot);
        self.depth -= 1;
        done
    }

    fn find(&self, name: &str) -> Result<Arc<Tree>, Box<Error>> {
        if let Some(tree) = self.set.lookup(name) {
            return Ok(tree.clone());
        }
        let similar = self.set.similar(name);
        let quote = |name: &str| crate::fmt::quote(name.as_bytes());
        let (name, root) = (quote(name), quote(&self.root_name));
        Err(Box::new(Error {
            name: self.root_name.clone(),
            line: 0,
            executing: None,
            message: format!(
                "template: no template {name} associated with template {root}"
            ),
            span: Span::NONE,
            origin: OriginId::NONE,
            within: Vec::new(),
            cause: None,
            clues: Clues { conditions: self.deciding(), similar, ..Clues::default() },
        }))
    }
}

impl fmt::Debug for Executor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Executor at depth {}, {} frames", self.depth, self.frames.len())
    }
}
