//! Faults of templates: Helm's words, and the lines that a reader can change.
//!
//! The words follow `cleanupParseError` and `reformatExecErrorMsg` of Helm 4.2, which takes
//! Go's message apart; here each part is at hand.

use std::fmt::Write;

use gotemplate::Error;
use source::{Diagnostic, Layer, Origin, OriginId, SlotTable, Trace};

use crate::Compat;

/// What `required` and `fail` put around their message, so that Helm finds it.
pub(crate) const WARN_START: &str = "HELM_ERR_START";
/// The end of such a message.
pub(crate) const WARN_END: &str = "HELM_ERR_END";

/// A template that could not be parsed.
pub(super) fn parsing(path: &str, error: &Error) -> Box<Diagnostic> {
    let text = error.to_string();
    let tokens: Vec<&str> = text.split(": ").collect();
    let words = match (tokens.get(1), tokens.last()) {
        (Some(location), Some(last)) => format!("parse error at ({location}): {last}"),
        _ => format!("parse error in ({path}): {text}"),
    };
    Diagnostic::error(error.root().span, words)
}

/// A template that failed while it was executed.
pub(super) fn execution(
    error: &Error,
    trace: &Trace,
    slots: &SlotTable,
    compat: Compat,
) -> Box<Diagnostic> {
    let mut diagnostic = error.diagnostic();
    // Helm calls the set of all templates `gotpl`; ours has no name.
    let nameless = "associated with template \"\"";
    let named = "associated with template \"gotpl\"";
    diagnostic.message = words(error, compat).replace(nameless, named);
    diagnostic = diagnostic.at(error.span);
    for layer in layers(trace, slots, [error.root().origin]) {
        diagnostic = diagnostic.label(layer.span, "this value was used");
    }
    diagnostic
}

/// `reformatExecErrorMsg`; Helm 3 leaves Go's message as it is. (`cleanupExecError`)
fn words(error: &Error, compat: Compat) -> String {
    let whole = error.to_string();
    let mut tokens = whole.splitn(3, ": ").skip(1);
    let location = tokens.next().unwrap_or("");
    if let Some(warning) = tokens.next().and_then(warning) {
        return format!("execution error at ({location}): {warning}");
    }
    // What `tpl` says in between is no message of a template, and so nothing is taken apart.
    let text = |e: &Error| e.message.starts_with("error calling tpl: ");
    if compat == Compat::Helm3 || error.chain().any(text) {
        return whole;
    }
    let mut steps: Vec<Step> = Vec::new();
    let mut levels: Vec<String> = error.chain().map(Error::to_string).collect();
    levels.extend(error.chain().filter_map(function_words));
    for level in &levels {
        let Some(step) = Step::parse(level) else { return whole };
        if steps.last() != Some(&step) {
            steps.push(step);
        }
    }
    let mut out = String::new();
    for step in &steps {
        step.write(&mut out);
    }
    out.trim().to_owned()
}

/// The message of `required` or `fail` in a text.
fn warning(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once(WARN_START)?;
    rest.rfind(WARN_END).map(|end| &rest[..end])
}

/// The words of a function that failed, or that it puts before those of the template that it
/// executed: what Go's error wraps.
fn function_words(error: &Error) -> Option<String> {
    let rest = error.message.strip_prefix("error calling ")?;
    error.executing.as_ref()?;
    let (_, words) = rest.split_once(": ")?;
    (error.cause.is_none() || !words.is_empty()).then(|| words.to_owned())
}

/// One level of Go's nested message. (`TraceableError`)
#[derive(PartialEq, Eq)]
struct Step {
    location: String,
    executed: String,
    message: String,
}

impl Step {
    /// `parseTemplateExecErrorString`
    fn parse(text: &str) -> Option<Step> {
        let rest = text.strip_prefix("template: ")?;
        if rest.starts_with("no template ") {
            let (location, executed) = (String::new(), String::new());
            return Some(Step { location, executed, message: text.to_owned() });
        }
        let cut = |message: &str| {
            let end = message.find(" template:").unwrap_or(message.len());
            message[..end].to_owned()
        };
        if let Some((location, after)) = rest.split_once(": executing ") {
            let after = after.strip_prefix('"');
            let executing = after.and_then(|after| {
                let (function, after) = after.split_once('"')?;
                let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
                Some(Step {
                    location: location.to_owned(),
                    executed: format!("executing \"{function}\" at <{node}>:"),
                    message: cut(message),
                })
            });
            if executing.is_some() {
                return executing;
            }
        }
        let at = rest.rfind(": ")?;
        Some(Step {
            location: rest[..at].to_owned(),
            executed: String::new(),
            message: cut(&rest[at + 2..]),
        })
    }

    fn write(&self, out: &mut String) {
        if !self.location.is_empty() {
            let _ok = write!(out, "{}\n  ", self.location);
        }
        if !self.executed.is_empty() {
            let _ok = write!(out, "{}\n    ", self.executed);
        }
        if !self.message.is_empty() {
            let _ok = writeln!(out, "{}", self.message);
        }
    }
}

/// The winning layers of the values behind some origins.
pub(crate) fn layers(
    trace: &Trace,
    slots: &SlotTable,
    origins: impl IntoIterator<Item = OriginId>,
) -> Vec<Layer> {
    let mut found: Vec<Layer> = Vec::new();
    let mut open: Vec<OriginId> = origins.into_iter().collect();
    open.reverse();
    let mut steps = 0;
    while let Some(id) = open.pop() {
        steps += 1;
        match trace.origins.get(id) {
            Some(Origin::Slot(slot)) => {
                let winner = slots.layers.get(slot.0 as usize).and_then(|l| l.last());
                found.extend(winner.filter(|l| !found.contains(l)).copied());
            }
            Some(Origin::Union(ids)) => open.extend(ids.iter().rev()),
            Some(Origin::Because { data, reason }) => open.extend([reason, data]),
            _ => {}
        }
        // A message names a few values, not hundreds.
        if found.len() == 4 || steps == 1_000 {
            break;
        }
    }
    found
}
