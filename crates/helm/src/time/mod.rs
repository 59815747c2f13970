//! Go's `time`: instants, zones, layouts, durations.
//!
//! A layout is an example, `2006-01-02 15:04:05`; [`Time::format`] and [`Time::parse`] read
//! it piece by piece (`layout`). `Local` is UTC here: output must not depend on a machine.

mod civil;
mod duration;
mod format;
mod layout;
mod parse;
mod zone;

use std::rc::Rc;

pub(crate) use duration::{format_duration, parse_duration};
pub(crate) use zone::Zone;

/// An instant, with the zone in which it is shown. (`time.Time`)
#[derive(Clone, Debug)]
pub(crate) struct Time {
    /// Seconds since 1970-01-01 UTC.
    pub(crate) seconds: i64,
    /// Nanoseconds within the second.
    pub(crate) nanoseconds: u32,
    /// Where it is shown.
    pub(crate) zone: Rc<Zone>,
}

/// `0001-01-01 00:00:00 UTC`, as `seconds`: the zero value.
const ZERO_SECONDS: i64 = -62_135_596_800;

const NANOS: i64 = 1_000_000_000;

/// The name of a month, from 1. (`Month.String`)
pub(crate) fn month_name(number: usize) -> &'static str {
    number
        .checked_sub(1)
        .and_then(|n| layout::MONTHS.get(n))
        .copied()
        .unwrap_or("%!Month")
}

/// The name of a weekday, from 0 for Sunday. (`Weekday.String`)
pub(crate) fn weekday_name(number: usize) -> &'static str {
    layout::WEEKDAYS.get(number).copied().unwrap_or("%!Weekday")
}

impl Time {
    /// The instant so many seconds after 1970, in UTC. (`time.Unix`)
    pub(crate) fn from_unix(seconds: i64, nanoseconds: u32) -> Time {
        Time { seconds, nanoseconds, zone: Rc::new(Zone::utc()) }
    }

    /// Go's zero value, which a failed parse gives.
    pub(crate) fn zero() -> Time {
        Time::from_unix(ZERO_SECONDS, 0)
    }

    /// The same instant in another zone. (`Time.In`)
    pub(crate) fn within(&self, zone: Zone) -> Time {
        Time { zone: Rc::new(zone), ..*self }
    }

    /// The instant so many nanoseconds later. (`Time.Add`)
    pub(crate) fn add(&self, nanoseconds: i64) -> Time {
        let sum = i64::from(self.nanoseconds) + nanoseconds % NANOS;
        let seconds = self.seconds.wrapping_add(nanoseconds / NANOS);
        Time {
            seconds: seconds.wrapping_add(sum.div_euclid(NANOS)),
            nanoseconds: u32::try_from(sum.rem_euclid(NANOS)).unwrap_or(0),
            zone: self.zone.clone(),
        }
    }

    /// The nanoseconds from `other` to this instant, saturating. (`Time.Sub`)
    pub(crate) fn since(&self, other: &Time) -> i64 {
        let seconds = i128::from(self.seconds) - i128::from(other.seconds);
        let nanos = i128::from(self.nanoseconds) - i128::from(other.nanoseconds);
        let total = seconds * i128::from(NANOS) + nanos;
        let clamped = total.clamp(i128::from(i64::MIN), i128::from(i64::MAX));
        i64::try_from(clamped).unwrap_or(i64::MAX)
    }

    /// The same clock on another day. (`Time.AddDate`)
    pub(crate) fn add_date(&self, years: i64, months: i64, days: i64) -> Time {
        let civil = self.civil();
        let month = i64::try_from(civil.month).unwrap_or(1).saturating_add(months);
        let day = civil.day.saturating_add(days);
        let before = civil::days_from_civil(civil.year, civil.month, civil.day);
        let after = civil::normalised(civil.year.saturating_add(years), month, day);
        let seconds = after.saturating_sub(before).saturating_mul(86_400);
        Time { seconds: self.seconds.saturating_add(seconds), ..self.clone() }
    }

    /// Is it [`Time::zero`]? (`Time.IsZero`)
    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == ZERO_SECONDS && self.nanoseconds == 0
    }

    /// Shows it by a layout. (`Time.Format`)
    pub(crate) fn format(&self, layout: &str) -> String {
        format::format(self, layout)
    }

    /// Reads it by a layout; what names no zone is UTC. (`time.ParseInLocation`)
    ///
    /// The error is upstream's message.
    pub(crate) fn parse(layout: &str, value: &[u8]) -> Result<Time, String> {
        parse::parse(layout, value)
    }

    /// The broken-down date and clock in its zone.
    pub(crate) fn civil(&self) -> civil::Civil {
        let (_, offset) = self.zone.at(self.seconds);
        civil::Civil::of(self.seconds.saturating_add(i64::from(offset)))
    }
}

#[cfg(test)]
mod tests {
    use super::{Time, Zone, format_duration, parse_duration};

    #[test]
    fn formats_in_zones() {
        let time = Time::from_unix(1_700_000_000, 120_000_000);
        let show = |zone: &str, layout: &str| {
            time.within(Zone::load(zone).unwrap()).format(layout)
        };
        assert_eq!(
            show("UTC", "2006-01-02T15:04:05.999Z07:00"),
            "2023-11-14T22:13:20.12Z"
        );
        assert_eq!(show("Asia/Seoul", "Mon Jan _2 3:04PM MST"), "Wed Nov 15 7:13AM KST");
        assert_eq!(show("America/New_York", "-0700 MST"), "-0500 EST");
        let summer = Time::from_unix(1_690_000_000, 0);
        let berlin = summer.within(Zone::load("Europe/Berlin").unwrap());
        assert_eq!(berlin.format("15:04 MST 002"), "06:26 CEST 203");
        assert!(Zone::load("No/Where").is_none());
    }

    #[test]
    fn parses_and_faults() {
        let parse = |layout: &str, value: &str| {
            Time::parse(layout, value.as_bytes()).map(|t| t.seconds)
        };
        assert_eq!(parse("2006-01-02", "2017-12-31"), Ok(1_514_678_400));
        let rfc3339 = "2006-01-02T15:04:05Z07:00";
        assert_eq!(parse(rfc3339, "2017-12-31T01:00:00+01:00"), Ok(1_514_678_400));
        let fault =
            r#"parsing time "31/12" as "2006-01-02": cannot parse "31/12" as "2006""#;
        assert_eq!(parse("2006-01-02", "31/12"), Err(fault.to_owned()));
        let fault = r#"parsing time "2017-02-30": day out of range"#;
        assert_eq!(parse("2006-01-02", "2017-02-30"), Err(fault.to_owned()));
    }

    #[test]
    fn durations() {
        let there_and_back = |text| parse_duration(text).map(format_duration);
        let text = "1h15m30.918273645s";
        assert_eq!(there_and_back(text), Ok(text.to_owned()));
        assert_eq!(format_duration(95_000_000_000), "1m35s");
        assert_eq!(format_duration(1_500), "1.5µs");
        let fault = r#"time: unknown unit "x" in duration "1x""#;
        assert_eq!(parse_duration("1x"), Err(fault.to_owned()));
    }
}
