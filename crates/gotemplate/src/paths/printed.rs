//! [`Printed`]: the texts that a piece of a template can print.

use ecow::EcoString;

use super::Abstract;

/// More alternatives than this are not told apart.
const MAX: usize = 64;

/// All texts that something can print; `None` if they cannot be told.
#[derive(Clone, Debug)]
pub(super) struct Printed(Option<Vec<EcoString>>);

impl Printed {
    /// Nothing is printed.
    pub(super) fn nothing() -> Printed {
        Printed(Some(vec![EcoString::new()]))
    }

    /// It cannot be told.
    pub(super) fn unknown() -> Printed {
        Printed(None)
    }

    /// What printing a value prints.
    pub(super) fn of(value: &Abstract) -> Printed {
        Printed(value.texts())
    }

    /// Exactly this.
    pub(super) fn text(text: &[u8]) -> Printed {
        Printed(Some(vec![String::from_utf8_lossy(text).as_ref().into()]))
    }

    /// First this, then that.
    pub(super) fn then(&mut self, next: Printed) {
        let (Some(before), Some(after)) = (&self.0, next.0) else {
            self.0 = None;
            return;
        };
        if let [only] = after.as_slice()
            && only.is_empty()
        {
            return;
        }
        if before.len() * after.len() > MAX {
            self.0 = None;
            return;
        }
        let mut all = Vec::with_capacity(before.len() * after.len());
        for first in before {
            all.extend(after.iter().map(|second| {
                let mut both = first.clone();
                both.push_str(second);
                both
            }));
        }
        self.0 = Some(all);
    }

    /// Either this or that.
    pub(super) fn or(self, other: Printed) -> Printed {
        let (Some(mut one), Some(other)) = (self.0, other.0) else {
            return Printed(None);
        };
        for text in other {
            if !one.contains(&text) {
                one.push(text);
            }
        }
        Printed((one.len() <= MAX).then_some(one))
    }

    /// Does it never print anything?
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.0.as_deref(), Some([text]) if text.is_empty())
    }

    /// As a value.
    pub(super) fn value(self) -> Abstract {
        match self.0 {
            Some(texts) => Abstract::one_of(texts.into_iter().map(Abstract::Text)),
            None => Abstract::Unknown,
        }
    }
}
