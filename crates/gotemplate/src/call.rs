//! [`Call`]: what a function may ask of the execution that called it.

use std::any::Any;
use std::sync::Arc;

use source::{FileId, FrameId, Mark, Origin, OriginId, Origins, Span};

use crate::{Executor, FuncError, Str, StrBuilder, Value};

/// The call of a function: its place, and access to the execution.
#[derive(Debug)]
pub struct Call<'e> {
    pub(crate) exec: &'e mut Executor,
    pub(crate) name: &'static str,
    pub(crate) span: Span,
}

impl Call<'_> {
    /// The name by which the function was called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The place of the call.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The frame (includes and conditions) of the call.
    #[must_use]
    pub fn frame(&self) -> FrameId {
        self.exec.frame()
    }

    /// How many templates are inside each other here.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.exec.depth()
    }

    /// The execution.
    pub fn executor(&mut self) -> &mut Executor {
        self.exec
    }

    /// Counts what the function does as so many steps: for those that take long.
    ///
    /// # Errors
    /// If the execution may not take so many more.
    pub fn charge(&mut self, steps: u64) -> Result<(), FuncError> {
        self.exec.charge(steps)
    }

    /// The arena of origins.
    pub fn origins(&mut self) -> &mut Origins {
        self.exec.origins()
    }

    /// The host's data of this type: what [`Executor::with_host`] was given.
    #[must_use]
    pub fn host<T: Any>(&self) -> Option<std::rc::Rc<T>> {
        self.exec.host()
    }

    /// A builder of a string whose pieces remember where they came from.
    #[must_use]
    pub fn builder(&self) -> StrBuilder {
        StrBuilder::new(self.frame(), self.span)
    }

    /// The text of a file, each line of it with its own origin.
    #[must_use]
    pub fn verbatim(&mut self, file: FileId, text: &Arc<[u8]>) -> Str {
        let first = self.exec.origins().verbatim(file, text);
        Str::verbatim(text.clone(), first, self.frame(), self.span)
    }

    /// `value`, chosen because of `reason`: `default`, `ternary`, `coalesce`.
    #[must_use]
    pub fn because(&mut self, value: Value, reason: &Value) -> Value {
        let reason = self.origin_of(reason);
        self.exec.because(value, reason)
    }

    /// `value`, put into a container here: because of the branches in which that happens.
    #[must_use]
    pub fn put(&mut self, value: Value) -> Value {
        let reason = self.exec.conditions();
        self.exec.because(value, reason)
    }

    /// The origin of what was in a container of another, which may have been chosen.
    pub fn origin_inside(&mut self, origin: OriginId, container: OriginId) -> OriginId {
        self.exec.origin_inside(origin, container)
    }

    /// One origin for all that had a part in `value`, and what decided about it.
    pub fn origin_of(&mut self, value: &Value) -> OriginId {
        self.exec.origin_of(value)
    }

    /// The same for a part of a text, by the marks that lie in it.
    pub fn origin_of_marks(&mut self, marks: &[Mark]) -> OriginId {
        self.exec.origin_of_marks(marks)
    }

    /// The origin of what is written at the place of the call.
    pub fn here(&mut self) -> OriginId {
        let span = self.span;
        self.exec.origins().add(Origin::Source(span))
    }

    /// Executes the template of this name and returns what it printed, with its marks.
    ///
    /// # Errors
    /// That there is no such template (Go's text of `ExecuteTemplate`), or its failure.
    pub fn include(&mut self, name: &str, dot: Value) -> Result<Value, FuncError> {
        self.exec.include(name, dot, self.span)
    }

    /// Parses `text`, which came from `origin`, as the template `name`, executes it and returns what it printed. What it
    /// defines is seen by whatever it calls, and forgotten afterwards. (Helm: `tpl`)
    ///
    /// # Errors
    /// The template's failure to parse or execute.
    pub fn execute_text(
        &mut self,
        name: &str,
        text: &Str,
        origin: OriginId,
        dot: Value,
    ) -> Result<Value, FuncError> {
        self.exec.execute_text(name, text, origin, dot, self.span)
    }
}
