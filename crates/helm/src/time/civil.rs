//! Days and clocks of the proleptic Gregorian calendar.

/// A broken-down time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: usize,
    /// From 1.
    pub(crate) day: i64,
    /// The day of the year, from 1.
    pub(crate) year_day: i64,
    /// 0 is Sunday.
    pub(crate) weekday: usize,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
}

const DAY: i64 = 86_400;
const BEFORE: [i64; 13] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

impl Civil {
    /// Breaks down seconds since 1970, read as if in UTC.
    pub(crate) fn of(seconds: i64) -> Civil {
        let (days, clock) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
        // Years begin in March here, so that the leap day comes last (H. Hinnant).
        let shifted = days + 719_468;
        let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
        let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        let year = year + era * 400 + i64::from(month <= 2);
        let month = usize::try_from(month).unwrap_or(1);
        Civil {
            year,
            month,
            day,
            year_day: days_before(year, month) + day,
            weekday: usize::try_from((days + 4).rem_euclid(7)).unwrap_or(0),
            hour: clock / 3600,
            minute: clock / 60 % 60,
            second: clock % 60,
        }
    }
}

/// The day number of a date: 0 is 1970-01-01.
pub(crate) fn days_from_civil(year: i64, month: usize, day: i64) -> i64 {
    let before = year - 1;
    let leaps = before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400);
    before * 365 + leaps + days_before(year, month) + day - 719_163
}

/// The days of the year before a month.
pub(crate) fn days_before(year: i64, month: usize) -> i64 {
    let days = month.checked_sub(1).and_then(|m| BEFORE.get(m)).copied().unwrap_or(0);
    days + i64::from(month > 2 && is_leap(year))
}

/// The days of a month.
pub(crate) fn days_in(year: i64, month: usize) -> i64 {
    match month {
        2 => 28 + i64::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Does the year have a 29th of February?
pub(crate) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// The day number of a date whose month and day may lie outside their ranges.
pub(crate) fn normalised(year: i64, month: i64, day: i64) -> i64 {
    let months = year.saturating_mul(12).saturating_add(month - 1);
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
    let month = usize::try_from(month).unwrap_or(1);
    days_from_civil(year, month, 1).saturating_add(day - 1)
}
