//! The same on public charts, where they are at hand.

use std::path::{Path, PathBuf};

use source::{MemoryWorld, SourceMap};

use super::fields::{Base, render};
use super::measure::measure;
use super::scalar::{Scalar, of_file};
use super::score::{Scores, write};
use super::vpath;

/// A chart and one file of values.
pub(super) struct Case {
    chart: String,
    folder: PathBuf,
    values: PathBuf,
}

impl Case {
    /// The chart as its folder calls it.
    pub(super) fn name(&self) -> String {
        let name = self.folder.file_name().unwrap_or_default();
        format!("chart {}", name.to_string_lossy())
    }
}

/// Where the values are in the world that is built.
pub(super) const VALUES: &str = "overlays/edge/app/values.yaml";

#[test]
fn charts_name_the_lines_that_change_them() {
    let Some(root) = std::env::var_os("THANOS_GITOPS_CHARTS") else { return };
    let number = |name: &str, default: usize| {
        std::env::var(name).ok().and_then(|n| n.parse().ok()).unwrap_or(default)
    };
    let (sample, seed) = (number("ORIGINS_SAMPLE", 2000), number("ORIGINS_SEED", 1));
    let only = std::env::var("ORIGINS_ONLY").unwrap_or_default();
    let mut cases = cases(Path::new(&root));
    cases.retain(|case| only.is_empty() || only.split(',').any(|o| o == case.chart));
    let share = share(&cases, sample);
    // What a file that does not build leaves to the next.
    let mut left = 0;
    let mut scores = Scores::default();
    let mut unnamed = Vec::new();
    for (n, case) in cases.iter().enumerate() {
        let world = world(case);
        let sources = SourceMap::new();
        let renderer = helm::Renderer::new();
        let scalars = of_file(&world, &vpath(VALUES), "values files");
        let Some(renders) = render(&world, &sources, Some(&renderer)) else {
            left += share.min(scalars.len());
            continue;
        };
        let base = Base::new(&sources, renders);
        unnamed.extend(base.without_origin());
        let mut own = Scores::default();
        let chosen = chosen(&scalars, share + left, seed + n);
        left -= left.min(chosen.len().saturating_sub(share));
        for scalar in chosen {
            measure(&world, &sources, &renderer, &base, scalar, &mut own);
        }
        own.place_in(&case.values);
        scores.add(&case.chart, &own);
    }
    let count = scores.total().scalars;
    let what = format!("{count} scalars of values of public charts (seed {seed})");
    let report = scores.report(&what);
    if std::env::var_os("UPDATE").is_some() && only.is_empty() {
        write("charts", &report);
    }
    let total = scores.total();
    assert_eq!(unnamed, Vec::<String>::new());
    assert!(total.precision() >= 99.0 && total.recall() >= 99.0, "{report}");
}

/// How many scalars are taken of each file, at most, so that there are so many of all.
fn share(cases: &[Case], sample: usize) -> usize {
    let count = |case: &Case| {
        let mut world = MemoryWorld::new();
        world.insert(VALUES, std::fs::read(&case.values).expect("values"));
        of_file(&world, &vpath(VALUES), "values files").len()
    };
    let counts: Vec<usize> = cases.iter().map(count).collect();
    let taken =
        |share: usize| counts.iter().map(|count| share.min(*count)).sum::<usize>();
    let most = counts.iter().copied().max().unwrap_or(0);
    (1..most).find(|share| taken(*share) >= sample).unwrap_or(most)
}

/// Every chart with its own values, and with those of its `ci` folder and of
/// `THANOS_GITOPS_VALUES` (`<chart>/<set>.yaml`).
pub(super) fn cases(root: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for folder in sorted(root) {
        let Some(chart) = chart_name(&folder) else { continue };
        let mut values = vec![folder.join("values.yaml")];
        values.extend(sorted(&folder.join("ci")));
        if let Some(sets) = std::env::var_os("THANOS_GITOPS_VALUES") {
            values.extend(sorted(&Path::new(&sets).join(&chart)));
        }
        let yaml = |path: &PathBuf| {
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
            name.ends_with(".yaml") && !name.starts_with("error-")
        };
        for values in values.into_iter().filter(yaml) {
            cases.push(Case { chart: chart.clone(), folder: folder.clone(), values });
        }
    }
    cases
}

fn chart_name(folder: &Path) -> Option<String> {
    let text = std::fs::read_to_string(folder.join("Chart.yaml")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("name:"))?;
    Some(line.trim().trim_matches('"').to_owned())
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    paths
}

/// A repository with one cluster that uses the chart with these values.
pub(super) fn world(case: &Case) -> MemoryWorld {
    let mut world = MemoryWorld::new();
    let chart = &case.chart;
    let kustomization = format!(
        "helmGlobals: {{chartHome: ../../../charts}}\nhelmCharts:\n- name: {chart}\n  \
         releaseName: demo\n  namespace: apps\n  valuesFile: values.yaml\n"
    );
    world.insert("overlays/edge/app/kustomization.yaml", kustomization);
    world.insert(VALUES, std::fs::read(&case.values).expect("values"));
    add(&mut world, &case.folder, &format!("charts/{chart}"));
    world
}

fn add(world: &mut MemoryWorld, folder: &Path, at: &str) {
    for path in sorted(folder) {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or("");
        match path.is_dir() {
            true => add(world, &path, &format!("{at}/{name}")),
            false => world
                .insert(&format!("{at}/{name}"), std::fs::read(&path).expect("a file")),
        }
    }
}

/// So many of the scalars, drawn by a seed.
fn chosen(scalars: &[Scalar], count: usize, seed: usize) -> Vec<&Scalar> {
    let mut all: Vec<&Scalar> = scalars.iter().collect();
    let mut state = (seed as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for n in (1..all.len()).rev() {
        // Marsaglia's xorshift64.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let other = usize::try_from(state % (n as u64 + 1)).unwrap_or(0);
        all.swap(n, other);
    }
    all.truncate(count);
    all
}
