//! The formats that Helm's validator checks, and what it says of a text that does not fit.
//!
//! Follows `format.go` of `santhosh-tekuri/jsonschema` v6.0.2. Absent: `ipv6`, `regex` and the
//! formats of addresses, whose words are those of Go's library; the caller brings them.

mod net;
mod times;

use times::{date, date_time, duration, period, time};

use crate::Check;

/// What is wrong with a text.
type Checked = Result<(), String>;

/// The formats of this crate by name.
static OWN: &[(&str, Check)] = &[
    ("json-pointer", json_pointer),
    ("relative-json-pointer", relative_json_pointer),
    ("uuid", uuid),
    ("duration", duration),
    ("period", period),
    ("ipv4", net::ipv4),
    ("hostname", net::hostname),
    ("email", net::email),
    ("date", date),
    ("time", time),
    ("date-time", date_time),
    ("semver", semver),
    // Upstream has no such formats, and passes over what it does not know.
    ("idn-email", |_| Ok(())),
    ("idn-hostname", |_| Ok(())),
];

/// All formats: those of this crate, and those of its caller.
pub(crate) struct Formats<'a> {
    given: &'a [(&'static str, Check)],
}

impl<'a> Formats<'a> {
    /// The formats, with those that the caller has.
    pub(crate) fn with(given: &'a [(&'static str, Check)]) -> Formats<'a> {
        Formats { given }
    }

    /// The formats by name.
    fn all(&self) -> impl Iterator<Item = (&'static str, Check)> + use<'a> {
        OWN.iter().chain(self.given).copied()
    }

    /// What is wrong with a text of a format.
    pub(crate) fn fault(&self, format: &str, text: &str) -> Option<String> {
        let (_, check) = self.all().find(|(name, _)| *name == format)?;
        check(text).err()
    }
}

fn fail<T>(words: &str) -> Result<T, String> {
    Err(words.to_owned())
}

/// `%q` of a rune.
fn rune(c: char) -> String {
    match c {
        '\'' | '\\' => format!("'\\{c}'"),
        _ if c.is_control() => format!("'\\x{:02x}'", u32::from(c)),
        _ => format!("'{c}'"),
    }
}

/// Refuses the first character that is not allowed.
fn only(text: &str, allowed: impl Fn(char) -> bool) -> Checked {
    match text.chars().find(|c| !allowed(*c)) {
        Some(c) => Err(format!("invalid character {}", rune(c))),
        None => Ok(()),
    }
}

/// How many digits a text starts with.
fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn json_pointer(text: &str) -> Checked {
    if text.is_empty() {
        return Ok(());
    }
    if !text.starts_with('/') {
        return fail("not starting with /");
    }
    let escaped = |part: &str| part.is_empty() || !part.starts_with(['0', '1']);
    match text.split('~').skip(1).any(escaped) {
        true => fail("~ must be followed by 0 or 1"),
        false => Ok(()),
    }
}

fn relative_json_pointer(text: &str) -> Checked {
    let count = digits(text);
    if count == 0 {
        return fail("must start with non-negative integer");
    }
    if count > 1 && text.starts_with('0') {
        return fail("starts with zero");
    }
    match &text[count..] {
        "#" => Ok(()),
        pointer => json_pointer(pointer),
    }
}

fn uuid(text: &str) -> Checked {
    const GROUPS: [usize; 5] = [8, 4, 4, 4, 12];
    let groups: Vec<&str> = text.split('-').collect();
    if groups.len() != GROUPS.len() {
        return Err(format!("must have {} elements", GROUPS.len()));
    }
    for ((number, group), length) in (1..).zip(groups).zip(GROUPS) {
        if group.len() != length {
            return Err(format!("element {number} must be {length} characters long"));
        }
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {}", rune(c)));
        }
    }
    Ok(())
}

fn semver(text: &str) -> Checked {
    let (text, build) = split(text, '+');
    let (core, pre) = split(text, '-');
    if let Some(build) = build {
        if build.is_empty() {
            return fail("build is empty");
        }
        identifiers(build, "build")?;
    }
    if let Some(pre) = pre {
        identifiers(pre, "pre-release")?;
        let is_numeric = |id: &str| id.len() > 1 && digits(id) == id.len();
        if pre.split('.').any(|id| is_numeric(id) && id.starts_with('0')) {
            return fail("pre-release numeric identifier starts with zero");
        }
    }
    let versions: Vec<&str> = core.split('.').collect();
    if versions.len() != 3 {
        return fail("versionCore must have 3 numbers separated by dot");
    }
    for (name, version) in ["major", "minor", "patch"].iter().zip(versions) {
        if version.is_empty() {
            return Err(format!("{name} is empty"));
        }
        if version.len() > 1 && version.starts_with('0') {
            return Err(format!("{name} starts with zero"));
        }
        if digits(version) != version.len() {
            return Err(format!("{name} contains non-digit"));
        }
    }
    Ok(())
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

fn identifiers(text: &str, of: &str) -> Checked {
    for identifier in text.split('.') {
        if identifier.is_empty() {
            return Err(format!("{of} identifier is empty"));
        }
        only(identifier, |c| c.is_ascii_alphanumeric() || c == '-')
            .map_err(|words| format!("{words} in {of} identifier"))?;
    }
    Ok(())
}
