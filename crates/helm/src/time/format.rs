//! From a time to its text. (`Time.appendFormat`)

use std::fmt::Write as _;

use super::Time;
use super::layout::{self, Fraction, MONTHS, Offset, Pad, Piece, WEEKDAYS};

/// Shows a time by a layout.
pub(super) fn format(time: &Time, layout: &str) -> String {
    let mut out = String::with_capacity(layout.len() + 8);
    let mut rest = layout;
    loop {
        let (prefix, piece, after) = layout::next(rest);
        out.push_str(prefix);
        let Some((piece, _)) = piece else { return out };
        write_piece(&mut out, time, piece);
        rest = after;
    }
}

fn write_piece(out: &mut String, time: &Time, piece: Piece) {
    let civil = time.civil();
    let half = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let month = || MONTHS.get(civil.month - 1).copied().unwrap_or_default();
    let weekday = || WEEKDAYS.get(civil.weekday).copied().unwrap_or_default();
    let month_number = i64::try_from(civil.month).unwrap_or(0);
    let zero = |padded: bool| if padded { Pad::Zero } else { Pad::None };
    match piece {
        Piece::LongMonth => out.push_str(month()),
        Piece::Month => out.push_str(month().get(..3).unwrap_or_default()),
        Piece::NumMonth { padded } => push_int(out, month_number, 2, zero(padded)),
        Piece::LongWeekday => out.push_str(weekday()),
        Piece::Weekday => out.push_str(weekday().get(..3).unwrap_or_default()),
        Piece::Day(pad) => push_int(out, civil.day, 2, pad),
        Piece::YearDay(pad) => push_int(out, civil.year_day, 3, pad),
        Piece::Hour => push_int(out, civil.hour, 2, Pad::Zero),
        Piece::Hour12 { padded } => push_int(out, half, 2, zero(padded)),
        Piece::Minute { padded } => push_int(out, civil.minute, 2, zero(padded)),
        Piece::Second { padded } => push_int(out, civil.second, 2, zero(padded)),
        Piece::LongYear => push_int(out, civil.year, 4, Pad::Zero),
        Piece::Year => push_int(out, civil.year.abs() % 100, 2, Pad::Zero),
        Piece::HalfDay { upper } => out.push_str(match (civil.hour >= 12, upper) {
            (true, true) => "PM",
            (false, true) => "AM",
            (true, false) => "pm",
            (false, false) => "am",
        }),
        Piece::ZoneName => {
            let (name, offset) = time.zone.at(time.seconds);
            match name {
                "" => push_offset(out, offset, Offset::PLAIN),
                name => out.push_str(name),
            }
        }
        Piece::Offset(form) => push_offset(out, time.zone.at(time.seconds).1, form),
        Piece::Fraction(form) => push_fraction(out, time.nanoseconds, form),
    }
}

impl Offset {
    const PLAIN: Offset =
        Offset { iso: false, minutes: true, seconds: false, colons: false };
}

/// Writes a number at least `width` wide; a sign does not count. (`appendInt`)
fn push_int(out: &mut String, n: i64, width: usize, pad: Pad) {
    if n < 0 {
        out.push('-');
    }
    let n = n.unsigned_abs();
    let _ = match pad {
        Pad::None => write!(out, "{n}"),
        Pad::Space => write!(out, "{n:width$}"),
        Pad::Zero => write!(out, "{n:0width$}"),
    };
}

fn push_offset(out: &mut String, offset: i32, form: Offset) {
    if form.iso && offset == 0 {
        out.push('Z');
        return;
    }
    // As upstream: the sign is that of whole minutes.
    let minutes = offset / 60;
    out.push(if minutes < 0 { '-' } else { '+' });
    let colon = if form.colons { ":" } else { "" };
    let _ = write!(out, "{:02}", minutes.abs() / 60);
    if form.minutes {
        let _ = write!(out, "{colon}{:02}", minutes.abs() % 60);
    }
    if form.seconds {
        let _ = write!(out, "{colon}{:02}", offset.abs() % 60);
    }
}

fn push_fraction(out: &mut String, nanoseconds: u32, form: Fraction) {
    if form.trimmed && nanoseconds == 0 {
        return;
    }
    let all = format!("{nanoseconds:09}");
    let mut digits = all.get(..form.digits).unwrap_or(&all);
    if form.trimmed {
        digits = digits.trim_end_matches('0');
    }
    if !digits.is_empty() {
        out.push(form.separator);
        out.push_str(digits);
    }
}
