//! Numbers out of anything. (spf13/cast v1.7.0, `ToInt64`, `ToFloat64`; errors become 0)

use gotemplate::{Data, Kind, Value};

/// `cast.ToInt64`, and `cast.ToInt`, which is the same on 64 bits.
pub(super) fn to_int64(value: &Value) -> i64 {
    match &value.data {
        Data::Bool(b) => i64::from(*b),
        Data::Int(n, _) => *n,
        Data::Uint(n, _) => n.cast_signed(),
        Data::Float(f) => truncate(*f),
        Data::Str(text) => {
            let text = text.to_str();
            parse_int(trim_zero_decimal(&text), 0).unwrap_or(0)
        }
        Data::Object(object) if object.kind() == Kind::Int => {
            small_int(object.type_name(), object.plain())
        }
        _ => 0,
    }
}

/// `cast.ToFloat64`.
pub(super) fn to_float64(value: &Value) -> f64 {
    match &value.data {
        Data::Bool(b) => f64::from(u8::from(*b)),
        Data::Int(n, _) => *n as f64,
        Data::Uint(n, _) => *n as f64,
        Data::Float(f) => *f,
        Data::Str(text) => parse_float(&text.to_str()).unwrap_or(0.0),
        Data::Object(object) if object.kind() == Kind::Int => {
            small_int(object.type_name(), object.plain()) as f64
        }
        _ => 0.0,
    }
}

/// Of named integers, months and weekdays alone are known to cast.
fn small_int(type_name: &str, plain: Option<Value>) -> i64 {
    match (type_name, plain.map(|plain| plain.data)) {
        ("time.Month" | "time.Weekday", Some(Data::Int(n, _))) => n,
        _ => 0,
    }
}

/// `int64(f)` on amd64: what does not fit is the smallest integer.
pub(super) fn truncate(f: f64) -> i64 {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&f) { f as i64 } else { i64::MIN }
}

/// Cuts `.0`, `.00` off. (`trimZeroDecimal`)
fn trim_zero_decimal(text: &str) -> &str {
    let trimmed = text.trim_end_matches('0');
    match trimmed.strip_suffix('.') {
        Some(whole) if trimmed.len() < text.len() => whole,
        _ => text,
    }
}

/// Why an integer cannot be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum IntFault {
    /// `x`
    Syntax,
    /// `99999999999999999999`: the nearest integer.
    Range(i64),
}

/// `strconv.ParseInt(text, base, 64)`; base 0 reads prefixes and underscores.
pub(super) fn parse_int(text: &str, base: u32) -> Result<i64, IntFault> {
    let negative = text.starts_with('-');
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (radix, body) = match (base, digits.as_bytes()) {
        (0, [b'0', b'x' | b'X', ..]) => (16, digits.get(2..)),
        (0, [b'0', b'o' | b'O', ..]) => (8, digits.get(2..)),
        (0, [b'0', b'b' | b'B', ..]) => (2, digits.get(2..)),
        (0, [b'0', _, ..]) => (8, digits.get(1..)),
        (0, _) => (10, Some(digits)),
        (base, _) => (base, Some(digits)),
    };
    let body = body.unwrap_or_default();
    let cleaned;
    let body = match base == 0 && body.contains('_') {
        true if underscores_stand_right(digits) => {
            cleaned = body.replace('_', "");
            cleaned.as_str()
        }
        true => return Err(IntFault::Syntax),
        false => body,
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        return Err(IntFault::Syntax);
    }
    let range = IntFault::Range(if negative { i64::MIN } else { i64::MAX });
    let Ok(magnitude) = u64::from_str_radix(body, radix) else { return Err(range) };
    match negative {
        true if magnitude <= 1 << 63 => Ok(0i64.wrapping_sub_unsigned(magnitude)),
        false if magnitude < 1 << 63 => Ok(magnitude.cast_signed()),
        _ => Err(range),
    }
}

/// Underscores stand between digits, or between a prefix and a digit. (`underscoreOK`)
fn underscores_stand_right(digits: &str) -> bool {
    let lower = digits.to_ascii_lowercase();
    let prefixed = ["0x", "0o", "0b"].iter().any(|prefix| lower.starts_with(prefix));
    let body = if prefixed { lower.get(2..).unwrap_or_default() } else { &lower };
    let body = if prefixed { body.strip_prefix('_').unwrap_or(body) } else { body };
    body.split('_').all(|part| !part.is_empty())
}

/// `strconv.ParseFloat(text, 64)`; `None` where it fails, ranges included.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let lower = unsigned.to_ascii_lowercase();
    if matches!(lower.as_str(), "inf" | "infinity" | "nan") {
        return text.parse().ok();
    }
    if let Some(hex) = lower.strip_prefix("0x") {
        let value = hex_float(hex)?;
        return Some(if text.starts_with('-') { -value } else { value });
    }
    let parsed: f64 = text.parse().ok()?;
    parsed.is_finite().then_some(parsed)
}

/// Reads `1.8p3` behind `0x`.
fn hex_float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once('p')?;
    let exponent: i32 = exponent.parse().ok()?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").replace('_', "");
    if digits.is_empty() || digits.len() > 15 {
        return None;
    }
    let value = u64::from_str_radix(&digits, 16).ok()? as f64;
    let shift = exponent - 4 * i32::try_from(fraction.len()).ok()?;
    let result = value * 2f64.powi(shift);
    result.is_finite().then_some(result)
}

#[cfg(test)]
mod tests {
    use super::{IntFault, parse_int, trim_zero_decimal, truncate};

    #[test]
    fn as_strconv() {
        assert_eq!(parse_int("0777", 0), Ok(511));
        assert_eq!(parse_int("08", 0), Err(IntFault::Syntax));
        assert_eq!(parse_int("0x_1f", 0), Ok(31));
        assert_eq!(parse_int("1__0", 0), Err(IntFault::Syntax));
        assert_eq!(parse_int("-9223372036854775808", 10), Ok(i64::MIN));
        assert_eq!(parse_int("9223372036854775808", 10), Err(IntFault::Range(i64::MAX)));
        assert_eq!(trim_zero_decimal("12.00"), "12");
        assert_eq!(trim_zero_decimal("100"), "100");
        assert_eq!(truncate(f64::NAN), i64::MIN);
    }
}
