//! Every scalar of every final manifest names a line.

use std::fmt::Write as _;
use std::path::Path;

use source::{DiskWorld, SourceMap, World};
use thanos_gitops::{Render, RenderOptions};

use super::fields::Base;
use super::score::write;
use crate::fleets;

/// The trees that every checkout has.
const TREES: [&str; 2] = ["repo-template", "tests/explain/repo"];

/// What was counted of one tree.
struct Counted {
    tree: String,
    fields: usize,
    unnamed: Vec<String>,
}

#[test]
fn every_scalar_has_an_origin() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut all = Vec::new();
    for tree in TREES {
        all.push(counted(tree, &disk(&here.join(tree))));
    }
    // Fleets and charts are counted as far as the charts are at hand.
    for (fleet, tree) in fleets::all() {
        let Some(repo) = fleets::with_charts(fleet, tree) else { continue };
        all.push(counted(&format!("fleet {fleet}, {tree}"), &disk(repo.path())));
    }
    let charts = std::env::var_os("THANOS_GITOPS_CHARTS");
    for case in charts.iter().flat_map(|root| super::corpus::cases(Path::new(root))) {
        let found = counted(&case.name(), &super::corpus::world(&case));
        match all.iter_mut().find(|counted| counted.tree == found.tree) {
            Some(known) => {
                known.fields += found.fields;
                known.unnamed.extend(found.unnamed);
            }
            None => all.push(found),
        }
    }
    if charts.is_some() && std::env::var_os("UPDATE").is_some() {
        write("every scalar", &report(&all));
    }
    let unnamed: Vec<&String> = all.iter().flat_map(|counted| &counted.unnamed).collect();
    assert_eq!(unnamed, Vec::<&String>::new());
    assert!(all.iter().take(TREES.len()).all(|counted| counted.fields > 0));
}

fn disk(root: &Path) -> DiskWorld {
    DiskWorld::new(root, Path::new("")).expect("a repository")
}

/// Counts the fields of all that builds.
fn counted(tree: &str, world: &dyn World) -> Counted {
    let sources = SourceMap::new();
    let mut counted = Counted { tree: tree.to_owned(), fields: 0, unnamed: Vec::new() };
    if let Ok(repo) = thanos_gitops::load(world, &sources) {
        let renders = thanos_gitops::render(&repo, &RenderOptions::default());
        let built: Vec<Render> =
            renders.into_iter().filter(|render| render.outcome.is_ok()).collect();
        let base = Base::new(&sources, built);
        counted.fields = base.count();
        let named = |field: String| format!("{tree}: {field}");
        counted.unnamed = base.without_origin().into_iter().map(named).collect();
    }
    counted
}

fn report(all: &[Counted]) -> String {
    let mut text = "Of every final manifest, the scalars that name a line:\n\n\
                    | tree | scalars | without an origin |\n|---|---:|---:|\n"
        .to_owned();
    let (mut fields, mut unnamed) = (0, 0);
    for counted in all {
        let without = counted.unnamed.len();
        writeln!(text, "| {} | {} | {without} |", counted.tree, counted.fields)
            .expect("room");
        fields += counted.fields;
        unnamed += without;
    }
    writeln!(text, "| all | {fields} | {unnamed} |").expect("room");
    text
}
