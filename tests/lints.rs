//! Every page of `lints/` is a test: its examples are linted, its output is compared.
//!
//! A fenced block whose first line names a file (```` ```yaml overlays/c/x.yaml ````) is a file of
//! a repository in memory; a section's blocks are one repository. A folder
//! `overlays/<cluster>/<component>` without a kustomization gets one that lists its files.
//! `# error: text` at a line's end expects a finding there whose message holds the text. The
//! `output` block is what the finding looks like; `UPDATE=1` rewrites it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use source::{Diagnostic, MemoryWorld, SourceMap};
use thanos_gitops::lint::{LINTS, Lint};
use thanos_gitops::report::{Format, Pretty, Report};
use thanos_gitops::{Date, RenderOptions};

/// The day on which the pages are tested.
const TODAY: Date = Date { year: 2026, month: 11, day: 21 };

/// The files of one section of a page, and the output that it shows.
#[derive(Default)]
struct Section {
    files: BTreeMap<String, String>,
    output: Option<String>,
}

#[test]
fn pages_hold_what_they_say() {
    for lint in LINTS {
        let path = page_path(lint);
        let page = std::fs::read_to_string(&path).expect("a page");
        let sections = sections(&page);
        for heading in ["What it does", "Why is this bad?", "Example", "Use instead"] {
            assert!(
                page.contains(&format!("\n## {heading}\n")),
                "{}: {heading}",
                lint.code
            );
        }
        let bad = &sections["Example"];
        let shown = check_example(lint, bad);
        update_output(&path, &page, bad.output.as_deref(), &shown);
        let good = run(&sections["Use instead"].files, |findings, sources| {
            let own =
                findings.iter().filter(|d| d.code == lint.code || d.code == "SUP001");
            printed(sources, &own.cloned().collect::<Vec<_>>())
        });
        assert_eq!(good, "", "{}: what the page recommends has findings", lint.code);
    }
}

/// A finding's main position is a line that the reader can change: no rendered text, and
/// nothing of a chart that others wrote.
#[test]
fn main_positions_can_be_changed() {
    for lint in LINTS {
        let page = std::fs::read_to_string(page_path(lint)).expect("a page");
        let files = &sections(&page)["Example"].files;
        for third_party in [false, true] {
            let mut files = files.clone();
            if third_party && !of_others(&mut files) {
                continue;
            }
            run(&files, |findings, sources| {
                let own: Vec<_> =
                    findings.iter().filter(|d| d.code == lint.code).collect();
                assert!(!own.is_empty(), "{}: third party: {third_party}", lint.code);
                for finding in own {
                    let file = sources.file(finding.span.file);
                    let at = sources.location(finding.span);
                    assert!(at.is_some() && file.rendered.is_none(), "{finding:?}");
                    assert!(file.editable, "{}: {at:?}: {}", lint.code, finding.message);
                    let foreign = third_party && file.path.starts_with("charts/");
                    assert!(!foreign, "{}: {at:?}: {}", lint.code, finding.message);
                }
            });
        }
    }
}

/// Makes the charts of an example those of others: pulled from a repository.
fn of_others(files: &mut BTreeMap<String, String>) -> bool {
    let mut any = false;
    for (path, text) in files {
        let list = text.contains("helmCharts:") && path.ends_with("kustomization.yaml");
        if !list || text.contains("repo:") {
            continue;
        }
        let entries = text.lines().map(|line| {
            match line.trim_start().strip_prefix("releaseName:") {
                Some(_) => {
                    let indent = &line[..line.len() - line.trim_start().len()];
                    any = true;
                    format!("{line}\n{indent}repo: https://charts.example.com\n")
                }
                None => format!("{line}\n"),
            }
        });
        *text = entries.collect();
    }
    any
}

#[test]
fn every_page_belongs_to_a_lint() {
    let names: BTreeSet<String> =
        LINTS.iter().map(|l| format!("{}.md", l.name)).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lints");
    for entry in std::fs::read_dir(folder).expect("the pages") {
        let name = entry.expect("a page").file_name().into_string().expect("a name");
        assert!(
            name == "README.md" || names.contains(&name),
            "{name} belongs to no lint"
        );
    }
}

#[test]
fn the_table_of_lints_is_current() {
    let mut table = String::from(
        "# Lints\n\nGenerated from the pages beside it: `UPDATE=1 cargo test` writes it anew.\n\n\
         | code | name | level | finds |\n|---|---|---|---|\n",
    );
    for lint in LINTS {
        let (code, name) = (lint.code, lint.name);
        let level = format!("{:?}", lint.level).to_lowercase();
        let summary = lint.summary();
        writeln!(table, "| {code} | [{name}]({name}.md) | {level} | {summary} |")
            .expect("room");
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("lints/README.md");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if committed != table && std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &table).expect("the table");
    } else {
        assert_eq!(committed, table, "run `UPDATE=1 cargo test`");
    }
}

fn page_path(lint: &Lint) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("lints/{}.md", lint.name))
}

/// Lints the bad example: every finding is expected, every expectation found.
fn check_example(lint: &Lint, section: &Section) -> String {
    let mut files = section.files.clone();
    let mut expected = Vec::new();
    for (path, text) in &mut files {
        let mut clean = String::new();
        for (number, line) in text.lines().enumerate() {
            let (code, words) = match line.split_once(" # error: ") {
                Some((code, words)) => (code, Some(words)),
                None => (line, None),
            };
            clean.push_str(code);
            clean.push('\n');
            expected.extend(words.map(|w| (path.clone(), number + 1, w.to_owned())));
        }
        *text = clean;
    }
    assert!(!expected.is_empty(), "{}: the example expects nothing", lint.code);
    run(&files, |findings, sources| {
        let own: Vec<Diagnostic> =
            findings.iter().filter(|d| d.code == lint.code).cloned().collect();
        let mut open = expected.clone();
        for finding in &own {
            let place = sources.location(finding.span).expect("a finding has a place");
            let fits = |(path, line, words): &(String, usize, String)| {
                *path == place.path
                    && *line == place.line
                    && finding.message.contains(words)
            };
            let at = open.iter().position(fits);
            assert!(
                at.is_some(),
                "{}: unexpected at {place:?}: {}",
                lint.code,
                finding.message
            );
            open.remove(at.expect("checked"));
        }
        assert!(open.is_empty(), "{}: not found: {open:?}; found {own:#?}", lint.code);
        printed(sources, &own)
    })
}

/// Runs the first four stages over files in memory.
fn run<T>(
    files: &BTreeMap<String, String>,
    see: impl FnOnce(&[Diagnostic], &SourceMap) -> T,
) -> T {
    let mut world = MemoryWorld::new();
    let mut listed: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in files {
        world.insert(path, text);
        if let Some((folder, name)) = path.rsplit_once('/')
            && folder.starts_with("overlays/")
        {
            listed.entry(folder.to_owned()).or_default().push(name.to_owned());
        }
    }
    for (folder, names) in listed {
        if !names.iter().any(|name| name == "kustomization.yaml") {
            let text = format!("resources: [{}]\n", names.join(", "));
            world.insert(&format!("{folder}/kustomization.yaml"), text);
        }
    }
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(&world, &sources).expect("the example loads");
    let renders = thanos_gitops::render(&repo, &RenderOptions::default());
    for render in &renders {
        if let Err(faults) = &render.outcome {
            panic!("the example does not build:\n{}", printed(&sources, faults));
        }
    }
    let linked = thanos_gitops::link(&repo, &renders);
    let findings = thanos_gitops::lint(linked, TODAY);
    see(&findings, &sources)
}

fn printed(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut out = Vec::new();
    let report = Report { sources, diagnostics };
    report.write(Format::Pretty, &Pretty::default(), &mut out).expect("memory takes it");
    String::from_utf8(out).expect("text")
}

fn update_output(path: &Path, page: &str, committed: Option<&str>, shown: &str) {
    let committed = committed.expect("the example has an output block");
    if committed.trim() == shown.trim() {
        return;
    }
    assert!(
        std::env::var_os("UPDATE").is_some(),
        "{}: the output is another; run `UPDATE=1 cargo test`\n{shown}",
        path.display(),
    );
    let old = format!("```output\n{committed}```");
    let new = format!("```output\n{}\n```", shown.trim_end());
    std::fs::write(path, page.replacen(&old, &new, 1)).expect("the page");
}

/// The fenced blocks of a page by section.
fn sections(page: &str) -> BTreeMap<String, Section> {
    let mut sections: BTreeMap<String, Section> = BTreeMap::new();
    let mut heading = String::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            title.clone_into(&mut heading);
            sections.entry(heading.clone()).or_default();
        }
        let Some(info) = line.strip_prefix("```") else { continue };
        let mut text = String::new();
        for line in lines.by_ref().take_while(|line| *line != "```") {
            text.push_str(line);
            text.push('\n');
        }
        let section = sections.entry(heading.clone()).or_default();
        match info.split_once(' ') {
            Some((_, path)) => drop(section.files.insert(path.to_owned(), text)),
            None if info == "output" => section.output = Some(text),
            None => {}
        }
    }
    sections
}
