//! Origins are true: change a value, build again, and see whether the fields that changed are
//! those that named it.
//!
//! Scalars of values files, patches, bases, kustomizations and charts' own files are replaced
//! by others of their type, one at a time. *Precision* is the share of the fields that name
//! the scalar as their data which did change; *recall* the share of the changed fields which
//! name it, as data or as a reason. Builds that fail are counted apart.
//!
//! The tests take samples of `repo-template/`. With `ORIGINS=all UPDATE=1 cargo test --release
//! origins` all of it is taken, and with `THANOS_GITOPS_CHARTS` (a folder of unpacked charts,
//! `<name>-<version>` each) `ORIGINS_SAMPLE` scalars of the charts, chosen by `ORIGINS_SEED`,
//! those of further values in `THANOS_GITOPS_VALUES` (`<name>/<set>.yaml`) among them;
//! both write their part of `tests/conformance/origins.md`. `ORIGINS_ONLY` takes but the files
//! with this in their path, or but these charts; `ORIGINS_LIST` prints every field that was
//! missed or named in vain.

mod change;
mod corpus;
mod every;
mod fields;
mod measure;
mod scalar;
mod score;

use std::path::Path;

use source::{DiskWorld, SourceMap, VPath};

use fields::{Base, render};
use measure::measure;
use score::Scores;

/// The whole template, or a sample?
fn all() -> bool {
    std::env::var("ORIGINS").is_ok_and(|v| v == "all")
}

fn template() -> DiskWorld {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    DiskWorld::new(&root, Path::new("")).expect("the template")
}

#[test]
fn fields_name_the_lines_that_change_them() {
    let step = if all() { 1 } else { 29 };
    // A sample has few edits of each kind, so one miss weighs more.
    let least = if all() { 99.0 } else { 95.0 };
    let world = template();
    let sources = SourceMap::new();
    let renderer = helm::Renderer::new();
    let renders = render(&world, &sources, Some(&renderer)).expect("the template builds");
    let base = Base::new(&sources, renders);
    let mut scores = Scores::default();
    let only = std::env::var("ORIGINS_ONLY").unwrap_or_default();
    let scalars = scalar::of_template(&world);
    let scalars = scalars.iter().filter(|scalar| scalar.shown.contains(&only));
    for scalar in scalars.step_by(step) {
        measure(&world, &sources, &renderer, &base, scalar, &mut scores);
    }
    if all() && std::env::var_os("UPDATE").is_some() {
        score::write("repo-template", &scores.report("every scalar of `repo-template/`"));
    }
    let total = scores.total();
    let text = scores.report("a sample");
    assert!(total.precision() >= least && total.recall() >= least, "{text}");
}

/// A path of a world from its parts.
fn vpath(path: &str) -> VPath {
    VPath::new(path).expect("a path")
}
