//! The jobs that `repo-template/` runs on a pull request, as its pipelines spell them, in real Git.

use goyaml::{Dialect, Node, Step};
use source::FileId;

use crate::fixture::{Repo, program};

const VALUES: &str = "overlays/cluster-02-edge/monitoring-stack/values-edge.yaml";

/// A clone of the template whose branch changes a value of one edge cluster.
fn pull_request(build: bool) -> (Repo, String) {
    let repo = Repo::new(&[]);
    repo.run(&["init", "."]).exits(0);
    repo.run(&["build"]).exits(0);
    repo.commit("main");
    let base = repo.git(&["rev-parse", "HEAD"]).trim().to_owned();
    repo.git(&["checkout", "--quiet", "-b", "more-room"]);
    let values = repo.read(VALUES);
    assert!(values.contains("storage: 20Gi"));
    repo.write(VALUES, &values.replace("storage: 20Gi", "storage: 40Gi"));
    if build {
        repo.run(&["build"]).exits(0);
    }
    repo.commit("more room on cluster-02-edge");
    (repo, base)
}

/// The lines of the workflow's and the pipeline's scripts that run this program.
fn jobs(repo: &Repo) -> Vec<String> {
    let mut lines = Vec::new();
    for file in [".github/workflows/thanos-gitops.yaml", ".gitlab-ci.yml"] {
        let text = repo.read(file);
        let document = goyaml::parse_first(&text, FileId::NONE, Dialect::V3);
        let root = document.expect("it parses").expect("a document").root;
        let before = lines.len();
        root.walk(&mut |node: &Node| {
            let runs = node.text().unwrap_or("").lines().map(str::trim);
            lines.extend(
                runs.filter(|l| l.starts_with("thanos-gitops ")).map(str::to_owned),
            );
        });
        assert!(lines.len() >= before + 3, "{file} runs lint, build --check and diff");
        assert!(root.lookup([Step::Key("jobs")]).is_some() || file == ".gitlab-ci.yml");
    }
    lines
}

/// Runs a line of a pipeline's script in a shell; returns whether it succeeded, and its output.
fn shell(repo: &Repo, line: &str, base: &str) -> (bool, String) {
    let folder = std::path::Path::new(program()).parent().expect("a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let ran = std::process::Command::new("bash")
        .args(["-eo", "pipefail", "-c", line])
        .env("PATH", format!("{}:{path}", folder.display()))
        .env("BASE", base)
        .env("RUNNER_TEMP", repo.path())
        .current_dir(repo.path())
        .output()
        .expect("bash runs");
    let mut text = String::from_utf8_lossy(&ran.stdout).into_owned();
    text.push_str(&String::from_utf8_lossy(&ran.stderr));
    text.push_str(&std::fs::read_to_string(repo.at("diff.md")).unwrap_or_default());
    (ran.status.success(), text)
}

#[test]
fn a_good_pull_request_passes_and_shows_what_it_changes() {
    let (repo, base) = pull_request(true);
    for line in jobs(&repo) {
        let (passed, text) = shell(&repo, &line, &base);
        assert!(passed, "{line}: {text}");
        if line.contains(" diff ") {
            assert!(text.contains("cluster-02-edge"), "{text}");
            assert!(!text.contains("cluster-03-edge"), "{text}");
            assert!(text.contains("-") && text.contains("40Gi"), "{text}");
        }
    }
}

#[test]
fn a_pull_request_with_stale_output_fails() {
    let (repo, base) = pull_request(false);
    let checks = jobs(&repo).into_iter().filter(|line| line.contains("--check"));
    for line in checks {
        let (passed, text) = shell(&repo, &line, &base);
        assert!(!passed, "{line}: {text}");
        assert!(text.contains("stale: rendered/cluster-02-edge/"), "{text}");
    }
}
