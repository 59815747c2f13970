//! Dates and durations. (sprig: date.go)
//!
//! `Local` is UTC; zones have the rules of the bundled IANA data base.

use gotemplate::{Call, Data, Func, IntKind, Str, Value, func};

use super::cast::{self, IntFault};
use super::instant::{self, Instant, object};
use super::raw::raw_text;
use crate::Host;
use crate::time::{Time, Zone, format_duration, parse_duration};

pub(super) static FUNCS: &[Func] = &[
    func!("now", now, Drawn),
    func!("ago", ago),
    func!("date", date),
    func!("date_in_zone", date_in_zone),
    func!("dateInZone", date_in_zone),
    func!("date_modify", date_modify),
    func!("dateModify", date_modify),
    func!("must_date_modify", must_date_modify),
    func!("mustDateModify", must_date_modify),
    func!("duration", duration),
    func!("durationRound", duration_round),
    func!("htmlDate", html_date),
    func!("htmlDateInZone", html_date_in_zone),
    func!("toDate", to_date),
    func!("mustToDate", must_to_date),
    func!("unixEpoch", unix_epoch),
];

const SECOND: i64 = 1_000_000_000;

fn time_now(call: &Call<'_>) -> Time {
    let (seconds, nanoseconds) =
        call.host::<Host>().map_or((0, 0), |host| host.ambient.now());
    Time::from_unix(seconds, nanoseconds)
}

/// The time of the render. (time.Now)
fn now(call: &mut Call<'_>) -> Value {
    object(time_now(call))
}

/// Reads a duration; bytes that are no UTF-8 are quoted in the fault as they are.
fn duration_of(text: &Str) -> Result<i64, String> {
    let hex =
        |bytes: &[u8]| bytes.iter().map(|b| format!("\\x{b:02x}")).collect::<String>();
    parse_duration(&raw_text(text)).map_err(|mut words| {
        for byte in text.as_bytes().iter().filter(|byte| **byte >= 0x80) {
            let stands_for = raw_text(&Str::new([*byte]));
            words = words.replace(&hex(stands_for.as_bytes()), &hex(&[*byte]));
        }
        words
    })
}

/// A time, or seconds since 1970 of these integer types; anything else is now.
fn time_of(call: &Call<'_>, value: &Value, kinds: &[IntKind]) -> Time {
    match &value.data {
        Data::Int(n, kind) if kinds.contains(kind) => Time::from_unix(*n, 0),
        _ => match value.downcast::<super::instant::Moment>() {
            Some(moment) => moment.0.clone(),
            None => time_now(call),
        },
    }
}

const DATE_KINDS: [IntKind; 3] = [IntKind::Int64, IntKind::Int, IntKind::Int32];

/// Shows a date in a zone; an unknown zone is UTC. (date.go, `dateInZone`)
fn date_in_zone(call: &mut Call<'_>, layout: Str, date: Value, zone: Str) -> Str {
    let zone = Zone::load(&zone.to_str()).unwrap_or_else(Zone::utc);
    instant::format(&time_of(call, &date, &DATE_KINDS).within(zone), &layout)
}

/// Shows a date. (date.go, `date`)
fn date(call: &mut Call<'_>, layout: Str, date: Value) -> Str {
    date_in_zone(call, layout, date, Str::from("Local"))
}

/// Shows a date as `2006-01-02`. (date.go, `htmlDate`)
fn html_date(call: &mut Call<'_>, date: Value) -> Str {
    date_in_zone(call, Str::from("2006-01-02"), date, Str::from("Local"))
}

/// Shows a date of a zone as `2006-01-02`. (date.go, `htmlDateInZone`)
fn html_date_in_zone(call: &mut Call<'_>, date: Value, zone: Str) -> Str {
    date_in_zone(call, Str::from("2006-01-02"), date, zone)
}

/// The date so much later; the date itself if the duration is none. (date.go, `dateModify`)
fn date_modify(duration: Str, date: Instant) -> Value {
    object(match duration_of(&duration) {
        Ok(nanoseconds) => date.0.add(nanoseconds),
        Err(_) => date.0,
    })
}

/// The date so much later. (date.go, `mustDateModify`)
fn must_date_modify(duration: Str, date: Instant) -> Result<Value, String> {
    Ok(object(date.0.add(duration_of(&duration)?)))
}

/// How long ago a time is, to the second. (date.go, `dateAgo`)
fn ago(call: &mut Call<'_>, date: Value) -> String {
    let then = time_of(call, &date, &[IntKind::Int64, IntKind::Int]);
    let nanoseconds = time_now(call).since(&then);
    let rest = nanoseconds % SECOND;
    let up = if rest.abs() * 2 >= SECOND { SECOND * rest.signum() } else { 0 };
    format_duration((nanoseconds - rest).saturating_add(up))
}

/// Shows seconds as a duration; of other types than text and `int64`, 0.
/// (date.go, `duration`)
fn duration(seconds: Value) -> String {
    let seconds = match &seconds.data {
        Data::Str(text) => match cast::parse_int(&text.to_str(), 10) {
            Ok(n) | Err(IntFault::Range(n)) => n,
            Err(IntFault::Syntax) => 0,
        },
        Data::Int(n, IntKind::Int64) => *n,
        _ => 0,
    };
    format_duration(seconds.wrapping_mul(SECOND))
}

/// The largest unit of a duration alone. (date.go, `durationRound`)
fn duration_round(call: &mut Call<'_>, value: Value) -> String {
    let nanoseconds = match &value.data {
        Data::Str(text) => parse_duration(&text.to_str()).unwrap_or(0),
        Data::Int(n, IntKind::Int64) => *n,
        _ => match value.downcast::<super::instant::Moment>() {
            Some(moment) => time_now(call).since(&moment.0),
            None => 0,
        },
    };
    const HOUR: u64 = 3_600_000_000_000;
    let units = [
        ("y", HOUR * 24 * 365),
        ("mo", HOUR * 24 * 30),
        ("d", HOUR * 24),
        ("h", HOUR),
        ("m", HOUR / 60),
        ("s", HOUR / 3600),
    ];
    let amount = nanoseconds.unsigned_abs();
    let unit = units.iter().find(|(_, unit)| amount > *unit);
    unit.map_or_else(
        || "0s".to_owned(),
        |(name, unit)| format!("{}{name}", amount / unit),
    )
}

/// Reads a date; a fault gives the year 1. (date.go, `toDate`)
fn to_date(layout: Str, text: Str) -> Value {
    object(
        Time::parse(&layout.to_str(), text.as_bytes()).unwrap_or_else(|_| Time::zero()),
    )
}

/// Reads a date. (date.go, `mustToDate`)
fn must_to_date(layout: Str, text: Str) -> Result<Value, String> {
    Time::parse(&layout.to_str(), text.as_bytes()).map(object)
}

/// Seconds since 1970, as text. (date.go, `unixEpoch`)
fn unix_epoch(date: Instant) -> String {
    date.0.seconds.to_string()
}
