//! What another lock changes: versions, default values, and whom it meets.

use std::collections::BTreeSet;
use std::io::{self, Write};

use source::SourceMap;
use vendor::{Cache, Lock, LockedChart, LockedRemote, Wanted, shown};

use super::Asked;
use crate::cli::ui::Ui;
use crate::vendored::{self, Changes, Use, ValuesChange};

/// Tells which charts changed, what that does to their default values, and whom it meets.
pub(super) fn tell(
    ui: &mut Ui,
    sources: &SourceMap,
    cache: &Cache,
    asked: &Asked,
    lock: &Lock,
) -> io::Result<()> {
    for new in &lock.charts {
        let same =
            |old: &&LockedChart| old.name == new.name && old.repository == new.repository;
        let mut olds = asked.lock.charts.iter().filter(same);
        let old = asked
            .lock
            .chart(&new.name, &new.repository, &new.requested)
            .or_else(|| olds.next());
        let Some(old) = old else {
            writeln!(ui.out, "+ {} {}", new.name, new.version)?;
            continue;
        };
        if old.sha256 == new.sha256 {
            continue;
        }
        let step = step(&old.version, &new.version);
        writeln!(ui.out, "~ {} {} -> {} ({step})", new.name, old.version, new.version)?;
        let texts = (values_text(cache, old), values_text(cache, new));
        let (Some(before), Some(after)) = texts else {
            writeln!(
                ui.out,
                "  the older archive is not in the cache: values not compared"
            )?;
            continue;
        };
        let changes = vendored::compare(&before, &after);
        tell_values(ui, &changes)?;
        tell_met(ui, sources, asked, new, &changes)?;
    }
    for old in &asked.lock.charts {
        let stays =
            |new: &LockedChart| new.name == old.name && new.repository == old.repository;
        if !lock.charts.iter().any(stays) {
            writeln!(ui.out, "- {} {}", old.name, old.version)?;
        }
    }
    tell_remotes(ui, asked, lock)
}

fn tell_remotes(ui: &mut Ui, asked: &Asked, lock: &Lock) -> io::Result<()> {
    let content = |remote: &LockedRemote| {
        let commit = remote.commit.as_deref().and_then(|commit| commit.get(..12));
        commit.map_or_else(|| remote.sha256.short(), str::to_owned)
    };
    for new in &lock.remotes {
        let (address, is) = (shown(&new.address), content(new));
        match asked.lock.remote(&new.address) {
            None => writeln!(ui.out, "+ {address} {is}")?,
            Some(old) if old != new => {
                writeln!(ui.out, "~ {address} {} -> {is}", content(old))?;
            }
            Some(_) => {}
        }
    }
    for old in &asked.lock.remotes {
        if lock.remote(&old.address).is_none() {
            writeln!(ui.out, "- {} {}", shown(&old.address), content(old))?;
        }
    }
    Ok(())
}

/// How big a step it is, in the words of semantic versions.
fn step(old: &str, new: &str) -> &'static str {
    use helm::semver::Version;
    let (Ok(old), Ok(new)) = (Version::parse(old), Version::parse(new)) else {
        return "other version";
    };
    match old.compare(&new) {
        std::cmp::Ordering::Equal => "same version, other content",
        std::cmp::Ordering::Greater => "downgrade",
        std::cmp::Ordering::Less if old.major != new.major => "major",
        std::cmp::Ordering::Less if old.minor != new.minor => "minor",
        std::cmp::Ordering::Less if old.patch != new.patch => "patch",
        std::cmp::Ordering::Less => "prerelease",
    }
}

fn values_text(cache: &Cache, chart: &LockedChart) -> Option<String> {
    let files = helm::archive_files(&cache.get(&chart.sha256)?).ok()?;
    let values = files.iter().find(|(name, _)| name == "values.yaml");
    Some(
        values.map_or_else(String::new, |(_, data)| {
            String::from_utf8_lossy(data).into_owned()
        }),
    )
}

fn tell_values(ui: &mut Ui, changes: &Changes) -> io::Result<()> {
    let (added, removed, changed) = changes.counts();
    writeln!(
        ui.out,
        "  default values: {added} added, {removed} removed, {changed} changed"
    )?;
    for difference in &changes.differences {
        let (path, old, new) =
            (&difference.path, difference.old_line, difference.new_line);
        match &difference.change {
            ValuesChange::Added(value) => {
                writeln!(ui.out, "  + {path}: {value}  (line {new})")?;
            }
            ValuesChange::Removed(renamed) => {
                let renamed = renamed.as_ref();
                let renamed =
                    renamed.map_or_else(String::new, |to| format!(", now {to}?"));
                writeln!(ui.out, "  - {path}  (was line {old}{renamed})")?;
            }
            ValuesChange::Changed(before, after)
            | ValuesChange::Reshaped(before, after) => {
                writeln!(
                    ui.out,
                    "  ~ {path}: {before} -> {after}  (line {old} -> {new})"
                )?;
            }
        }
    }
    Ok(())
}

fn tell_met(
    ui: &mut Ui,
    sources: &SourceMap,
    asked: &Asked,
    chart: &LockedChart,
    changes: &Changes,
) -> io::Result<()> {
    let is_it = |used: &&Use| match &used.wanted {
        Wanted::Chart { name, repository, .. } => {
            *name == chart.name && *repository == chart.repository
        }
        Wanted::Address(_) => false,
    };
    let mut lines = BTreeSet::new();
    let values = asked.uses.iter().filter(is_it).filter_map(|used| used.chart.as_ref());
    for met in values.flat_map(|c| &c.values).flat_map(|values| changes.met_by(values)) {
        let Some(at) = sources.location(met.span) else { continue };
        let file = sources.file(met.span.file);
        let what = match met.change {
            ValuesChange::Removed(Some(to)) => format!("is gone; now {to}?"),
            ValuesChange::Removed(None) => "is gone".to_owned(),
            _ => "has another shape".to_owned(),
        };
        lines.insert((file.path.clone(), at.line, at.column, met.path, what));
    }
    if !lines.is_empty() {
        writeln!(ui.out, "  your values set keys that are gone or have another shape:")?;
    }
    for (path, line, column, key, what) in lines {
        writeln!(ui.out, "  ! {path}:{line}:{column}: {key} {what}")?;
    }
    Ok(())
}
