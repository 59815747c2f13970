//! Objects as they are printed, and what printing does to them.

use goyaml::{
    Content, Dialect, Documents, Format, Node, Style, Tag, Value, node_to_yaml, to_yaml,
};
use source::{Diagnostic, Result, Span};

use crate::resource::{ResMap, Resource};

/// The typed value of a node as kyaml's `MarshalJSON` makes it.
///
/// It prints the node and reads it again, which is not always the same: a null between
/// brackets may become a string, a folded text may get further line breaks.
pub fn typed(node: &Node) -> Result<Value> {
    let mut spelt = std::borrow::Cow::Borrowed(node);
    if changes_in_print(node, false) {
        spell_as_printed(spelt.to_mut());
    }
    let node = spelt.as_ref();
    goyaml::decode(node, Dialect::V3).map_err(|faults| {
        let message = goyaml::upstream_text(&faults);
        match faults.first() {
            Some(fault) => {
                let mut error = fault.diagnostic();
                error.message = message;
                error.at(node.span)
            }
            None => Diagnostic::error(node.span, message),
        }
    })
}

fn is_bare_null(node: &Node) -> bool {
    node.tag == Tag::Null && node.text() == Some("")
}

fn is_folded(node: &Node) -> bool {
    node.style == Style::Folded && node.text().is_some_and(|text| text.contains('\n'))
}

fn changes_in_print(node: &Node, in_flow: bool) -> bool {
    let in_flow = in_flow || node.style == Style::Flow;
    let found = |node: &Node| match in_flow {
        true => is_bare_null(node) || changes_in_print(node, true),
        false => is_folded(node) || changes_in_print(node, false),
    };
    match &node.content {
        Content::Mapping(entries) => entries.iter().any(|(_, value)| found(value)),
        Content::Sequence(items) => items.iter().any(found),
        Content::Scalar(_) | Content::Alias(_) => false,
    }
}

/// Does to a node what printing it and reading it again does.
///
/// Nulls that are spelt as nothing between brackets become empty strings, and folded texts get
/// further line breaks before their indented lines.
pub(crate) fn spell_as_printed(node: &mut Node) {
    spell_in(node, false);
}

fn spell_in(node: &mut Node, in_flow: bool) {
    let in_flow = in_flow || node.style == Style::Flow;
    let spell = |node: &mut Node| match in_flow {
        true if is_bare_null(node) => {
            node.tag = Tag::Str;
            node.untagged = false;
        }
        false if is_folded(node) => print_folded(node),
        _ => spell_in(node, in_flow),
    };
    match &mut node.content {
        Content::Mapping(entries) => entries.iter_mut().map(|e| &mut e.1).for_each(spell),
        Content::Sequence(items) => items.iter_mut().for_each(spell),
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

fn print_folded(node: &mut Node) {
    let Some(text) = node.text() else { return };
    let mut bare = Node::string(text);
    bare.style = Style::Folded;
    let printed = node_to_yaml(&bare);
    let read = Documents::new(&printed, node.span.file, Dialect::V3).next();
    if let Some(Ok(document)) = read
        && let Some(text) = document.root.text()
    {
        node.content = Content::Scalar(text.into());
    }
}

/// The first number that JSON cannot say, and what Go calls it.
pub(crate) fn not_in_json(node: &Node) -> Option<(Span, &'static str)> {
    let mut found = None;
    node.walk(&mut |below| {
        if below.tag == Tag::Float
            && let Some(text) = below.text()
            && text.contains(['f', 'F', 'n', 'N'])
            && !text.contains(|c: char| c.is_ascii_digit())
        {
            let is_nan = text.to_ascii_lowercase().contains("nan");
            let name = match (is_nan, text.starts_with('-')) {
                (true, _) => "NaN",
                (_, true) => "-Inf",
                _ => "+Inf",
            };
            found.get_or_insert((below.span, name));
        }
    });
    found
}

/// Prints the objects as `kustomize build` does, documents joined by `---`.
pub fn print(resources: &ResMap) -> Result<String> {
    let mut text = String::new();
    for (at, resource) in resources.iter().enumerate() {
        if at > 0 {
            text.push_str("---\n");
        }
        text.push_str(&print_one(resource)?);
    }
    Ok(text)
}

/// Prints one object. (upstream: `Resource.AsYAML`)
pub fn print_one(resource: &Resource) -> Result<String> {
    let value = typed(resource.node())?;
    to_yaml(&value, Format::Sigs).map_err(|fault| {
        let mut error = fault.diagnostic();
        error.message = fault.upstream();
        let number = not_in_json(resource.node()).map(|(span, _)| span);
        error.at(number.unwrap_or(resource.node().span))
    })
}
