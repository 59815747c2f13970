//! Timestamps: the four layouts that go-yaml tries, read as Go's `time.Parse` reads them.

use std::fmt;

/// A date and time with its zone, as it was written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Timestamp {
    year: u16,
    month: u8,
    day: u8,
    hour: u8,
    minute: u8,
    second: u8,
    nanosecond: u32,
    /// Minutes east of UTC.
    zone: i16,
}

impl Timestamp {
    /// `parseTimestamp` of `resolve.go`.
    pub(crate) fn parse(text: &str) -> Option<Timestamp> {
        let bytes = text.as_bytes();
        if bytes.len() < 6
            || bytes[4] != b'-'
            || !bytes[..4].iter().all(u8::is_ascii_digit)
        {
            return None;
        }
        let mut cursor = Cursor(bytes);
        let mut time = cursor.date()?;
        match cursor.0.first() {
            None => return Some(time),
            Some(b'T' | b't') => {
                cursor.0 = &cursor.0[1..];
                cursor.clock(&mut time)?;
                time.zone = cursor.zone()?;
            }
            Some(b' ') => {
                cursor.skip_spaces();
                cursor.clock(&mut time)?;
            }
            Some(_) => return None,
        }
        cursor.0.is_empty().then_some(time)
    }

    /// Does `encoding/json` refuse to print it?
    pub(crate) fn json_fault(self) -> Option<&'static str> {
        (self.zone.abs() >= 24 * 60).then_some(
            "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: \
             timezone hour outside of range [0,23]",
        )
    }
}

/// `time.RFC3339Nano`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)?;
        write!(f, "T{:02}:{:02}:{:02}", self.hour, self.minute, self.second)?;
        if self.nanosecond != 0 {
            let fraction = format!("{:09}", self.nanosecond);
            write!(f, ".{}", fraction.trim_end_matches('0'))?;
        }
        if self.zone == 0 {
            return f.write_str("Z");
        }
        let sign = if self.zone < 0 { '-' } else { '+' };
        let zone = self.zone.abs();
        write!(f, "{sign}{:02}:{:02}", zone / 60, zone % 60)
    }
}

/// What is left of the text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn date(&mut self) -> Option<Timestamp> {
        let digit = |byte: u8| u16::from(byte - b'0');
        let year = self.0[..4].iter().fold(0, |year, byte| year * 10 + digit(*byte));
        self.0 = &self.0[4..];
        self.eat(b'-')?;
        let month = self.number(1..=12)?;
        self.eat(b'-')?;
        let day = self.number(1..=days_in(month, year))?;
        let (hour, minute, second, nanosecond, zone) = (0, 0, 0, 0, 0);
        Some(Timestamp { year, month, day, hour, minute, second, nanosecond, zone })
    }

    fn clock(&mut self, time: &mut Timestamp) -> Option<()> {
        time.hour = self.number(0..=23)?;
        self.eat(b':')?;
        time.minute = self.number(0..=59)?;
        self.eat(b':')?;
        time.second = self.number(0..=59)?;
        if let [b'.' | b',', b'0'..=b'9', ..] = self.0 {
            let digits = self.0[1..].iter().take_while(|b| b.is_ascii_digit()).count();
            // Go keeps nine digits and drops the rest.
            for at in 0..9 {
                let digit = if at < digits { self.0[1 + at] - b'0' } else { 0 };
                time.nanosecond = time.nanosecond * 10 + u32::from(digit);
            }
            self.0 = &self.0[1 + digits..];
        }
        Some(())
    }

    /// `Z`, `+09:00`: minutes east of UTC.
    fn zone(&mut self) -> Option<i16> {
        let east = match self.0.first()? {
            b'Z' => {
                self.0 = &self.0[1..];
                return Some(0);
            }
            b'+' => 1,
            b'-' => -1,
            _ => return None,
        };
        let [_, h1, h2, b':', m1, m2, rest @ ..] = self.0 else { return None };
        let pair = |a: &u8, b: &u8| {
            let digits = a.is_ascii_digit() && b.is_ascii_digit();
            digits.then(|| i16::from(a - b'0') * 10 + i16::from(b - b'0'))
        };
        let (hours, minutes) = (pair(h1, h2)?, pair(m1, m2)?);
        self.0 = rest;
        (hours <= 24 && minutes <= 60).then_some(east * (hours * 60 + minutes))
    }

    fn eat(&mut self, byte: u8) -> Option<()> {
        self.0 = self.0.strip_prefix(&[byte])?;
        Some(())
    }

    /// A space of the layout stands for one or more.
    fn skip_spaces(&mut self) {
        while let [b' ', rest @ ..] = self.0 {
            self.0 = rest;
        }
    }

    /// One or two digits.
    fn number(&mut self, range: std::ops::RangeInclusive<u8>) -> Option<u8> {
        let digit = |at: usize| self.0.get(at).filter(|b| b.is_ascii_digit());
        let first = digit(0)? - b'0';
        let (value, width) = match digit(1) {
            Some(second) => (first * 10 + (second - b'0'), 2),
            None => (first, 1),
        };
        self.0 = &self.0[width..];
        range.contains(&value).then_some(value)
    }
}

fn days_in(month: u8, year: u16) -> u8 {
    match month {
        2 if year.is_multiple_of(4)
            && (!year.is_multiple_of(100) || year.is_multiple_of(400)) =>
        {
            29
        }
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn dates_print_as_json_prints_them() {
        let shown = |text: &str| Timestamp::parse(text).map(|t| t.to_string());
        assert_eq!(shown("2001-01-01").as_deref(), Some("2001-01-01T00:00:00Z"));
        let long = "2001-12-14t21:59:43.10-05:00";
        assert_eq!(shown(long).as_deref(), Some("2001-12-14T21:59:43.1-05:00"));
        assert_eq!(shown("2001-2-30"), None);
        assert_eq!(shown("2001-12-14 21:59:43.10 -5"), None);
    }
}
