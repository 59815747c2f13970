//! What is said of trees that Kustomize refuses, and of charts that Helm refuses.
//!
//! Each page of `tests/diagnostics/` holds small trees: a line `=== name`, then a line
//! `--- path` before each file. `--- args` is what is run; without it `render`, of the folder
//! that `--- dir` names. `--- upstream` holds the sentence that Kustomize v5.8.1 or Helm v4.2.4
//! printed of the tree, recorded, with `{ROOT}` for its folder; `--- stderr` what we print, which
//! holds these words. `UPDATE=1` rewrites the latter.

use std::fmt::Write as _;
use std::path::Path;

use crate::fixture::Repo;

/// A tree: its name, its files and the two answers, in order.
struct Case {
    name: String,
    parts: Vec<(String, String)>,
}

impl Case {
    fn part(&self, name: &str) -> &str {
        let found = self.parts.iter().find(|(part, _)| part == name);
        found.map_or("", |(_, text)| text.as_str())
    }
}

#[test]
fn faults_are_told_at_their_lines_with_upstreams_words() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics");
    let mut pages: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|page| page.unwrap().path()).collect();
    pages.sort();
    let mut wrong = String::new();
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let mut cases = cases(&text);
        for case in &mut cases {
            let said = said(case);
            let upstream = flat(case.part("upstream"));
            if !flat(&said).contains(&upstream) {
                writeln!(wrong, "{}: not in the message: {upstream}\n{said}", case.name)
                    .unwrap();
            }
            let stderr = case.parts.iter_mut().find(|(part, _)| part == "stderr");
            let (_, expected) = stderr.expect("a case says what is printed");
            if *expected != said {
                writeln!(wrong, "{}: printed\n{said}", case.name).unwrap();
                *expected = said;
            }
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&page, page_of(&cases)).unwrap();
        }
    }
    assert!(wrong.is_empty() || std::env::var_os("UPDATE").is_some(), "{wrong}");
}

/// What the program prints of a tree, paths of this machine left out.
fn said(case: &Case) -> String {
    let repo = Repo::new(&[]);
    let answers = ["upstream", "stderr", "dir", "args"];
    for (path, text) in case.parts.iter().filter(|(p, _)| !answers.contains(&&**p)) {
        repo.write(path, text);
    }
    let mut args: Vec<&str> = case.part("args").split_whitespace().collect();
    if args.is_empty() {
        args = match case.part("dir").trim() {
            "" => vec!["render", "."],
            dir => vec!["render", dir],
        };
    }
    let root = repo.path().canonicalize().unwrap();
    let ran = repo.run(&args).exits(2);
    assert_eq!(ran.out, "", "{}", case.name);
    ran.err.replace(root.to_str().unwrap(), "{ROOT}").trim_end().to_owned() + "\n"
}

/// Line breaks and runs of spaces are one space: the trace shows a sentence on one line.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in page.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("=== ") {
            cases.push(Case { name: name.trim().to_owned(), parts: Vec::new() });
            continue;
        }
        let case = cases.last_mut().expect("a page begins with a case");
        match line.strip_prefix("--- ").filter(|name| !name.contains('#')) {
            Some(part) => case.parts.push((part.trim().to_owned(), String::new())),
            None => {
                let (_, text) = case.parts.last_mut().expect("a case begins with a file");
                text.push_str(line);
            }
        }
    }
    cases
}

fn page_of(cases: &[Case]) -> String {
    let mut page = String::new();
    for case in cases {
        writeln!(page, "=== {}", case.name).unwrap();
        for (part, text) in &case.parts {
            write!(page, "--- {part}\n{text}").unwrap();
        }
    }
    page
}
