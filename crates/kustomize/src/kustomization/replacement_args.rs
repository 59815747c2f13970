//! The arguments of `replacements`.

use source::Span;

use super::{Selector, Text};

/// An entry of `replacements`: written here, or in a file. (upstream: `types.ReplacementField`)
#[derive(Clone, Debug)]
pub struct ReplacementField {
    /// The file that holds one replacement or a list of them.
    pub path: Text,
    /// The replacement itself.
    pub replacement: Replacement,
}

/// A value to be copied. (upstream: `types.Replacement`)
#[derive(Clone, Debug)]
pub struct Replacement {
    /// The entry.
    pub span: Span,
    /// Where the value is taken from.
    pub source: Option<SourceSelector>,
    /// A value written in place.
    pub source_value: Option<Text>,
    /// Where it is copied to.
    pub targets: Vec<TargetSelector>,
}

/// Where a value is taken from. (upstream: `types.SourceSelector`)
#[derive(Clone, Debug)]
pub struct SourceSelector {
    /// The object; its texts are no regular expressions.
    pub object: Selector,
    /// The field, `metadata.name` if it is empty.
    pub field_path: Text,
    /// What part of the field.
    pub options: Option<FieldOptions>,
}

/// Where a value is copied to. (upstream: `types.TargetSelector`)
#[derive(Clone, Debug)]
pub struct TargetSelector {
    /// The entry.
    pub span: Span,
    /// The objects.
    pub select: Option<Selector>,
    /// Objects that are not meant.
    pub reject: Vec<Selector>,
    /// The fields.
    pub field_paths: Vec<Text>,
    /// What part of the fields.
    pub options: Option<FieldOptions>,
}

/// What part of a field is meant. (upstream: `types.FieldOptions`)
#[derive(Clone, Debug, Default)]
pub struct FieldOptions {
    /// What the text is split at.
    pub delimiter: Text,
    /// Which part.
    pub index: i64,
    /// Unused upstream.
    pub encoding: Text,
    /// Is a missing field made?
    pub create: bool,
}
