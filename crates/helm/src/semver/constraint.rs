//! Constraints on versions: `>=1.19.0-0 <2 || ~3.1`. (constraints.go)

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::LazyLock;

use ecow::EcoString;
use regex::{Captures, Regex};

use super::version::{Version, compare_prerelease};

const MAX_LEN: usize = 512;
const MAX_GROUPS: usize = 32;

const OPS: &str = r"=||!=|>|<|>=|=>|<=|=<|~|~>|\^";
/// A version in which parts may be missing or `x`. Go's `\s` is `[\t\n\f\r ]`.
const VERSION: &str = concat!(
    r"v?([0-9|x|X|\*]+)(\.[0-9|x|X|\*]+)?(\.[0-9|x|X|\*]+)?",
    r"(-([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?",
    r"(\+([0-9A-Za-z\-]+(\.[0-9A-Za-z\-]+)*))?",
);

/// What a version is checked against: alternatives (`||`) of conditions that all hold.
#[derive(Clone, Debug)]
pub struct Constraints {
    groups: Vec<Group>,
}

/// Conditions that must hold together.
#[derive(Clone, Debug)]
struct Group {
    conditions: Vec<Condition>,
    /// Does one of the conditions name a prerelease? Only then do prereleases match.
    has_pre: bool,
}

/// One condition: an operator and a version.
#[derive(Clone, Debug)]
struct Condition {
    op: Op,
    version: Version,
    missing: Missing,
}

/// The operator of a [`Condition`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Op {
    /// `1.2`, `=1.2`
    Equal,
    /// `!=1.2`
    NotEqual,
    /// `>1.2`
    Greater,
    /// `<1.2`
    Less,
    /// `>=1.2`, `=>1.2`
    GreaterEqual,
    /// `<=1.2`, `=<1.2`
    LessEqual,
    /// `~1.2`, `~>1.2`
    Tilde,
    /// `^1.2`
    Caret,
}

/// Which part of a condition's version is the first to be missing or `x`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Missing {
    /// `*`
    Major,
    /// `1`, `1.x`
    Minor,
    /// `1.2`, `1.2.x`
    Patch,
    /// `1.2.3`
    Nothing,
}

struct Patterns {
    range: Regex,
    find: Regex,
    valid: Regex,
    one: Regex,
}

static PATTERNS: LazyLock<Option<Patterns>> = LazyLock::new(|| {
    let space = r"[\t\n\f\r ]";
    let one = format!("({OPS}){space}*({VERSION})");
    Some(Patterns {
        range: Regex::new(&format!(
            "{space}*({VERSION}){space}+-{space}+({VERSION}){space}*"
        ))
        .ok()?,
        find: Regex::new(&one).ok()?,
        valid: Regex::new(&format!(
            r"^(?:{space}*{one}{space}*)(?:(?:{space}+|,{space}*){one}{space}*)*$"
        ))
        .ok()?,
        one: Regex::new(&format!("^{space}*{one}{space}*$")).ok()?,
    })
});

/// So many constraints are known at a time.
const KNOWN: usize = 32;

thread_local! {
    /// The constraints that templates asked for last: a chart asks the same in each of them.
    static LAST: RefCell<VecDeque<(EcoString, Rc<Constraints>)>> = RefCell::default();
}

impl Constraints {
    /// Reads constraints, or finds them among the last ones of this thread.
    ///
    /// # Errors
    ///
    /// As [`Constraints::parse`].
    pub(crate) fn known(text: &str) -> Result<Rc<Constraints>, String> {
        let known = |last: &VecDeque<(EcoString, Rc<Constraints>)>| {
            last.iter().find(|(of, _)| of == text).map(|(_, known)| known.clone())
        };
        if let Some(known) = LAST.with_borrow(known) {
            return Ok(known);
        }
        let read = Rc::new(Constraints::parse(text)?);
        LAST.with_borrow_mut(|last| {
            last.truncate(KNOWN - 1);
            last.push_front((text.into(), read.clone()));
        });
        Ok(read)
    }

    /// Reads constraints. (`NewConstraint`)
    ///
    /// # Errors
    ///
    /// Returns upstream's message.
    pub fn parse(text: &str) -> Result<Constraints, String> {
        if text.len() > MAX_LEN {
            return Err(format!("constraint string is too long (max {MAX_LEN} bytes)"));
        }
        let Some(patterns) = PATTERNS.as_ref() else {
            return Err("constraint parser error".to_owned());
        };
        let text = rewrite_ranges(text, patterns);
        let alternatives: Vec<&str> = text.split("||").collect();
        if alternatives.len() > MAX_GROUPS {
            return Err(format!("too many constraint groups (max {MAX_GROUPS})"));
        }
        let groups = alternatives.into_iter().map(|text| Group::parse(text, patterns));
        Ok(Constraints { groups: groups.collect::<Result<_, _>>()? })
    }

    /// Does the version satisfy them? (`Check`)
    #[must_use]
    pub fn check(&self, version: &Version) -> bool {
        self.groups
            .iter()
            .any(|group| group.conditions.iter().all(|c| c.check(version, group.has_pre)))
    }
}

/// Turns `1.2 - 1.4` into `>= 1.2, <= 1.4 `. (`rewriteRange`)
fn rewrite_ranges(text: &str, patterns: &Patterns) -> String {
    let mut out = text.to_owned();
    for m in patterns.range.captures_iter(text) {
        let comparison = format!(">= {}, <= {} ", group(&m, 1), group(&m, 11));
        out = out.replacen(group(&m, 0), &comparison, 1);
    }
    out
}

fn group<'a>(m: &Captures<'a>, index: usize) -> &'a str {
    m.get(index).map_or("", |m| m.as_str())
}

fn improper(text: &str) -> String {
    format!("improper constraint: {}", gotemplate::fmt::quote(text.as_bytes()))
}

impl Group {
    fn parse(text: &str, patterns: &Patterns) -> Result<Group, String> {
        if !patterns.valid.is_match(text) {
            return Err(improper(text));
        }
        let conditions = patterns
            .find
            .find_iter(text)
            .map(|m| Condition::parse(m.as_str(), patterns))
            .collect::<Result<Vec<_>, _>>()?;
        let has_pre = conditions.iter().any(|c| !c.version.pre.is_empty());
        Ok(Group { conditions, has_pre })
    }
}

impl Condition {
    fn parse(text: &str, patterns: &Patterns) -> Result<Condition, String> {
        let m = patterns.one.captures(text).ok_or_else(|| improper(text))?;
        let [major, minor, patch, pre] = [3, 4, 5, 6].map(|n| group(&m, n));
        let unset = |part: &str| {
            matches!(part.strip_prefix('.').unwrap_or(part), "" | "x" | "X" | "*")
        };
        let (version, missing) = if unset(major) {
            (format!("0.0.0{pre}"), Missing::Major)
        } else if unset(minor) {
            (format!("{major}.0.0{pre}"), Missing::Minor)
        } else if unset(patch) {
            (format!("{major}{minor}.0{pre}"), Missing::Patch)
        } else {
            (group(&m, 2).to_owned(), Missing::Nothing)
        };
        let version = Version::parse(&version).map_err(|_| "constraint parser error")?;
        Ok(Condition { op: Op::parse(group(&m, 1)), version, missing })
    }

    /// Does the version meet this condition? `include_pre`: prereleases count at all.
    fn check(&self, version: &Version, include_pre: bool) -> bool {
        if !version.pre.is_empty() && !include_pre {
            return false;
        }
        let order = version.compare(&self.version);
        match self.op {
            Op::Equal if self.missing == Missing::Nothing => order.is_eq(),
            Op::Equal | Op::Tilde => self.check_tilde(version, order),
            Op::NotEqual => self.check_not_equal(version, order),
            Op::Greater => self.check_greater(version, order),
            Op::Less => order.is_lt(),
            Op::GreaterEqual => order.is_ge(),
            Op::LessEqual => self.check_less_equal(version, order),
            Op::Caret => self.check_caret(version, order),
        }
    }

    fn check_not_equal(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        if self.missing != Missing::Nothing {
            let minor_free = self.missing == Missing::Minor;
            if c.major != v.major || (c.minor != v.minor && !minor_free) {
                return true;
            }
            if minor_free {
                return false;
            }
            let patch_free = self.missing == Missing::Patch;
            if c.patch != v.patch && !patch_free {
                return true;
            }
            if patch_free {
                return compare_prerelease(&v.pre, &c.pre).is_ne();
            }
        }
        order.is_ne()
    }

    fn check_greater(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        match self.missing {
            Missing::Nothing => order.is_gt(),
            _ if v.major != c.major => v.major > c.major,
            // 11.1.0 is not greater than `>11`: that takes a 12.
            Missing::Minor => false,
            Missing::Patch => v.minor > c.minor,
            Missing::Major => order.is_gt(),
        }
    }

    fn check_less_equal(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        match self.missing {
            Missing::Nothing => order.is_le(),
            Missing::Minor => v.major <= c.major,
            _ => (v.major, v.minor) <= (c.major, c.minor),
        }
    }

    /// `~1.2.3` is `>=1.2.3, <1.3`; `~1` is `>=1, <2`; `~0.0.0` and `~*` are anything.
    fn check_tilde(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        let free = matches!(self.missing, Missing::Nothing | Missing::Major);
        match (c.major, c.minor, c.patch) {
            _ if order.is_lt() => false,
            (0, 0, 0) if free => true,
            _ => {
                v.major == c.major
                    && (v.minor == c.minor || self.missing == Missing::Minor)
            }
        }
    }

    /// `^1.2.3` is `>=1.2.3, <2`; `^0.2.3` is `>=0.2.3, <0.3`; `^0.0.3` is itself.
    fn check_caret(&self, v: &Version, order: Ordering) -> bool {
        let c = &self.version;
        if order.is_lt() {
            return false;
        }
        if c.major > 0 || self.missing == Missing::Minor {
            return v.major == c.major;
        }
        if v.major > 0 {
            return false;
        }
        if c.minor > 0 || self.missing == Missing::Patch {
            return v.minor == c.minor;
        }
        v.minor == 0 && c.patch == v.patch
    }
}

impl Op {
    fn parse(text: &str) -> Op {
        match text {
            "!=" => Op::NotEqual,
            ">" => Op::Greater,
            "<" => Op::Less,
            ">=" | "=>" => Op::GreaterEqual,
            "<=" | "=<" => Op::LessEqual,
            "~" | "~>" => Op::Tilde,
            "^" => Op::Caret,
            _ => Op::Equal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraints, Version};

    #[test]
    fn answers_as_upstream() {
        let cases = [
            (">=1.19-0", "v1.27.3-gke.100", true),
            (">=1.19", "v1.27.3-gke.100", false),
            ("1.2 - 1.4", "1.3.9", true),
            ("!=1.x", "1.2.3", false),
            ("^0.2.3", "0.2.9", true),
            ("^0.2.3", "0.3.0", false),
            ("~1.2 || >3", "4.0.0", true),
            (">3", "3.9.0", false),
            ("*", "1.2.3", true),
            (">=1.0, <2.0", "1.5.0", true),
        ];
        for (constraint, version, expected) in cases {
            let constraints = Constraints::parse(constraint).unwrap();
            let version = Version::parse(version).unwrap();
            assert_eq!(constraints.check(&version), expected, "{constraint} {version}");
        }
        assert_eq!(Constraints::parse("").unwrap_err(), "improper constraint: \"\"");
    }
}
