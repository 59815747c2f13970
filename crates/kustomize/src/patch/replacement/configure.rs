//! Reading replacements, in place or from files.
//! (upstream: `ReplacementTransformer.go`, v0.21.1)

use ::source::{Diagnostic, Result};
use goyaml::{Kind, Node};

use super::Replacements;
use crate::context::Context;
use crate::kustomization::{
    Decoder, Mode, Replacement, ReplacementField, Text, decode_replacement,
};
use crate::load::{Folder, document};
use crate::transformer::Transformer;

/// Reads the entries of `replacements`.
pub(crate) fn configure_replacements(
    context: &mut Context<'_>,
    folder: &Folder,
    entries: &[ReplacementField],
) -> Result<Box<dyn Transformer>> {
    let mut replacements = Vec::new();
    for entry in entries {
        if entry.path.is_empty() {
            replacements.push(entry.replacement.clone());
            continue;
        }
        if entry.replacement.source.is_some() || !entry.replacement.targets.is_empty() {
            let message = "cannot specify both path and inline replacement";
            return Err(Diagnostic::error(entry.path.span, message)
                .hint("keep either `path` or the replacement itself"));
        }
        replacements.extend(read_file(context, folder, &entry.path)?);
    }
    Ok(Box::new(Replacements { replacements }))
}

/// The replacements of a file: one, or a list of them.
fn read_file(
    context: &mut Context<'_>,
    folder: &Folder,
    path: &Text,
) -> Result<Vec<Replacement>> {
    let loaded = folder.load(context, path)?;
    let root = document(context, loaded.file)?;
    let unsupported = |name: &str| {
        let message = format!(
            "unsupported replacement type encountered within replacement path: {name}"
        );
        Err(Diagnostic::error(path.span, message)
            .hint("the file must hold a replacement or a list of replacements"))
    };
    let Some(root) = root else { return unsupported("invalid") };
    match root.kind() {
        Kind::Sequence => root.items().unwrap_or(&[]).iter().map(decode).collect(),
        Kind::Mapping => Ok(vec![decode(&root)?]),
        Kind::Scalar | Kind::Alias => unsupported("string"),
    }
}

fn decode(node: &Node) -> Result<Replacement> {
    decode_replacement(&mut Decoder::new(node, Mode::Plugin)?)
}
