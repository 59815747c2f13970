//! `vendor --check`: is the lock what the tree asks for?

use std::collections::BTreeSet;
use std::io;

use source::{Diagnostic, DiskWorld, SourceMap, Span, VENDORED, World};
use vendor::{Cache, Wanted, shown};

use super::Asked;
use crate::cli::exit::Exit;
use crate::cli::repository;
use crate::cli::ui::{Ui, plural};
use crate::vendored::{self, Copy};

/// Compares lock and tree without a network.
pub(super) fn check(
    ui: &mut Ui,
    world: &DiskWorld,
    sources: &SourceMap,
    cache: &Cache,
    mut asked: Asked,
) -> io::Result<Exit> {
    let lock = asked.lock.clone();
    let mut is_partial = false;
    loop {
        let followed = asked.follow(&lock, sources, cache);
        is_partial |= followed.is_partial;
        if !followed.faults.is_empty() {
            return repository::refuse(ui, sources, &followed.faults);
        }
        if followed.wanted.is_empty() {
            break;
        }
    }
    let mut faults = Vec::new();
    let mut reported = BTreeSet::new();
    for used in &asked.uses {
        let is_locked = match &used.wanted {
            Wanted::Chart { name, repository, version, .. } => {
                asked.lock.chart(name, repository, version).is_some()
            }
            Wanted::Address(address) => asked.lock.remote(address).is_some(),
        };
        if !is_locked && reported.insert(&used.wanted) {
            let message = format!("`{}` is not in {VENDORED}", shown(used.wanted.name()));
            faults.push(
                *Diagnostic::error(used.span, message).hint("run `thanos-gitops vendor`"),
            );
        }
    }
    let extra = asked.lock.charts.iter().filter(|chart| {
        !asked.wanted.iter().any(|wanted| match wanted {
            Wanted::Chart { name, repository, version, .. } => {
                asked.lock.chart(name, repository, version) == Some(chart)
            }
            Wanted::Address(_) => false,
        })
    });
    let extra = extra.map(|chart| format!("{} {}", chart.name, chart.version));
    let remotes = asked.lock.remotes.iter().filter(|remote| {
        !asked.wanted.contains(&Wanted::Address(remote.address.clone()))
    });
    // Without all bases nobody knows what they name.
    let extra = extra.chain(remotes.map(|remote| shown(&remote.address)));
    for name in extra.filter(|_| !is_partial) {
        let message = format!("{VENDORED} names {name}, which the tree does not");
        faults.push(
            *Diagnostic::error(Span::NONE, message).hint("run `thanos-gitops vendor`"),
        );
    }
    let fault = |words: String| *Diagnostic::error(Span::NONE, words);
    let copies = match Copy::all(&asked.uses, &asked.lock, cache) {
        Ok(copies) => copies,
        Err(words) => return repository::refuse(ui, sources, &[fault(words)]),
    };
    let differing = match vendored::differing(world, &copies) {
        Ok(differing) => differing,
        Err(error) => {
            return repository::refuse(ui, sources, &[fault(error.to_string())]);
        }
    };
    for (copy, path) in differing {
        let (path, name) = (world.display(&path), &copy.name);
        let message = format!("`{path}` is not what is locked of chart `{name}`");
        faults.push(*Diagnostic::error(Span::NONE, message).hint(
            "run `thanos-gitops vendor --into-tree` to put the locked chart there",
        ));
    }
    ui.tell(sources, &faults)?;
    if faults.is_empty() {
        let count = plural(asked.wanted.len(), "entry").replace("entrys", "entries");
        ui.say(&format!("{VENDORED} is up to date: {count}"));
        return Ok(Exit::Clean);
    }
    Ok(Exit::Findings)
}
