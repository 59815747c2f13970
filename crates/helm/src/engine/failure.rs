//! Faults of templates: Helm's words, and the lines that a reader can change.
//!
//! The words follow `cleanupParseError` and `reformatExecErrorMsg` of Helm 4.2, which takes
//! Go's message apart; here each part is at hand.

use std::fmt::Write;

use gotemplate::{Error, Missing};
use source::{
    Diagnostic, Layer, Origin, OriginId, SlotTable, SourceMap, Span, Trace, did_you_mean,
};

use crate::Compat;
use crate::header::header;

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
    let root = error.root();
    let told = Diagnostic::error(root.span, words);
    let told = match root.clues.opened {
        Some(opened) => told.label(opened, "this is not closed"),
        None => told,
    };
    with_similar(told, root)
}

fn with_similar(told: Box<Diagnostic>, root: &Error) -> Box<Diagnostic> {
    match &root.clues.similar {
        Some(name) => told.hint(format!("did you mean `{name}`?")),
        None => told,
    }
}

/// A template that failed while it was executed.
pub(super) fn execution(
    error: &Error,
    places: &Places<'_>,
    compat: Compat,
) -> Box<Diagnostic> {
    let mut told = error.diagnostic();
    // Helm calls the set of all templates `gotpl`; ours has no name.
    let nameless = "associated with template \"\"";
    let named = "associated with template \"gotpl\"";
    told.message = words(error, compat).replace(nameless, named);
    told = told.at(error.span);
    let root = error.root();
    let clues = &root.clues;
    if let Some(text) = &clues.text {
        for layer in places.layers([text.origin]) {
            let span = places.line(layer.span, &text.line).unwrap_or(layer.span);
            told = told.label(span, "in this text, which is executed as a template");
        }
    }
    let used = match root.message.starts_with("can't evaluate field ") {
        true => "this value was used, which is no map",
        false => "this value was used",
    };
    told = places.label(told, [root.origin], used);
    if let Some(missing) = &clues.missing {
        told = places.missing(told, missing);
    }
    if told.labels.is_empty() || warning(&root.message).is_some() {
        let decided = "this value decided that it is executed";
        told = places.label(told, clues.conditions.iter().copied(), decided);
    }
    with_similar(told, root)
}

/// Where the values of a render are written.
pub(crate) struct Places<'a> {
    pub(crate) trace: &'a Trace,
    pub(crate) slots: &'a SlotTable,
    pub(crate) sources: &'a SourceMap,
}

impl Places<'_> {
    /// The winning layers of the values behind some origins.
    pub(crate) fn layers(&self, of: impl IntoIterator<Item = OriginId>) -> Vec<Layer> {
        layers(self.trace, self.slots, of)
    }

    /// Labels the values behind some origins, unless they are labelled.
    fn label(
        &self,
        mut told: Box<Diagnostic>,
        of: impl IntoIterator<Item = OriginId>,
        words: &str,
    ) -> Box<Diagnostic> {
        for layer in self.layers(of) {
            let inside = |label: &source::Label| layer.span.contains(label.span);
            if !told.labels.iter().any(inside) {
                told = told.label(layer.span, words);
            }
        }
        told
    }

    /// Says where a value would be set that is not there.
    fn missing(&self, told: Box<Diagnostic>, missing: &Missing) -> Box<Diagnostic> {
        let editable = |layer: &Layer| self.sources.file(layer.span.file).editable;
        let mut of = self.layers([missing.of]);
        if of.is_empty() {
            return told;
        }
        if !of.iter().any(editable) {
            of.extend(self.above(&of));
        }
        let best = of.iter().find(|layer| editable(layer)).or(of.first());
        let keys = missing.others.iter().map(|(key, _)| key.as_str());
        let near = did_you_mean(&missing.key, keys);
        let meant = near.and_then(|near| missing.others.iter().find(|(k, _)| k == near));
        if let Some((key, origin)) = meant {
            let told = self.label(told, [*origin], "a value of a similar name");
            let hint = format!("`{}` is not set: is `{key}` meant?", missing.path);
            return told.hint(hint);
        }
        let told = match best {
            Some(layer) => {
                let words = format!("`{}` is not set here", missing.key);
                told.label(self.header(layer.span), words)
            }
            None => told,
        };
        told.hint(format!("`{}` is set by no values", missing.path))
    }

    /// The nearest that a reader can edit of what these values are in.
    fn above(&self, of: &[Layer]) -> Option<Layer> {
        let editable = |layer: &&Layer| self.sources.file(layer.span.file).editable;
        let around = |layers: &[Layer]| {
            let holds = |a: &Layer, b: &Layer| a.span.contains(b.span);
            layers.iter().any(|layer| of.iter().any(|inner| holds(layer, inner)))
        };
        // Values are numbered in preorder: what is nearer comes later.
        let nodes = self.slots.layers.iter().skip(1).rev();
        let mut around = nodes.filter(|layers| around(layers));
        let found = around.find_map(|layers| layers.iter().rev().find(editable));
        found.or_else(|| self.slots.layers.first()?.last()).copied()
    }

    /// The line above a block of YAML, which holds its key; the place itself if the value
    /// does not begin on a line of its own.
    pub(crate) fn header(&self, span: Span) -> Span {
        header(self.sources, span)
    }

    /// A line of a text that is written somewhere in a span.
    fn line(&self, span: Span, line: &str) -> Option<Span> {
        let line = line.trim();
        let at = self.sources.text(span).find(line).filter(|_| !line.is_empty())?;
        let start = span.start as usize + at;
        Some(Span::new(span.file, start, start + line.len()))
    }
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

fn layers(
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
            Some(Origin::Line { of, .. }) => open.push(of),
            _ => {}
        }
        // A message names a few values, not hundreds.
        if found.len() == 4 || steps == 1_000 {
            break;
        }
    }
    found
}
