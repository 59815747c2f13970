//! The arguments of `replacements`.

use source::Span;

use super::{Selector, Text};

/// An entry of `replacements`: written here, or in a file. (upstream: `types.ReplacementField`)
#[derive(Clone, Debug)]
pub struct ReplacementField {
    /// `path`: the file that holds one replacement or a list of them; nothing else may be given
    /// beside it. Default: none, the replacement is written here.
    pub path: Text,
    /// The replacement itself.
    pub replacement: Replacement,
}

/// A value to be copied. (upstream: `types.Replacement`)
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The entry.
    pub span: Span,
    /// `source`: where the value is taken from. Default: none; then `sourceValue` is needed.
    pub source: Option<SourceSelector>,
    /// `sourceValue`: a value written in place. Default: none; then `source` is needed. Not both
    /// may be given.
    pub source_value: Option<Text>,
    /// `targets`: where it is copied to; at least one.
    pub targets: Vec<TargetSelector>,
}

/// Where a value is taken from. (upstream: `types.SourceSelector`)
#[derive(Clone, Debug)]
pub struct SourceSelector {
    /// `group`, `version`, `kind`, `name`, `namespace`: the object, of which there must be
    /// exactly one. The texts are no regular expressions; one that is left out fits any.
    pub object: Selector,
    /// `fieldPath`: the field, parts joined by dots. Default: `metadata.name`.
    pub field_path: Text,
    /// `options`: what part of the field. Default: the whole field.
    pub options: Option<FieldOptions>,
}

/// Where a value is copied to. (upstream: `types.TargetSelector`)
#[derive(Clone, Debug)]
pub struct TargetSelector {
    /// The entry.
    pub span: Span,
    /// `select`: the objects. It has to be given; empty, it means all. (Before v5.8 its texts
    /// were no regular expressions.)
    pub select: Option<Selector>,
    /// `reject`: objects among them that are not meant. Default: none.
    pub reject: Vec<Selector>,
    /// `fieldPaths`: the fields, parts joined by dots; `[name=x]` picks an item of a list, `*` all
    /// items, and what follows a text is looked for in the JSON or YAML inside of it (v5.8).
    /// Default: `metadata.name`.
    pub field_paths: Vec<Text>,
    /// `options`: what part of the fields. Default: whole fields, which have to exist.
    pub options: Option<FieldOptions>,
}

/// What part of a field is meant. (upstream: `types.FieldOptions`)
#[derive(Clone, Debug, Default)]
pub struct FieldOptions {
    /// `delimiter`: what the text is split at, and joined with. Default: it is not split.
    pub delimiter: Text,
    /// `index`: which part, counted from 0. Of a source it has to exist; in a target one below 0
    /// puts the value before the first part, one above the last after it. Default: 0.
    pub index: i64,
    /// `encoding`: read and never used, upstream as here. Default: nothing.
    pub encoding: Text,
    /// `create`: is a missing field made? For targets alone. Default: false, it is a fault.
    pub create: bool,
}
