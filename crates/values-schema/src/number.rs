//! Numbers, compared as what they are written as. (`math/big`: `Rat`)

use std::cmp::Ordering;

use serde_json::Number;

/// A number in decimal: `0.digits × 10^point`, without zeros at either end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    is_negative: bool,
    digits: String,
    point: i64,
}

impl Decimal {
    pub(crate) fn new(number: &Number) -> Decimal {
        let text = number.to_string();
        let (is_negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text.as_str()),
        };
        let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        let digits = all.trim_start_matches('0');
        let exponent: i64 = exponent.trim_start_matches('+').parse().unwrap_or_default();
        let leading = all.len() - digits.len();
        let point = exponent + length(whole.len()) - length(leading);
        let digits = digits.trim_end_matches('0').to_owned();
        let is_zero = digits.is_empty();
        let point = if is_zero { 0 } else { point };
        Decimal { is_negative: is_negative && !is_zero, digits, point }
    }

    /// Has it no fraction?
    pub(crate) fn is_integer(&self) -> bool {
        self.exponent() >= 0
    }

    /// The number, if it is an integer; of a large one the nearest there is.
    pub(crate) fn integer(&self) -> Option<i64> {
        if !self.is_integer() {
            return None;
        }
        let zeros = usize::try_from(self.exponent()).unwrap_or_default().min(32);
        let text = format!("0{}{}", self.digits, "0".repeat(zeros));
        let size = text.parse().unwrap_or(i64::MAX);
        Some(if self.is_negative { -size } else { size })
    }

    /// Is it so many times another?
    pub(crate) fn is_multiple_of(&self, other: &Decimal) -> bool {
        let (Ok(dividend), Ok(divisor)) =
            (format!("0{}", self.digits).parse(), format!("0{}", other.digits).parse())
        else {
            return false;
        };
        if dividend == 0 || divisor == 0 {
            return true;
        }
        divides(divisor, dividend, self.exponent() - other.exponent())
    }

    /// The power of ten by which the digits are multiplied.
    fn exponent(&self) -> i64 {
        if self.digits.is_empty() { 0 } else { self.point - length(self.digits.len()) }
    }

    fn size(&self, other: &Decimal) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (false, false) => {
                self.point.cmp(&other.point).then_with(|| self.digits.cmp(&other.digits))
            }
            (mine, others) => others.cmp(&mine),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.size(other),
            (true, true) => other.size(self),
            (mine, others) => others.cmp(&mine),
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn length(length: usize) -> i64 {
    i64::try_from(length).unwrap_or(i64::MAX)
}

/// Does one number divide another times a power of ten? Neither has more than 20 digits.
fn divides(divisor: u128, dividend: u128, power: i64) -> bool {
    if power >= 0 {
        let mut rest = dividend % divisor;
        for _ in 0..power {
            rest = rest * 10 % divisor;
        }
        return rest == 0;
    }
    let power = u32::try_from(-power).unwrap_or(u32::MAX);
    let divisor = 10u128.checked_pow(power).and_then(|ten| ten.checked_mul(divisor));
    divisor.is_some_and(|divisor| dividend.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use serde_json::{Number, from_str};

    use super::Decimal;

    fn decimal(text: &str) -> Decimal {
        Decimal::new(&from_str::<Number>(text).unwrap())
    }

    #[test]
    fn numbers_are_what_they_are_written_as() {
        let ordered =
            ["-12", "-2", "-0.5", "0", "0.05", "0.3", "1.5", "9", "10", "1e300"];
        for (at, one) in ordered.iter().enumerate() {
            for (other_at, other) in ordered.iter().enumerate() {
                assert_eq!(decimal(one).cmp(&decimal(other)), at.cmp(&other_at));
            }
        }
        assert_eq!(decimal("-0.0"), decimal("0"));
        assert_eq!(decimal("120e-1"), decimal("12.0"));
        assert_eq!(decimal("1.20e2").integer(), Some(120));
        assert_eq!(decimal("1.5").integer(), None);
        for (of, by, is) in [
            ("0.3", "0.1", true),
            ("1", "0.3", false),
            ("1e20", "3", false),
            ("7.5", "2.5", true),
            ("0", "7", true),
            ("1e-3", "1", false),
            ("1e300", "7e-2", false),
            ("14", "7", true),
            ("-4", "2", true),
        ] {
            assert_eq!(decimal(of).is_multiple_of(&decimal(by)), is, "{of} {by}");
        }
    }
}
