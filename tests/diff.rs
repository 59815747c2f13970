//! `diff` compares revisions without a checkout, and shows no secret.

use crate::fixture::Repo;

fn changed() -> Repo {
    let repo = Repo::fleet();
    repo.commit("one");
    let service = repo.read("base/web/service.yaml").replace("port: 80", "port: 8080");
    repo.write("base/web/service.yaml", &service);
    repo
}

#[test]
fn the_same_change_of_two_clusters_is_one() {
    let repo = changed();
    let ran = repo.run(&["diff"]).exits(0);
    assert!(ran.out.contains("cluster-01-central: web: "), "{}", ran.out);
    assert!(ran.out.contains("-  - port: 80\n+  - port: 8080\n"), "{}", ran.out);
    assert!(
        ran.out.contains("0 added, 2 changed, 0 removed in 2 clusters"),
        "{}",
        ran.out
    );
    repo.run(&["diff", "--exit-code"]).exits(1);
    repo.commit("two");
    repo.run(&["diff", "--exit-code"]).exits(0);
    repo.run(&["diff", "--exit-code", "HEAD~1..HEAD"]).exits(1);
}

#[test]
fn three_dots_start_where_the_branches_parted() {
    let repo = changed();
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.commit("two");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write(
        "base/web/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: other\n",
    );
    repo.commit("three");
    let two_dots = repo.run(&["diff", "main..work"]).exits(0).out;
    let three_dots = repo.run(&["diff", "main...work"]).exits(0).out;
    assert!(two_dots.contains("a: other"), "{two_dots}");
    assert!(!three_dots.contains("a: other"), "{three_dots}");
    assert!(three_dots.contains("port: 8080"), "{three_dots}");
}

#[test]
fn secrets_are_masked() {
    let secret = |word: &str| {
        format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  token: {word}\n  x: same\n"
        )
    };
    let repo = Repo::fleet();
    repo.write(
        "base/web/kustomization.yaml",
        "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n",
    );
    repo.write("base/web/secret.yaml", &secret("hunter2"));
    repo.commit("one");
    repo.write("base/web/secret.yaml", &secret("hunter3"));
    for format in ["text", "markdown", "json"] {
        let ran = repo.run(&["diff", "--format", format]).exits(0);
        assert!(!ran.out.contains("hunter"), "{}", ran.out);
        assert!(ran.out.contains("token: ••••• (changed)"), "{}", ran.out);
        assert!(!ran.out.contains("x: ••••• (changed)"), "{}", ran.out);
    }
}

#[test]
fn markdown_keeps_within_its_limit() {
    let repo = changed();
    let ran = repo.run(&["diff", "--format", "markdown", "--max-bytes", "600"]).exits(0);
    assert!(ran.out.len() <= 600, "{}", ran.out);
    assert!(ran.out.contains("more changes do not fit here"), "{}", ran.out);
}

#[test]
fn what_git_does_not_know_is_told_in_its_words() {
    let repo = changed();
    repo.run(&["diff", "nowhere"]).exits(2).says(&["error: fatal: "]);
    Repo::fleet().run(&["diff"]).exits(2).says(&["not a git repository"]);
}
