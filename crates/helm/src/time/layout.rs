//! The pieces of a layout. (time/format.go, `nextStdChunk`)

/// A piece of a layout that stands for a part of a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Piece {
    /// `January`
    LongMonth,
    /// `Jan`
    Month,
    /// `1`, `01`
    NumMonth { padded: bool },
    /// `Monday`
    LongWeekday,
    /// `Mon`
    Weekday,
    /// `2`, `_2`, `02`
    Day(Pad),
    /// `__2`, `002`
    YearDay(Pad),
    /// `15`
    Hour,
    /// `3`, `03`
    Hour12 { padded: bool },
    /// `4`, `04`
    Minute { padded: bool },
    /// `5`, `05`
    Second { padded: bool },
    /// `2006`
    LongYear,
    /// `06`
    Year,
    /// `PM`, `pm`
    HalfDay { upper: bool },
    /// `MST`
    ZoneName,
    /// `-0700`, `Z07:00`
    Offset(Offset),
    /// `.000`, `,999`
    Fraction(Fraction),
}

/// What fills a number up to its width.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Pad {
    None,
    Space,
    Zero,
}

/// How an offset from UTC is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Offset {
    /// Is zero written `Z`?
    pub(super) iso: bool,
    pub(super) minutes: bool,
    pub(super) seconds: bool,
    pub(super) colons: bool,
}

/// A fraction of a second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Fraction {
    pub(super) separator: char,
    pub(super) digits: usize,
    /// Are trailing zeros left out (`.999`)?
    pub(super) trimmed: bool,
}

/// Splits a layout at its first piece: text before it, the piece and its text, the rest.
///
/// Without a piece everything is text.
pub(super) fn next(layout: &str) -> (&str, Option<(Piece, &str)>, &str) {
    for at in 0..layout.len() {
        let Some(rest) = layout.get(at..) else { continue };
        if let Some((piece, skip, len)) = piece_at(rest) {
            let split =
                |n: usize| layout.split_at_checked(at + n).unwrap_or((layout, ""));
            let (prefix, _) = split(skip);
            let (_, after) = split(skip + len);
            let text = rest.get(skip..skip + len).unwrap_or_default();
            return (prefix, Some((piece, text)), after);
        }
    }
    (layout, None, "")
}

/// The piece at the start of `rest`, after `skip` bytes of text, `len` bytes long.
fn piece_at(rest: &str) -> Option<(Piece, usize, usize)> {
    let found = |piece, len| Some((piece, 0, len));
    let lower_follows =
        |n: usize| rest.as_bytes().get(n).is_some_and(u8::is_ascii_lowercase);
    match rest.as_bytes().first()? {
        b'J' if rest.starts_with("January") => found(Piece::LongMonth, 7),
        b'J' if rest.starts_with("Jan") && !lower_follows(3) => found(Piece::Month, 3),
        b'M' if rest.starts_with("Monday") => found(Piece::LongWeekday, 6),
        b'M' if rest.starts_with("Mon") && !lower_follows(3) => found(Piece::Weekday, 3),
        b'M' if rest.starts_with("MST") => found(Piece::ZoneName, 3),
        b'0' => match rest.as_bytes().get(1)? {
            b'1' => found(Piece::NumMonth { padded: true }, 2),
            b'2' => found(Piece::Day(Pad::Zero), 2),
            b'3' => found(Piece::Hour12 { padded: true }, 2),
            b'4' => found(Piece::Minute { padded: true }, 2),
            b'5' => found(Piece::Second { padded: true }, 2),
            b'6' => found(Piece::Year, 2),
            b'0' if rest.starts_with("002") => found(Piece::YearDay(Pad::Zero), 3),
            _ => None,
        },
        b'1' if rest.starts_with("15") => found(Piece::Hour, 2),
        b'1' => found(Piece::NumMonth { padded: false }, 1),
        b'2' if rest.starts_with("2006") => found(Piece::LongYear, 4),
        b'2' => found(Piece::Day(Pad::None), 1),
        // `_2006` is a literal `_` before the year.
        b'_' if rest.starts_with("_2006") => Some((Piece::LongYear, 1, 4)),
        b'_' if rest.starts_with("_2") => found(Piece::Day(Pad::Space), 2),
        b'_' if rest.starts_with("__2") => found(Piece::YearDay(Pad::Space), 3),
        b'3' => found(Piece::Hour12 { padded: false }, 1),
        b'4' => found(Piece::Minute { padded: false }, 1),
        b'5' => found(Piece::Second { padded: false }, 1),
        b'P' if rest.starts_with("PM") => found(Piece::HalfDay { upper: true }, 2),
        b'p' if rest.starts_with("pm") => found(Piece::HalfDay { upper: false }, 2),
        b'-' | b'Z' => offset(rest),
        b'.' | b',' => fraction(rest),
        _ => None,
    }
}

fn offset(rest: &str) -> Option<(Piece, usize, usize)> {
    let iso = rest.starts_with('Z');
    let after = rest.get(1..)?;
    // In upstream's order: the longer forms come first.
    let forms = [
        ("070000", true, true, false),
        ("07:00:00", true, true, true),
        ("0700", true, false, false),
        ("07:00", true, false, true),
        ("07", false, false, false),
    ];
    let &(text, minutes, seconds, colons) =
        forms.iter().find(|form| after.starts_with(form.0))?;
    Some((Piece::Offset(Offset { iso, minutes, seconds, colons }), 0, text.len() + 1))
}

fn fraction(rest: &str) -> Option<(Piece, usize, usize)> {
    let separator = rest.chars().next()?;
    let digit = *rest.as_bytes().get(1).filter(|b| matches!(b, b'0' | b'9'))?;
    let digits = rest.bytes().skip(1).take_while(|&b| b == digit).count();
    if rest.as_bytes().get(1 + digits).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let fraction = Fraction { separator, digits, trimmed: digit == b'9' };
    Some((Piece::Fraction(fraction), 0, digits + 1))
}

pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) const WEEKDAYS: [&str; 7] =
    ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
