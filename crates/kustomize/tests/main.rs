//! Builds the folders of `tests/cases` and compares what they print.
//!
//! A case is a folder `in`, what the real Kustomize v5.8.1 printed of it (`out.yaml`; v5.7.1
//! if `flags` says so), or what
//! our error must begin with (`error`: place and message, then hints), and perhaps `flags`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use kustomize::{Built, Compat, NoCharts, Options, Reorder, build, print};
use source::{Diagnostic, DiskWorld, SourceMap, VPath};

mod charts;
mod origins;
mod patches;

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// A built case, with the map that its spans point into.
fn run(case: &Path) -> (SourceMap, source::Result<Built>) {
    let flags = read(&case.join("flags")).unwrap_or_default();
    let mut options = Options::default();
    let mut dir = "in".to_owned();
    for flag in flags.lines() {
        match flag.split_once('=') {
            Some(("--reorder", "none")) => options.reorder = Reorder::None,
            Some(("--compat", "5.7")) => options.compat = Compat::V5_7,
            Some(("dir", path)) => dir = format!("in/{path}"),
            _ => panic!("unknown flag {flag}"),
        }
    }
    let world = DiskWorld::new(case, Path::new(".")).expect("the case is a folder");
    let sources = SourceMap::new();
    let root = VPath::new(&dir).expect("a path inside of the case");
    let built = build(&world, &sources, &root, &options, &NoCharts);
    (sources, built)
}

#[expect(clippy::disallowed_methods, reason = "tests read their own data")]
fn read(path: &Path) -> Option<String> {
    std::fs::read_to_string(path).ok()
}

fn shown(sources: &SourceMap, error: &Diagnostic) -> String {
    let mut text = String::new();
    if let Some(place) = sources.location(error.span) {
        let path = place.path.strip_prefix("in/").unwrap_or(&place.path).to_owned();
        let _ = write!(text, "{path}:{}:{}: ", place.line, place.column);
    }
    text.push_str(&error.message);
    for hint in &error.hints {
        let _ = write!(text, "\nhint: {hint}");
    }
    text
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests read their own data")]
fn cases_print_what_kustomize_prints() {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(cases())
        .expect("there are cases")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    folders.sort();
    let mut failed = Vec::new();
    for case in folders {
        let (sources, built) = run(&case);
        let got = match built.and_then(|built| print(&built.resources)) {
            Ok(text) => text,
            Err(error) => shown(&sources, &error),
        };
        let fits = match read(&case.join("error")) {
            Some(error) => got.starts_with(error.trim_end()),
            None => read(&case.join("out.yaml")).is_some_and(|out| out == got),
        };
        if !fits {
            failed.push(format!("== {}\n{got}", case.display()));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
