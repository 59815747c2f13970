//! What a plain scalar means: the resolvers of go-yaml v2 and v3 (`resolve.go`).

use crate::number::{parse_float, parse_int, parse_uint};
use crate::timestamp::Timestamp;
use crate::{Dialect, Tag};

/// The meaning of a plain scalar without a tag.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Resolved {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Float(f64),
    Timestamp(Timestamp),
    Str,
}

impl Resolved {
    /// The tag that goes with the meaning.
    pub(crate) fn tag(self) -> Tag {
        match self {
            Resolved::Null => Tag::Null,
            Resolved::Bool(_) => Tag::Bool,
            Resolved::Int(_) | Resolved::Uint(_) => Tag::Int,
            Resolved::Float(_) => Tag::Float,
            Resolved::Timestamp(_) => Tag::Timestamp,
            Resolved::Str => Tag::Str,
        }
    }
}

/// The tag that yaml.v3 gives a plain scalar. Only its parser takes `<<` for a merge key.
pub(crate) fn plain_tag(text: &str) -> Tag {
    resolve(text, Dialect::V3, true).tag()
}

/// What `resolve("", text)` returns; timestamps only if `timestamps`, as upstream tries them
/// for scalars without tag or with `!!timestamp`.
pub(crate) fn resolve(text: &str, dialect: Dialect, timestamps: bool) -> Resolved {
    let Some(first) = text.as_bytes().first() else { return Resolved::Null };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            word(text, dialect).unwrap_or(Resolved::Str)
        }
        b'.' => match special_float(text) {
            Some(value) => Resolved::Float(value),
            None => parse_float(text).map_or(Resolved::Str, Resolved::Float),
        },
        b'0'..=b'9' | b'+' | b'-' => match special_float(text) {
            Some(value) => Resolved::Float(value),
            None => number(text, dialect, timestamps),
        },
        _ => Resolved::Str,
    }
}

fn word(text: &str, dialect: Dialect) -> Option<Resolved> {
    Some(match text {
        "true" | "True" | "TRUE" => Resolved::Bool(true),
        "false" | "False" | "FALSE" => Resolved::Bool(false),
        "~" | "null" | "Null" | "NULL" => Resolved::Null,
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON"
            if dialect == Dialect::V2 =>
        {
            Resolved::Bool(true)
        }
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF"
            if dialect == Dialect::V2 =>
        {
            Resolved::Bool(false)
        }
        _ => return None,
    })
}

fn special_float(text: &str) -> Option<f64> {
    Some(match text {
        ".nan" | ".NaN" | ".NAN" => f64::NAN,
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => f64::INFINITY,
        "-.inf" | "-.Inf" | "-.INF" => f64::NEG_INFINITY,
        _ => return None,
    })
}

fn number(text: &str, dialect: Dialect, timestamps: bool) -> Resolved {
    if timestamps && let Some(time) = Timestamp::parse(text) {
        return Resolved::Timestamp(time);
    }
    let without;
    let plain = match text.contains('_') {
        true => {
            without = text.replace('_', "");
            &without
        }
        false => text,
    };
    let int = |text: &str, base| parse_int(text, base).map(Resolved::Int);
    let uint = |text: &str, base| parse_uint(text, base).map(Resolved::Uint);
    let found = int(plain, 0)
        .or_else(|| uint(plain, 0))
        .or_else(|| yaml_float(plain).map(Resolved::Float));
    if let Some(found) = found {
        return found;
    }
    // Upstream tries these although base 0 reads the same prefixes; what is left for them
    // is a sign after the prefix: `0b-1`.
    let prefixed = |prefix: &str, base| {
        if let Some(digits) = plain.strip_prefix('0').and_then(|p| p.strip_prefix(prefix))
        {
            return int(digits, base).or_else(|| uint(digits, base));
        }
        let digits = plain.strip_prefix("-0").and_then(|p| p.strip_prefix(prefix))?;
        int(&format!("-{digits}"), base)
    };
    let octal = || if dialect == Dialect::V3 { prefixed("o", 8) } else { None };
    prefixed("b", 2).or_else(octal).unwrap_or(Resolved::Str)
}

/// The number, if the text has YAML's shape of one:
/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn yaml_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let digits =
        |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    if let Some(exponent) = exponent
        && !digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent))
    {
        return None;
    }
    let shaped = match mantissa.split_once('.') {
        Some(("", fraction)) => digits(fraction),
        Some((whole, fraction)) => {
            digits(whole) && (fraction.is_empty() || digits(fraction))
        }
        None => digits(mantissa),
    };
    if shaped { parse_float(text) } else { None }
}
