//! Dates and times. (parse.go, `valueDatetime`)

use crate::time::{Time, Zone};

/// Stands before the text of a date in a tree that was read: a character that is none.
const DATE: char = '\u{10FFFE}';

/// The forms of dates, the first that fits is meant; and the zone of those that name none.
const FORMS: [(&str, &str); 7] = [
    ("2006-01-02T15:04:05.999999999Z07:00", ""),
    ("2006-01-02T15:04:05.999999999", "datetime-local"),
    ("2006-01-02", "date-local"),
    ("15:04:05.999999999", "time-local"),
    ("2006-01-02T15:04Z07:00", ""),
    ("2006-01-02T15:04", "datetime-local"),
    ("15:04", "time-local"),
];

/// A word that looks like a date, as it stands in a tree; an error if it is none.
pub(super) fn date(word: &str) -> Result<String, String> {
    let text = word.replace('z', "Z").replace(['t', ' '], "T");
    match read(&text) {
        Some(_) => Ok(format!("{DATE}{text}")),
        None => {
            let shown = gotemplate::fmt::quote(text.as_bytes());
            Err(format!("invalid datetime: {shown}"))
        }
    }
}

/// The time that a text of a tree is.
pub(crate) fn moment(text: &str) -> Option<Time> {
    read(text.strip_prefix(DATE)?)
}

fn read(text: &str) -> Option<Time> {
    for (layout, zone) in FORMS {
        let Ok(time) = Time::parse(layout, text.as_bytes()) else { continue };
        if lacks_zero(text, layout) {
            return None;
        }
        return Some(match zone {
            "" => time,
            name => time.within(Zone::fixed(name.to_owned(), 0)),
        });
    }
    None
}

/// Does a number have fewer digits than the layout? (`missingLeadingZero`)
fn lacks_zero(text: &str, layout: &str) -> bool {
    let ends = |byte: &(u8, u8)| matches!(byte.0, b'.' | b'Z');
    let pairs = layout.bytes().zip(text.bytes()).take_while(|pair| !ends(pair));
    pairs.into_iter().any(|(wanted, found)| !wanted.is_ascii_digit() && wanted != found)
}
