//! Labels of random draws: what a derived ambient tells them apart by.

use std::cell::RefCell;
use std::collections::BTreeMap;

use source::Span;

/// Counts how often each place of a render has drawn.
///
/// The same chart gives the same labels in the same order, so that a derived ambient gives
/// the same passwords; a draw added in one place leaves those of all others alone.
#[derive(Debug, Default)]
pub struct Draws {
    counts: RefCell<BTreeMap<String, u32>>,
    template: RefCell<String>,
}

impl Draws {
    /// Says which template file the draws to come belong to: its path within the chart.
    pub fn enter(&self, template: &str) {
        template.clone_into(&mut self.template.borrow_mut());
    }

    /// The label of the next draw of a function that is called at this place.
    #[must_use]
    pub fn label(&self, function: &str, at: Span) -> String {
        let place = format!("{function} {} {}", self.template.borrow(), at.start);
        let mut counts = self.counts.borrow_mut();
        let count = counts.entry(place.clone()).or_default();
        *count += 1;
        format!("{place} {count}")
    }
}

#[cfg(test)]
mod tests {
    use source::Span;

    use super::Draws;

    #[test]
    fn occurrences_are_counted_per_place() {
        let draws = Draws::default();
        draws.enter("templates/a.yaml");
        assert_eq!(draws.label("uuidv4", Span::NONE), "uuidv4 templates/a.yaml 0 1");
        assert_eq!(draws.label("uuidv4", Span::NONE), "uuidv4 templates/a.yaml 0 2");
        draws.enter("templates/b.yaml");
        assert_eq!(draws.label("uuidv4", Span::NONE), "uuidv4 templates/b.yaml 0 1");
    }
}
