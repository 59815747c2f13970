//! What can go wrong in a template, in Go's words.

use std::fmt;
use std::sync::Arc;

use ecow::EcoString;
use source::{Diagnostic, OriginId, Span};

use crate::fmt::quote;

/// A template that could not be parsed or executed. [`Display`](fmt::Display) writes Go's text.
#[derive(Clone, Debug, PartialEq)]
pub struct Error {
    /// The name of the text that holds the fault: a file's path.
    pub name: Arc<str>,
    /// The line, from 1; 0 if no text is at fault, but that there is none of this name.
    pub line: usize,
    /// What was being executed; `None` if the text could not be parsed.
    pub executing: Option<Executing>,
    /// What is wrong; with a cause, how it came here: `error calling include: `.
    pub message: String,
    /// Where it is written.
    pub span: Span,
    /// Where the value that could not be used came from.
    pub origin: OriginId,
    /// The `{{template}}` actions around it, innermost first; Go's text says nothing of them.
    pub within: Vec<Span>,
    /// The fault in the template that was being included.
    pub cause: Option<Box<Error>>,
    /// What else a reader should know; Go's text says nothing of it.
    pub clues: Clues,
}

/// What had a part in a failure besides the value that could not be used.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clues {
    /// What decided the branches that it stands in, innermost first.
    pub conditions: Vec<OriginId>,
    /// A field that was asked for, and that is not there.
    pub missing: Option<Missing>,
    /// The line of a text that was executed as a template, if that is at fault.
    pub text: Option<TextLine>,
    /// A name that exists, and is near the one that does not.
    pub similar: Option<String>,
    /// Where the action or block begins that is not closed.
    pub opened: Option<Span>,
}

/// A field of a map that is not there.
#[derive(Clone, Debug, PartialEq)]
pub struct Missing {
    /// How it was asked for: `.Values.ingress`.
    pub path: String,
    /// Its name: `ingress`.
    pub key: EcoString,
    /// Where the map came from.
    pub of: OriginId,
    /// What the map holds, and where that came from.
    pub others: Vec<(EcoString, OriginId)>,
}

/// A line of a text that was executed as a template.
#[derive(Clone, Debug, PartialEq)]
pub struct TextLine {
    /// The line.
    pub line: String,
    /// Where it came from.
    pub origin: OriginId,
}

/// Where an execution stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Executing {
    /// The template; a define's name differs from the name of the file that holds it.
    pub template: Arc<str>,
    /// The column in bytes as Go counts it: from 0.
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

    /// The innermost fault, to be told more of.
    pub(crate) fn root_mut(&mut self) -> &mut Error {
        match self.cause {
            Some(ref mut cause) => cause.root_mut(),
            None => self,
        }
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
        for span in &root.within {
            diagnostic = diagnostic.trace(*span, "in this template action");
        }
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
            if error.line > 0 {
                write!(f, "template: {}:{}:", error.name, error.line)?;
            }
            if let Some(at) = &error.executing {
                let template = quote(at.template.as_bytes());
                write!(f, "{}: executing {template} at <{}>:", at.column, at.context)?;
            }
            let space = if error.line > 0 { " " } else { "" };
            write!(f, "{space}{}", error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {}

/// Why a function failed: Go's text, and the failed template that it executed, if any.
#[derive(Clone, Debug, PartialEq)]
pub struct FuncError {
    /// Go's text; the evaluator puts `error calling X: ` before it. With a cause it is what
    /// stands before the cause's text.
    pub text: String,
    /// The failure of a template that the function executed.
    pub cause: Option<Box<Error>>,
    /// Where the arguments came from; the evaluator fills it in.
    pub origin: OriginId,
}

impl FuncError {
    /// Puts text before it, as Go's `fmt.Errorf("…%w", err)` does.
    #[must_use]
    pub fn context(mut self, text: &str) -> FuncError {
        self.text.insert_str(0, text);
        self
    }
}

impl From<String> for FuncError {
    fn from(text: String) -> FuncError {
        FuncError { text, cause: None, origin: OriginId::NONE }
    }
}

impl From<&str> for FuncError {
    fn from(text: &str) -> FuncError {
        FuncError::from(text.to_owned())
    }
}

impl From<Box<Error>> for FuncError {
    fn from(error: Box<Error>) -> FuncError {
        FuncError { text: String::new(), cause: Some(error), origin: OriginId::NONE }
    }
}

impl fmt::Display for FuncError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        self.cause.as_ref().map_or(Ok(()), |cause| cause.fmt(f))
    }
}

impl std::error::Error for FuncError {}
