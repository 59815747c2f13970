//! `valuesInline`, and how it meets the values file.

use goyaml::{Node, Value};
use source::{Diagnostic, FileId, Result};

use crate::build::typed;
use crate::context::Context;
use crate::kustomization::ValuesMerge;
use crate::load::document;
use crate::patch::merge2;

/// What kyaml merges of both, as Helm reads it after upstream has written it to a file.
/// (upstream: `createNewMergedValuesFile`, `replaceValuesInline`)
///
/// A null deletes the key and is gone itself: Helm never sees it.
pub(super) fn merged(
    context: &mut Context<'_>,
    inline: &Node,
    file: Option<FileId>,
    merge: ValuesMerge,
) -> Result<Value> {
    let node = match (file, merge) {
        (None, _) | (_, ValuesMerge::Replace) => inline.clone(),
        (Some(file), merge) => {
            let Some(values) = document(context, file)? else {
                let message = "could not parse values file into rnode: EOF";
                return Err(Diagnostic::error(inline.span, message)
                    .hint("an empty values file cannot be merged with `valuesInline`"));
            };
            let merged = match merge {
                ValuesMerge::Merge => merge2(&values, inline.clone()),
                _ => merge2(inline, values),
            };
            merged?.unwrap_or_else(|| Node::mapping(Vec::new()))
        }
    };
    typed(&node)
}
