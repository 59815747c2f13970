//! `time.Time`, `time.Duration`, `time.Month` and `time.Weekday` as templates see them.

use gotemplate::{
    Data, Foreign, FromArg, Func, FuncError, IntKind, Kind, Object, Str, This, Type,
    UintKind, Value, func,
};

use super::kinds::type_of;
use super::raw::{raw_bytes, raw_text};
use crate::time::{Time, Zone, format_duration};

/// The value of a time.
pub(super) fn object(time: Time) -> Value {
    Value::from(Object::new(Moment(time)))
}

/// A time by a layout, whose bytes that are no UTF-8 stay as they are.
pub(super) fn format(time: &Time, layout: &Str) -> Str {
    let text = time.format(&raw_text(layout));
    raw_bytes(&text).map_or_else(|| Str::from(text.as_str()), Str::from)
}

/// `time.Time`.
pub(super) struct Moment(pub(super) Time);

/// A parameter that is a `time.Time`.
pub(super) struct Instant(pub(super) Time);

impl FromArg for Instant {
    const TYPE: Type = Type::Object("time.Time");

    fn from_value(value: Value) -> Result<Instant, FuncError> {
        match value.downcast::<Moment>() {
            Some(moment) => Ok(Instant(moment.0.clone())),
            None => {
                let got = type_of(&value);
                Err(format!("wrong type for value; expected time.Time; got {got}").into())
            }
        }
    }
}

/// An integer with a name for its type and a `String` method.
struct Named {
    type_name: &'static str,
    number: i64,
    methods: &'static [Func],
}

type ThisTime = This<Moment>;

fn int(n: i64) -> Value {
    Value::int(n)
}

fn month(time: ThisTime) -> Value {
    let number = i64::try_from(time.0.0.civil().month).unwrap_or(1);
    Value::from(Object::new(Named { type_name: "time.Month", number, methods: NAMED }))
}

fn weekday(time: ThisTime) -> Value {
    let number = i64::try_from(time.0.0.civil().weekday).unwrap_or(0);
    Value::from(Object::new(Named { type_name: "time.Weekday", number, methods: NAMED }))
}

fn sub(time: ThisTime, other: Instant) -> Value {
    let number = time.0.0.since(&other.0);
    Value::from(Object::new(Named {
        type_name: "time.Duration",
        number,
        methods: DURATION,
    }))
}

/// Adds years, months and days, which may overflow. (`Time.AddDate`)
fn add_date(time: ThisTime, years: isize, months: isize, days: isize) -> Value {
    object(time.0.0.add_date(years as i64, months as i64, days as i64))
}

fn is_after(time: &ThisTime, other: &Instant) -> std::cmp::Ordering {
    let key = |time: &Time| (time.seconds, time.nanoseconds);
    key(&time.0.0).cmp(&key(&other.0))
}

static METHODS: &[Func] = &[
    func!("Format", |time: ThisTime, layout: Str| format(&time.0.0, &layout)),
    func!("String", |time: ThisTime| shown(&time.0.0)),
    func!("Unix", |time: ThisTime| time.0.0.seconds),
    func!("UnixMilli", |time: ThisTime| {
        time.0.0.seconds.wrapping_mul(1000) + i64::from(time.0.0.nanoseconds) / 1_000_000
    }),
    func!("UnixMicro", |time: ThisTime| {
        time.0.0.seconds.wrapping_mul(1_000_000) + i64::from(time.0.0.nanoseconds) / 1000
    }),
    func!("UnixNano", |time: ThisTime| {
        time.0.0.seconds.wrapping_mul(1_000_000_000) + i64::from(time.0.0.nanoseconds)
    }),
    func!("Year", |time: ThisTime| int(time.0.0.civil().year)),
    func!("Month", month),
    func!("Day", |time: ThisTime| int(time.0.0.civil().day)),
    func!("Hour", |time: ThisTime| int(time.0.0.civil().hour)),
    func!("Minute", |time: ThisTime| int(time.0.0.civil().minute)),
    func!("Second", |time: ThisTime| int(time.0.0.civil().second)),
    func!("Nanosecond", |time: ThisTime| int(i64::from(time.0.0.nanoseconds))),
    func!("YearDay", |time: ThisTime| int(time.0.0.civil().year_day)),
    func!("Weekday", weekday),
    func!("UTC", |time: ThisTime| object(time.0.0.within(Zone::utc()))),
    func!("Local", |time: ThisTime| object(time.0.0.within(Zone::utc()))),
    func!("IsZero", |time: ThisTime| time.0.0.is_zero()),
    func!("Sub", sub),
    func!("AddDate", add_date),
    func!("After", |time: ThisTime, other: Instant| is_after(&time, &other).is_gt()),
    func!("Before", |time: ThisTime, other: Instant| is_after(&time, &other).is_lt()),
    func!("Equal", |time: ThisTime, other: Instant| is_after(&time, &other).is_eq()),
    func!("Compare", |time: ThisTime, other: Instant| is_after(&time, &other) as i8
        as isize),
];

static NAMED: &[Func] = &[func!("String", |named: This<Named>| named.0.text())];

static DURATION: &[Func] = &[
    func!("String", |named: This<Named>| named.0.text()),
    func!("Nanoseconds", |named: This<Named>| named.0.number),
    func!("Microseconds", |named: This<Named>| named.0.number / 1_000),
    func!("Milliseconds", |named: This<Named>| named.0.number / 1_000_000),
    func!("Seconds", |named: This<Named>| named.0.number as f64 / 1e9),
    func!("Minutes", |named: This<Named>| named.0.number as f64 / 6e10),
    func!("Hours", |named: This<Named>| named.0.number as f64 / 3.6e12),
];

/// `Time.String`, without the reading of the monotonic clock.
fn shown(time: &Time) -> String {
    time.format("2006-01-02 15:04:05.999999999 -0700 MST")
}

impl Moment {
    /// What `MarshalJSON` writes between quotes.
    pub(super) fn rfc3339(&self) -> String {
        self.0.format("2006-01-02T15:04:05.999999999Z07:00")
    }

    /// How TOML has it: local dates and times without a zone.
    pub(super) fn toml(&self) -> String {
        self.0.format(match self.0.zone.at(self.0.seconds).0 {
            "datetime-local" => "2006-01-02T15:04:05.999999999",
            "date-local" => "2006-01-02",
            "time-local" => "15:04:05.999999999",
            _ => return self.rfc3339(),
        })
    }
}

impl Foreign for Moment {
    fn type_name(&self) -> &'static str {
        "time.Time"
    }

    fn methods(&self) -> &'static [Func] {
        METHODS
    }

    fn string(&self) -> Option<String> {
        Some(shown(&self.0))
    }

    /// `Time.GoString`
    fn go_string(&self) -> Option<String> {
        let civil = self.0.civil();
        let month = crate::time::month_name(civil.month);
        let zone = match self.0.zone.name() {
            "UTC" => "time.UTC".to_owned(),
            name => format!("time.Location({})", gotemplate::fmt::quote(name.as_bytes())),
        };
        Some(format!(
            "time.Date({}, time.{month}, {}, {}, {}, {}, {}, {zone})",
            civil.year,
            civil.day,
            civil.hour,
            civil.minute,
            civil.second,
            self.0.nanoseconds
        ))
    }

    fn fields(&self) -> Option<Vec<(&'static str, Value)>> {
        // Seconds since the year 1, as Go counts them without a monotonic clock.
        let seconds = self.0.seconds.wrapping_add(62_135_596_800);
        let (name, offset) = (self.0.zone.name(), self.0.zone.at(self.0.seconds).1);
        // Go keeps one zone for each offset of whole hours without a name.
        let shared = name.is_empty() && offset % 3600 == 0;
        let zone = Object::new(Location {
            is_nil: name == "UTC",
            shared: if shared { offset.to_string() } else { String::new() },
        });
        let wall = Data::Uint(u64::from(self.0.nanoseconds), UintKind::Uint64);
        Some(vec![
            ("wall", Value::new(wall)),
            ("ext", Value::from(seconds)),
            ("loc", Value::from(zone)),
        ])
    }
}

/// The zone inside a time, which Go prints as the pointer that it is.
struct Location {
    is_nil: bool,
    /// What it is the one zone of; empty if there may be others like it.
    shared: String,
}

impl Foreign for Location {
    fn type_name(&self) -> &'static str {
        "*time.Location"
    }

    fn is_nil(&self) -> bool {
        self.is_nil
    }

    fn print(&self) -> String {
        self.shared.clone()
    }
}

impl Named {
    fn text(&self) -> String {
        let number = usize::try_from(self.number).unwrap_or(usize::MAX);
        match self.type_name {
            "time.Month" => crate::time::month_name(number).to_owned(),
            "time.Weekday" => crate::time::weekday_name(number).to_owned(),
            _ => format_duration(self.number),
        }
    }
}

impl Foreign for Named {
    fn type_name(&self) -> &'static str {
        self.type_name
    }

    fn kind(&self) -> Kind {
        Kind::Int
    }

    fn methods(&self) -> &'static [Func] {
        self.methods
    }

    fn truth(&self) -> bool {
        self.number != 0
    }

    fn string(&self) -> Option<String> {
        Some(self.text())
    }

    fn plain(&self) -> Option<Value> {
        let kind = match self.type_name {
            "time.Duration" => IntKind::Int64,
            _ => IntKind::Int,
        };
        Some(Value::new(Data::Int(self.number, kind)))
    }
}
