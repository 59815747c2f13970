//! Days of the calendar, and instants as seconds.

use std::fmt;

/// A day of the calendar, not before 1970.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Date {
    /// The year.
    pub year: u32,
    /// The month, from 1.
    pub month: u32,
    /// The day, from 1.
    pub day: u32,
}

/// Days from the first of March of the year 0, with which years begin inside, to 1970.
const TO_1970: i64 = 719_468;

impl Date {
    /// The day (in UTC) of a time in seconds since 1970-01-01; earlier ones are that day.
    #[must_use]
    pub fn of_seconds(seconds: i64) -> Date {
        // Howard Hinnant's `civil_from_days`, for days after the year 0.
        let days = seconds.max(0).div_euclid(86_400) + TO_1970;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524
            - day_of_era / 146_096)
            / 365;
        let day_of_year =
            day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let narrow = |n: i64| u32::try_from(n).unwrap_or(u32::MAX);
        let day = narrow(day_of_year - (153 * shifted + 2) / 5 + 1);
        Date { year: narrow(year), month: narrow(month), day }
    }

    /// Reads `2027-01-31`; `None` if the calendar has no such day.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days_in_month = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let is_day = (1..=12).contains(&month) && (1..=days_in_month).contains(&day);
        (is_day && year >= 1970).then_some(Date { year, month, day })
    }

    /// Seconds from 1970-01-01 UTC to the beginning of the day.
    pub(crate) fn seconds(self) -> i64 {
        let [year, month, day] = [self.year, self.month, self.day].map(i64::from);
        let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
        let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1;
        (days - TO_1970) * 86_400
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// Seconds from 1970-01-01 UTC to a date (`2026-01-31`) or an instant
/// (`2026-01-31T12:00:00Z`); `None` if it is neither.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let (date, time) = match text.split_once('T') {
        Some((date, time)) => (date, time.strip_suffix('Z')?),
        None => (text, "00:00:00"),
    };
    let date = Date::parse(date)?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    Some(date.seconds() + i64::from((hour * 60 + minute) * 60 + second))
}

fn numbers(text: &str, between: char, widths: [usize; 3]) -> Option<[u32; 3]> {
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
    use super::{Date, seconds};

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

    #[test]
    fn days_are_days_of_the_calendar() {
        for (text, expect) in [
            ("1970-01-01", 0),
            ("1972-02-29", 68_169_600),
            ("2000-12-31", 978_220_800),
            ("2027-01-31", 1_801_353_600),
        ] {
            assert_eq!(Date::parse(text).unwrap().seconds(), expect, "{text}");
            assert_eq!(Date::of_seconds(expect).to_string(), text);
            assert_eq!(Date::of_seconds(expect + 86_399).to_string(), text);
        }
        assert!(Date::parse("2027-01-31") > Date::parse("2026-12-31"));
        for bad in ["2027-02-31", "+2027-1-1", "2027-1-1", "2027-13-01", "soon"] {
            assert_eq!(Date::parse(bad), None, "{bad}");
        }
    }
}
