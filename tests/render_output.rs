//! `render -o`: what stands where afterwards, as `kustomize build -o` v5.8.1 leaves it.

use crate::fixture::Repo;

const OBJECTS: &str = "\
apiVersion: v1
kind: Service
metadata: {name: Web, namespace: One}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: \"system:reader\"}
---
apiVersion: v1
kind: Namespace
metadata: {name: one}
";

fn repo(objects: &str) -> Repo {
    Repo::new(&[("kustomization.yaml", "resources: [all.yaml]\n"), ("all.yaml", objects)])
}

fn names(repo: &Repo, folder: &str) -> Vec<String> {
    let entries = std::fs::read_dir(repo.at(folder)).unwrap();
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> =
        entries.map(|entry| name(entry).into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_folder_gets_a_file_for_each_object() {
    let repo = repo(OBJECTS);
    std::fs::create_dir(repo.at("out")).unwrap();
    repo.write("out/kept.yaml", "kept");
    repo.run(&["render", "-o", "out", "."]).exits(0);
    let wanted = [
        "default_apps_v1_deployment_web.yaml",
        "kept.yaml",
        "one_v1_service_web.yaml",
        "rbac.authorization.k8s.io_v1_clusterrole_system:reader.yaml",
        "v1_namespace_one.yaml",
    ];
    assert_eq!(names(&repo, "out"), wanted);
    let service =
        std::fs::read_to_string(repo.at("out/one_v1_service_web.yaml")).unwrap();
    assert_eq!(
        service,
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: Web\n  namespace: One\n"
    );
}

/// Recorded with `kustomize build -o out/`.
#[test]
fn files_are_named_as_upstream_names_them() {
    let more = "---\napiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: two}\n\
                ---\napiVersion: extensions/v1beta1\nkind: Deployment\nmetadata: {name: web}\n\
                ---\nkind: NoVersion\nmetadata: {name: nv}\n\
                ---\napiVersion: example.com/v1\nkind: Thing\n\
                metadata: {name: A.b_c, namespace: \"\"}\n";
    let repo = repo(&format!("{OBJECTS}{more}"));
    let generator = "configMapGenerator: [{name: Gen, literals: [a=b]}]\n";
    let kustomization = repo.read("kustomization.yaml") + generator;
    repo.write("kustomization.yaml", &kustomization);
    std::fs::create_dir(repo.at("out")).unwrap();
    repo.run(&["render", ".", "-o", "out/"]).exits(0);
    let wanted = [
        "default_apps_v1_deployment_web.yaml",
        "default_example.com_v1_thing_a.b_c.yaml",
        "default_extensions_v1beta1_deployment_web.yaml",
        "default_noversion_nv.yaml",
        "default_v1_configmap_gen-4h2mbtbbt6.yaml",
        "one_v1_service_web.yaml",
        "rbac.authorization.k8s.io_v1_clusterrole_system:reader.yaml",
        "two_v1_service_web.yaml",
        "v1_namespace_one.yaml",
    ];
    assert_eq!(names(&repo, "out"), wanted);
    repo.run(&["render", ".", "-o", "none/"]).exits(2).says(&["is a directory"]);
    repo.write("kustomization.yaml", "resources: [empty.yaml]\n");
    repo.write("empty.yaml", "");
    std::fs::create_dir(repo.at("nothing")).unwrap();
    repo.run(&["render", ".", "-o", "nothing"]).exits(0);
    assert!(names(&repo, "nothing").is_empty());
}

#[test]
fn one_namespace_is_not_named() {
    let repo = repo(&OBJECTS.replace(", namespace: One", ""));
    std::fs::create_dir(repo.at("out")).unwrap();
    repo.run(&["render", "-o", "out", "."]).exits(0);
    let wanted = [
        "apps_v1_deployment_web.yaml",
        "rbac.authorization.k8s.io_v1_clusterrole_system:reader.yaml",
        "v1_namespace_one.yaml",
        "v1_service_web.yaml",
    ];
    assert_eq!(names(&repo, "out"), wanted);
}

#[test]
fn a_file_gets_the_stream_and_no_folder_is_made() {
    let repo = repo(OBJECTS);
    let printed = repo.run(&["render", "."]).exits(0).out;
    repo.run(&["render", "-o", "all.out", "."]).exits(0);
    assert_eq!(std::fs::read_to_string(repo.at("all.out")).unwrap(), printed);
    repo.run(&["render", "-o", "none/all.out", "."]).exits(2);
    assert!(!repo.at("none").exists());
}

#[test]
#[cfg(unix)]
fn a_device_is_written_through() {
    let repo = repo(OBJECTS);
    repo.run(&["render", "-o", "/dev/null", "."]).exits(0);
    assert!(!std::path::Path::new("/dev/null").is_file());
}

#[test]
fn a_local_git_repository_is_a_base() {
    let repo = repo(OBJECTS);
    repo.write("deploy/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n");
    repo.write("deploy/kustomization.yaml", "resources: [a.yaml]\n");
    repo.commit("one");
    repo.git(&["tag", "v1"]);
    // What is in the working tree only does not count.
    repo.write("deploy/a.yaml", "apiVersion: v1\nkind: Secret\nmetadata: {name: b}\n");
    let address = format!("file://{}", repo.path().display());
    let kustomization = format!(
        "resources: [\"{address}//deploy?ref=v1\"]\nbuildMetadata: [originAnnotations]\n"
    );
    repo.write("over/kustomization.yaml", &kustomization);
    let wanted = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  annotations:\n    \
         config.kubernetes.io/origin: |\n      path: deploy/a.yaml\n      \
         repo: {address}\n      ref: v1\n  name: a\n"
    );
    assert_eq!(repo.run(&["render", "over"]).exits(0).out, wanted);
    let typed = format!("{address}//deploy?ref=v1");
    let plain = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n";
    assert_eq!(repo.run(&["render", &typed]).exits(0).out, plain);
    let on_this = typed.replacen("file://", "file://localhost", 1);
    assert_eq!(repo.run(&["render", &on_this]).exits(0).out, plain);
    let nowhere = format!("{address}//deploy?ref=v2");
    repo.run(&["render", &nowhere]).exits(2).says(&["cannot read `file://"]);
    repo.write("over/kustomization.yaml", &format!("resources: [\"{nowhere}\"]\n"));
    repo.run(&["render", "over"]).exits(2).says(&["error: cannot read `file://"]);
    let forced = format!("git::{address}//deploy/../deploy/?ref=v1");
    repo.write("over/kustomization.yaml", &format!("resources: [\"{forced}\"]\n"));
    let ran = repo.run(&["render", "over"]).exits(0).says(&["warning: Forcing the git"]);
    assert_eq!(ran.out, plain);
    // The root of a repository has a name of its own in origins.
    repo.write("kustomization.yaml", "resources: [deploy/a.yaml]\n");
    repo.commit("two");
    let over =
        format!("resources: [\"{address}//.\"]\nbuildMetadata: [originAnnotations]\n");
    repo.write("over/kustomization.yaml", &over);
    repo.run(&["render", "over"]).exits(0).prints(&["path: notCloned/deploy/a.yaml"]);
    repo.run(&["render", "https://example.com/org/repo"])
        .exits(2)
        .says(&["hint: clone the repository"]);
}

#[test]
fn a_hook_of_one_repository_reads_bases_of_another() {
    let base = repo(OBJECTS);
    base.commit("one");
    let (here, address) = (Repo::fleet(), format!("file://{}", base.path().display()));
    here.commit("one");
    for address in [format!("{address}//.?ref=main"), format!("git::{address}?ref=main")]
    {
        here.write("over/kustomization.yaml", &format!("resources: [\"{address}\"]\n"));
        let ran = here
            .command(&["render", "over"])
            .env("GIT_DIR", here.at(".git"))
            .env("GIT_INDEX_FILE", here.at(".git/index"))
            .env("GIT_OBJECT_DIRECTORY", here.at(".git/objects"))
            .output();
        let ran = crate::fixture::Ran::of(ran.unwrap());
        assert_eq!(ran.exits(0).out, base.run(&["render", "."]).exits(0).out);
    }
}

#[test]
fn flags_are_spelt_as_upstream_spells_them() {
    let repo = repo(OBJECTS);
    let labelled = |args: &[&str]| {
        let out = repo.run(&[&["render"], args].concat()).exits(0).out;
        out.contains("app.kubernetes.io/managed-by")
    };
    assert!(labelled(&["--enable-managedby-label"]));
    assert!(labelled(&["--enable-managedby-label=true", "."]));
    assert!(!labelled(&["--enable-managedby-label=false", "--output=", "."]));
    assert!(!labelled(&["--enable-helm=true", "--load-restrictor", "", "."]));
    repo.run(&["render", "--load-restrictor", "none", "."]).exits(2);
    repo.run(&["render", "--enable-star", "."]).exits(2);
    repo.run(&["render", ""]).exits(2).says(&["directory path cannot be empty"]);
    // The last one counts.
    let twice = ["--reorder=legacy", "--reorder=none", "-o", "no/file", "-o", ""];
    let printed = repo.run(&[&["render"], &twice[..]].concat()).exits(0).out;
    assert!(printed.starts_with("apiVersion: v1\nkind: Service"), "{printed}");
    for flag in ["--helm-debug=true", "--enable-exec", "--enable-helm=0"] {
        assert!(!labelled(&[flag, flag, "-e", "A=b", "--env=C=d"]));
    }
}

#[test]
#[cfg(unix)]
fn a_file_that_is_replaced_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |repo: &Repo, path: &str| {
        std::fs::metadata(repo.at(path)).unwrap().permissions().mode() & 0o777
    };
    let close = |repo: &Repo, path: &str| {
        let closed = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(repo.at(path), closed).unwrap();
    };
    let here = repo(OBJECTS);
    here.write("out/v1_namespace_one.yaml", "old");
    here.write("all.out", "old");
    for path in ["out/v1_namespace_one.yaml", "all.out"] {
        close(&here, path);
        let output = path.strip_suffix("/v1_namespace_one.yaml").unwrap_or(path);
        here.run(&["render", "-o", output, "."]).exits(0);
        assert_eq!(mode(&here, path), 0o600, "{path}");
        assert_ne!(here.read(path), "old");
    }
    let fleet = Repo::fleet();
    fleet.run(&["build"]).exits(0);
    let file = "rendered/cluster-02-edge/web/edge_configmap_web.yaml";
    close(&fleet, file);
    let patch = "overlays/cluster-02-edge/web/patch.yaml";
    fleet.write(patch, &fleet.read(patch).replace("two", "three"));
    fleet.run(&["build"]).exits(0);
    assert!(fleet.read(file).contains("three"));
    assert_eq!(mode(&fleet, file), 0o600);
}

#[test]
fn many_may_write_into_one_folder_at_a_time() {
    let repo = repo(OBJECTS);
    repo.write("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n");
    repo.write("chart/templates/a.yaml", &OBJECTS.replace("---", "# ---"));
    std::fs::create_dir(repo.at("out")).unwrap();
    let commands = [
        &["render", "-o", "out", "."][..],
        &["render", "-o", "out/all.yaml", "."],
        &["template", "x", "chart", "--output-dir", "out"],
    ];
    let runs: Vec<_> = (0..24)
        .map(|n| {
            let mut command = repo.command(commands[n % commands.len()]);
            command.stdout(std::process::Stdio::piped());
            command.stderr(std::process::Stdio::piped()).spawn().unwrap()
        })
        .collect();
    for run in runs {
        crate::fixture::Ran::of(run.wait_with_output().unwrap()).exits(0);
    }
    let mut wanted = vec!["all.yaml", "chart"];
    wanted.extend([
        "default_apps_v1_deployment_web.yaml",
        "one_v1_service_web.yaml",
        "rbac.authorization.k8s.io_v1_clusterrole_system:reader.yaml",
        "v1_namespace_one.yaml",
    ]);
    assert_eq!(names(&repo, "out"), wanted);
    assert_eq!(repo.read("out/all.yaml"), repo.run(&["render", "."]).exits(0).out);
}
