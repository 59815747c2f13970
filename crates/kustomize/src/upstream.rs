//! What the real tool says of a fault, beside what we say of it.
//!
//! A message of ours names one fault at its place. Upstream wraps the fault into a sentence
//! for each step that led to it, with the paths of this machine, and people search for these
//! words: so the sentence goes along, step by step, as the last step of the trace.

use goyaml::{Format, Kind, Node, to_yaml};
use source::{Diagnostic, Span, Tracepoint};

use crate::kustomization::Text;
use crate::print::typed;

/// What the sentence begins with in a trace.
const LEAD: &str = "kustomize says: ";

/// Upstream's sentence of a fault.
pub(crate) trait Upstream {
    /// Sets upstream's words, if they are not the message.
    fn says(self, words: impl Into<String>) -> Self;

    /// Puts a step before upstream's words: `step: words`.
    fn within(self, step: impl std::fmt::Display) -> Self;

    /// Upstream's words.
    fn words(&self) -> &str;

    /// Puts upstream's words behind all steps; none if the message is these words.
    fn settled(self) -> Self;
}

impl Upstream for Box<Diagnostic> {
    fn says(mut self, words: impl Into<String>) -> Box<Diagnostic> {
        let text = format!("{LEAD}{}", words.into());
        match self.trace.iter_mut().find(|step| step.text.starts_with(LEAD)) {
            Some(step) => step.text = text,
            None => self.trace.push(Tracepoint { span: Span::NONE, text }),
        }
        self
    }

    fn within(self, step: impl std::fmt::Display) -> Box<Diagnostic> {
        let words = format!("{step}: {}", self.words());
        self.says(words)
    }

    fn words(&self) -> &str {
        let said = self.trace.iter().find_map(|step| step.text.strip_prefix(LEAD));
        said.unwrap_or(&self.message)
    }

    fn settled(mut self) -> Box<Diagnostic> {
        let words = self.words().to_owned();
        self.trace.retain(|step| !step.text.starts_with(LEAD));
        match words == self.message {
            true => self,
            false => self.says(words),
        }
    }
}

/// Texts as Go prints a list of them: `[a b]`. (`%v`)
pub(crate) fn bracketed(texts: &[Text]) -> String {
    let texts: Vec<&str> = texts.iter().map(Text::as_str).collect();
    format!("[{}]", texts.join(" "))
}

/// A fault in the config of a builtin plugin, which upstream prints.
/// (`configureBuiltinPlugin`)
pub(crate) fn trouble(
    error: Box<Diagnostic>,
    plugin: &str,
    config: &Node,
) -> Box<Diagnostic> {
    let text = typed(config).ok().and_then(|value| to_yaml(&value, Format::Sigs).ok());
    let text = text.unwrap_or_default();
    error.within(format!("trouble configuring builtin {plugin} with config: `\n{text}`"))
}

/// Says that a node is not what must stand there. (kyaml: `InvalidNodeKindError`)
pub(crate) fn wrong_kind(expected: Kind, node: &Node) -> Box<Diagnostic> {
    let needed = match expected {
        Kind::Scalar => "a text or a number belongs here",
        Kind::Sequence => "a list belongs here: entries that begin with `- `",
        Kind::Mapping | Kind::Alias => "a mapping belongs here: `key: value`",
    };
    Diagnostic::error(node.span, wrong_kind_text(expected, node)).hint(needed)
}

/// The words of [`wrong_kind`]. Upstream adds the text of the node, which may be secret.
pub(crate) fn wrong_kind_text(expected: Kind, node: &Node) -> String {
    let (expected, found) = (kind_name(expected), kind_name(node.kind()));
    format!("wrong node kind: expected {expected} but got {found}")
}

/// kyaml's name of a kind.
fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Scalar => "ScalarNode",
        Kind::Sequence => "SequenceNode",
        Kind::Mapping => "MappingNode",
        Kind::Alias => "AliasNode",
    }
}

/// Adds a text to the config of a plugin, if it is given.
pub(crate) fn put_text(config: &mut Node, key: &str, text: &Text) {
    if !text.is_empty() {
        config.set(key, Node::string(text.value.clone()));
    }
}

/// A text in Go's quotes. (`%q`)
pub(crate) fn quoted(text: &str) -> String {
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use source::{Diagnostic, Span};

    use super::Upstream;

    #[test]
    fn the_sentence_stands_behind_the_steps_and_only_if_it_says_more() {
        let plain = || Diagnostic::error(Span::NONE, "no such thing");
        assert!(plain().settled().trace.is_empty());
        let error = plain().within("inner").trace(Span::NONE, "a step").within("outer");
        let texts: Vec<String> =
            error.settled().trace.into_iter().map(|step| step.text).collect();
        assert_eq!(texts, ["a step", "kustomize says: outer: inner: no such thing"]);
    }
}
