//! The five systems of `tests/fleets`, rendered with the charts that they name.
//!
//! The charts are not in this repository: `THANOS_GITOPS_CHARTS` names a folder that holds
//! `<name>-<version>` folders, and a tree whose charts are not there is skipped, which stderr
//! tells. What the real tools made of the same trees is kept as digests, one a resource;
//! `tests/fleets/record.py` records them. `UPDATE=1` rewrites the findings.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use regex::Regex;
use sha2::{Digest, Sha256};

use crate::fixture::Repo;

#[test]
fn agent_receiver_as_documented() {
    documented("agent-receiver");
}

#[test]
fn agent_receiver_corrected() {
    corrected("agent-receiver");
}

#[test]
fn sidecar_as_documented() {
    documented("sidecar");
}

#[test]
fn sidecar_corrected() {
    corrected("sidecar");
}

#[test]
fn ingress_as_documented() {
    documented("ingress");
}

#[test]
fn ingress_corrected() {
    corrected("ingress");
}

#[test]
fn mkube_as_documented() {
    documented("mkube");
}

#[test]
fn mkube_corrected() {
    corrected("mkube");
}

#[test]
fn kind_as_documented() {
    documented("kind");
}

#[test]
fn kind_corrected() {
    corrected("kind");
}

/// Every fleet, and its trees.
pub(crate) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    let fleets = ["agent-receiver", "sidecar", "ingress", "mkube", "kind"];
    fleets.into_iter().flat_map(|fleet| [(fleet, "documented"), (fleet, "corrected")])
}

/// The tree renders as the real tools render it, and its mistakes are found.
fn documented(fleet: &str) {
    let Some(repo) = with_charts(fleet, "documented") else { return };
    renders_as_recorded(&repo, &beside(fleet, "documented.digests"));
    let report = repo.run(&["lint", "--format", "json"]).out;
    let found = findings(&report);
    let kept = beside(fleet, "documented.findings");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&kept, &found).unwrap();
    }
    assert_eq!(found, text(&kept), "{}", kept.display());
}

/// The tree renders as the real tools render it, and builds: no finding of level error.
fn corrected(fleet: &str) {
    let Some(repo) = with_charts(fleet, "corrected") else { return };
    let recorded = beside(fleet, "corrected.digests");
    renders_as_recorded(&repo, &recorded);
    repo.run(&["build"]).exits(0);
    let resources = text(&recorded).lines().filter(|l| !l.starts_with('#')).count();
    let written = repo.files("rendered");
    let manifests = written.iter().filter(|(path, _)| path.ends_with(".yaml")).count();
    assert_eq!(manifests, resources, "a file for each resource");
}

/// A copy of the tree with its charts, or `None` if one of them is not at hand.
pub(crate) fn with_charts(fleet: &str, tree: &str) -> Option<Repo> {
    let source = beside(fleet, tree);
    let repo = Repo::new(&[]);
    copy(&source, repo.path());
    let home = std::env::var_os("THANOS_GITOPS_CHARTS").map(PathBuf::from);
    for (name, version) in charts(&repo) {
        let chart = format!("{name}-{version}");
        let present = home.as_ref().map(|home| home.join(&chart)).filter(|c| c.is_dir());
        let Some(present) = present else {
            // Past the harness, which hides what a test that passes prints.
            let skipped = format!("skipped: {fleet} {tree}: chart {chart} not present\n");
            std::io::stderr().write_all(skipped.as_bytes()).unwrap();
            return None;
        };
        copy(&present, &repo.at(&format!("charts/{chart}/{name}")));
    }
    Some(repo)
}

/// Name and version of each chart that the tree names, whichever form its entry has.
fn charts(repo: &Repo) -> BTreeMap<String, String> {
    let entry = Regex::new(
        r#"(?m)^ *(?:- )?name: (\S+)\n *repo: \S+\n *version: "?([^\s"]+)"?$"#,
    )
    .unwrap();
    let mut found = BTreeMap::new();
    for (_, text) in repo.files("") {
        for named in entry.captures_iter(&text) {
            found.insert(named[1].to_owned(), named[2].to_owned());
        }
    }
    found
}

/// Renders each target that the record holds, and compares the digests of its resources.
fn renders_as_recorded(repo: &Repo, recorded: &Path) {
    let recorded = text(recorded);
    for part in recorded.split("# ").skip(1) {
        let (target, expected) = part.split_once('\n').unwrap();
        let ran = repo.run(&["render", target]);
        if let Some(words) = expected.trim_end().strip_prefix("refused: ") {
            ran.exits(2).says(&[words]);
            continue;
        }
        assert_eq!(digests(&ran.exits(0).out), expected, "{target}");
    }
}

/// A line a resource: the beginning of its SHA-256, and what it is.
fn digests(stream: &str) -> String {
    let mut lines = String::new();
    let separator = Regex::new("(?m)^---\n").unwrap();
    for resource in separator.split(stream).filter(|part| !part.trim().is_empty()) {
        for byte in &Sha256::digest(resource.as_bytes())[..8] {
            write!(lines, "{byte:02x}").unwrap();
        }
        let top = |key| field(resource, "", key);
        let meta = resource.split("\nmetadata:\n").nth(1).unwrap_or_default();
        let inside = |key| field(&meta[..end_of_block(meta)], "  ", key);
        let namespace = Some(inside("namespace")).filter(|n| !n.is_empty());
        let namespace = namespace.unwrap_or_else(|| "_".to_owned());
        let (version, kind, name) = (top("apiVersion"), top("kind"), inside("name"));
        writeln!(lines, " {version} {kind} {namespace}/{name}").unwrap();
    }
    lines
}

/// Where the first line starts that is neither indented nor empty.
fn end_of_block(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.starts_with(' ') && line != "\n" {
            break;
        }
        at += line.len();
    }
    at
}

/// The value of a key on a line of its own.
fn field(text: &str, indent: &str, key: &str) -> String {
    let start = format!("{indent}{key}: ");
    let found = text.lines().find_map(|line| line.strip_prefix(&start));
    found.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
}

/// A line a finding: level, code, place and message.
fn findings(report: &str) -> String {
    let report: serde_json::Value = serde_json::from_str(report).unwrap();
    let mut lines = String::new();
    for finding in report["findings"].as_array().unwrap() {
        let (level, code) = (&finding["severity"], &finding["code"]);
        let (level, code) = (level.as_str().unwrap(), code.as_str().unwrap_or("-"));
        let at = &finding["location"];
        let (path, line) = (at["path"].as_str().unwrap_or("-"), &at["line"]);
        let message = finding["message"].as_str().unwrap();
        writeln!(lines, "{level} {code} {path}:{line}: {message}").unwrap();
    }
    lines
}

fn beside(fleet: &str, name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleets").join(fleet).join(name)
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Copies a folder with everything below it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, into) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &into);
        } else {
            std::fs::copy(&path, &into).unwrap();
        }
    }
}
