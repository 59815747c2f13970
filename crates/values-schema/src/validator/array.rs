//! Arrays. (`arrValidate`)

use serde_json::Value;

use super::State;
use crate::draft::Draft;
use crate::equal;
use crate::schema::{Additional, ArrayRules, Id, Schema};
use crate::tree::Kind;
use crate::words::{self, grouped};

impl<'d> State<'_, 'd> {
    pub(super) fn array(&mut self, schema: &Schema<'d>, items: &[Value]) {
        let rules = &schema.array;
        self.size("Items", items.len(), rules.min, rules.max);
        if rules.unique
            && let Some((first, second)) = equal::duplicates(items)
        {
            let (first, second) = (grouped(first), grouped(second));
            self.say(&format!("items at {first} and {second} are equal"));
        }
        let mut seen = rules.first.len().min(items.len());
        for (at, (id, item)) in rules.first.iter().zip(items).enumerate() {
            self.item(*id, item, at);
        }
        if let Some(rest) = rules.rest {
            for (at, item) in items.iter().enumerate().skip(seen) {
                self.item(rest, item, at);
            }
            seen = items.len();
        }
        match rules.additional {
            Some(Additional::Allowed(false)) if seen < items.len() => {
                let count = grouped(items.len() - seen);
                self.say(&format!("last {count} additionalItem(s) not allowed"));
            }
            Some(Additional::Schema(id)) => {
                for (at, item) in items.iter().enumerate().skip(seen) {
                    self.item(id, item, at);
                }
            }
            _ => {}
        }
        if let Some(id) = rules.contains {
            self.contains(rules, id, items, schema.draft);
        }
    }

    fn item(&mut self, id: Id, item: &Value, at: usize) {
        let done = self.part(id, item, &at.to_string());
        self.add(done);
    }

    fn contains(&mut self, rules: &ArrayRules, id: Id, items: &[Value], draft: Draft) {
        let (mut causes, mut fitting) = (Vec::new(), Vec::new());
        for (at, item) in items.iter().enumerate() {
            match self.part(id, item, &at.to_string()) {
                Err(fault) => causes.push(fault),
                Ok(()) => {
                    fitting.push(at);
                    if draft >= Draft::Y2020 {
                        self.uneval.items.remove(&at);
                    }
                }
            }
        }
        let count = i64::try_from(fitting.len()).unwrap_or(i64::MAX);
        match rules.min_contains {
            Some(min) if count < min => {
                let words = words::too_few(min, &fitting);
                self.say_with(Kind::Own, &words, causes);
            }
            None if fitting.is_empty() => {
                self.say_with(Kind::Own, "no items match contains schema", causes);
            }
            _ => {}
        }
        if let Some(max) = rules.max_contains.filter(|max| count > *max) {
            self.say(&words::too_many(max, &fitting));
        }
    }
}
