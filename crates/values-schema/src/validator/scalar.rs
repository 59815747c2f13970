//! Texts, numbers, and what all values are asked. (`strValidate`, `numValidate`)

use serde_json::{Number, Value};

use super::State;
use crate::number::Decimal;
use crate::quoting::quote;
use crate::schema::Schema;
use crate::types::Types;
use crate::words;

/// Is a value of one of these types?
pub(super) fn fits(types: Types, value: &Value) -> bool {
    let is_integer = |number: &Number| Decimal::new(number).is_integer();
    types.contains(words::type_of(value))
        || types.contains("integer") && value.as_number().is_some_and(is_integer)
}

impl<'d> State<'_, 'd> {
    /// How many of something there may be.
    pub(super) fn size(
        &mut self,
        of: &str,
        got: usize,
        min: Option<i64>,
        max: Option<i64>,
    ) {
        let count = i64::try_from(got).unwrap_or(i64::MAX);
        for (limit, word, is_broken) in [
            (min, "min", min.is_some_and(|min| count < min)),
            (max, "max", max.is_some_and(|max| count > max)),
        ] {
            if let Some(limit) = limit.filter(|_| is_broken) {
                self.say(&words::size(&format!("{word}{of}"), got, limit));
            }
        }
    }

    pub(super) fn text(&mut self, schema: &Schema<'d>, text: &str) {
        let rules = &schema.text;
        if rules.min.is_some() || rules.max.is_some() {
            self.size("Length", text.chars().count(), rules.min, rules.max);
        }
        if let Some((regexp, pattern)) = &rules.pattern
            && !regexp.is_match(text.as_bytes())
        {
            let (text, pattern) = (quote(text), quote(pattern));
            self.say(&format!("{text} does not match pattern {pattern}"));
        }
    }

    pub(super) fn number(&mut self, schema: &Schema<'d>, number: &Number) {
        let rules = &schema.number;
        let checks: [(&str, Option<&Number>, Broken); 5] = [
            ("minimum", rules.minimum, |got, limit| got < limit),
            ("maximum", rules.maximum, |got, limit| got > limit),
            ("exclusiveMinimum", rules.exclusive_minimum, |got, limit| got <= limit),
            ("exclusiveMaximum", rules.exclusive_maximum, |got, limit| got >= limit),
            ("multipleOf", rules.multiple_of, |got, of| !got.is_multiple_of(of)),
        ];
        for (keyword, limit, is_broken) in checks {
            let Some(limit) = limit else { continue };
            if is_broken(&Decimal::new(number), &Decimal::new(limit)) {
                self.say(&words::number(keyword, number, limit));
            }
        }
    }
}

/// Does a number break a limit?
type Broken = fn(&Decimal, &Decimal) -> bool;
