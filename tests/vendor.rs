//! `vendor` from outside: a server on loopback, a tree that names its charts, and builds that
//! ask nobody.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fixture::{Ran, Repo};
use crate::server::{Reply, Server};

/// The values of each version of the chart `web`.
const VERSIONS: &[(&str, &str)] = &[
    ("1.0.0", "replicas: 1\nimage:\n  tag: v1\n  policy: Always\nport: 80\n"),
    ("1.1.0", "replicas: 2\nimage:\n  tag: v1\nport:\n  http: 80\nextra: []\n"),
];

const TEMPLATE: &str = "\
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
data:
  replicas: \"{{ .Values.replicas }}\"
  tag: {{ .Values.image.tag }}
";

/// The archive of a version of `web`.
fn archive(version: &str, values: &str) -> Vec<u8> {
    let metadata = format!("apiVersion: v2\nname: web\nversion: {version}\n");
    let files = [
        ("Chart.yaml", metadata.as_str()),
        ("values.yaml", values),
        ("templates/config.yaml", TEMPLATE),
    ];
    let mut tar = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, format!("web/{name}"), text.as_bytes()).unwrap();
    }
    let fast = flate2::Compression::fast();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), fast);
    gzip.write_all(&tar.into_inner().unwrap()).unwrap();
    gzip.finish().unwrap()
}

/// A chart repository; how many versions it shows is changed from outside.
fn charts() -> (Server, Arc<AtomicUsize>) {
    let published = Arc::new(AtomicUsize::new(1));
    let count = published.clone();
    let server = Server::start(move |request| {
        let shown = &VERSIONS[..count.load(Ordering::Relaxed)];
        if request.path == "/index.yaml" {
            let entry = |(version, values): &(&str, &str)| {
                let digest = ::vendor::Digest::of(&archive(version, values));
                format!(
                    "  - name: web\n    version: {version}\n    digest: {digest}\n    \
                     urls: [web-{version}.tgz]\n"
                )
            };
            let entries: String = shown.iter().map(entry).collect();
            return Reply::ok(format!("apiVersion: v1\nentries:\n  web:\n{entries}"));
        }
        let path = |version: &str| format!("/web-{version}.tgz");
        let found = shown.iter().find(|(version, _)| request.path == path(version));
        found.map_or(Reply::status(404), |(v, values)| Reply::ok(archive(v, values)))
    });
    (server, published)
}

/// The chart leaves the namespace to whoever applies it.
const CONFIG: &str = "lints:\n  KUST006: off\n";

/// A tree whose base takes `web` from this repository, and two clusters that use it.
fn tree(url: &str) -> Repo {
    let base = format!(
        "helmCharts:\n- name: web\n  repo: {url}\n  version: ^1\n  releaseName: web\n  \
         valuesInline:\n    image:\n      tag: v9\n      policy: Never\n    port: 8080\n"
    );
    let overlay = "resources: [../../../base/web]\n";
    Repo::new(&[
        ("thanos-gitops.yaml", CONFIG),
        ("base/web/kustomization.yaml", &base),
        ("overlays/cluster-01-central/web/kustomization.yaml", overlay),
        ("overlays/cluster-02-edge/web/kustomization.yaml", overlay),
    ])
}

/// Runs the program with a home and a cache of the tree's own.
fn run(repo: &Repo, words: &[&str]) -> Ran {
    let mut command = repo.command(words);
    command
        .env("HOME", repo.at("home"))
        .env("THANOS_GITOPS_CACHE", repo.at("home/cache"));
    Ran::of(command.output().unwrap())
}

/// The manifest that the chart makes for a cluster, wherever it is.
fn manifest(repo: &Repo) -> String {
    let files = repo.files("rendered/cluster-01-central/web");
    files.into_iter().map(|(_, text)| text).collect()
}

#[test]
fn what_is_vendored_is_built_without_a_network() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    run(&repo, &["build"]).exits(2).says(&["run `thanos-gitops vendor`"]);
    run(&repo, &["vendor", "--check"]).exits(1).says(&["`web` is not in charts.lock"]);
    run(&repo, &["vendor"])
        .exits(0)
        .prints(&["+ web 1.0.0\n"])
        .says(&["charts.lock: 1 fetched, 0 in the cache"]);
    let lock = repo.read("charts.lock");
    let digest = ::vendor::Digest::of(&archive(VERSIONS[0].0, VERSIONS[0].1));
    let entry = format!(
        "charts:\n- name: web\n  repository: {}\n  requested: \"^1\"\n  version: \"1.0.0\"\n  \
         sha256: \"{digest}\"\n  files: \"",
        server.url()
    );
    assert!(lock.contains(&entry), "{lock}");
    assert_eq!(server.paths(), ["/index.yaml", "/web-1.0.0.tgz"]);
    run(&repo, &["build"]).exits(0);
    assert!(manifest(&repo).contains("replicas: \"1\"\n"), "{}", manifest(&repo));
    run(&repo, &["render", "base/web"]).exits(0).prints(&["tag: v9"]);
    run(&repo, &["vendor"]).exits(0).says(&["0 fetched, 1 in the cache"]);
    run(&repo, &["vendor", "--check"]).exits(0);
    assert!(server.paths().is_empty());
    assert_eq!(repo.read("charts.lock"), lock);
    run(&repo, &["vendor", "--gc"]).exits(0).says(&["0 files removed (0 MiB), 1 kept"]);
    // A cache that lost it is a fault that names the command.
    run(&repo, &["vendor", "--gc", "0"]).exits(0).says(&["1 file removed"]);
    run(&repo, &["build"])
        .exits(2)
        .says(&["chart `web` 1.0.0 is locked, but", "run `thanos-gitops vendor`"]);
    run(&repo, &["vendor"]).exits(0).says(&["1 fetched"]);
    run(&repo, &["build", "--check"]).exits(0);
}

#[test]
fn an_update_tells_what_changes_and_whom_it_meets() {
    let (server, published) = charts();
    let repo = tree(&server.url());
    run(&repo, &["vendor"]).exits(0);
    published.store(2, Ordering::Relaxed);
    // What is locked stays.
    assert_eq!(run(&repo, &["vendor"]).exits(0).out, "");
    run(&repo, &["vendor", "--update", "wep"]).exits(2).says(&["did you mean `web`?"]);
    let told = run(&repo, &["vendor", "--update", "web"]).exits(0).out;
    assert_eq!(
        told,
        "~ web 1.0.0 -> 1.1.0 (minor)
  default values: 1 added, 1 removed, 2 changed
  - image.policy  (was line 4)
  ~ port: 80 -> {1 key}  (line 5 -> 4)
  ~ replicas: 1 -> 2  (line 1 -> 1)
  + extra: []  (line 6)
  your values set keys that are gone or have another shape:
  ! base/web/kustomization.yaml:9:15: image.policy is gone
  ! base/web/kustomization.yaml:10:11: port has another shape
"
    );
}

#[test]
fn an_older_revision_is_built_with_its_own_lock() {
    let (server, published) = charts();
    let repo = tree(&server.url());
    repo.write(".gitignore", "/home\n");
    let base = repo.read("base/web/kustomization.yaml").replace("    port: 8080\n", "");
    repo.write("base/web/kustomization.yaml", &base);
    run(&repo, &["vendor"]).exits(0);
    repo.commit("one");
    published.store(2, Ordering::Relaxed);
    run(&repo, &["vendor", "--update"]).exits(0);
    server.take();
    let ran = run(&repo, &["diff"]).exits(0);
    assert!(ran.out.contains("-  replicas: \"1\"\n+  replicas: \"2\"\n"), "{}", ran.out);
    repo.commit("two");
    let between = run(&repo, &["diff", "HEAD~1..HEAD"]).exits(0).out;
    assert!(between.contains("+  replicas: \"2\"\n"), "{between}");
    assert!(server.paths().is_empty());
}

#[test]
fn copies_in_the_tree_are_where_kustomize_looks() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    run(&repo, &["vendor", "--into-tree"]).exits(0).says(&["1 copy written"]);
    let home = "base/web/charts/web-^1/web";
    let names: Vec<String> = repo.files(home).into_iter().map(|(name, _)| name).collect();
    let expected = ["Chart.yaml", "templates/config.yaml", "values.yaml"];
    assert_eq!(names, expected.map(|name| format!("{home}/{name}")));
    run(&repo, &["vendor", "--check"]).exits(0);
    let again = run(&repo, &["vendor", "--into-tree"]).exits(0);
    assert!(!again.err.contains("written"), "{}", again.err);
    let changed =
        repo.read(&format!("{home}/values.yaml")).replace("replicas: 1", "replicas: 3");
    repo.write(&format!("{home}/values.yaml"), &changed);
    repo.write(&format!("{home}/more.yaml"), "a: 1\n");
    run(&repo, &["vendor", "--check"])
        .exits(1)
        .says(&["values.yaml` is not what is locked of chart `web`"]);
    run(&repo, &["vendor", "--into-tree"]).exits(0).says(&["1 copy written"]);
    run(&repo, &["vendor", "--check"]).exits(0);
    assert!(!repo.at(home).join("more.yaml").exists());
    // What is in the tree needs no cache.
    std::fs::remove_dir_all(repo.at("home")).unwrap();
    run(&repo, &["build", "--no-lint"]).exits(0);
}

#[cfg(unix)]
#[test]
fn copies_are_not_written_through_links() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), repo.at("base/web/charts")).unwrap();
    run(&repo, &["vendor", "--into-tree"]).exits(2).says(&["base/web/charts` is a link"]);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
    assert!(!repo.at("charts.lock").exists());
}

#[test]
fn bases_of_other_repositories_are_locked_with_what_they_name() {
    let (server, _) = charts();
    let inner = Repo::new(&[
        ("app/kustomization.yaml", "resources: [config.yaml]\n"),
        ("app/config.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inner}\n"),
    ]);
    inner.commit("one");
    let inner_address = format!("file://{}//app?ref=main", inner.path().display());
    let base = tree(&server.url());
    let outer = format!("resources:\n- ../base/web\n- {inner_address}\n");
    base.write("deploy/kustomization.yaml", &outer);
    base.commit("one");
    let address = format!("file://{}//deploy?ref=main", base.path().display());
    let overlay = format!("resources:\n- {address}\n");
    let repo = Repo::new(&[
        ("thanos-gitops.yaml", CONFIG),
        ("overlays/cluster-01-central/web/kustomization.yaml", &overlay),
    ]);
    run(&repo, &["lint"]).exits(2).says(&["run `thanos-gitops vendor`"]);
    run(&repo, &["vendor"]).exits(0).says(&["3 fetched"]);
    run(&repo, &["vendor", "--check"]).exits(0);
    run(&repo, &["build"]).exits(0);
    let made = manifest(&repo);
    assert!(made.contains("name: inner") && made.contains("tag: v9"), "{made}");
    // Both repositories go on; the lock does not, until it is asked to.
    inner.write(
        "app/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: new}\n",
    );
    inner.commit("two");
    run(&repo, &["vendor"]).exits(0).says(&["0 fetched, 3 in the cache"]);
    run(&repo, &["build", "--check"]).exits(0);
    run(&repo, &["vendor", "--update", &inner_address]).exits(0);
    run(&repo, &["build"]).exits(0);
    assert!(manifest(&repo).contains("name: new"));
    // Without the cache nobody knows what a base names: that is no fault of the lock.
    std::fs::remove_dir_all(repo.at("home")).unwrap();
    run(&repo, &["vendor", "--check"]).exits(0);
}

#[test]
fn two_builds_and_two_vendors_at_once_do_not_meet() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    run(&repo, &["vendor"]).exits(0);
    let lock = repo.read("charts.lock");
    for _ in 0..3 {
        std::fs::remove_dir_all(repo.at("home")).unwrap();
        repo.remove("charts.lock");
        let vendors: Vec<Ran> = std::thread::scope(|scope| {
            let runs: Vec<_> =
                (0..4).map(|_| scope.spawn(|| run(&repo, &["vendor"]))).collect();
            runs.into_iter().map(|run| run.join().unwrap()).collect()
        });
        vendors.into_iter().for_each(|ran| drop(ran.exits(0)));
        assert_eq!(repo.read("charts.lock"), lock);
        std::thread::scope(|scope| {
            let renders: Vec<_> =
                (0..2).map(|_| scope.spawn(|| run(&repo, &["lint"]))).collect();
            run(&repo, &["vendor", "--update"]).exits(0);
            renders.into_iter().for_each(|ran| drop(ran.join().unwrap().exits(0)));
        });
    }
}

#[test]
fn a_conflict_in_the_lock_is_resolved_by_vendor_and_by_nothing_else() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    repo.write(".gitignore", "/home\n");
    repo.commit("one");
    // Each branch adds an entry of its own in the same place.
    let other = |name: &str| {
        format!(
            "helmCharts:\n- {{name: web, repo: '{}', version: {name}}}\n",
            server.url()
        )
    };
    run(&repo, &["vendor"]).exits(0);
    repo.commit("two");
    repo.git(&["checkout", "--quiet", "-b", "work"]);
    repo.write("base/a/kustomization.yaml", &other("1.0.0"));
    run(&repo, &["vendor"]).exits(0);
    repo.commit("three");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("base/b/kustomization.yaml", &other("1.x"));
    run(&repo, &["vendor"]).exits(0);
    repo.commit("four");
    let mut merge = std::process::Command::new("git");
    merge.args(["-c", "user.name=t", "-c", "user.email=t@example.com", "merge", "work"]);
    assert!(!merge.current_dir(repo.path()).output().unwrap().status.success());
    assert!(repo.read("charts.lock").contains("<<<<<<< "));
    let words = ["a merge conflict is not resolved", "charts.lock:"];
    run(&repo, &["vendor", "--check"]).exits(2).says(&words);
    run(&repo, &["build"]).exits(2).says(&words[..1]);
    run(&repo, &["vendor"]).exits(0).says(&["0 fetched, 3 in the cache"]);
    run(&repo, &["vendor", "--check"]).exits(0);
    // The mark may stand in the first line.
    let lock = repo.read("charts.lock");
    let whole = format!("<<<<<<< HEAD\n{lock}=======\n{lock}>>>>>>> work\n");
    repo.write("charts.lock", &whole);
    run(&repo, &["vendor", "--check"]).exits(2).says(&words);
    run(&repo, &["vendor"]).exits(0);
    assert_eq!(repo.read("charts.lock"), lock);
    let lock = lock.replace("- name", "<<<<<<< HEAD\n- name");
    repo.write("charts.lock", &lock);
    run(&repo, &["vendor"]).exits(2).says(&words);
}

#[test]
fn a_kustomization_that_cannot_be_read_leaves_the_lock_alone() {
    let (server, _) = charts();
    let repo = tree(&server.url());
    run(&repo, &["vendor"]).exits(0);
    let lock = repo.read("charts.lock");
    let base = "base/web/kustomization.yaml";
    repo.write(base, &format!("<<<<<<< HEAD\n{}", repo.read(base)));
    let words = ["base/web/kustomization.yaml:2", "nobody knows which charts"];
    for command in [&["vendor"][..], &["vendor", "--update"], &["vendor", "--check"]] {
        run(&repo, command).exits(2).says(&words);
        assert_eq!(repo.read("charts.lock"), lock);
    }
}

#[test]
fn a_wrong_archive_and_a_secret_in_an_address_leave_no_lock() {
    let (server, _) = charts();
    let repo = tree(&server.url().replace("http://", "http://me:s3cret@"));
    let ran = run(&repo, &["vendor"]).exits(2).says(&["holds credentials"]);
    assert!(
        !ran.out.contains("s3cret") && !ran.err.contains("me:s3cret@127"),
        "{}",
        ran.err
    );
    assert!(!repo.at("charts.lock").exists());
    let address = "https://me:s3cret@git.example.com/org/repo//deploy?ref=v1";
    repo.write("base/web/kustomization.yaml", &format!("resources:\n- {address}\n"));
    let ran =
        run(&repo, &["vendor"]).exits(2).says(&["holds credentials", "2 | - •••••"]);
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    let ran = run(&repo, &["build"]).exits(2).says(&["`https://git.example.com/org/"]);
    assert!(!ran.err.contains("s3cret"), "{}", ran.err);
    let gone = tree(&format!("{}/gone", server.url()));
    run(&gone, &["vendor"])
        .exits(2)
        .says(&["/gone/index.yaml: 404 Not Found", "base/web/kustomization.yaml:2:9"]);
    assert!(!gone.at("charts.lock").exists());
}

#[test]
fn a_folder_that_is_no_repository_is_told() {
    let repo = Repo::new(&[("README.md", "words\n")]);
    for args in [&["vendor"][..], &["vendor", "--check"]] {
        let ran = repo.run(args).exits(2);
        ran.says(&["`.` is no repository", "run it at the root"]);
    }
    Repo::fleet().run(&["vendor"]).exits(0);
}
