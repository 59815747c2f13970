//! One version: reading, printing, order. (version.go)

use std::cmp::Ordering;
use std::fmt;

/// The longest version text that is read (`MaxVersionLen`).
const MAX_LEN: usize = 256;

/// A semantic version.
///
/// Comparing with [`Version::compare`] ignores metadata; there is no `Ord`, since equality
/// of versions is not equality of their parts.
#[derive(Clone, Debug, Default)]
pub struct Version {
    /// `1` of `1.2.3`.
    pub major: u64,
    /// `2` of `1.2.3`.
    pub minor: u64,
    /// `3` of `1.2.3`.
    pub patch: u64,
    /// `rc.1` of `1.2.3-rc.1`; empty if there is none.
    pub pre: String,
    /// `build.5` of `1.2.3+build.5`; empty if there is none.
    pub metadata: String,
    /// The text as it was given.
    pub original: String,
}

/// The texts between the separators of a version, not yet checked.
struct Parts<'a> {
    numbers: [&'a str; 3],
    pre: &'a str,
    metadata: &'a str,
}

impl Version {
    /// Reads a version, filling in what is missing. (`NewVersion` with `CoerceNewVersion`)
    ///
    /// # Errors
    ///
    /// Returns upstream's message.
    pub fn parse(text: &str) -> Result<Version, String> {
        if text.len() > MAX_LEN {
            return Err(format!("version string is too long (max {MAX_LEN} bytes)"));
        }
        let parts = split_loose(text).ok_or("invalid semantic version")?;
        let [major, minor, patch] = parts.numbers.map(segment);
        let version = Version {
            major: major?,
            minor: minor?,
            patch: patch?,
            pre: parts.pre.to_owned(),
            metadata: parts.metadata.to_owned(),
            original: text.to_owned(),
        };
        if !version.pre.is_empty() {
            check_prerelease(&version.pre)?;
        }
        Ok(version)
    }

    /// Reads a version that keeps to the specification. (`StrictNewVersion`)
    ///
    /// # Errors
    ///
    /// Returns upstream's message.
    pub fn parse_strict(text: &str) -> Result<Version, String> {
        if text.is_empty() {
            return Err("version string empty".to_owned());
        }
        if text.len() > MAX_LEN {
            return Err(format!("version string is too long (max {MAX_LEN} bytes)"));
        }
        let mut halves = text.splitn(3, '.');
        let (Some(major), Some(minor), Some(rest)) =
            (halves.next(), halves.next(), halves.next())
        else {
            return Err("invalid semantic version".to_owned());
        };
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), keep_second);
        if let Some(metadata) = metadata {
            check_metadata(metadata)?;
        }
        let (patch, pre) = rest.split_once('-').map_or((rest, None), keep_second);
        if let Some(pre) = pre {
            check_prerelease(pre)?;
        }
        for part in [major, minor, patch] {
            if !part.bytes().all(|b| b.is_ascii_digit()) {
                return Err("invalid characters in version".to_owned());
            }
            if part.len() > 1 && part.starts_with('0') {
                return Err("version segment starts with 0".to_owned());
            }
        }
        Ok(Version {
            major: uint(major)?,
            minor: uint(minor)?,
            patch: uint(patch)?,
            pre: pre.unwrap_or_default().to_owned(),
            metadata: metadata.unwrap_or_default().to_owned(),
            original: text.to_owned(),
        })
    }

    /// Compares by precedence: metadata does not count. (`Compare`)
    #[must_use]
    pub fn compare(&self, other: &Version) -> Ordering {
        let numbers = |v: &Version| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| {
            match (self.pre.is_empty(), other.pre.is_empty()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => compare_prerelease(&self.pre, &other.pre),
            }
        })
    }

    /// The next patch version; of a prerelease, its release. (`IncPatch`)
    #[must_use]
    pub fn inc_patch(&self) -> Version {
        let patch = match self.pre.is_empty() {
            true => self.patch.saturating_add(1),
            false => self.patch,
        };
        self.released(self.major, self.minor, patch)
    }

    /// The next minor version. (`IncMinor`)
    #[must_use]
    pub fn inc_minor(&self) -> Version {
        self.released(self.major, self.minor.saturating_add(1), 0)
    }

    /// The next major version. (`IncMajor`)
    #[must_use]
    pub fn inc_major(&self) -> Version {
        self.released(self.major.saturating_add(1), 0, 0)
    }

    /// The same version with another prerelease. (`SetPrerelease`)
    ///
    /// # Errors
    ///
    /// Returns upstream's message if `pre` is malformed.
    pub fn with_prerelease(&self, pre: &str) -> Result<Version, String> {
        if !pre.is_empty() {
            check_prerelease(pre)?;
        }
        Ok(self.renamed(Version { pre: pre.to_owned(), ..self.clone() }))
    }

    /// The same version with other metadata. (`SetMetadata`)
    ///
    /// # Errors
    ///
    /// Returns upstream's message if `metadata` is malformed.
    pub fn with_metadata(&self, metadata: &str) -> Result<Version, String> {
        if !metadata.is_empty() {
            check_metadata(metadata)?;
        }
        Ok(self.renamed(Version { metadata: metadata.to_owned(), ..self.clone() }))
    }

    fn released(&self, major: u64, minor: u64, patch: u64) -> Version {
        self.renamed(Version { major, minor, patch, ..Version::default() })
    }

    /// Sets the original text of `next`: it keeps this version's `v`.
    fn renamed(&self, next: Version) -> Version {
        let v = if self.original.starts_with('v') { "v" } else { "" };
        Version { original: format!("{v}{next}"), ..next }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn keep_second<'a>((first, second): (&'a str, &'a str)) -> (&'a str, Option<&'a str>) {
    (first, Some(second))
}

/// Splits as `looseSemVerRegex` does: `v?N(.N)?(.N)?(-ids)?(+ids)?`.
fn split_loose(text: &str) -> Option<Parts<'_>> {
    let rest = text.strip_prefix('v').unwrap_or(text);
    let (rest, metadata) = rest.split_once('+').map_or((rest, None), keep_second);
    let (core, pre) = rest.split_once('-').map_or((rest, None), keep_second);
    let mut numbers = [""; 3];
    let mut pieces = core.split('.');
    for slot in &mut numbers {
        let Some(piece) = pieces.next() else { break };
        if piece.is_empty() || !piece.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *slot = piece;
    }
    let dotted =
        |text: &str| text.split('.').all(|p| !p.is_empty() && p.bytes().all(is_id));
    let sound =
        pieces.next().is_none() && pre.is_none_or(dotted) && metadata.is_none_or(dotted);
    sound.then(|| Parts {
        numbers,
        pre: pre.unwrap_or_default(),
        metadata: metadata.unwrap_or_default(),
    })
}

fn is_id(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

fn segment(digits: &str) -> Result<u64, String> {
    match digits {
        "" => Ok(0),
        _ => uint(digits).map_err(|e| format!("error parsing version segment: {e}")),
    }
}

/// `strconv.ParseUint` of a text of digits.
fn uint(digits: &str) -> Result<u64, String> {
    let fault = match digits {
        "" => "invalid syntax",
        _ => "value out of range",
    };
    digits
        .parse()
        .map_err(|_| format!("strconv.ParseUint: parsing \"{digits}\": {fault}"))
}

fn check_prerelease(pre: &str) -> Result<(), String> {
    for id in pre.split('.') {
        if id.is_empty() || !id.bytes().all(is_id) {
            return Err("invalid prerelease string".to_owned());
        }
        if id.bytes().all(|b| b.is_ascii_digit()) && id.len() > 1 && id.starts_with('0') {
            return Err("version segment starts with 0".to_owned());
        }
    }
    Ok(())
}

fn check_metadata(metadata: &str) -> Result<(), String> {
    match metadata.split('.').all(|id| !id.is_empty() && id.bytes().all(is_id)) {
        true => Ok(()),
        false => Err("invalid metadata string".to_owned()),
    }
}

/// Compares two prereleases, part by part. (`comparePrerelease`)
pub(super) fn compare_prerelease(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let (l, r) = (left.next(), right.next());
        if l.is_none() && r.is_none() {
            return Ordering::Equal;
        }
        let order = compare_part(l.unwrap_or_default(), r.unwrap_or_default());
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_part(a: &str, b: &str) -> Ordering {
    if a == b || a.is_empty() || b.is_empty() {
        return a.len().cmp(&b.len());
    }
    // Parts that overflow count as words, as in Go's ParseUint; a sign never parses.
    let number =
        |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse::<u64>().ok());
    match (number(a).flatten(), number(b).flatten()) {
        (None, None) => a.cmp(b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        // Upstream never answers "equal" here (`01` against `1`).
        (Some(a), Some(b)) if a > b => Ordering::Greater,
        (Some(_), Some(_)) => Ordering::Less,
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn loose_and_strict() {
        let read = |s: &str| Version::parse(s).map(|v| v.to_string());
        assert_eq!(read("v1.2"), Ok("1.2.0".to_owned()));
        assert_eq!(read("01.2.3-a.b+c"), Ok("1.2.3-a.b+c".to_owned()));
        assert_eq!(read("1.2.3.4"), Err("invalid semantic version".to_owned()));
        assert_eq!(read("1.2.3-01"), Err("version segment starts with 0".to_owned()));
        assert!(Version::parse_strict("1.2").is_err());
        assert!(Version::parse_strict("1.2.3-rc.1+x").is_ok());
    }

    #[test]
    fn order_of_prereleases() {
        let texts = [
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0",
        ];
        for pair in texts.windows(2) {
            let of = |n: usize| Version::parse(pair[n]).unwrap();
            assert!(of(0).compare(&of(1)).is_lt(), "{pair:?}");
        }
    }
}
