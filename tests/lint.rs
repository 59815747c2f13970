//! `lint`: levels, a baseline, and what `build` makes of findings.

use crate::fixture::Repo;

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n";

/// The fleet with a secret that nobody encrypted.
fn with_secret() -> Repo {
    let repo = Repo::fleet();
    let list = "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.write("base/web/secret.yaml", SECRET);
    repo
}

#[test]
fn a_finding_of_level_error_fails_and_keeps_the_output_as_it_was() {
    let repo = with_secret();
    let ran =
        repo.run(&["lint"]).exits(1).prints(&["error[SEC002]", "base/web/secret.yaml:"]);
    assert!(!ran.out.contains("hunter2"), "{}", ran.out);
    repo.run(&["build"]).exits(1).says(&["nothing was written", "--no-lint"]);
    assert!(repo.files("rendered").is_empty());
    repo.run(&["build", "--no-lint"]).exits(0).says(&["lints were not run"]);
    assert_eq!(repo.files("rendered").len(), 8);
}

#[test]
fn levels_are_set_by_the_configuration() {
    let repo = with_secret();
    repo.write("thanos-gitops.yaml", "lints:\n  SEC002: warning\n");
    repo.run(&["lint"]).exits(0).prints(&["warning[SEC002]"]);
    repo.run(&["lint", "--max-warnings", "0"]).exits(1);
    repo.write("thanos-gitops.yaml", "lints:\n  unencrypted-secret-manifest: off\n");
    let ran = repo.run(&["lint"]).exits(0);
    assert!(!ran.out.contains("SEC002"), "{}", ran.out);
}

#[test]
fn a_baseline_leaves_out_what_is_known_even_if_its_line_moved() {
    let repo = with_secret();
    let report = repo.run(&["lint", "--format", "json"]).exits(1).out;
    repo.write("known.json", &report);
    repo.run(&["lint", "--baseline", "known.json"]).exits(0);
    repo.write("base/web/secret.yaml", &format!("# moved\n\n{SECRET}"));
    repo.run(&["lint", "--baseline", "known.json"]).exits(0);
    repo.write("base/web/other.yaml", &SECRET.replace("name: s", "name: other"));
    let list = "resources:\n- service.yaml\n- config.yaml\n- secret.yaml\n- other.yaml\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.run(&["lint", "--baseline", "known.json"]).exits(1);
    repo.run(&["lint", "--baseline", "gone.json"]).exits(2).says(&["gone.json"]);
    repo.run(&["lint", "--baseline", "base/web/secret.yaml"])
        .exits(2)
        .says(&["it is no JSON report"]);
}
