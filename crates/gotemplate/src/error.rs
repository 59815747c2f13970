//! What can go wrong in a template, in Go's words.

use std::fmt;
use std::sync::Arc;

use source::{Diagnostic, OriginId, Span};

use crate::fmt::quote;

/// A template that could not be parsed or executed. [`Display`](fmt::Display) writes Go's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// The name of the text that holds the fault: a file's path.
    pub name: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// What was being executed; `None` if the text could not be parsed.
    pub executing: Option<Executing>,
    /// What is wrong; with a cause, how it came here: `error calling include: `.
    pub message: String,
    /// Where it is written.
    pub span: Span,
    /// Where the value that could not be used came from.
    pub origin: OriginId,
    /// The fault in the template that was being included.
    pub cause: Option<Box<Error>>,
}

/// Where an execution stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Executing {
    /// The template; a define's name differs from the name of the file that holds it.
    pub template: Arc<str>,
    /// The column in bytes as Go counts it: from 0, and from 1 on the first line.
    pub column: usize,
    /// The text of the node: `.Values.a.b`.
    pub context: String,
}

impl Error {
    /// The innermost fault: where it really is.
    #[must_use]
    pub fn root(&self) -> &Error {
        let mut error = self;
        while let Some(cause) = &error.cause {
            error = cause;
        }
        error
    }

    /// The chain of faults from the outside in, this one first.
    pub fn chain(&self) -> impl Iterator<Item = &Error> {
        std::iter::successors(Some(self), |error| error.cause.as_deref())
    }

    /// A diagnostic at the innermost fault, with the includes that lead to it as its trace.
    #[must_use]
    pub fn diagnostic(&self) -> Box<Diagnostic> {
        let root = self.root();
        let mut diagnostic = Diagnostic::error(root.span, root.message.clone());
        let mut outer: Vec<&Error> = self.chain().filter(|e| e.cause.is_some()).collect();
        outer.reverse();
        for error in outer {
            let at = error.executing.as_ref().map_or("", |e| e.context.as_str());
            diagnostic = diagnostic.trace(error.span, format!("while executing `{at}`"));
        }
        diagnostic
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for error in self.chain() {
            write!(f, "template: {}:{}:", error.name, error.line)?;
            if let Some(at) = &error.executing {
                let template = quote(at.template.as_bytes());
                write!(f, "{}: executing {template} at <{}>:", at.column, at.context)?;
            }
            write!(f, " {}", error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Why a function failed.
#[derive(Clone, Debug, PartialEq)]
pub enum FuncError {
    /// Go's text; the evaluator puts `error calling X: ` before it.
    Text(String),
    /// A template that the function executed failed.
    Template(Box<Error>),
}

impl From<String> for FuncError {
    fn from(text: String) -> FuncError {
        FuncError::Text(text)
    }
}

impl From<&str> for FuncError {
    fn from(text: &str) -> FuncError {
        FuncError::Text(text.to_owned())
    }
}

impl From<Box<Error>> for FuncError {
    fn from(error: Box<Error>) -> FuncError {
        FuncError::Template(error)
    }
}

impl fmt::Display for FuncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FuncError::Text(text) => f.write_str(text),
            FuncError::Template(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for FuncError {}
