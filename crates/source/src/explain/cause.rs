//! [`Cause`]: a line, and its part in a value.

use crate::{LayerKind, Span};

/// One line that had a part in a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cause {
    /// Where it is written.
    pub span: Span,
    /// Its part.
    pub role: Role,
}

/// The part that a line had.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// The value, or a part of it, is written there.
    Data,
    /// The value, or a part of it, is the text of a template.
    Text,
    /// A values layer that set the value and won.
    Value(LayerKind),
    /// A values layer that set the value and was overridden.
    Shadowed(LayerKind),
    /// The template line that printed it.
    Template,
    /// An `include` on the way.
    Include,
    /// A condition that decided that it is there.
    Reason,
    /// The kustomization entry that changed it; the word is the entry's field name.
    Edit(&'static str),
    /// The value that a later edit replaced.
    Before,
}

impl Role {
    /// What a line did, in a few words.
    pub(super) fn words(self) -> &'static str {
        match self {
            Role::Data => "written",
            Role::Text | Role::Template => "printed",
            Role::Value(LayerKind::Chart) => "the chart's default",
            Role::Value(LayerKind::File) => "the value of a values file",
            Role::Value(LayerKind::Inline) => "the inline value",
            Role::Value(LayerKind::Set) => "the value of a flag",
            Role::Value(LayerKind::Release) => "of the release",
            Role::Shadowed(_) => "overridden",
            Role::Include => "included",
            Role::Reason => "the reason",
            Role::Edit(by) => by,
            Role::Before => "replaced",
        }
    }
}

/// How near a part is to what a value says.
pub(super) fn rank(role: Role) -> u8 {
    match role {
        // Many texts begin with the release's name; what else is in them tells more.
        Role::Value(LayerKind::Release) => 1,
        // Of a text that is the template's in part, the values are what people change.
        Role::Value(_) => 0,
        Role::Data | Role::Text => 2,
        Role::Edit(_) => 3,
        Role::Template | Role::Reason => 4,
        Role::Include => 5,
        Role::Shadowed(_) | Role::Before => 6,
    }
}
