//! The file that `openapi: {path: …}` names.

use goyaml::{Kind, Node, Tag};
use source::{Diagnostic, FileId, Result, Span};

use super::document;
use crate::context::Context;
use crate::upstream::Upstream;

/// The OpenAPI document in a file; the error says why upstream could not use it.
///
/// Upstream reads the file when it asks the schema first, and may never do that.
/// (kyaml: `openapi.go`, `parse`)
pub(crate) fn schema_document(context: &Context<'_>, file: FileId) -> Result<Node> {
    read(context, file).map_err(|error| {
        let hint = "write an OpenAPI document of version 2, as `kustomize openapi fetch` \
                    prints it";
        error.within("invalid schema file").hint(hint)
    })
}

fn read(context: &Context<'_>, file: FileId) -> Result<Node> {
    let garbled = |fault: goyaml::Fault| fault.diagnostic();
    context.must_be_text(file).map_err(garbled)?;
    let text = context.sources.file(file).text.clone();
    if text.is_empty() {
        return Err(Diagnostic::error(
            Span::new(file, 0, 0),
            "this schema file is empty",
        ));
    }
    if text.starts_with('{') {
        goyaml::parse_json(&text, file).map_err(|fault| fault.diagnostic())?;
    }
    let node = document(context, file)?.unwrap_or_else(empty);
    must_be_mapping(&node, "an OpenAPI document")?;
    for field in ["definitions", "paths"] {
        let Some(map) = node.get(field) else { continue };
        must_be_mapping(map, &format!("`{field}`"))?;
        for (key, value) in map.entries().unwrap_or_default() {
            must_be_mapping(value, &format!("`{}`", key.text().unwrap_or(field)))?;
        }
    }
    Ok(node)
}

/// The document that says nothing.
pub(crate) fn empty() -> Node {
    Node::mapping(Vec::new())
}

fn must_be_mapping(node: &Node, what: &str) -> Result<()> {
    if node.kind() == Kind::Mapping || node.tag == Tag::Null {
        return Ok(());
    }
    Err(Diagnostic::error(node.span, format!("{what} must be a mapping")))
}
