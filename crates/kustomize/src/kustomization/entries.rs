//! The small entries of a kustomization.

use ecow::EcoString;
use source::Span;

use super::{Text, TextMap};
use crate::resource::FieldSpec;

/// What `labels:` adds, and where. (upstream: `types.Label`)
#[derive(Clone, Debug)]
pub struct Label {
    /// The entry.
    pub span: Span,
    /// The labels.
    pub pairs: TextMap,
    /// Are they added to selectors and templates too?
    pub include_selectors: bool,
    /// Are they added to templates too?
    pub include_templates: bool,
    /// Further fields.
    pub fields: Vec<FieldSpec>,
}

/// A patch, written inline or in a file. (upstream: `types.Patch`)
#[derive(Clone, Debug)]
pub struct Patch {
    /// The entry.
    pub span: Span,
    /// The file.
    pub path: Text,
    /// The patch itself.
    pub patch: Text,
    /// The objects to patch.
    pub target: Option<Selector>,
    /// What the patch may change.
    pub options: PatchOptions,
}

/// What a patch may change. (upstream: `types.PatchArgs`)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatchOptions {
    /// May it change the name?
    pub allow_name_change: bool,
    /// May it change the kind?
    pub allow_kind_change: bool,
}

/// Which objects are meant; every text but the last two is a regular expression, and an empty
/// one means any. (upstream: `types.Selector`)
#[derive(Clone, Debug)]
pub struct Selector {
    /// The entry.
    pub span: Span,
    /// The group.
    pub group: Text,
    /// The version.
    pub version: Text,
    /// The kind.
    pub kind: Text,
    /// The name.
    pub name: Text,
    /// The namespace.
    pub namespace: Text,
    /// A selector of annotations, in the syntax of label selectors.
    pub annotation_selector: Text,
    /// A selector of labels.
    pub label_selector: Text,
}

/// A new name, tag or digest of an image. (upstream: `types.Image`)
#[derive(Clone, Debug)]
pub struct Image {
    /// The entry.
    pub span: Span,
    /// The image's name without a tag.
    pub name: Text,
    /// The new name.
    pub new_name: Text,
    /// What is appended to the tag.
    pub tag_suffix: Text,
    /// The new tag.
    pub new_tag: Text,
    /// The new digest.
    pub digest: Text,
}

/// A number of replicas. (upstream: `types.Replica`)
#[derive(Clone, Debug)]
pub struct Replica {
    /// The entry.
    pub span: Span,
    /// The object's name.
    pub name: Text,
    /// The number.
    pub count: i64,
}

/// A variable, filled from a field of an object. (upstream: `types.Var`)
#[derive(Clone, Debug)]
pub struct Var {
    /// The entry.
    pub span: Span,
    /// The name that stands in `$(…)`.
    pub name: Text,
    /// The object.
    pub object: crate::resource::ResId,
    /// The object's `apiVersion` as written; it wins over group and version.
    pub api_version: EcoString,
    /// The path of the field, parts joined by dots.
    pub field_path: Text,
}

/// The order of the output. (upstream: `types.SortOptions`)
#[derive(Clone, Debug)]
pub struct SortOptions {
    /// The entry.
    pub span: Span,
    /// The order as written.
    pub order: Text,
    /// What `legacySortOptions` says: kinds that come first, kinds that come last.
    pub legacy: Option<(Vec<EcoString>, Vec<EcoString>)>,
}

/// An order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortOrder {
    /// By kind, then by id.
    Legacy,
    /// As read.
    Fifo,
}
