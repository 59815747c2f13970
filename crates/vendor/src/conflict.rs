//! A lock with the marks of a merge conflict: both sides are read, and what both hold is one.
//!
//! Git marks a conflict where two branches add neighbours, though nothing contradicts. Only an
//! entry that both sides changed, each in its way, is a person's to decide; of two versions of a
//! chart the newer one is taken.

use std::cmp::Ordering;

use helm::semver::Version;

use crate::{Lock, LockFault, LockedChart};

/// Reads a lock that Git could not merge.
pub(crate) fn read(text: &str) -> Result<Lock, LockFault> {
    let line = |line: &str| line.starts_with("<<<<<<< ");
    let line = text.lines().position(line).map_or(1, |at| at + 1);
    let fault = |message: String| LockFault { message, line };
    let unresolved = || fault("a merge conflict is not resolved".to_owned());
    let (ours, theirs) = sides(text).ok_or_else(unresolved)?;
    let (ours, theirs) = (Lock::parse(&ours), Lock::parse(&theirs));
    let (Ok(mut lock), Ok(theirs)) = (ours, theirs) else { return Err(unresolved()) };
    for their in theirs.charts {
        let own = lock.charts.iter_mut().find(|own| is_same_request(own, &their));
        match own {
            None => lock.charts.push(their),
            Some(own) if *own == their => {}
            Some(own) => match newer(own, &their) {
                Some(Ordering::Less) => *own = their,
                Some(Ordering::Greater) => {}
                _ => {
                    let name = &their.name;
                    let words = format!("both sides of the conflict lock chart `{name}`");
                    return Err(fault(words));
                }
            },
        }
    }
    for their in theirs.remotes {
        match lock.remote(&their.address) {
            None => lock.remotes.push(their),
            Some(own) if *own == their => {}
            Some(_) => {
                let address = &their.address;
                let words = format!("both sides of the conflict lock `{address}`");
                return Err(fault(words));
            }
        }
    }
    lock.sort();
    Ok(lock)
}

fn is_same_request(one: &LockedChart, other: &LockedChart) -> bool {
    let key = |chart: &LockedChart| {
        (chart.name.clone(), chart.repository.clone(), chart.requested.clone())
    };
    key(one) == key(other)
}

/// How the versions compare; `None` if they are none.
fn newer(one: &LockedChart, other: &LockedChart) -> Option<Ordering> {
    let one = Version::parse(&one.version).ok()?;
    Some(one.compare(&Version::parse(&other.version).ok()?))
}

/// The texts of both sides; `None` if the marks are not what Git writes.
fn sides(text: &str) -> Option<(String, String)> {
    #[derive(PartialEq)]
    enum Side {
        Both,
        Ours,
        Base,
        Theirs,
    }
    let (mut ours, mut theirs) = (String::new(), String::new());
    let mut side = Side::Both;
    for line in text.split_inclusive('\n') {
        let next = match (&side, line.get(..7)) {
            (Side::Both, Some("<<<<<<<")) => Side::Ours,
            (Side::Ours, Some("|||||||")) => Side::Base,
            (Side::Ours | Side::Base, Some("=======")) => Side::Theirs,
            (Side::Theirs, Some(">>>>>>>")) => Side::Both,
            (_, Some("<<<<<<<" | "|||||||" | "=======" | ">>>>>>>")) => return None,
            _ => {
                if matches!(side, Side::Both | Side::Ours) {
                    ours.push_str(line);
                }
                if matches!(side, Side::Both | Side::Theirs) {
                    theirs.push_str(line);
                }
                continue;
            }
        };
        side = next;
    }
    (side == Side::Both).then_some((ours, theirs))
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::{Digest, Lock, LockedChart};

    fn chart(name: &str, version: &str) -> LockedChart {
        LockedChart {
            name: name.into(),
            repository: "https://charts.example.com".into(),
            requested: "^1".into(),
            version: version.into(),
            sha256: Digest::of(version.as_bytes()),
            files: None,
            manifest: None,
            provenance: None,
        }
    }

    fn lock(charts: &[(&str, &str)]) -> Lock {
        let charts = charts.iter().map(|(name, version)| chart(name, version)).collect();
        Lock { charts, remotes: Vec::new() }
    }

    fn marked(ours: &str, theirs: &str) -> String {
        let ours = lock(&[("a", "1.0.0"), ("b", ours)]).to_text();
        let theirs = lock(&[("b", theirs), ("c", "1.0.0")]).to_text();
        format!(
            "<<<<<<< HEAD\n{ours}||||||| base\nversion: 1\n=======\n{theirs}>>>>>>> x\n"
        )
    }

    #[test]
    fn both_sides_are_taken_and_the_newer_version() {
        let merged = lock(&[("a", "1.0.0"), ("b", "1.2.0"), ("c", "1.0.0")]);
        assert_eq!(read(&marked("1.2.0", "1.1.0")), Ok(merged.clone()));
        assert_eq!(read(&marked("1.1.0", "1.2.0")), Ok(merged));
    }

    #[test]
    fn what_contradicts_is_a_persons_to_decide() {
        let fault = read(&marked("1.0.0", "1.0.0+other")).unwrap_err();
        assert_eq!(fault.message, "both sides of the conflict lock chart `b`");
        let cut = marked("1.0.0", "1.0.0").replace(">>>>>>> x\n", "");
        let fault = read(&cut).unwrap_err();
        assert_eq!(
            (fault.line, &*fault.message),
            (1, "a merge conflict is not resolved")
        );
    }
}
