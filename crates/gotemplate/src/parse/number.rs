//! Number literals, held under every type that can represent them.
//! (text/template/parse: `NumberNode`; strconv: `ParseInt`, `ParseFloat`)

use ecow::EcoString;

use super::unquote::{Rune, unquote_char};
use crate::fmt::quote;

/// A number: Go's ideal constant.
#[derive(Clone, Debug, PartialEq, Default)]
pub(crate) struct Number {
    /// As it is written.
    pub(crate) text: EcoString,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    pub(crate) complex: Option<(f64, f64)>,
}

impl Number {
    /// `'a'`
    pub(super) fn char(text: &str) -> Result<Number, String> {
        let inner = text.as_bytes().get(1..).unwrap_or(&[]);
        let (rune, tail) = unquote_char(inner, b'\'').ok_or("invalid syntax")?;
        if tail != b"'" {
            return Err(format!("malformed character constant: {text}"));
        }
        let rune = match rune {
            Rune::Byte(b) => u32::from(b),
            Rune::Point(c) => c,
        };
        Ok(Number {
            text: text.into(),
            int: Some(i64::from(rune)),
            uint: Some(u64::from(rune)),
            float: Some(f64::from(rune)),
            complex: None,
        })
    }

    /// `1+2i`
    pub(super) fn complex(text: &str) -> Result<Number, String> {
        const BAD: &str = "syntax error scanning complex number";
        let body = text.strip_suffix('i').ok_or(BAD)?;
        let signs = body.char_indices().skip(1).filter(|(at, c)| {
            let before = body.as_bytes().get(at - 1).copied().unwrap_or(0);
            let hex = body.starts_with("0x") || body.starts_with("0X");
            let exponent = if hex { b"pP" } else { b"eE" };
            (*c == '+' || *c == '-') && !exponent.contains(&before)
        });
        let at = signs.map(|(at, _)| at).last().ok_or(BAD)?;
        let (real, imaginary) = body.split_at_checked(at).ok_or(BAD)?;
        let float = |part: &str| {
            let is_float = is_float_token(part);
            parse_float(part).ok_or_else(|| match is_float {
                Some(why) => {
                    let part = quote(part.as_bytes());
                    format!("strconv.ParseFloat: parsing {part}: {why}")
                }
                None => BAD.to_owned(),
            })
        };
        let (real, imaginary) = (float(real)?, float(imaginary)?);
        Ok(Number::of_complex(text, real, imaginary))
    }

    fn of_int(text: &str, n: u32) -> Number {
        Number {
            text: text.into(),
            int: Some(i64::from(n)),
            uint: Some(u64::from(n)),
            float: Some(f64::from(n)),
            complex: None,
        }
    }

    fn of_complex(text: &str, real: f64, imaginary: f64) -> Number {
        let float = (imaginary == 0.0).then_some(real);
        Number {
            text: text.into(),
            int: float.and_then(whole_int),
            uint: float.and_then(whole_uint),
            float,
            complex: Some((real, imaginary)),
        }
    }

    /// `0x10`, `1e3`, `2i`
    pub(super) fn parse(text: &str) -> Result<Number, String> {
        if let Some(n) = plain_int(text) {
            return Ok(Number::of_int(text, n));
        }
        if let Some(f) = text.strip_suffix('i').and_then(parse_float) {
            return Ok(Number::of_complex(text, 0.0, f));
        }
        let mut uint = parse_uint(text);
        let int = parse_int(text);
        if int == Some(0) {
            uint = Some(0);
        }
        let mut number = Number { text: text.into(), int, uint, ..Number::default() };
        if let Some(n) = int {
            number.float = Some(n as f64);
        } else if let Some(n) = uint {
            number.float = Some(n as f64);
        } else if let Some(f) = parse_float(text) {
            if !text.contains(['.', 'e', 'E', 'p', 'P']) {
                return Err(format!("integer overflow: {}", quote(text.as_bytes())));
            }
            number.float = Some(f);
            number.int = whole_int(f);
            number.uint = whole_uint(f);
        } else {
            return Err(format!("illegal number syntax: {}", quote(text.as_bytes())));
        }
        Ok(number)
    }
}

/// `10`: what nearly every number is. A zero in front of others makes it octal.
fn plain_int(text: &str) -> Option<u32> {
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let decimal = text.len() == 1 || !text.starts_with('0');
    if digits && decimal { text.parse().ok() } else { None }
}

fn whole_int(f: f64) -> Option<i64> {
    let n = f as i64;
    (n as f64 == f && f < 9_223_372_036_854_775_808.0).then_some(n)
}

fn whole_uint(f: f64) -> Option<u64> {
    let n = f as u64;
    (n as f64 == f && f < 18_446_744_073_709_551_616.0).then_some(n)
}

/// A whole number with an optional base prefix. (strconv: `ParseUint` with base 0)
fn parse_uint(text: &str) -> Option<u64> {
    if !underscores_ok(text) {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    let (base, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, lower.get(2..)?),
        [b'0', b'b', ..] => (2, lower.get(2..)?),
        [b'0', b'o', ..] => (8, lower.get(2..)?),
        [b'0', _, ..] => (8, lower.get(1..)?),
        _ => (10, lower.as_str()),
    };
    let digits = digits.replace('_', "");
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(&digits, base).ok()
}

fn parse_int(text: &str) -> Option<i64> {
    match text.strip_prefix('-') {
        Some(rest) if !rest.starts_with('+') => {
            0i64.checked_sub_unsigned(parse_uint(rest)?)
        }
        Some(_) => None,
        None => {
            let n = parse_uint(text.strip_prefix('+').unwrap_or(text))?;
            i64::try_from(n).ok()
        }
    }
}

/// Why a float that `fmt.Sscan` reads whole is none; `None` if it does not read all of it.
/// (fmt: `floatToken`)
fn is_float_token(text: &str) -> Option<&'static str> {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (hex, body) = match body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")) {
        Some(body) => (true, body),
        None => (false, body),
    };
    let digit = |c: char| {
        c == '_' || if hex { c.is_ascii_hexdigit() } else { c.is_ascii_digit() }
    };
    let body = body.trim_start_matches(digit);
    let body = body.strip_prefix('.').map_or(body, |rest| rest.trim_start_matches(digit));
    let marks: &[char] = if hex { &['p', 'P'] } else { &['e', 'E', 'p', 'P'] };
    let rest = match body.strip_prefix(marks) {
        Some(rest) => {
            let rest = rest.strip_prefix(['+', '-']).unwrap_or(rest);
            rest.trim_start_matches(|c: char| c == '_' || c.is_ascii_digit())
        }
        None => body,
    };
    if !rest.is_empty() {
        return None;
    }
    let plain = text.replace('_', "");
    let too_large =
        !hex && underscores_ok(text) && plain.parse().is_ok_and(f64::is_infinite);
    Some(if too_large { "value out of range" } else { "invalid syntax" })
}

/// A decimal or hexadecimal float; `None` if it is none or too large. (strconv: `ParseFloat`)
fn parse_float(text: &str) -> Option<f64> {
    if !underscores_ok(text) {
        return None;
    }
    let plain = text.replace('_', "").to_ascii_lowercase();
    let (sign, body) = match plain.as_bytes().first()? {
        b'-' => (-1.0, plain.get(1..)?),
        b'+' => (1.0, plain.get(1..)?),
        _ => (1.0, plain.as_str()),
    };
    let value = match body.strip_prefix("0x") {
        Some(hex) => parse_hex_float(hex)?,
        None if body.starts_with(|c: char| c == '.' || c.is_ascii_digit()) => {
            body.parse::<f64>().ok()?
        }
        None => return None,
    };
    value.is_finite().then_some(sign * value)
}

fn parse_hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let mut exponent = parse_exponent(exponent)?;
    let (mut bits, mut lost): (u64, bool) = (0, false);
    for (i, digit) in whole.chars().chain(fraction.chars()).enumerate() {
        let digit = u64::from(digit.to_digit(16)?);
        let in_fraction = i >= whole.len();
        if bits >> 60 == 0 {
            bits = bits << 4 | digit;
            exponent -= if in_fraction { 4 } else { 0 };
        } else {
            lost |= digit != 0;
            exponent += if in_fraction { 0 } else { 4 };
        }
    }
    let mut value = (bits | u64::from(lost)) as f64;
    let mut left = exponent.clamp(-1_000_000, 1_000_000);
    while left != 0 && value != 0.0 && value.is_finite() {
        let step = left.clamp(-1000, 1000);
        value *= 2f64.powi(i32::try_from(step).unwrap_or(0));
        left -= step;
    }
    Some(value)
}

/// A decimal exponent, cut to what matters.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let most = 1_000_000_000;
    let n = digits.parse::<i64>().unwrap_or(most).min(most);
    Some(if text.starts_with('-') { -n } else { n })
}

/// Do all underscores stand between digits? (strconv: `underscoreOK`)
fn underscores_ok(text: &str) -> bool {
    if !text.contains('_') {
        return true;
    }
    let text = text.strip_prefix(['+', '-']).unwrap_or(text);
    let lower = text.to_ascii_lowercase();
    let prefixed = ["0x", "0o", "0b"].iter().any(|p| lower.starts_with(p));
    let hex = lower.starts_with("0x");
    let (mut last, digits) = match prefixed {
        true => (b'0', lower.get(2..).unwrap_or("")),
        false => (b'^', lower.as_str()),
    };
    for b in digits.bytes() {
        last = match b {
            b'0'..=b'9' => b'0',
            b'a'..=b'f' if hex => b'0',
            b'_' if last == b'0' => b'_',
            b'_' => return false,
            _ if last == b'_' => return false,
            _ => b'!',
        };
    }
    last != b'_'
}

#[cfg(test)]
mod tests {
    use super::Number;

    #[test]
    fn every_type_that_fits() {
        let n = Number::parse("0x1p4").unwrap();
        assert_eq!((n.int, n.uint, n.float), (Some(16), Some(16), Some(16.0)));
        let n = Number::parse("-0").unwrap();
        assert_eq!((n.int, n.uint), (Some(0), Some(0)));
        let n = Number::parse("1_000").unwrap();
        assert_eq!(n.int, Some(1000));
        let n = Number::complex("1e+2-3i").unwrap();
        assert_eq!(n.complex, Some((100.0, -3.0)));
        let n = Number::parse("18446744073709551615").unwrap();
        assert_eq!((n.int, n.uint), (None, Some(u64::MAX)));
        let n = Number::parse("80").unwrap();
        assert_eq!((n.int, n.uint, n.float), (Some(80), Some(80), Some(80.0)));
        assert_eq!(Number::parse("010").unwrap().int, Some(8));
    }

    #[test]
    fn errors() {
        assert_eq!(Number::parse("089").unwrap_err(), "integer overflow: \"089\"");
        assert_eq!(Number::parse("0x").unwrap_err(), "illegal number syntax: \"0x\"");
    }
}
