//! Numbers as Go's `strconv` reads and prints them.

/// `strconv.FormatFloat(value, 'g', -1, 64)`, infinities and NaN as YAML spells them.
#[must_use]
pub fn format_float(value: f64) -> String {
    shortest(&shortest_exponential(value), special(value))
}

/// The fewest digits that read back as the number, in the form `1.5e3`; of two that are
/// equally near, the even one, where Rust takes the larger.
#[must_use]
pub fn shortest_exponential(value: f64) -> String {
    let text = format!("{value:e}");
    let mantissa = text.split('e').next().unwrap_or_default();
    let count = mantissa.bytes().filter(u8::is_ascii_digit).count();
    if count >= 15 {
        let near = format!("{value:.*e}", count - 1);
        if near.parse() == Ok(value) {
            return near;
        }
    }
    text
}

/// `strconv.FormatFloat(value, 'g', -1, 32)`: how sigs.k8s.io/yaml prints float keys.
pub(crate) fn format_float32(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "float32(value), as Go does")]
    let narrow = value as f32;
    shortest(&format!("{narrow:e}"), special(f64::from(narrow)))
}

/// A float as `encoding/json` prints it; `None` for infinities and NaN.
#[must_use]
pub fn format_json_float(value: f64) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let abs = value.abs();
    if abs == 0.0 || (1e-6..1e21).contains(&abs) {
        let text = format!("{value}");
        let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
        if text.len() >= 15 && decimals > 0 {
            let near = format!("{value:.decimals$}");
            if near.parse() == Ok(value) {
                return Some(near);
            }
        }
        return Some(text);
    }
    // Rust prints `1e21` where Go prints `1e+21`; both print `1e-7`.
    let text = shortest_exponential(value);
    Some(match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => {
            format!("{digits}e+{exponent}")
        }
        _ => text,
    })
}

fn special(value: f64) -> Option<&'static str> {
    if value.is_nan() {
        return Some(".nan");
    }
    match value {
        f64::INFINITY => Some(".inf"),
        f64::NEG_INFINITY => Some("-.inf"),
        _ => None,
    }
}

/// Go's `%g` with the fewest digits, from Rust's `{:e}`: an exponent below -4 or from 6 up
/// is written as one, with at least two digits.
fn shortest(scientific: &str, special: Option<&'static str>) -> String {
    if let Some(word) = special {
        return word.to_owned();
    }
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    if !(-4..6).contains(&exponent) {
        let mark = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{mark}{:02}", exponent.abs());
    }
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    format!("{sign}{}", positional(&mantissa.replace('.', ""), exponent))
}

fn positional(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    let (whole, fraction) = digits.split_at(whole);
    format!("{whole}.{fraction}")
}

/// `strconv.ParseFloat(text, 64)` of decimal text; `None` where Go reports an error.
///
/// Underscores may stand between digits; values out of range are errors.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    let bytes = text.as_bytes();
    let digit = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit)
    };
    for (at, byte) in bytes.iter().enumerate() {
        let fits = match byte {
            b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-' => true,
            b'_' => digit(at.checked_sub(1)) && digit(Some(at + 1)),
            _ => false,
        };
        if !fits {
            return None;
        }
    }
    let value: f64 = match text.contains('_') {
        true => text.replace('_', "").parse().ok()?,
        false => text.parse().ok()?,
    };
    value.is_finite().then_some(value)
}

/// `strconv.ParseInt(text, base, 64)`; base 0 reads the prefixes `0x`, `0b`, `0o` and `0`.
pub(crate) fn parse_int(text: &str, base: u32) -> Option<i64> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let magnitude = parse_uint(digits, base)?;
    match negative {
        true => 0i64.checked_sub_unsigned(magnitude),
        false => i64::try_from(magnitude).ok(),
    }
}

/// `strconv.ParseUint(text, base, 64)`: no sign.
pub(crate) fn parse_uint(text: &str, base: u32) -> Option<u64> {
    let (digits, base) = match base {
        0 => split_prefix(text),
        base => (text, base),
    };
    // Rust's parser takes a sign, Go's does not.
    if !digits.as_bytes().first()?.is_ascii_alphanumeric() {
        return None;
    }
    u64::from_str_radix(digits, base).ok()
}

fn split_prefix(text: &str) -> (&str, u32) {
    match text.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (&text[2..], 16),
        [b'0', b'b' | b'B', _, ..] => (&text[2..], 2),
        [b'0', b'o' | b'O', _, ..] => (&text[2..], 8),
        [b'0', _, ..] if text.is_char_boundary(1) => (&text[1..], 8),
        _ => (text, 10),
    }
}

#[cfg(test)]
mod tests {
    use super::{format_float, format_json_float, parse_float, parse_int};

    #[test]
    fn floats_print_as_in_go() {
        let cases = [
            (1_234_567.891, "1.234567891e+06"),
            (1e6, "1e+06"),
            (123_456.0, "123456"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (-1.5, "-1.5"),
            (f64::NEG_INFINITY, "-.inf"),
        ];
        for (value, text) in cases {
            assert_eq!(format_float(value), text);
        }
        assert_eq!(format_json_float(1e20).as_deref(), Some("100000000000000000000"));
        assert_eq!(format_json_float(1e21).as_deref(), Some("1e+21"));
        assert_eq!(format_json_float(1e-7).as_deref(), Some("1e-7"));
    }

    #[test]
    fn numbers_read_as_in_go() {
        assert_eq!(parse_int("0777", 0), Some(511));
        assert_eq!(parse_int("-0x10", 0), Some(-16));
        assert_eq!(parse_int("-9223372036854775808", 0), Some(i64::MIN));
        assert_eq!(parse_int("08", 0), None);
        assert_eq!(parse_float(".1_0"), Some(0.1));
        assert_eq!(parse_float("1e400"), None);
    }
}
