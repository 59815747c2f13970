//! A diff as unified text.

use std::io;

use super::{Change, ChangeKind, Diff};

pub(crate) fn write(diff: &Diff, color: bool, out: &mut dyn io::Write) -> io::Result<()> {
    for change in &diff.changes {
        let head = format!("{}: {}", change.clusters.join(", "), title(change));
        writeln!(out, "{}", paint(color, "1", &head))?;
        for line in change.text.lines() {
            let code = match line.as_bytes().first() {
                Some(b'+') => "32",
                Some(b'-') => "31",
                Some(b'@') => "36",
                _ => "",
            };
            writeln!(out, "{}", paint(color && !code.is_empty(), code, line))?;
        }
        writeln!(out)?;
    }
    for (cluster, component) in &diff.unknown {
        writeln!(out, "{cluster}: {component} does not compile at {}", diff.base)?;
    }
    if let Some(why) = &diff.unreadable {
        writeln!(out, "{} cannot be read: {why}", diff.base)?;
    }
    writeln!(out, "{}", summary(diff))
}

/// `prometheus: Service monitoring/web changed`
pub(crate) fn title(change: &Change) -> String {
    let word = match change.kind {
        ChangeKind::Added => "added",
        ChangeKind::Removed => "removed",
        ChangeKind::Changed => "changed",
    };
    format!("{}: {} {word}", change.component, change.object)
}

/// `3 added, 1 changed, 0 removed in 4 clusters`
pub(crate) fn summary(diff: &Diff) -> String {
    let count = |kind| {
        let of_kind = diff.changes.iter().filter(|c| c.kind == kind);
        of_kind.map(|c| c.clusters.len()).sum::<usize>()
    };
    if diff.changes.is_empty() {
        return match diff.is_empty() {
            true => "no change in any cluster".to_owned(),
            false => format!("what changes is unknown: {} does not compile", diff.base),
        };
    }
    let mut clusters: Vec<&String> =
        diff.changes.iter().flat_map(|c| &c.clusters).collect();
    clusters.sort();
    clusters.dedup();
    let (added, changed) = (count(ChangeKind::Added), count(ChangeKind::Changed));
    let removed = count(ChangeKind::Removed);
    let plural = if clusters.len() == 1 { "" } else { "s" };
    format!(
        "{added} added, {changed} changed, {removed} removed in {} cluster{plural}",
        clusters.len()
    )
}

fn paint(color: bool, code: &str, text: &str) -> String {
    match color {
        true => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
        false => text.to_owned(),
    }
}
