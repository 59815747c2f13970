//! Decimal arithmetic of any precision. (shopspring/decimal v1.4.0)

use num_bigint_dig::{BigInt, Sign};

/// `value * 10^exponent`.
#[derive(Clone)]
pub(super) struct Decimal {
    value: BigInt,
    exponent: i64,
}

/// How many decimals a quotient has (`DivisionPrecision`).
const PRECISION: i64 = 16;

impl Decimal {
    /// The shortest decimal that reads as this float. (`NewFromFloat`)
    ///
    /// The error is the text of upstream's panic.
    pub(super) fn from_float(f: f64) -> Result<Decimal, String> {
        if !f.is_finite() {
            let text = if f.is_nan() {
                "NaN"
            } else if f > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            return Err(format!("Cannot create a Decimal from {text}"));
        }
        let text = goyaml::shortest_exponential(f);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let decimals = mantissa.split_once('.').map_or(0, |(_, d)| d.len());
        let digits = mantissa.replace('.', "");
        let exponent: i64 = exponent.parse().unwrap_or(0);
        Ok(Decimal {
            value: digits.parse().unwrap_or_default(),
            exponent: exponent - i64::try_from(decimals).unwrap_or(0),
        })
    }

    /// The nearest float. (`Float64`)
    pub(super) fn to_float(&self) -> f64 {
        format!("{}e{}", self.value, self.exponent).parse().unwrap_or(0.0)
    }

    pub(super) fn add(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        Decimal { value: self.rescaled(exponent) + other.rescaled(exponent), exponent }
    }

    pub(super) fn sub(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent.min(other.exponent);
        Decimal { value: self.rescaled(exponent) - other.rescaled(exponent), exponent }
    }

    pub(super) fn mul(&self, other: &Decimal) -> Decimal {
        let exponent = self.exponent + other.exponent;
        Decimal { value: &self.value * &other.value, exponent }
    }

    /// The quotient, rounded half away from zero to 16 decimals. (`DivRound`)
    ///
    /// The error is the text of upstream's panic.
    pub(super) fn div(&self, other: &Decimal) -> Result<Decimal, String> {
        if other.value.sign() == Sign::NoSign {
            return Err("decimal division by 0".to_owned());
        }
        let negative =
            (self.value.sign() == Sign::Minus) != (other.value.sign() == Sign::Minus);
        let shift = self.exponent - other.exponent + PRECISION;
        let numerator = magnitude(&self.value) * power(shift.max(0));
        let denominator = magnitude(&other.value) * power((-shift).max(0));
        // Half up: floor((2n + d) / 2d).
        let two = BigInt::from(2);
        let quotient = (&numerator * &two + &denominator) / (&denominator * &two);
        let value = if negative { -quotient } else { quotient };
        Ok(Decimal { value, exponent: -PRECISION })
    }

    fn rescaled(&self, exponent: i64) -> BigInt {
        &self.value * power(self.exponent - exponent)
    }
}

fn magnitude(value: &BigInt) -> BigInt {
    if value.sign() == Sign::Minus { -value } else { value.clone() }
}

fn power(exponent: i64) -> BigInt {
    let exponent = usize::try_from(exponent).unwrap_or(0);
    num_traits_pow(BigInt::from(10), exponent)
}

/// Squares and multiplies.
fn num_traits_pow(mut base: BigInt, mut exponent: usize) -> BigInt {
    let mut result = BigInt::from(1);
    while exponent > 0 {
        if exponent & 1 == 1 {
            result *= &base;
        }
        base = &base * &base;
        exponent >>= 1;
    }
    result
}
