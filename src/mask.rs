//! What may be shown of a field: the one rule of every command that shows values.
//!
//! A value is secret if its key says so, if it is data of a Secret, or if it was made of a
//! text that is secret where it stands. Of a longer text only the secrets are hidden, if
//! they can be found in it.

use std::ops::Range;

use source::{Cause, MASK, Role, SourceMap, masked};

/// A secret this short stands in any text by chance.
const SHORTEST: usize = 4;

/// What must not be shown of one field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mask {
    /// All of it.
    whole: bool,
    /// Texts that it is made of.
    secrets: Vec<String>,
    /// Texts that it was made of before something took their place.
    replaced: Vec<String>,
}

/// What is hidden of a text.
pub(crate) enum Hidden {
    /// All of it.
    Whole,
    /// These parts, sorted; none may be left.
    Parts(Vec<Range<usize>>),
}

impl Mask {
    /// The mask of a field with these causes; `whole` if its place says that it is secret.
    pub(crate) fn of(sources: &SourceMap, causes: &[Cause], whole: bool) -> Mask {
        if whole {
            return Mask { whole, ..Mask::default() };
        }
        let mut mask = Mask::default();
        for cause in causes {
            let list = match cause.role {
                Role::Data | Role::Text | Role::Value(_) => &mut mask.secrets,
                Role::Before => &mut mask.replaced,
                _ => continue,
            };
            let file = sources.file(cause.span.file);
            list.extend(file.secrets_in(cause.span).into_iter().map(str::to_owned));
        }
        mask.secrets.sort();
        mask.secrets.dedup();
        mask
    }

    /// What of `text` must not be shown: this field's text, or what it was before.
    pub(crate) fn hidden(&self, text: &str) -> Hidden {
        if self.whole {
            return Hidden::Whole;
        }
        let mut parts = goyaml::secret_ranges(text);
        let places = |secret: &String| -> Vec<Range<usize>> {
            text.match_indices(&**secret).map(|(at, s)| at..at + s.len()).collect()
        };
        for secret in &self.secrets {
            let found = places(secret);
            // Encoded, cut or hashed, it cannot be found and may be anywhere.
            if secret.len() < SHORTEST || found.is_empty() {
                return Hidden::Whole;
            }
            parts.extend(found);
        }
        parts.extend(self.replaced.iter().flat_map(places));
        parts.sort_by_key(|part| (part.start, std::cmp::Reverse(part.end)));
        let mut end = 0;
        parts.retain(|part| {
            let apart = part.start >= end;
            end = end.max(part.end);
            apart
        });
        Hidden::Parts(parts)
    }

    /// The text as it may be shown; `None` if nothing of it may.
    pub(crate) fn shown(&self, text: &str) -> Option<String> {
        match self.hidden(text) {
            Hidden::Whole => None,
            Hidden::Parts(parts) => match parts.as_slice() {
                [all] if *all == (0..text.len()) => None,
                parts => Some(masked(text, 0..text.len(), parts)),
            },
        }
    }

    /// The text as it may be shown, or what stands for a secret.
    pub(crate) fn shown_or_mask(&self, text: &str) -> String {
        self.shown(text).unwrap_or_else(|| MASK.to_owned())
    }
}
