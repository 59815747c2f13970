//! `$patch: delete`, `$patch: replace`, `$patch: merge`.
//! (kyaml: `yaml/merge2/smpdirective.go`)

use goyaml::{Content, Node};
use source::{Diagnostic, Place, Result};

use crate::resource::is_nil_or_empty;

const KEY: &str = "$patch";

/// What a patch asks for at one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    /// Lay it over what is there.
    Merge,
    /// Put it in the place of what is there.
    Replace,
    /// Remove what is there.
    Delete,
}

/// Takes the directive out of a mapping; without one, the mapping is to be merged.
pub(super) fn take(patch: &mut Node) -> Result<Directive> {
    let Some(value) = patch.get(KEY) else { return Ok(Directive::Merge) };
    let directive = parse(value)?;
    patch.remove(KEY);
    Ok(directive)
}

/// Takes the directive out of a list: an item that holds nothing but `$patch`.
///
/// Only the first item that holds a `$patch` is looked at.
pub(super) fn take_list(patch: &mut Node) -> Result<Directive> {
    let Content::Sequence(items) = &mut patch.content else {
        return Ok(Directive::Merge);
    };
    let first = items.iter().find(|item| item.get(KEY).is_some());
    let Some(item) = first.filter(|item| item.entries().is_some_and(|e| e.len() == 1))
    else {
        return Ok(Directive::Merge);
    };
    let Some(value) = item.get(KEY) else { return Ok(Directive::Merge) };
    let directive = parse(value)?;
    let text = value.text().map(str::to_owned);
    // Upstream drops null and empty items at the same time.
    items.retain(|item| {
        let same = item.get(KEY).is_some_and(|v| v.text() == text.as_deref());
        let empty = item.is_null() || item.entries().is_some() && is_nil_or_empty(item);
        !same && !empty
    });
    Ok(directive)
}

/// Where a patch asks for what it is laid over to go, if it does: a null, or the directive.
///
/// A null that is not spelt out is known by its key.
pub(in crate::patch) fn asked(key: Option<&Node>, patch: &Node) -> Option<Place> {
    if patch.is_null() {
        let nothing = patch.span.start >= patch.span.end;
        return Some(key.filter(|_| nothing).unwrap_or(patch).place());
    }
    let directive = |node: &Node| {
        let word = node.get(KEY).filter(|word| word.text() == Some("delete"));
        word.map(Node::place)
    };
    match patch.items() {
        Some(items) => items.iter().find_map(directive),
        None => directive(patch),
    }
}

fn parse(value: &Node) -> Result<Directive> {
    let word = value.text().unwrap_or("");
    match word {
        "merge" => Ok(Directive::Merge),
        "replace" => Ok(Directive::Replace),
        "delete" => Ok(Directive::Delete),
        _ => {
            let message = format!("unknown patch strategy '{word}'");
            Err(Diagnostic::error(value.span, message)
                .hint("write `merge`, `replace` or `delete`"))
        }
    }
}
