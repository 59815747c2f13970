//! `build` writes the output, exactly, and only what is ours.

use crate::fixture::Repo;

const EDGE_CONFIG: &str = "rendered/cluster-02-edge/web/edge_configmap_web.yaml";

#[test]
fn one_file_a_resource_and_one_list_a_component() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0).says(&["4 added, 0 changed, 0 removed"]);
    let names: Vec<String> = repo.files("rendered").into_iter().map(|(n, _)| n).collect();
    assert_eq!(
        names,
        [
            "rendered/.thanos-gitops/cluster-01-central/web.list",
            "rendered/.thanos-gitops/cluster-02-edge/web.list",
            "rendered/cluster-01-central/web/central_configmap_web.yaml",
            "rendered/cluster-01-central/web/central_service_web.yaml",
            "rendered/cluster-02-edge/web/edge_configmap_web.yaml",
            "rendered/cluster-02-edge/web/edge_service_web.yaml",
        ]
    );
    assert_eq!(
        repo.read(EDGE_CONFIG),
        "apiVersion: v1\ndata:\n  a: two\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: edge\n"
    );
    assert_eq!(
        repo.read("rendered/.thanos-gitops/cluster-02-edge/web.list"),
        "cluster-02-edge/web/edge_configmap_web.yaml\ncluster-02-edge/web/edge_service_web.yaml\n"
    );
    repo.run(&["build"]).exits(0).says(&["0 added, 0 changed, 0 removed, 4 unchanged"]);
}

#[test]
fn one_stream_a_component() {
    let repo = Repo::fleet();
    repo.write("thanos-gitops.yaml", "output:\n  layout: stream\n");
    repo.run(&["build"]).exits(0);
    let text = repo.read("rendered/cluster-01-central/web/manifests.yaml");
    assert_eq!(text.matches("\n---\n").count(), 1, "{text}");
    assert_eq!(
        text,
        repo.run(&["render", "overlays/cluster-01-central/web"]).exits(0).out
    );
    // Back to the other layout: the stream is ours, and goes.
    repo.remove("thanos-gitops.yaml");
    repo.run(&["build"]).exits(0).says(&["4 added, 0 changed, 2 removed"]);
}

#[test]
fn jobs_do_not_change_a_byte() {
    let (one, two) = (Repo::fleet(), Repo::fleet());
    one.run(&["build", "--jobs", "1"]).exits(0);
    two.run(&["build", "--jobs", "2"]).exits(0);
    assert_eq!(one.files("rendered"), two.files("rendered"));
}

#[test]
fn what_no_longer_belongs_goes_and_what_is_not_ours_stays() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    repo.write("rendered/cluster-02-edge/web/README.md", "mine\n");
    repo.remove("overlays/cluster-02-edge/web/kustomization.yaml");
    repo.remove("base/web/config.yaml");
    repo.write("base/web/kustomization.yaml", "resources:\n- service.yaml\n");
    repo.run(&["build"]).exits(0).says(&["0 added, 0 changed, 3 removed"]);
    let names: Vec<String> = repo.files("rendered").into_iter().map(|(n, _)| n).collect();
    assert_eq!(
        names,
        [
            "rendered/.thanos-gitops/cluster-01-central/web.list",
            "rendered/cluster-01-central/web/central_service_web.yaml",
            "rendered/cluster-02-edge/web/README.md",
        ]
    );
}

#[test]
fn a_file_of_somebody_else_is_not_overwritten() {
    let repo = Repo::fleet();
    repo.write(EDGE_CONFIG, "mine\n");
    repo.run(&["build"]).exits(2).says(&["edge_configmap_web.yaml", "not ours", "hint:"]);
    assert_eq!(repo.files("rendered"), [(EDGE_CONFIG.to_owned(), "mine\n".to_owned())]);
}

#[test]
fn an_edited_list_removes_nothing_outside_of_its_component() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    let list = "rendered/.thanos-gitops/cluster-02-edge/web.list";
    repo.write("rendered/other.txt", "mine\n");
    repo.write(list, &(repo.read(list) + "other.txt\n../base/web/service.yaml\n"));
    repo.run(&["build"]).exits(0);
    assert_eq!(repo.read("rendered/other.txt"), "mine\n");
    assert!(repo.at("base/web/service.yaml").exists());
}

#[test]
fn check_names_each_file_and_writes_nothing() {
    let repo = Repo::fleet();
    repo.run(&["build", "--check"]).exits(1).says(&["missing: rendered/cluster-01"]);
    assert!(!repo.at("rendered").exists());
    repo.run(&["build"]).exits(0);
    repo.run(&["build", "--check"]).exits(0);
    repo.write(
        "base/web/config.yaml",
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: web\n",
    );
    repo.write(
        "overlays/cluster-02-edge/web/kustomization.yaml",
        "resources: [../../../base/web]\n",
    );
    let before = repo.files("rendered");
    repo.run(&["build", "--check", "--no-lint"]).exits(1).says(&[
        "missing: rendered/cluster-01-central/web/central_secret_web.yaml",
        "extra: rendered/cluster-01-central/web/central_configmap_web.yaml",
        "extra: rendered/cluster-02-edge/web/edge_service_web.yaml",
        "run thanos-gitops build",
    ]);
    assert_eq!(repo.files("rendered"), before);
}

#[test]
fn one_cluster_alone_leaves_the_others_as_they_are() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    repo.write(
        "base/web/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  b: x\n",
    );
    let edge = repo.read(EDGE_CONFIG);
    repo.run(&["build", "--cluster", "cluster-01-central"]).exits(0).says(&["1 changed"]);
    assert_eq!(repo.read(EDGE_CONFIG), edge);
    repo.run(&["build", "--cluster", "cluster-01-centrl"])
        .exits(2)
        .says(&["no cluster `cluster-01-centrl`", "did you mean `cluster-01-central`?"]);
}

#[test]
fn an_interrupted_build_leaves_the_output_as_it_was() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    for n in 0..400 {
        let path = format!("overlays/c{n:03}/web/kustomization.yaml");
        repo.write(&path, "resources:\n- ../../../base/web\n");
    }
    let before = repo.files("rendered");
    let mut child = repo.command(&["build", "--jobs", "1"]).spawn().unwrap();
    // The staging folder is there as soon as work begins.
    while !repo.at("rendered/.thanos-gitops/.staging").exists() {
        assert_eq!(child.try_wait().unwrap(), None, "too fast to interrupt");
        std::thread::yield_now();
    }
    let mut kill = std::process::Command::new("kill");
    kill.args(["-INT", &child.id().to_string()]);
    assert!(kill.status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(repo.files("rendered"), before);
}

#[test]
fn a_manifest_that_nobody_built_is_told() {
    let repo = Repo::fleet();
    repo.run(&["build"]).exits(0);
    repo.run(&["build", "--check"]).exits(0);
    repo.write("rendered/cluster-02-edge/web/by-hand.yaml", "kind: ConfigMap\n");
    repo.write("rendered/cluster-02-edge/web/README.md", "words\n");
    let told = "not built: rendered/cluster-02-edge/web/by-hand.yaml";
    let ran = repo.run(&["build", "--check"]).exits(1);
    assert!(!ran.err.contains("README.md"), "{}", ran.err);
    ran.says(&[told, "up to date"]);
    repo.run(&["build", "--check", "--cluster", "cluster-01-central"]).exits(0);
    repo.run(&["build"]).exits(0).says(&[told]);
    assert!(repo.at("rendered/cluster-02-edge/web/by-hand.yaml").exists());
}

#[test]
fn a_tree_that_was_built_without_load_restrictions() {
    let repo = Repo::fleet();
    let list = "resources:\n- ../../../base/web\n- ../../../base/web/more/extra.yaml\n";
    repo.write("overlays/cluster-02-edge/web/kustomization.yaml", list);
    repo.remove("overlays/cluster-02-edge/web/patch.yaml");
    let extra = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\n";
    repo.write("base/web/more/extra.yaml", extra);
    repo.run(&["build"]).exits(2).says(&["security;", "`LoadRestrictionsNone`"]);
    let one = "clusters: {cluster-01-central: {compat: {loadRestrictor: LoadRestrictionsNone}}}\n";
    repo.write("thanos-gitops.yaml", one);
    repo.run(&["build"]).exits(2);
    repo.write("thanos-gitops.yaml", "compat: {loadRestrictor: LoadRestrictionsNone}\n");
    repo.run(&["build", "--no-lint"]).exits(0);
    assert!(
        repo.at("rendered/cluster-02-edge/web/_cluster_configmap_extra.yaml").exists()
    );
    repo.write("thanos-gitops.yaml", "compat: {loadRestrictor: None}\n");
    repo.run(&["build"])
        .exits(2)
        .says(&["thanos-gitops.yaml:1:26", "did you mean `LoadRestrictionsNone`?"]);
    repo.write("thanos-gitops.yaml", "compat: {loadRestrictor: LoadRestrictionsNone}\n");
    let out =
        list.replace("../../../base/web/more/extra.yaml", "../../../../outside.yaml");
    repo.write("overlays/cluster-02-edge/web/kustomization.yaml", &out);
    repo.run(&["build"]).exits(2).says(&["leaves the repository"]);
}
