//! The hooks, run by real Git.

use crate::fixture::{Repo, program};

/// What pre-commit runs for an id: the `entry` of `.pre-commit-hooks.yaml`.
fn entry(id: &str) -> String {
    let hooks = include_str!("../.pre-commit-hooks.yaml");
    let (_, hook) = hooks.split_once(&format!("- id: {id}\n")).unwrap();
    let entry = hook.lines().find_map(|l| l.trim().strip_prefix("entry: ")).unwrap();
    entry.replacen("thanos-gitops", program(), 1)
}

/// A repository whose commits must pass a hook.
fn with_hook(id: &str) -> Repo {
    use std::os::unix::fs::PermissionsExt;
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    repo.commit("one");
    repo.write(".git/hooks/pre-commit", &format!("#!/bin/sh\nexec {}\n", entry(id)));
    let hook = std::fs::File::open(repo.at(".git/hooks/pre-commit")).unwrap();
    hook.set_permissions(std::fs::Permissions::from_mode(0o755)).unwrap();
    repo
}

fn try_commit(repo: &Repo) -> (bool, String) {
    let ran = std::process::Command::new("git")
        .args(["-c", "user.name=t", "-c", "user.email=t@example.com"])
        .args(["commit", "--all", "--quiet", "-m", "two"])
        .current_dir(repo.path())
        .output()
        .unwrap();
    (ran.status.success(), String::from_utf8_lossy(&ran.stderr).into_owned())
}

#[test]
fn stale_output_cannot_be_committed() {
    let repo = with_hook("thanos-gitops-check");
    let config = repo.read("base/web/config.yaml").replace("one", "uno");
    repo.write("base/web/config.yaml", &config);
    let (committed, words) = try_commit(&repo);
    assert!(!committed);
    assert!(words.contains("stale: rendered/cluster-01-central/web/"), "{words}");
    repo.run(&["build"]).exits(0);
    assert_eq!(try_commit(&repo), (true, "up to date: 4 files\n".to_owned()));
}

#[test]
fn a_tree_that_does_not_compile_cannot_be_committed() {
    for id in ["thanos-gitops-lint", "thanos-gitops-build"] {
        let repo = with_hook(id);
        repo.write("base/web/kustomization.yaml", "resources:\n- gone.yaml\n");
        let (committed, words) = try_commit(&repo);
        assert!(!committed);
        assert!(words.contains("base/web/kustomization.yaml:2:3"), "{words}");
    }
}
