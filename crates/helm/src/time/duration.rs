//! Durations: `1h15m30.9s`. (time.go, format.go)

use super::parse::quote;

/// Shows a duration of so many nanoseconds. (`Duration.String`)
pub(crate) fn format_duration(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let u = nanoseconds.unsigned_abs();
    match u {
        0 => "0s".to_owned(),
        1..1_000 => format!("{sign}{u}ns"),
        1_000..1_000_000 => format!("{sign}{}µs", fraction(u, 1_000)),
        1_000_000..1_000_000_000 => format!("{sign}{}ms", fraction(u, 1_000_000)),
        _ => {
            let minutes = u / 60_000_000_000;
            let seconds = fraction(u % 60_000_000_000, 1_000_000_000);
            match (minutes / 60, minutes % 60) {
                (0, 0) => format!("{sign}{seconds}s"),
                (0, minutes) => format!("{sign}{minutes}m{seconds}s"),
                (hours, minutes) => format!("{sign}{hours}h{minutes}m{seconds}s"),
            }
        }
    }
}

/// `u / unit` with as many decimals as it takes; `unit` is a power of ten.
fn fraction(u: u64, unit: u64) -> String {
    let width = unit.ilog10() as usize;
    let decimals = format!("{:0width$}", u % unit);
    match decimals.trim_end_matches('0') {
        "" => (u / unit).to_string(),
        decimals => format!("{}.{decimals}", u / unit),
    }
}

/// Reads a duration, in nanoseconds. (`time.ParseDuration`)
///
/// The error is upstream's message.
pub(crate) fn parse_duration(text: &str) -> Result<i64, String> {
    let fail = |what: &str| format!("time: {what} {}", quote(text.as_bytes()));
    let invalid = || fail("invalid duration");
    let negative = text.starts_with('-');
    let mut rest = text.strip_prefix(['-', '+']).unwrap_or(text);
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    let mut total: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let (decimals, after) = match after.strip_prefix('.') {
            Some(after) => digits(after),
            None => ("", after),
        };
        if whole.is_empty() && decimals.is_empty() {
            return Err(invalid());
        }
        let end =
            after.find(|c: char| c == '.' || c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at_checked(end).unwrap_or((after, ""));
        if unit.is_empty() {
            return Err(fail("missing unit in duration"));
        }
        let Some(scale) = unit_of(unit) else {
            let unit = quote(unit.as_bytes());
            return Err(fail(&format!("unknown unit {unit} in duration")));
        };
        let part = whole_and_decimals(whole, decimals, scale).ok_or_else(invalid)?;
        total = total.checked_add(part).filter(|&t| t <= LIMIT).ok_or_else(invalid)?;
        rest = after;
    }
    match (negative, i64::try_from(total)) {
        (true, _) => Ok(0i64.wrapping_sub_unsigned(total)),
        (false, Ok(total)) => Ok(total),
        (false, Err(_)) => Err(invalid()),
    }
}

const LIMIT: u64 = 1 << 63;

fn unit_of(name: &str) -> Option<u64> {
    Some(match name {
        "ns" => 1,
        // U+00B5 and U+03BC.
        "us" | "µs" | "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => 1_000_000_000,
        "m" => 60_000_000_000,
        "h" => 3_600_000_000_000,
        _ => return None,
    })
}

fn digits(text: &str) -> (&str, &str) {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    text.split_at_checked(len).unwrap_or((text, ""))
}

fn whole_and_decimals(whole: &str, decimals: &str, unit: u64) -> Option<u64> {
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let value = whole.checked_mul(unit).filter(|&v| v <= LIMIT)?;
    // `leadingFraction`: digits that overflow are ignored.
    let (mut fraction, mut scale) = (0u64, 1f64);
    for digit in decimals.bytes().map(|b| u64::from(b - b'0')) {
        let next = fraction.checked_mul(10).and_then(|f| f.checked_add(digit));
        let Some(next) = next.filter(|&n| n <= LIMIT) else { break };
        fraction = next;
        scale *= 10.0;
    }
    // Upstream computes in float64 too.
    let part = (fraction as f64 * (unit as f64 / scale)) as u64;
    value.checked_add(part).filter(|&v| v <= LIMIT)
}
