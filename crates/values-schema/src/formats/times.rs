//! Dates, times and how long things take: RFC 3339.

use super::{Checked, digits, fail, rune};

/// `time.Parse("2006-01-02", text)`.
pub(super) fn date(text: &str) -> Checked {
    let cannot = |rest: &[u8], element: &str| {
        let (whole, rest) = (quote(text.as_bytes()), quote(rest));
        fail(&format!(
            "parsing time {whole} as \"2006-01-02\": cannot parse {rest} as \"{element}\""
        ))
    };
    let out = |what| {
        fail(&format!("parsing time {}: {what} out of range", quote(text.as_bytes())))
    };
    let mut rest = text.as_bytes();
    let mut numbers = [0; 3];
    for (at, (element, length)) in
        [("2006", 4), ("01", 2), ("02", 2)].into_iter().enumerate()
    {
        if at > 0 {
            let Some((b'-', after)) = rest.split_first() else {
                return cannot(rest, "-");
            };
            rest = after;
        }
        let number = rest.get(..length).filter(|n| n.iter().all(u8::is_ascii_digit));
        let Some(number) = number else { return cannot(rest, element) };
        numbers[at] =
            number.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        rest = &rest[length..];
        if at == 1 && !(1..=12).contains(&numbers[1]) {
            return out("month");
        }
    }
    if !rest.is_empty() {
        let (whole, rest) = (quote(text.as_bytes()), quote(rest));
        return Err(format!("parsing time {whole}: extra text: {rest}"));
    }
    let [year, month, day] = numbers;
    match (1..=days(year, month)).contains(&day) {
        true => Ok(()),
        false => out("day"),
    }
}

fn days(year: u32, month: u32) -> u32 {
    let leap =
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// How package `time` quotes: every byte that is not printable ASCII as `\x..`.
fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' => out.push(char::from(byte)),
            _ => out += &format!("\\x{byte:02x}"),
        }
    }
    out.push('"');
    out
}

pub(super) fn time(text: &str) -> Checked {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    let bytes = text.as_bytes();
    if bytes[2] != b':' || bytes[5] != b':' {
        return fail("missing colon in correct place");
    }
    let part = |at: usize| two(&bytes[at..at + 2]);
    let (Some(hour), Some(minute), Some(second)) = (part(0), part(3), part(6)) else {
        return fail("invalid hour/min/sec");
    };
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    let mut rest = &bytes[8..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let count = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
        if count == 0 {
            return fail("no digits in second fraction");
        }
        rest = &fraction[count..];
    }
    let offset = offset(rest)?;
    let at = (hour * 60 + minute + offset).rem_euclid(24 * 60);
    match second >= 60 && at != 23 * 60 + 59 {
        true => fail("invalid leap second"),
        false => Ok(()),
    }
}

/// How many minutes to add for the time in Greenwich.
fn offset(text: &[u8]) -> Result<i32, String> {
    if text == b"z" || text == b"Z" {
        return Ok(0);
    }
    if text.len() != 6 {
        return fail("offset must be 6 characters long");
    }
    let sign = match text[0] {
        b'+' => -1,
        b'-' => 1,
        _ => return fail("offset must begin with plus/minus"),
    };
    if text[3] != b':' {
        return fail("missing colon in offset in correct place");
    }
    let (Some(hours), Some(minutes)) = (two(&text[1..3]), two(&text[4..6])) else {
        return fail("invalid hour/min in offset");
    };
    match hours > 23 || minutes > 59 {
        true => fail("hour/min in offset out of range"),
        false => Ok(sign * (hours * 60 + minutes)),
    }
}

/// A number of two digits; a plus sign and one digit is one, too.
fn two(text: &[u8]) -> Option<i32> {
    std::str::from_utf8(text).ok()?.parse().ok().filter(|n| *n >= 0)
}

pub(super) fn date_time(text: &str) -> Checked {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !matches!(text.as_bytes()[10], b't' | b'T') {
        return fail("11th character must be t or T");
    }
    // The eleventh byte is ASCII, so both are texts.
    let (Some(day), Some(clock)) = (text.get(..10), text.get(11..)) else {
        return fail("invalid date element");
    };
    date(day).map_err(|words| format!("invalid date element: {words}"))?;
    time(clock).map_err(|words| format!("invalid time element: {words}"))
}

pub(super) fn duration(text: &str) -> Checked {
    let Some(rest) = text.strip_prefix('P') else { return fail("must start with P") };
    if rest.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = rest.strip_suffix('W') {
        return match weeks {
            "" => fail("no number in week"),
            _ if digits(weeks) == weeks.len() => Ok(()),
            _ => fail("invalid week"),
        };
    }
    let all = ["YMD", "HMS"];
    for (at, part) in rest.split('T').enumerate() {
        if at != 0 && part.is_empty() {
            return fail("no time elements");
        }
        let Some(units) = all.get(at) else { return fail("more than one T") };
        elements(part, units)?;
    }
    Ok(())
}

/// Numbers, each with a unit, the units in order.
fn elements(mut text: &str, all: &str) -> Checked {
    let mut units = all;
    while !text.is_empty() {
        let count = digits(text);
        if count == 0 {
            return fail("missing number");
        }
        let mut rest = text[count..].chars();
        let Some(unit) = rest.next() else { return fail("missing unit") };
        let Some(at) = units.find(unit) else {
            return Err(match all.contains(unit) {
                true => format!("unit {} out of order", rune(unit)),
                false => format!("invalid unit {}", rune(unit)),
            });
        };
        units = &units[at + 1..];
        text = rest.as_str();
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Checked {
    let Some((start, end)) = text.split_once('/') else { return fail("missing slash") };
    let is_long = |text: &str| text.starts_with('P');
    let check = |text: &str, which: &str, long: bool| {
        let (checked, what) = match long {
            true => (duration(text), "duration"),
            false => (date_time(text), "date-time"),
        };
        checked.map_err(|words| format!("invalid {which} {what}: {words}"))
    };
    check(start, "start", is_long(start))?;
    // Two durations make no period.
    check(end, "end", !is_long(start) && is_long(end))
}
