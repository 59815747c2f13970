//! From the text of a file to its documents.

use goyaml::{Dialect, Documents, EXPANSION_BUDGET, Fault, Node};
use source::{Diagnostic, FileId, Result, Span};

use crate::context::Context;
use crate::upstream::Upstream;

/// The first document of a file as kyaml and `sigs.k8s.io/yaml` read it, aliases replaced by
/// what they stand for; none if the file is empty.
pub(crate) fn document(context: &Context<'_>, file: FileId) -> Result<Option<Node>> {
    let read = first(context, file, Dialect::V3);
    let node = read.map_err(|fault| faulty(&fault, "error converting YAML to JSON"))?;
    Ok(node.filter(|node| !node.is_null()))
}

/// A `kustomization.yaml`: read by the older dialect, in which `yes` is a truth value.
pub(crate) fn kustomization_document(
    context: &Context<'_>,
    file: FileId,
) -> Result<Node> {
    let read = first(context, file, Dialect::V2);
    let node = read.map_err(|fault| match fault.upstream().starts_with("yaml:") {
        true => faulty(&fault, "invalid Kustomization"),
        false => faulty(&fault, "invalid Kustomization: yaml"),
    })?;
    Ok(node.unwrap_or_else(|| Node::null().at(Span::new(file, 0, 0))))
}

fn first(
    context: &Context<'_>,
    file: FileId,
    dialect: Dialect,
) -> std::result::Result<Option<Node>, Fault> {
    context.must_be_text(file)?;
    let text = context.sources.file(file).text.clone();
    let Some(document) = Documents::new(&text, file, dialect).next().transpose()? else {
        return Ok(None);
    };
    let mut root = document.root;
    root.expand(EXPANSION_BUDGET)?;
    Ok(Some(root))
}

/// A fault in a text, and upstream's words for it.
pub(crate) fn faulty(fault: &Fault, step: &str) -> Box<Diagnostic> {
    fault.diagnostic().says(format!("{step}: {}", fault.upstream()))
}
