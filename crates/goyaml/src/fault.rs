//! What is wrong with a text, in upstream's words and with its line numbers.

use source::{Diagnostic, Span};

/// One thing that go-yaml (or `encoding/json`) would complain about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How upstream reports it.
    pub kind: FaultKind,
    /// The place.
    pub span: Span,
    /// The line that upstream prints, quirks included; 0 if it prints none.
    pub line: u32,
    /// Upstream's words, without `yaml: ` and without the line.
    pub message: String,
    /// Another place that matters: the first of two equal keys.
    pub other: Option<Span>,
}

/// How upstream reports a [`Fault`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FaultKind {
    /// Ends everything: `yaml: line 3: mapping values are not allowed in this context`.
    Syntax,
    /// Is collected: `yaml: unmarshal errors:\n  line 3: cannot unmarshal !!str …`.
    Type,
    /// Comes from JSON: `json: unsupported value: NaN`; the message is the whole text.
    Json,
    /// Ours: a limit that upstream does not have. The message is the whole text.
    Limit,
}

impl Fault {
    /// A fault that ends the document.
    pub fn syntax(span: Span, line: u32, message: impl Into<String>) -> Fault {
        Fault {
            kind: FaultKind::Syntax,
            span,
            line,
            message: message.into(),
            other: None,
        }
    }

    /// A fault of the kind that upstream collects.
    pub fn type_error(span: Span, line: u32, message: impl Into<String>) -> Fault {
        Fault { kind: FaultKind::Type, span, line, message: message.into(), other: None }
    }

    /// A fault of JSON or of a limit; `message` is the whole text.
    pub fn plain(kind: FaultKind, span: Span, message: impl Into<String>) -> Fault {
        Fault { kind, span, line: 0, message: message.into(), other: None }
    }

    /// The text of the error that upstream returns if this is its only fault.
    #[must_use]
    pub fn upstream(&self) -> String {
        upstream_text(std::slice::from_ref(self))
    }

    /// The fault for people: at its place, with what to do where that is known.
    #[must_use]
    pub fn diagnostic(&self) -> Box<Diagnostic> {
        let mut diagnostic = Diagnostic::error(self.span, self.message.clone());
        if let Some(other) = self.other {
            let twice = self.message.contains("already defined");
            let label = if twice { "first set here" } else { "this begins here" };
            diagnostic = diagnostic.label(other, label);
        }
        match hint(&self.message) {
            Some(hint) => diagnostic.hint(hint),
            None => diagnostic,
        }
    }

    fn line_text(&self) -> String {
        match self.line {
            0 => self.message.clone(),
            line => format!("line {line}: {}", self.message),
        }
    }
}

/// The text of the error that upstream returns for these faults, which are in its order.
///
/// The first fault that ends the document decides; else type errors are listed together.
/// Empty if there is no fault.
#[must_use]
pub fn upstream_text(faults: &[Fault]) -> String {
    if let Some(fault) = faults.iter().find(|f| f.kind != FaultKind::Type) {
        return match fault.kind {
            FaultKind::Syntax => format!("yaml: {}", fault.line_text()),
            _ => fault.message.clone(),
        };
    }
    if faults.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = faults.iter().map(Fault::line_text).collect();
    format!("yaml: unmarshal errors:\n  {}", lines.join("\n  "))
}

/// What to do about the faults that people meet most.
fn hint(message: &str) -> Option<&'static str> {
    const HINTS: &[(&str, &str)] = &[
        (
            "mapping values are not allowed",
            "quote the value if it holds `: `, or check the indentation of this line",
        ),
        (
            "did not find expected key",
            "check the indentation: this line fits no open block",
        ),
        ("did not find expected '-'", "check the indentation: list items must line up"),
        ("cannot start any token", "indent with spaces, and quote values that start so"),
        ("found a tab character", "indent with spaces"),
        (
            "could not find expected ':'",
            "add `: ` after the key, or indent this line more",
        ),
        ("did not find expected node content", "close the bracket that is open here"),
        ("unexpected end of stream", "close the quote or bracket that is open here"),
        ("already defined", "keep one of the two entries"),
        ("unknown anchor", "define the anchor above its use in the same document"),
        ("excessive aliasing", "write the values out instead of nesting aliases"),
        ("control characters", "save the file as UTF-8 text without control characters"),
        ("UTF-8", "save the file as UTF-8"),
        ("incompatible YAML document", "remove the `%YAML` line"),
        ("did not find expected ','", "close the bracket, or add the missing comma"),
        (
            "map merge requires",
            "`<<` takes a mapping, an alias of one, or a list of them",
        ),
        ("unsupported type: map[interface", "keys are texts: put this one in quotes"),
        ("invalid map key", "keys are texts: put this one in quotes"),
        ("cannot decode !!", "drop the tag, or write a value that fits it"),
        ("invalid base64 data", "write base64, or drop `!!binary`"),
        ("unsupported value", "JSON has no such number: put it in quotes"),
    ];
    HINTS.iter().find(|(part, _)| message.contains(part)).map(|(_, hint)| *hint)
}
