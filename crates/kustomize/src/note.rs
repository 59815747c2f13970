//! [`Note`]: what had no effect, for whoever lints.

use source::Span;

/// What upstream passes over in silence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind of entry.
    pub kind: NoteKind,
    /// The entry.
    pub span: Span,
    /// What it missed.
    pub text: String,
    /// What could have been meant; empty if nobody knows.
    pub hint: String,
}

/// The kind of a [`Note`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteKind {
    /// A patch whose target selects nothing.
    Patch,
    /// A replacement, or one of its targets, that selects nothing.
    Replacement,
    /// An image that nothing uses.
    Image,
    /// A variable that stands nowhere.
    Var,
    /// A transformer, patch or component without an effect.
    Transformer,
    /// A field in the config of a builtin plugin that the plugin does not know.
    PluginField,
    /// A target that is empty or an expression, and selects every object.
    CatchAll,
}
