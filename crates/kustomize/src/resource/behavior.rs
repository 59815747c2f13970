//! [`Behavior`]: what a generated object does to another.

/// What a generated object does to one that is there already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Behavior {
    /// Nothing was said; the same as `create`.
    #[default]
    Unspecified,
    /// There may be none.
    Create,
    /// It takes its place.
    Replace,
    /// Its data are added to it.
    Merge,
}

impl Behavior {
    /// What a word of a kustomization means; unknown words mean nothing.
    #[must_use]
    pub fn of(word: &str) -> Behavior {
        match word {
            "create" => Behavior::Create,
            "replace" => Behavior::Replace,
            "merge" => Behavior::Merge,
            _ => Behavior::Unspecified,
        }
    }

    /// Upstream's word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Behavior::Unspecified => "unspecified",
            Behavior::Create => "create",
            Behavior::Replace => "replace",
            Behavior::Merge => "merge",
        }
    }
}
