//! Bad input gets one clear diagnostic, exit code 2, and changes nothing.

use crate::fixture::{Ran, Repo};

pub(crate) const EDGE: &str = "overlays/cluster-02-edge/web/kustomization.yaml";

/// Builds the fleet, breaks it, builds again: exit 2, the words, and the output untouched.
#[track_caller]
pub(crate) fn broken(breaks: &[(&str, &str)], words: &[&str]) -> Ran {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    let before = repo.files("rendered");
    for (path, text) in breaks {
        repo.write(path, text);
    }
    let ran = repo.run(&["build"]).exits(2).says(words);
    assert_eq!(repo.files("rendered"), before);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran
}

#[test]
fn a_missing_file() {
    let text = "resources:\n- ../../../base/web\n- gone.yaml\n";
    broken(&[(EDGE, text)], &["gone.yaml", &format!("{EDGE}:3:3"), "- gone.yaml"]);
}

#[test]
fn malformed_yaml() {
    let text = "apiVersion: v1\nkind: Service\nmetadata:\n  name: [web\n";
    broken(&[("base/web/service.yaml", text)], &["base/web/service.yaml:"]);
}

#[test]
fn an_unknown_kustomization_field() {
    let text = "resources:\n- ../../../base/web\nnamePrefx: a-\n";
    broken(&[(EDGE, text)], &["namePrefx", &format!("{EDGE}:3:1")]);
}

#[test]
fn a_patch_that_matches_nothing() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: wob\ndata:\n  a: b\n";
    let words = ["no matches for Id", "overlays/cluster-02-edge/web/"];
    broken(&[("overlays/cluster-02-edge/web/patch.yaml", text)], &words);
}

#[test]
fn a_path_that_leaves_the_repository() {
    let text = "resources:\n- ../../../../outside\n";
    broken(&[(EDGE, text)], &["leaves the repository", &format!("{EDGE}:2:3")]);
}

#[test]
fn a_file_out_of_the_kustomization_s_folder() {
    let text = "resources:\n- ../../../base/web/service.yaml\n";
    broken(&[(EDGE, text)], &["security;", &format!("{EDGE}:2:3")]);
}

#[test]
fn a_misspelt_configuration_key() {
    broken(
        &[("thanos-gitops.yaml", "clusters:\n  cluster-02-edge:\n    rol: edge\n")],
        &["unknown key `rol`", "thanos-gitops.yaml:3:5", "did you mean `role`?"],
    );
    broken(
        &[("thanos-gitops.yaml", "output:\n  layout: streams\ncompat:\n  helm: 5\n")],
        &["`streams` is none of", "did you mean `stream`?", "`5` is none of 4, 3"],
    );
}

#[test]
fn names_that_only_the_configuration_knows() {
    let lints =
        "lints:\n  INGG003: off\n  ingress-without-tls: {tlsTerminatedUpstreem: [a]}\n";
    let repo = Repo::fleet();
    repo.write("thanos-gitops.yaml", lints);
    repo.run(&["lint"]).exits(2).says(&[
        "no lint `INGG003`",
        "thanos-gitops.yaml:2:3",
        "did you mean `ING003`?",
        "ING003 `ingress-without-tls` has no setting `tlsTerminatedUpstreem`",
        "did you mean `tlsTerminatedUpstream`?",
    ]);
    repo.write("thanos-gitops.yaml", "clusters: {cluster-01-centrall: {role: edge}}\n");
    repo.run(&["lint"]).exits(2).says(&[
        "no cluster `cluster-01-centrall` in `overlays`",
        "thanos-gitops.yaml:1:12",
        "did you mean `cluster-01-central`?",
    ]);
}

#[test]
fn a_folder_that_is_no_repository() {
    let repo = Repo::new(&[("README.md", "")]);
    repo.run(&["build"]).exits(2).says(&["no folder `overlays`", "hint:"]);
    repo.run(&["build", "gone"]).exits(2).says(&["no folder `gone`"]);
    assert_eq!(repo.files(".").len(), 1);
}

#[test]
fn every_fault_is_told_in_one_run() {
    let central = "overlays/cluster-01-central/web/kustomization.yaml";
    let text = "resources:\n- gone.yaml\n";
    broken(
        &[(EDGE, text), (central, text)],
        &[&format!("{EDGE}:2:3"), &format!("{central}:2:3")],
    );
}

#[test]
fn a_fault_of_a_base_is_told_once() {
    let ran = broken(
        &[("base/web/kustomization.yaml", "resources:\n- gone.yaml\n")],
        &["base/web/kustomization.yaml:2:3", "and 1 other target as well"],
    );
    assert_eq!(ran.err.matches("error:").count(), 1, "{}", ran.err);
}

#[test]
fn faults_are_reported_to_machines_as_well() {
    let repo = Repo::fleet();
    repo.write(EDGE, "resources:\n- gone.yaml\n");
    let ran = repo.run(&["lint", "--format", "json"]).exits(2);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["findings"][0]["location"]["path"], EDGE);
}

#[test]
#[cfg(unix)]
fn an_output_that_cannot_be_written() {
    let repo = Repo::fleet();
    repo.write("rendered", "a file where the folder should be\n");
    repo.run(&["build"]).exits(2).says(&["cannot write to `rendered`", "hint:"]);
    assert_eq!(repo.read("rendered"), "a file where the folder should be\n");
}

#[test]
fn two_builds_at_a_time() {
    use source::{DiskSink, VPath};
    let repo = Repo::fleet();
    let first =
        DiskSink::open(repo.path(), &VPath::new("rendered").unwrap(), ".thanos-gitops")
            .unwrap();
    repo.run(&["build"]).exits(2).says(&["another build is writing to `rendered`"]);
    drop(first);
    repo.run(&["build"]).exits(0);
}

#[test]
fn an_output_among_the_sources() {
    broken(
        &[("thanos-gitops.yaml", "paths:\n  output: overlays/rendered\n")],
        &[
            "the output `overlays/rendered` would mix with the sources in `overlays`",
            "thanos-gitops.yaml:2:11",
        ],
    );
}

#[test]
fn overlays_without_a_kustomization() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    for cluster in ["cluster-01-central", "cluster-02-edge"] {
        repo.remove(&format!("overlays/{cluster}/web/kustomization.yaml"));
    }
    repo.run(&["build"]).exits(2).says(&["no kustomization below `overlays`"]);
    assert_eq!(repo.files("rendered/cluster-02-edge").len(), 2);
}

#[test]
fn values_come_through_a_pipe_of_the_shell() {
    let repo = Repo::new(&[
        ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
        ("web/templates/a.yaml", "a: {{ .Values.a }}\n"),
    ]);
    repo.write("values.yaml", "a: piped\n");
    let mut command = std::process::Command::new("sh");
    let piped = "cat values.yaml | \"$0\" template r web -f /dev/stdin";
    command.args(["-c", piped, env!("CARGO_BIN_EXE_thanos-gitops")]);
    let output = command.current_dir(repo.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.ends_with("a: piped\n"), "{text}");
}

#[test]
fn a_merge_conflict() {
    let conflict =
        "<<<<<<< HEAD\nnamePrefix: a-\n=======\nnamePrefix: b-\n>>>>>>> other\n";
    let text = format!("resources:\n- ../../../base/web\n{conflict}");
    let words = "Git has marked a merge conflict here";
    broken(&[(EDGE, &text)], &[words, &format!("{EDGE}:3:1"), "`=======`"]);
    let values = format!("clusters: {{}}\n{conflict}");
    broken(&[("thanos-gitops.yaml", &values)], &[words, "thanos-gitops.yaml:2:1"]);
}

#[test]
fn a_root_that_is_no_folder() {
    let repo = Repo::fleet();
    repo.write("README.md", "words\n");
    repo.run(&["build", "README.md"]).exits(2).says(&["`README.md` is a file"]);
    repo.run(&["lint", "nowhere"]).exits(2).says(&["no folder `nowhere`", "hint: name"]);
}

#[test]
fn overlays_that_the_configuration_misspells() {
    let ran = broken(
        &[("thanos-gitops.yaml", "paths:\n  overlays: clusters\n")],
        &["no folder `clusters`", "thanos-gitops.yaml:2:13"],
    );
    assert!(!ran.err.contains("set `paths.overlays`"), "{}", ran.err);
}

#[test]
fn a_file_that_is_no_text() {
    let patch = "overlays/cluster-02-edge/web/patch.yaml";
    for path in [EDGE, patch, "base/web/config.yaml", "thanos-gitops.yaml"] {
        let repo = Repo::fleet();
        let text = std::fs::read(repo.at(path)).unwrap_or_default();
        let bytes = [text.as_slice(), b"# caf\xe9\n"].concat();
        std::fs::write(repo.at(path), bytes).unwrap();
        let ran = repo.run(&["build"]).exits(2);
        ran.says(&[
            "incomplete UTF-8 octet sequence",
            path,
            "hint: save the file as UTF-8",
        ]);
        assert!(repo.files("rendered").is_empty());
    }
}

#[test]
fn a_generator_takes_any_bytes_and_yaml_may_be_utf_16() {
    let repo = Repo::fleet();
    let before = repo.run(&["render", "base/web"]).exits(0).out;
    let text = repo.read("base/web/config.yaml");
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let wide = [b"\xff\xfe".as_slice(), &wide].concat();
    std::fs::write(repo.at("base/web/config.yaml"), wide).unwrap();
    assert_eq!(repo.run(&["render", "base/web"]).exits(0).out, before);
    std::fs::write(repo.at("base/web/logo.png"), b"\x89PNG\xff").unwrap();
    let list =
        "resources: [service.yaml]\nconfigMapGenerator: [{name: m, files: [logo.png]}]\n";
    repo.write("base/web/kustomization.yaml", list);
    repo.run(&["render", "base/web"]).exits(0).prints(&["binaryData", "iVBOR/8="]);
}

#[test]
fn an_empty_values_file_is_the_place_of_its_fault() {
    let repo = Repo::fleet();
    let chart = "overlays/cluster-02-edge/app/charts/app";
    repo.write(
        &format!("{chart}/Chart.yaml"),
        "apiVersion: v2\nname: app\nversion: 1.0.0\n",
    );
    let list = "helmCharts:\n- name: app\n  releaseName: app\n  valuesFile: values.yaml\n  \
                valuesInline:\n    a: 1\n";
    repo.write("overlays/cluster-02-edge/app/kustomization.yaml", list);
    repo.write("overlays/cluster-02-edge/app/values.yaml", "# nothing yet\n");
    let ran = repo.run(&["build"]).exits(2);
    ran.says(&[
        "--> overlays/cluster-02-edge/app/values.yaml:1:1",
        "write `{}` into the file",
    ]);
}

#[test]
fn an_output_that_is_a_file() {
    let repo = Repo::fleet();
    repo.write("rendered", "words\n");
    let ran = repo.run(&["build"]).exits(2);
    ran.says(&["cannot write to `rendered`: it is a file, not a folder", "move it away"]);
}

#[test]
fn kustomizations_that_are_called_otherwise() {
    for name in ["kustomize.yaml", "Kustomisation.yml"] {
        let repo = Repo::fleet();
        repo.run(&["build"]).exits(0);
        let before = repo.files("rendered");
        std::fs::rename(repo.at(EDGE), repo.at(EDGE).with_file_name(name)).unwrap();
        repo.run(&["build"]).exits(2).says(&[name, "call it `kustomization.yaml`"]);
        assert_eq!(repo.files("rendered"), before);
        let repo = Repo::fleet();
        let base = repo.at("base/web/kustomization.yaml");
        std::fs::rename(&base, base.with_file_name(name)).unwrap();
        let hint = format!("rename `{name}` there to `kustomization.yaml`");
        repo.run(&["build"]).exits(2).says(&[&hint]);
    }
}

#[test]
fn words_of_the_configuration_that_are_cut_short() {
    for (text, meant) in [("LBL001: warn", "warning"), ("LBL001: {level: of}", "off")] {
        let repo = Repo::fleet();
        repo.write("thanos-gitops.yaml", &format!("lints: {{{text}}}\n"));
        repo.run(&["lint"]).exits(2).says(&[&format!("did you mean `{meant}`?")]);
    }
}

#[test]
fn a_broken_secret_is_told_without_what_it_holds() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\nstringData:\n  user: \"hunter2\n";
    let ran =
        broken(&[("base/web/config.yaml", text)], &["found unexpected end of stream"]);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
}
