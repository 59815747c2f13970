//! From a text to its time. (time/format.go, `parse`)

use std::fmt::Write as _;
use std::rc::Rc;

use super::layout::{self, Fraction, MONTHS, Offset, Pad, Piece, WEEKDAYS};
use super::zone::Zone;
use super::{Time, civil};

/// What has been read so far.
#[derive(Default)]
struct Parts {
    year: i64,
    month: Option<i64>,
    day: Option<i64>,
    year_day: Option<i64>,
    hour: i64,
    minute: i64,
    second: i64,
    nanosecond: i64,
    half: Option<Half>,
    utc: bool,
    offset: Option<i64>,
    zone: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

/// Why a piece cannot be read.
enum Fault {
    /// It is not there.
    Missing,
    /// It is there, and too large: what is.
    Range(&'static str),
}

type Read = Result<(), Fault>;

/// Reads a time by a layout.
pub(super) fn parse(layout: &str, value: &[u8]) -> Result<Time, String> {
    let cannot = |text: &str, at: &[u8]| {
        let (value, layout) = (quote(value), quote(layout.as_bytes()));
        let (at, text) = (quote(at), quote(text.as_bytes()));
        format!("parsing time {value} as {layout}: cannot parse {at} as {text}")
    };
    let wrong = |what: &str| format!("parsing time {}: {what}", quote(value));
    let mut parts = Parts::default();
    let (mut rest, mut text) = (layout, value);
    loop {
        let (prefix, piece, after) = layout::next(rest);
        text = skip(text, prefix).map_err(|at| cannot(prefix, at))?;
        let Some((piece, name)) = piece else { break };
        let hold = text;
        match parts.read(piece, &mut text, after) {
            Ok(()) => {}
            Err(Fault::Missing) => return Err(cannot(name, hold)),
            Err(Fault::Range(what)) => {
                return Err(wrong(&format!("{what} out of range")));
            }
        }
        rest = after;
    }
    if !text.is_empty() {
        return Err(wrong(&format!("extra text: {}", quote(text))));
    }
    parts.finish().map_err(wrong)
}

impl Parts {
    /// Reads one piece from `text`; `after` is the rest of the layout.
    fn read(&mut self, piece: Piece, text: &mut &[u8], after: &str) -> Read {
        match piece {
            Piece::Year => {
                let year = two_chars(text).ok_or(Fault::Missing)?;
                let year = atoi(year).ok_or(Fault::Missing)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
            }
            Piece::LongYear => {
                let digits = text.get(..4).filter(|_| is_digit(text, 0));
                let year = digits.and_then(atoi).ok_or(Fault::Missing)?;
                *text = text.get(4..).unwrap_or_default();
                self.year = year;
            }
            Piece::Month => self.month = Some(lookup(&MONTHS, Some(3), text)? + 1),
            Piece::LongMonth => self.month = Some(lookup(&MONTHS, None, text)? + 1),
            Piece::NumMonth { padded } => {
                self.month = Some(ranged(number(text, padded)?, 1..=12, "month")?);
            }
            Piece::Weekday => {
                lookup(&WEEKDAYS, Some(3), text)?;
            }
            Piece::LongWeekday => {
                lookup(&WEEKDAYS, None, text)?;
            }
            Piece::Day(pad) => {
                skip_space(text, pad);
                self.day = Some(number(text, pad == Pad::Zero)?);
            }
            Piece::YearDay(pad) => {
                skip_space(text, pad);
                skip_space(text, pad);
                self.year_day = Some(three_digits(text, pad == Pad::Zero)?);
            }
            Piece::Hour => self.hour = ranged(number(text, false)?, 0..=23, "hour")?,
            Piece::Hour12 { padded } => {
                self.hour = ranged(number(text, padded)?, 0..=12, "hour")?;
            }
            Piece::Minute { padded } => {
                self.minute = ranged(number(text, padded)?, 0..=59, "minute")?;
            }
            Piece::Second { padded } => self.read_second(text, padded, after)?,
            Piece::HalfDay { upper } => self.half = Some(half_day(text, upper)?),
            Piece::Offset(form) => self.read_offset(text, form)?,
            Piece::ZoneName => self.read_zone(text)?,
            Piece::Fraction(form) => self.read_fraction(text, form)?,
        }
        Ok(())
    }

    /// Reads seconds, and a fraction that the layout does not mention.
    fn read_second(&mut self, text: &mut &[u8], padded: bool, after: &str) -> Read {
        self.second = ranged(number(text, padded)?, 0..=59, "second")?;
        let fraction_follows =
            matches!(text.first(), Some(b'.' | b',')) && is_digit(text, 1);
        let layout_has_one =
            matches!(layout::next(after).1, Some((Piece::Fraction(_), _)));
        if fraction_follows && !layout_has_one {
            let digits = text.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
            self.nanosecond = nanoseconds(text, digits)?;
            *text = text.get(digits + 1..).unwrap_or_default();
        }
        Ok(())
    }

    fn read_offset(&mut self, text: &mut &[u8], form: Offset) -> Read {
        if form.iso && text.first() == Some(&b'Z') {
            *text = text.get(1..).unwrap_or_default();
            self.utc = true;
            return Ok(());
        }
        let step = if form.colons { 3 } else { 2 };
        let width = 3 + step * (usize::from(form.minutes) + usize::from(form.seconds));
        let own = text.get(..width).ok_or(Fault::Missing)?;
        let colon_at = |at: usize| !form.colons || own.get(at) == Some(&b':');
        if !colon_at(3) || (form.seconds && !colon_at(6)) {
            return Err(Fault::Missing);
        }
        let field = |at: usize, wanted: bool| match wanted {
            true => own.get(at..at + 2).and_then(two_digits),
            false => Some(0),
        };
        let hour = field(1, true);
        let minute = field(1 + step, form.minutes);
        let second = field(1 + 2 * step, form.seconds);
        let hour =
            ranged(hour.unwrap_or(0), 0..=24, "time zone offset hour").and(Ok(hour))?;
        ranged(minute.unwrap_or(0), 0..=60, "time zone offset minute")?;
        ranged(second.unwrap_or(0), 0..=60, "time zone offset second")?;
        let (Some(hour), Some(minute), Some(second)) = (hour, minute, second) else {
            return Err(Fault::Missing);
        };
        let offset = (hour * 60 + minute) * 60 + second;
        self.offset = Some(match own.first() {
            Some(b'+') => offset,
            Some(b'-') => -offset,
            _ => return Err(Fault::Missing),
        });
        *text = text.get(width..).unwrap_or_default();
        Ok(())
    }

    fn read_zone(&mut self, text: &mut &[u8]) -> Read {
        if let Some(rest) = text.strip_prefix(b"UTC") {
            self.utc = true;
            *text = rest;
            return Ok(());
        }
        let len = zone_length(text).ok_or(Fault::Missing)?;
        let (name, rest) = text.split_at_checked(len).ok_or(Fault::Missing)?;
        self.zone = String::from_utf8_lossy(name).into_owned();
        *text = rest;
        Ok(())
    }

    fn read_fraction(&mut self, text: &mut &[u8], form: Fraction) -> Read {
        let digits = if form.trimmed {
            let there = matches!(text.first(), Some(b'.' | b',')) && is_digit(text, 1);
            if !there {
                return Ok(());
            }
            text.iter().skip(1).take_while(|b| b.is_ascii_digit()).count()
        } else {
            form.digits
        };
        if text.len() <= digits {
            return Err(Fault::Missing);
        }
        self.nanosecond = nanoseconds(text, digits)?;
        *text = text.get(digits + 1..).unwrap_or_default();
        Ok(())
    }

    /// Puts the parts together; an error is what is wrong with them.
    fn finish(mut self) -> Result<Time, &'static str> {
        match self.half {
            Some(Half::Pm) if self.hour < 12 => self.hour += 12,
            Some(Half::Am) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        if let Some(year_day) = self.year_day {
            self.set_year_day(year_day)?;
        }
        let month = usize::try_from(self.month.unwrap_or(1)).unwrap_or(1);
        let day = self.day.unwrap_or(1);
        if day < 1 || day > civil::days_in(self.year, month) {
            return Err("day out of range");
        }
        let days = civil::days_from_civil(self.year, month, day);
        let clock = (self.hour * 60 + self.minute) * 60 + self.second;
        let nanoseconds = u32::try_from(self.nanosecond).unwrap_or(0);
        let mut time = Time::from_unix(days * 86_400 + clock, nanoseconds);
        if self.utc {
            return Ok(time);
        }
        if let Some(offset) = self.offset {
            time.seconds -= offset;
            let is_local = offset == 0 && matches!(self.zone.as_str(), "" | "UTC");
            if !is_local {
                time.zone = Rc::new(Zone::fixed(self.zone, to_i32(offset)));
            }
        } else if !self.zone.is_empty() {
            let hours = self.zone.strip_prefix("GMT").and_then(|h| atoi(h.as_bytes()));
            let offset = to_i32(hours.unwrap_or(0) * 3600);
            // The offset is recorded; upstream does not apply it.
            time.zone = Rc::new(Zone::fixed(self.zone, offset));
        }
        Ok(time)
    }

    fn set_year_day(&mut self, year_day: i64) -> Result<(), &'static str> {
        let days = 365 + i64::from(civil::is_leap(self.year));
        if year_day < 1 || year_day > days {
            return Err("day-of-year out of range");
        }
        let month = (1..=12)
            .rev()
            .find(|&m| civil::days_before(self.year, m) < year_day)
            .unwrap_or(1);
        let day = year_day - civil::days_before(self.year, month);
        let month = i64::try_from(month).unwrap_or(1);
        if self.month.is_some_and(|m| m != month) {
            return Err("day-of-year does not match month");
        }
        if self.day.is_some_and(|d| d != day) {
            return Err("day-of-year does not match day");
        }
        (self.month, self.day) = (Some(month), Some(day));
        Ok(())
    }
}

fn to_i32(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(0)
}

fn is_digit(text: &[u8], at: usize) -> bool {
    text.get(at).is_some_and(u8::is_ascii_digit)
}

fn ranged(
    n: i64,
    range: std::ops::RangeInclusive<i64>,
    what: &'static str,
) -> Result<i64, Fault> {
    match range.contains(&n) {
        true => Ok(n),
        false => Err(Fault::Range(what)),
    }
}

/// Skips the text of a layout; runs of blanks match runs of blanks. (`skip`)
fn skip<'v>(mut value: &'v [u8], prefix: &str) -> Result<&'v [u8], &'v [u8]> {
    let mut prefix = prefix.as_bytes();
    while let Some((&first, rest)) = prefix.split_first() {
        if first == b' ' {
            if value.first().is_some_and(|&b| b != b' ') {
                return Err(value);
            }
            prefix = prefix.trim_prefix_spaces();
            value = value.trim_prefix_spaces();
        } else if value.first() == Some(&first) {
            prefix = rest;
            value = value.get(1..).unwrap_or_default();
        } else {
            return Err(value);
        }
    }
    Ok(value)
}

trait TrimSpaces {
    fn trim_prefix_spaces(&self) -> &Self;
}

impl TrimSpaces for [u8] {
    fn trim_prefix_spaces(&self) -> &[u8] {
        let blanks = self.iter().take_while(|&&b| b == b' ').count();
        self.get(blanks..).unwrap_or_default()
    }
}

fn skip_space(text: &mut &[u8], pad: Pad) {
    if pad == Pad::Space
        && let Some(rest) = text.strip_prefix(b" ")
    {
        *text = rest;
    }
}

fn two_chars<'v>(text: &mut &'v [u8]) -> Option<&'v [u8]> {
    let (two, rest) = text.split_at_checked(2)?;
    *text = rest;
    Some(two)
}

fn two_digits(text: &[u8]) -> Option<i64> {
    text.iter().all(u8::is_ascii_digit).then(|| atoi(text)).flatten()
}

/// A number that may have a sign. (`atoi`)
fn atoi(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?;
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    match digits {
        "" => Some(0),
        _ if digits.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// One digit or two; `padded`: two. (`getnum`)
fn number(text: &mut &[u8], padded: bool) -> Result<i64, Fault> {
    let len = match (is_digit(text, 0), is_digit(text, 1)) {
        (true, true) => 2,
        (true, false) if !padded => 1,
        _ => return Err(Fault::Missing),
    };
    take_number(text, len)
}

/// One digit to three; `padded`: three. (`getnum3`)
fn three_digits(text: &mut &[u8], padded: bool) -> Result<i64, Fault> {
    let len = text.iter().take(3).take_while(|b| b.is_ascii_digit()).count();
    match len == 0 || (padded && len != 3) {
        true => Err(Fault::Missing),
        false => take_number(text, len),
    }
}

fn take_number(text: &mut &[u8], len: usize) -> Result<i64, Fault> {
    let (digits, rest) = text.split_at_checked(len).ok_or(Fault::Missing)?;
    *text = rest;
    atoi(digits).ok_or(Fault::Missing)
}

/// The index of the name that the text starts with, in any case. (`lookup`)
fn lookup(names: &[&str], len: Option<usize>, text: &mut &[u8]) -> Result<i64, Fault> {
    for (index, name) in (0..).zip(names) {
        let name = len.and_then(|len| name.get(..len)).unwrap_or(name).as_bytes();
        if let Some((start, rest)) = text.split_at_checked(name.len())
            && start.eq_ignore_ascii_case(name)
        {
            *text = rest;
            return Ok(index);
        }
    }
    Err(Fault::Missing)
}

fn half_day(text: &mut &[u8], upper: bool) -> Result<Half, Fault> {
    match (two_chars(text), upper) {
        (Some(b"PM"), true) | (Some(b"pm"), false) => Ok(Half::Pm),
        (Some(b"AM"), true) | (Some(b"am"), false) => Ok(Half::Am),
        _ => Err(Fault::Missing),
    }
}

/// A separator and so many digits, as nanoseconds. (`parseNanoseconds`)
fn nanoseconds(text: &[u8], digits: usize) -> Result<i64, Fault> {
    if !matches!(text.first(), Some(b'.' | b',')) {
        return Err(Fault::Missing);
    }
    let digits = digits.min(9);
    let n = text.get(1..=digits).and_then(atoi).ok_or(Fault::Missing)?;
    if n < 0 {
        return Err(Fault::Range("fractional second"));
    }
    Ok((digits..9).fold(n, |n, _| n * 10))
}

/// The length of the zone's name that the text starts with. (`parseTimeZone`)
fn zone_length(text: &[u8]) -> Option<usize> {
    if text.len() < 3 {
        return None;
    }
    if text.starts_with(b"ChST") || text.starts_with(b"MeST") {
        return Some(4);
    }
    if let Some(rest) = text.strip_prefix(b"GMT") {
        return Some(3 + signed_offset(rest));
    }
    if matches!(text.first(), Some(b'+' | b'-')) {
        return Some(signed_offset(text)).filter(|&len| len > 0);
    }
    let upper = text.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    match upper {
        5 if text.get(4) == Some(&b'T') => Some(5),
        4 if text.get(3) == Some(&b'T') || text.starts_with(b"WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

fn signed_offset(text: &[u8]) -> usize {
    let digits = text.iter().skip(1).take_while(|b| b.is_ascii_digit()).count();
    let signed = matches!(text.first(), Some(b'+' | b'-'));
    let hours = text.get(1..=digits).and_then(atoi);
    match signed && digits > 0 && hours.is_some_and(|h| h <= 23) {
        true => digits + 1,
        false => 0,
    }
}

/// Quotes a text as this package does: all that is not ASCII byte by byte. (`quote`)
pub(super) fn quote(text: &[u8]) -> String {
    let mut out = String::from("\"");
    for &byte in text {
        match byte {
            b'"' | b'\\' => {
                out.push('\\');
                out.push(char::from(byte));
            }
            b' '..=0x7f => out.push(char::from(byte)),
            _ => {
                let _ = write!(out, "\\x{byte:02x}");
            }
        }
    }
    out.push('"');
    out
}
