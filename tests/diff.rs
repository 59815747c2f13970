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
    assert!(ran.out.contains("1 more change does not fit here"), "{}", ran.out);
}

#[test]
fn what_git_does_not_know_is_told_with_what_to_do() {
    let repo = changed();
    let no_revision = "error: no revision `nowhere` in this repository";
    repo.run(&["diff", "nowhere"]).exits(2).says(&[no_revision, "git fetch"]);
    repo.run(&["diff", "HEAD...nowhere"]).exits(2).says(&[no_revision]);
    let lone = Repo::fleet();
    lone.run(&["diff"]).exits(2).says(&["error: `.` is in no Git repository", "--root"]);
    lone.git(&["init", "--quiet"]);
    lone.run(&["diff"]).exits(2).says(&["error: there is no commit yet"]);
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let repo = changed();
    let url = format!("file://{}", repo.path().display());
    let clone = Repo::new(&[]);
    clone.git(&["clone", "--quiet", "--depth", "1", &url, "."]);
    let ran = clone.run(&["diff", "HEAD~1"]).exits(2);
    ran.says(&["error: no revision `HEAD~1`", "shallow", "fetch-depth: 0"]);
    let branch = clone.git(&["rev-parse", "--abbrev-ref", "HEAD"]);
    clone.git(&["checkout", "--quiet", "--detach"]);
    clone.git(&["branch", "--quiet", "-D", branch.trim()]);
    let ran = clone.run(&["diff", branch.trim()]).exits(2);
    ran.says(&[&format!("did you mean `origin/{}`?", branch.trim())]);
}

#[test]
fn a_revision_before_the_folder_began_is_empty() {
    let repo = changed();
    repo.git(&["checkout", "--quiet", "HEAD"]);
    let inner = Repo::new(&[("README.md", "first\n")]);
    inner.commit("one");
    for (path, text) in crate::fixture::FLEET {
        inner.write(&format!("deploy/{path}"), text);
    }
    inner.commit("two");
    let ran = inner.run(&["diff", "HEAD~1", "--root", "deploy"]).exits(0);
    assert!(ran.out.contains("Service central/web"), "{}{}", ran.out, ran.err);
}

#[test]
fn a_cluster_that_is_not_there_is_no_empty_diff() {
    changed()
        .run(&["diff", "--cluster", "cluster-02-egde"])
        .exits(2)
        .says(&["no cluster `cluster-02-egde`", "did you mean `cluster-02-edge`?"]);
}

#[test]
fn what_an_earlier_revision_was_is_not_guessed() {
    let repo = changed();
    repo.write("thanos-gitops.yaml", "outptu: {}\n");
    repo.commit("no configuration");
    repo.remove("thanos-gitops.yaml");
    let ran = repo.run(&["diff", "--exit-code"]).exits(1);
    assert!(ran.out.starts_with("HEAD cannot be read: "), "{}", ran.out);
    assert!(
        ran.out.contains("thanos-gitops.yaml:1:1: unknown key `outptu`\n"),
        "{}",
        ran.out
    );
    let summary = "what changes is unknown: HEAD does not compile\n";
    assert!(ran.out.ends_with(summary), "{}", ran.out);
    repo.write("base/web/service.yaml", "a: [\n");
    repo.commit("no service");
    repo.write(
        "base/web/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata: {name: w}\n",
    );
    let ran = repo.run(&["diff", "--exit-code"]).exits(1);
    let unknown = "cluster-01-central: web does not compile at HEAD\n";
    assert!(ran.out.starts_with(unknown), "{}", ran.out);
}

#[test]
fn before_the_overlays_there_was_nothing() {
    let repo = Repo::fleet();
    repo.git(&["init", "--quiet", "--initial-branch=main"]);
    repo.git(&["commit", "--quiet", "--allow-empty", "--message", "begin"]);
    let ran = repo.run(&["diff"]).exits(0);
    assert!(
        ran.out.ends_with("4 added, 0 changed, 0 removed in 2 clusters\n"),
        "{}",
        ran.out
    );
}

/// A chart whose configuration is put together around secrets of the values file.
fn with_credentials(password: &str) -> Repo {
    let repo = Repo::fleet();
    repo.write("charts/app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n");
    repo.write(
        "charts/app/templates/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: app}\ndata:\n  \
         url: postgres://{{ .Values.db.user }}:{{ .Values.db.adminPassword }}@db\n  \
         encoded: {{ .Values.db.adminPassword | b64enc }}\n  \
         app.conf: |\n    level = info\n    word = {{ .Values.db.adminPassword }}\n  \
         args: run --password={{ .Values.db.adminPassword }} --user=u\n  \
         flow: |\n    {user: u, password: flow-s3cret}\n  \
         key: |\n    name: a\n    privateKey: |\n      block-s3cret\n",
    );
    repo.write(
        "overlays/cluster-02-edge/app/kustomization.yaml",
        "helmGlobals: {chartHome: ../../../charts}\nhelmCharts:\n- {name: app, releaseName: app, valuesFile: values.yaml}\n",
    );
    let values = format!("db:\n  user: u\n  adminPassword: {password}\n");
    repo.write("overlays/cluster-02-edge/app/values.yaml", &values);
    repo
}

#[test]
fn secrets_are_masked_wherever_a_chart_puts_them() {
    let repo = with_credentials("hunter2-first");
    let hidden = |text: &str| {
        let encoded = ["aHVudGVyMi1maXJzdA==", "aHVudGVyMi1uZXh0"];
        for secret in ["hunter2", "s3cret"].iter().chain(&encoded) {
            assert!(!text.contains(secret), "`{secret}` is shown in:\n{text}");
        }
    };
    for format in ["text", "json"] {
        let object = ["cluster-02-edge", "ConfigMap/app", "--format", format];
        let whole = repo.run(&[&["explain"], &object[..]].concat()).exits(0).out;
        hidden(&whole);
        let url =
            repo.run(&[&["explain"], &object[..2], &["data.url"], &object[2..]].concat());
        let url = url.exits(0).out;
        hidden(&url);
        assert!(url.contains("postgres://u:•••••@db"), "{url}");
    }
    repo.commit("one");
    let values = repo.read("overlays/cluster-02-edge/app/values.yaml");
    let values = values.replace("hunter2-first", "hunter2-next");
    repo.write("overlays/cluster-02-edge/app/values.yaml", &values);
    let template = repo.read("charts/app/templates/config.yaml");
    repo.write("charts/app/templates/config.yaml", &template.replace("info", "debug"));
    for format in ["text", "markdown", "json"] {
        let ran = repo.run(&["diff", "--format", format]).exits(0);
        hidden(&ran.out);
        assert!(ran.out.contains("level = debug"), "{}", ran.out);
        assert!(ran.out.contains("postgres://u:••••• (changed)@db"), "{}", ran.out);
    }
}
