//! Patches, replacements, and how both find their targets.

use goyaml::Node;
use source::{Diagnostic, Result, Span};

use crate::context::Context;
use crate::kustomization::{Patch, ReplacementField, Selector, Text};
use crate::load::Folder;
use crate::resource::ResMap;
use crate::transformers::Transformer;

fn refuse<T>(span: Span) -> Result<T> {
    Err(Diagnostic::error(span, "patches and replacements are not applied by this build"))
}

pub(crate) fn select(_: &ResMap, selector: &Selector) -> Result<Vec<usize>> {
    refuse(selector.span)
}

pub(crate) fn merge2(source: &Node, _: Node) -> Result<Option<Node>> {
    refuse(source.span)
}

pub(crate) fn inline_span(_: &Context<'_>, text: &Text) -> Span {
    text.span
}

pub(crate) fn configure_patch(
    _: &mut Context<'_>,
    _: &Folder,
    entry: &Patch,
) -> Result<Box<dyn Transformer>> {
    refuse(entry.span)
}

pub(crate) fn configure_json6902(
    _: &mut Context<'_>,
    _: &Folder,
    entry: &Patch,
) -> Result<Box<dyn Transformer>> {
    refuse(entry.span)
}

pub(crate) fn configure_strategic_merge(
    _: &mut Context<'_>,
    _: &Folder,
    paths: &[Text],
    _: Option<&Text>,
) -> Result<Box<dyn Transformer>> {
    refuse(paths.first().map_or(Span::NONE, |path| path.span))
}

pub(crate) fn configure_replacements(
    _: &mut Context<'_>,
    _: &Folder,
    entries: &[ReplacementField],
) -> Result<Box<dyn Transformer>> {
    refuse(entries.first().map_or(Span::NONE, |entry| entry.path.span))
}
