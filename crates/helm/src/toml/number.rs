//! Numbers. (lex.go, `lexNumberOrDate`; parse.go, `valueInteger`, `valueFloat`)

use gotemplate::fmt::quote;
use goyaml::Data;

use super::reader::{Read, shown_rune};

/// What the characters of a number make of it.
pub(super) enum Number {
    Integer,
    Float,
    Date,
}

/// What stands at the start of a text, and how long it is; an error comes with how much of
/// the text was read.
type Scanned = Result<(Number, usize), (String, usize)>;

/// Finds the number at the start of a text, which is a digit or a sign.
pub(super) fn scan(text: &str) -> Scanned {
    let bytes = text.as_bytes();
    match bytes {
        [b'+' | b'-', ..] => signed(text),
        [b'0', b'b', ..] => based(text, "a binary", |b| matches!(b, b'0' | b'1')),
        [b'0', b'o', ..] => based(text, "an octal", |b| matches!(b, b'0'..=b'7')),
        [b'0', b'x', ..] => based(text, "a hexadecimal", |b| b.is_ascii_hexdigit()),
        _ => Ok(unsigned(bytes)),
    }
}

/// Where the bytes that belong to something end.
fn run(bytes: &[u8], from: usize, belongs: impl Fn(u8) -> bool) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|b| !belongs(*b)).unwrap_or(rest.len())
}

fn based(text: &str, name: &str, digit: fn(u8) -> bool) -> Scanned {
    let bytes = text.as_bytes();
    if bytes.get(2).is_some_and(|b| digit(*b)) {
        return Ok((Number::Integer, run(bytes, 2, |b| digit(b) || b == b'_')));
    }
    let start = text.get(..2).unwrap_or(text);
    let next = text.chars().nth(2).unwrap_or('\0');
    Err((format!("not {name} number: '{start}{next}'"), 2))
}

/// A sign, and a decimal number after it. (`lexDecimalNumberStart`)
fn signed(text: &str) -> Scanned {
    let sign = text.get(..1).unwrap_or_default();
    let rest = text.get(1..).unwrap_or_default();
    match rest.as_bytes() {
        [b'i', b'n', b'f', ..] | [b'n', b'a', b'n', ..] => Ok((Number::Float, 4)),
        [b'i', b'n', ..] => Err((format!("invalid float: '{sign}in'"), 3)),
        [b'n', b'a', ..] => Err((format!("invalid float: '{sign}na'"), 3)),
        [c @ (b'i' | b'n'), ..] => {
            Err((format!("invalid float: '{sign}{}'", char::from(*c)), 2))
        }
        [b'0', base @ (b'b' | b'o' | b'x'), ..] => {
            let base = char::from(*base);
            let words =
                format!("cannot use sign with non-decimal numbers: '{sign}0{base}'");
            Err((words, 2))
        }
        [b'.', ..] => Err(("floats must start with a digit, not '.'".to_owned(), 2)),
        [b'0'..=b'9', ..] => {
            let end = run(text.as_bytes(), 1, |b| b.is_ascii_digit() || b == b'_');
            Ok(perhaps_float(text.as_bytes(), end))
        }
        _ => {
            let found = shown_rune(rest.chars().next());
            Err((format!("expected a digit but got {found}"), 1))
        }
    }
}

fn unsigned(bytes: &[u8]) -> (Number, usize) {
    let end = run(bytes, 0, |b| b.is_ascii_digit());
    match bytes.get(end) {
        // After a single zero no date can follow.
        Some(b'-' | b':') if bytes.get(..end) != Some(b"0") => {
            let belongs = |b: u8| b.is_ascii_digit() || b"-:Tt .Zz+".contains(&b);
            (Number::Date, run(bytes, end, belongs))
        }
        Some(b'_') => {
            let end = run(bytes, end, |b| b.is_ascii_digit() || b == b'_');
            perhaps_float(bytes, end)
        }
        _ => perhaps_float(bytes, end),
    }
}

fn perhaps_float(bytes: &[u8], end: usize) -> (Number, usize) {
    match bytes.get(end) {
        Some(b'.' | b'e' | b'E') => {
            let belongs = |b: u8| b.is_ascii_digit() || b"_.-+eE".contains(&b);
            (Number::Float, run(bytes, end, belongs))
        }
        _ => (Number::Integer, end),
    }
}

/// The value of an integer.
pub(super) fn integer(word: &str) -> Read<Data> {
    let invalid = |why: &str| Err(format!("Invalid integer {}: {why}", shown(word)));
    if !underscores_fit(word) {
        return invalid("underscores must be surrounded by digits");
    }
    if has_leading_zero(word) {
        return invalid("cannot have leading zeroes");
    }
    let plain = word.replace('_', "");
    let (radix, digits) = match plain.as_bytes() {
        [b'0', b'x', ..] => (16, plain.get(2..)),
        [b'0', b'o', ..] => (8, plain.get(2..)),
        [b'0', b'b', ..] => (2, plain.get(2..)),
        _ => (10, Some(plain.as_str())),
    };
    let number = i64::from_str_radix(digits.unwrap_or_default(), radix);
    number.map(Data::Int).map_err(|_| format!("{word} is out of range for int64"))
}

/// The value of a float.
pub(super) fn float(word: &str) -> Read<Data> {
    let invalid = |why: &str| Err(format!("Invalid float {}: {why}", shown(word)));
    let parts: Vec<&str> =
        word.split(['.', 'e', 'E']).filter(|part| !part.is_empty()).collect();
    if !parts.iter().all(|part| underscores_fit(part)) {
        return invalid("underscores must be surrounded by digits");
    }
    if parts.first().is_some_and(|part| has_leading_zero(part)) {
        return invalid("cannot have leading zeroes");
    }
    let bare = |pair: &[u8]| matches!(pair, [b'.', after] if !after.is_ascii_digit());
    if word.ends_with('.') || word.as_bytes().windows(2).any(bare) {
        return invalid("'.' must be followed by one or more digits");
    }
    let plain = word.replace('_', "");
    Ok(Data::Float(match plain.as_str() {
        "nan" | "+nan" => f64::NAN,
        "-nan" => -f64::NAN,
        "inf" | "+inf" => f64::INFINITY,
        "-inf" => f64::NEG_INFINITY,
        _ => match plain.parse::<f64>() {
            Ok(number) if number.is_finite() => number,
            Ok(_) => return Err(format!("{word} is out of range for float64")),
            Err(_) => return Err(format!("Invalid float value: {}", shown(word))),
        },
    }))
}

fn shown(word: &str) -> String {
    quote(word.as_bytes())
}

/// Does every underscore follow a digit, and a digit end the number? (`numUnderscoresOK`)
fn underscores_fit(word: &str) -> bool {
    if matches!(word.strip_prefix(['+', '-']).unwrap_or(word), "nan" | "inf") {
        return true;
    }
    let mut after_digit = false;
    for b in word.bytes() {
        if b == b'_' && !after_digit {
            return false;
        }
        after_digit = b.is_ascii_hexdigit();
    }
    after_digit
}

fn has_leading_zero(word: &str) -> bool {
    match word.as_bytes() {
        [b'0', second, ..] => !matches!(second, b'b' | b'o' | b'x'),
        [b'+' | b'-', b'0', _, ..] => true,
        _ => false,
    }
}
