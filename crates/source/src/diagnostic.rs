//! What is wrong, where, and what to do about it.
//!
//! A message is written where the fault is found: it says *what*, in lower case, without a
//! full stop, the user's text in backticks; hints say what to *do*. Nothing here renders:
//! the writers do.

use crate::{SourceMap, Span};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; never fails a run.
    Info,
    /// Probably wrong; fails only if asked.
    Warning,
    /// Wrong.
    Error,
}

/// The result of what can fail with one diagnostic.
pub type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;

/// One fault: what, where, why it matters here, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// The stable code of the lint that found it (`SEC001`); empty for faults, unless one is
    /// what a lint is about.
    pub code: &'static str,
    /// The line that the reader can change; [`Span::NONE`] if there is none.
    pub span: Span,
    /// What is wrong.
    pub message: String,
    /// Other places that matter, each with a few words.
    pub labels: Vec<Label>,
    /// How the run came here, innermost first.
    pub trace: Vec<Tracepoint>,
    /// How the value that it is about came to be, nearest first. Reports for programs hold
    /// it; people see it when they ask for more.
    pub chain: Vec<Tracepoint>,
    /// What to do, one sentence each.
    pub hints: Vec<String>,
    /// An edit that mends it, if one is known to be safe.
    pub fix: Option<Fix>,
    /// What it is about, if that is more than a place.
    pub subject: Option<Box<Subject>>,
}

/// A field as a JSON Pointer (RFC 6901): `/metadata/annotations/example.com~1x`.
#[must_use]
pub fn pointer<S: AsRef<str>>(path: &[S]) -> String {
    let escaped = |step: &S| step.as_ref().replace('~', "~0").replace('/', "~1");
    path.iter().fold(String::new(), |all, step| all + "/" + &escaped(step))
}

/// The clusters and the object that a finding is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// The clusters that it concerns, in the order of the fleet.
    pub clusters: Vec<String>,
    /// The object: `apps/Deployment monitoring/query`; empty if it is about none.
    pub object: String,
    /// The field as a JSON pointer: `/spec/replicas`; empty if it is about the whole.
    pub field: String,
}

/// A place besides the main one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

/// One step of the way from the command to the fault: "while including …".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracepoint {
    /// Where the step was asked for.
    pub span: Span,
    /// The step.
    pub text: String,
}

/// A replacement of text that mends a fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What the edit does.
    pub title: String,
    /// The edits, each a span and its new text; they do not overlap.
    pub edits: Vec<(Span, String)>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
        Diagnostic::new(Severity::Error, span, message)
    }

    /// A warning at `span`.
    pub fn warning(span: Span, message: impl Into<String>) -> Box<Diagnostic> {
        Diagnostic::new(Severity::Warning, span, message)
    }

    /// A diagnostic of the given severity at `span`.
    pub fn new(
        severity: Severity,
        span: Span,
        message: impl Into<String>,
    ) -> Box<Diagnostic> {
        Box::new(Diagnostic {
            severity,
            code: "",
            span,
            message: message.into(),
            labels: Vec::new(),
            trace: Vec::new(),
            chain: Vec::new(),
            hints: Vec::new(),
            fix: None,
            subject: None,
        })
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self: Box<Self>, hint: impl Into<String>) -> Box<Self> {
        self.hints.push(hint.into());
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn label(mut self: Box<Self>, span: Span, text: impl Into<String>) -> Box<Self> {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Adds a step of the way here; call it from the inside out.
    #[must_use]
    pub fn trace(mut self: Box<Self>, span: Span, text: impl Into<String>) -> Box<Self> {
        self.trace.push(Tracepoint { span, text: text.into() });
        self
    }

    /// Sets the place, if there is none yet.
    #[must_use]
    pub fn at(mut self: Box<Self>, span: Span) -> Box<Self> {
        if self.span.is_none() {
            self.span = span;
        }
        self
    }

    /// Makes another place the main one; the one that was becomes a label.
    #[must_use]
    pub fn moved(mut self: Box<Self>, span: Span, text: impl Into<String>) -> Box<Self> {
        let before = std::mem::replace(&mut self.span, span);
        let told = self.labels.iter().any(|label| label.span == before);
        if !before.is_none() && before != span && !told {
            self.labels.insert(0, Label { span: before, text: text.into() });
        }
        self
    }

    /// Points at what the reader can change: if the main place cannot be changed but one
    /// that is labelled can, they change places; `text` says what is at the other one.
    #[must_use]
    pub fn for_reader(self: Box<Self>, sources: &SourceMap, text: &str) -> Box<Self> {
        let editable = |span: Span| !span.is_none() && sources.file(span.file).editable;
        if editable(self.span) {
            return self;
        }
        match self.labels.iter().find(|label| editable(label.span)) {
            Some(label) => {
                let span = label.span;
                self.moved(span, text)
            }
            None => self,
        }
    }

    /// All its words, for [`SourceMap::mask`].
    pub fn words(&mut self) -> impl Iterator<Item = &mut String> {
        let steps = self.trace.iter_mut().map(|step| &mut step.text);
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        steps.chain(labels).chain(&mut self.hints).chain([&mut self.message])
    }

    /// Says which clusters and which object it is about.
    #[must_use]
    pub fn about(mut self: Box<Self>, subject: Subject) -> Box<Self> {
        self.subject = Some(Box::new(subject));
        self
    }

    /// Sets the lint's code.
    #[must_use]
    pub fn code(mut self: Box<Self>, code: &'static str) -> Box<Self> {
        self.code = code;
        self
    }
}
