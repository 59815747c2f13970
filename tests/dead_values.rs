//! Values that no template reads: found, corrected, and never reported in vain.
//!
//! Charts of our own show each way of reading a value. Charts of others are taken from the folder
//! that `THANOS_GITOPS_CHARTS` names, `<name>-<version>/` each with its dependencies unpacked:
//! without it, the tests that want them say `skipped`. `DEAD_VALUES=all UPDATE=1 cargo test
//! dead_values` measures all of them and writes `tests/conformance/dead-values.md`.
#![expect(clippy::print_stdout, reason = "who runs a measurement wants to read it")]

mod clauses;
mod corpus;
mod own;
mod seeds;

use std::path::{Path, PathBuf};

use source::{MemoryWorld, Severity, SourceMap};
use thanos_gitops::{Date, RenderOptions};

/// A finding as the tests look at it.
#[derive(Debug)]
struct Found {
    code: &'static str,
    severity: Severity,
    file: String,
    line: usize,
    /// The path of the value: `a.b.0.c`.
    field: String,
    message: String,
    hints: String,
}

/// A fleet of one cluster that gives one chart these values.
fn fleet(mut world: MemoryWorld, chart: &str, values: &str) -> MemoryWorld {
    let kustomization = format!(
        "helmGlobals: {{chartHome: ../../../charts}}\nhelmCharts:\n- name: {chart}\n  \
         releaseName: rel\n  namespace: monitoring\n  valuesFile: values.yaml\n"
    );
    world.insert("overlays/c/x/kustomization.yaml", kustomization);
    world.insert("overlays/c/x/values.yaml", values);
    world
}

/// The findings about values, and whether everything could be rendered.
fn lint(world: &MemoryWorld) -> (Vec<Found>, Result<(), String>) {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).expect("the fleet loads");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    let failed = renders.iter().find_map(|render| {
        render.outcome.as_ref().err().map(|faults| faults[0].message.clone())
    });
    let linked = thanos_gitops::link(&repo, &renders);
    let today = Date { year: 2026, month: 11, day: 21 };
    let found = thanos_gitops::lint(linked, today);
    let own = found.into_iter().filter(|finding| finding.code.starts_with("HELM"));
    let found = own.map(|finding| {
        let place = sources.location(finding.span).expect("a place");
        Found {
            code: finding.code,
            severity: finding.severity,
            file: place.path,
            line: place.line,
            field: finding.subject.map_or_else(String::new, |subject| {
                subject.field.trim_start_matches('/').replace('/', ".")
            }),
            message: finding.message,
            hints: finding.hints.join("; "),
        }
    });
    (found.collect(), failed.map_or(Ok(()), Err))
}

/// The folder of charts, if there is one.
fn charts() -> Option<PathBuf> {
    std::env::var_os("THANOS_GITOPS_CHARTS").map(PathBuf::from)
}

/// A chart of that folder in a world of its own; says so if it is not there.
fn chart(name: &str) -> Option<MemoryWorld> {
    let folder = charts().map(|charts| charts.join(name)).filter(|path| path.is_dir());
    let Some(folder) = folder else {
        println!("skipped: chart {name} not present");
        return None;
    };
    let mut world = MemoryWorld::new();
    add(&mut world, &folder, &format!("charts/{name}"));
    Some(world)
}

fn add(world: &mut MemoryWorld, folder: &Path, to: &str) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
            continue;
        };
        let inner = format!("{to}/{name}");
        match path.is_dir() {
            true => add(world, &path, &inner),
            false => world.insert(&inner, std::fs::read(&path).expect("a file")),
        }
    }
}
