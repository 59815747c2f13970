//! Dates as seconds.

/// Seconds from 1970-01-01 UTC to a date (`2026-01-31`) or an instant
/// (`2026-01-31T12:00:00Z`); `None` if it is neither.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time.strip_suffix('Z')?),
        None => (text, "00:00:00"),
    };
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days_in_month = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let good = (1..=12).contains(&month) && (1..=days_in_month).contains(&day);
    if !good || year < 1970 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // The proleptic Gregorian calendar with years that begin in March.
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days =
        365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

fn numbers(text: &str, between: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(between);
    let mut number = |width: usize| {
        let part = parts.next().filter(|part| part.len() == width)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let numbers = [number(widths[0])?, number(widths[1])?, number(widths[2])?];
    parts.next().is_none().then_some(numbers)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn dates_are_counted_from_1970() {
        assert_eq!(seconds("1970-01-01"), Some(0));
        assert_eq!(seconds("2000-02-29"), Some(951_782_400));
        assert_eq!(seconds("2026-01-01"), Some(1_767_225_600));
        assert_eq!(seconds("2026-11-21T05:38:08Z"), Some(1_795_239_488));
        for bad in
            ["2026-02-29", "2026-1-1", "2026-13-01", "tomorrow", "2026-01-01T24:00:00Z"]
        {
            assert_eq!(seconds(bad), None, "{bad}");
        }
    }
}
