//! The whole help, as people see it; a change of it is a change that users see.

use crate::fixture::Repo;

#[test]
fn the_help_is_as_committed() {
    let repo = Repo::new(&[]);
    let mut text = repo.run(&["--help"]).exits(0).out;
    for command in COMMANDS {
        text += &format!("\n$ thanos-gitops {command} --help\n");
        text += &repo.run(&[command, "--help"]).exits(0).out;
    }
    committed("tests/cli/help.txt", &text);
}

const COMMANDS: &[&str] = &[
    "init",
    "build",
    "lint",
    "diff",
    "explain",
    "lints",
    "vendor",
    "render",
    "template",
    "completions",
    "man",
];

fn committed(path: &str, text: &str) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/").to_owned() + path;
    if std::env::var("UPDATE").is_ok() {
        std::fs::write(&file, text).unwrap();
    }
    let found = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(found, text, "{path} is stale: UPDATE=1 cargo test writes it");
}

#[test]
fn bad_arguments_are_told_and_exit_with_2() {
    let repo = Repo::new(&[]);
    repo.run(&["biuld"]).exits(2).says(&["unrecognized subcommand 'biuld'", "'build'"]);
    repo.run(&["lint", "--format", "xml"]).exits(2).says(&["invalid value 'xml'"]);
}

#[test]
fn completions_and_manual_pages_are_printed() {
    let repo = Repo::new(&[]);
    assert!(repo.run(&["completions", "bash"]).exits(0).out.contains("thanos-gitops"));
    assert!(repo.run(&["man", "build"]).exits(0).out.contains("thanos-gitops-build"));
    for page in [&["man"][..], &["man", "build"]] {
        let page = repo.run(page).exits(0).out;
        assert_eq!(page.matches(".SH \"EXIT STATUS\"\n.TP\n\\fB0\\fR\n").count(), 1);
        assert!(!page.contains("EXTRA"), "{page}");
    }
    repo.run(&["man", "biuld"]).exits(2).says(&["no subcommand `biuld`"]);
}

#[test]
#[cfg(unix)]
fn a_reader_that_leaves_early_is_no_error() {
    let repo = Repo::fleet();
    let script = format!(
        "{} completions bash | head -n 1; exit ${{PIPESTATUS[0]}}",
        crate::fixture::program()
    );
    let ran = std::process::Command::new("bash")
        .args(["-c", &script])
        .current_dir(repo.path())
        .output()
        .unwrap();
    crate::fixture::Ran::of(ran).exits(0);
}
