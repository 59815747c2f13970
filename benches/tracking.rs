//! What the record of origins costs: its share of the memory that lives when a build is done.
//!
//! `cargo bench --bench tracking` builds `repo-template/`, and with `THANOS_GITOPS_CHARTS` (a
//! folder of unpacked charts) a fleet of four clusters with kube-prometheus-stack 78.2.1 each,
//! all in this process, and holds every object. The allocator counts what lives; marks, frames,
//! origins and layers are counted by what they hold. Nodes' own places are no part of that.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::alloc::System;
use std::path::{Path, PathBuf};

use cap::Cap;
use source::{DiskWorld, MemoryWorld, SourceMap, World};
use thanos_gitops::RenderOptions;

const STACK: &str = "kube-prometheus-stack";

/// The system's allocator, counted.
#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let world = DiskWorld::new(&root, Path::new("")).expect("the template");
    report("repo-template", &world);
    let Some(charts) = charts() else {
        println!("{STACK}: skipped; THANOS_GITOPS_CHARTS names no folder of charts");
        return;
    };
    let chart = PathBuf::from(charts).join(format!("{STACK}-78.2.1"));
    for (what, equal, crds) in [
        ("equal values", true, true),
        ("values that differ", false, true),
        ("values that differ, without CRDs", false, false),
    ] {
        report(&format!("{STACK}, four clusters, {what}"), &fleet(&chart, equal, crds));
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
fn charts() -> Option<std::ffi::OsString> {
    std::env::var_os("THANOS_GITOPS_CHARTS")
}

/// Builds all, and prints what lives then.
fn report(what: &str, world: &dyn World) {
    let before = MEMORY.allocated();
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).expect("a repository");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    let live = MEMORY.allocated() - before;
    let found = sources.footprint();
    let built = renders.iter().filter_map(thanos_gitops::Render::built);
    let edits: usize = built.map(|built| built.origins.bytes()).sum();
    let objects: usize = renders
        .iter()
        .filter_map(thanos_gitops::Render::built)
        .map(|built| built.resources.len())
        .sum();
    let bytes = found.bytes + edits;
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    let (live, bytes) = (live as f64, bytes as f64);
    const MIB: f64 = 1024.0 * 1024.0;
    println!(
        "{what}: {objects} objects of {} targets; {} texts of {} renders\n  live {:.1} MiB, \
         origins {:.1} MiB: {:.1} %",
        renders.len(),
        found.texts,
        found.renders,
        live / MIB,
        bytes / MIB,
        bytes * 100.0 / live,
    );
}

/// Four clusters with the chart.
fn fleet(chart: &Path, equal: bool, crds: bool) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    for n in 1..=4 {
        let folder = format!("overlays/cluster-0{n}/stack");
        let kustomization = format!(
            "helmGlobals: {{chartHome: ../../../charts}}\nhelmCharts:\n- name: {STACK}\n  \
             releaseName: stack\n  namespace: monitoring\n  includeCRDs: {crds}\n  \
             valuesFile: values.yaml\n"
        );
        let replicas = if equal { 2 } else { n };
        let values =
            format!("prometheus:\n  prometheusSpec:\n    replicas: {replicas}\n");
        world.insert(&format!("{folder}/kustomization.yaml"), kustomization);
        world.insert(&format!("{folder}/values.yaml"), values);
    }
    add(&mut world, chart, &format!("charts/{STACK}"));
    world
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads its own input")]
fn add(world: &mut MemoryWorld, folder: &Path, at: &str) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
        match path.is_dir() {
            true => add(world, &path, &format!("{at}/{name}")),
            false => {
                let bytes = std::fs::read(&path).expect("a file");
                world.insert(&format!("{at}/{name}"), bytes);
            }
        }
    }
}
