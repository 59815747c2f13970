//! Kustomizations, large and small, with this program and with the real `kustomize`.
//!
//! `cargo bench --bench kustomize` generates the trees and prints medians of whole processes.
//! The real tool is found through `KUSTOMIZE`, else on `PATH`. It takes more than a minute for
//! 4,000 resources, so it runs once there, and above only if `REAL_ABOVE` is set. `RUNS` sets how
//! often ours is measured (default 5), `ONLY` leaves out what it does not name: `small`, `4000`,
//! `40000`, `overlays`.

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod measure;

use std::fmt::Write as _;
use std::path::Path;

use measure::{Samples, measure, runs, tool, variable, write};

/// Resources that the real tool can do while one waits.
const PATIENCE: usize = 4000;
const OVERLAYS: usize = 500;

fn main() {
    measure::meter();
    let kustomize = tool("KUSTOMIZE", "kustomize");
    let kustomize = kustomize.as_deref();
    let folder = measure::scratch();
    let only = variable("ONLY");
    let wanted = |name: &str| only.as_deref().is_none_or(|list| list.contains(name));
    small(&folder.join("small"), kustomize, wanted("small"));
    for size in [4000, 40_000] {
        let name = size.to_string();
        let wanted =
            only.as_deref().is_none_or(|list| list.split(',').any(|w| w == name));
        large(&folder.join(name), size, kustomize, wanted);
    }
    overlays(&folder.join("overlays"), kustomize, wanted("overlays"));
    measure::remove(&folder);
}

fn program() -> &'static str {
    env!("CARGO_BIN_EXE_thanos-gitops")
}

fn small(folder: &Path, kustomize: Option<&Path>, wanted: bool) {
    if !wanted {
        return;
    }
    base(folder);
    overlay(folder, 0);
    println!("\na small kustomization: 4 resources of a base, a generator, a patch");
    let path = "overlays/cluster-000/web";
    let ours = Samples::of(runs(5) * 4, || measure(folder, program(), &["render", path]));
    ours.print("thanos-gitops render", None);
    if let Some(kustomize) = kustomize {
        let theirs =
            Samples::of(runs(5) * 2, || measure(folder, kustomize, &["build", path]));
        theirs.print("kustomize build", Some(&ours));
    }
}

fn large(folder: &Path, size: usize, kustomize: Option<&Path>, wanted: bool) {
    if !wanted {
        return;
    }
    generate(folder, size / 4);
    println!(
        "\n{size} resources: prefix, namespace, labels, hashes, patches, references"
    );
    let ours =
        Samples::of(runs(5), || measure(folder, program(), &["render", "overlay"]));
    ours.print("thanos-gitops render", None);
    let Some(kustomize) = kustomize else { return };
    if size > PATIENCE && variable("REAL_ABOVE").is_none() {
        println!(
            "  kustomize build: skipped above {PATIENCE}; set REAL_ABOVE to wait for it"
        );
        return;
    }
    let theirs = Samples::of(1, || measure(folder, kustomize, &["build", "overlay"]));
    theirs.print("kustomize build", Some(&ours));
}

fn overlays(folder: &Path, kustomize: Option<&Path>, wanted: bool) {
    if !wanted {
        return;
    }
    base(folder);
    (0..OVERLAYS).for_each(|at| overlay(folder, at));
    println!("\n{OVERLAYS} small overlays over one base");
    let ours =
        Samples::of(runs(5), || measure(folder, program(), &["build", "--quiet", "."]));
    ours.print("thanos-gitops build, all", None);
    let script = |tool: &Path, word: &str| {
        let tool = tool.display();
        format!("for dir in overlays/*/web; do '{tool}' {word} $dir || exit 1; done")
    };
    let each = script(Path::new(program()), "render");
    let each = Samples::of(runs(5).min(3), || measure(folder, "sh", &["-c", &each]));
    each.print("thanos-gitops render, each", None);
    if let Some(kustomize) = kustomize {
        let theirs = script(kustomize, "build");
        let theirs = Samples::of(1, || measure(folder, "sh", &["-c", &theirs]));
        theirs.print("kustomize build, each", Some(&each));
        println!("  against one build of all:");
        theirs.print("kustomize build, each", Some(&ours));
    }
}

/// A base of four resources.
fn base(folder: &Path) {
    let mut text = String::new();
    for part in [service(0), service_account(0), deployment(0)] {
        text.push_str(&part);
    }
    write(folder, "base/web/all.yaml", &text);
    let kustomization = "resources:\n- all.yaml\nconfigMapGenerator:\n- name: config-0\n  \
                         literals:\n  - mode=base\n";
    write(folder, "base/web/kustomization.yaml", kustomization);
}

/// An overlay over that base, for one cluster.
fn overlay(folder: &Path, at: usize) {
    let kustomization = format!(
        "namespace: team-{at}\nnamePrefix: c{at}-\nresources:\n- ../../../base/web\nlabels:\n\
         - pairs: {{cluster: cluster-{at:03}}}\n  includeSelectors: true\n\
         configMapGenerator:\n- name: config-0\n  behavior: merge\n  literals:\n  \
         - cluster={at}\npatches:\n- path: patch.yaml\n"
    );
    let patch = format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-0\nspec:\n  \
         replicas: {}\n",
        at % 7 + 1
    );
    let path = format!("overlays/cluster-{at:03}/web");
    write(folder, &format!("{path}/kustomization.yaml"), &kustomization);
    write(folder, &format!("{path}/patch.yaml"), &patch);
}

/// A base and an overlay with `count` resources of each of four kinds.
fn generate(folder: &Path, count: usize) {
    let all = |one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    write(folder, "base/services.yaml", &all(service));
    write(folder, "base/accounts.yaml", &all(service_account));
    write(folder, "base/deployments.yaml", &all(deployment));
    let mut kustomization =
        "resources:\n- services.yaml\n- accounts.yaml\n- deployments.yaml\n\
                             configMapGenerator:\n"
            .to_owned();
    for at in 0..count {
        let _written = write!(
            kustomization,
            "- name: config-{at}\n  literals:\n  - name=web-{at}\n  - port=\"{}\"\n",
            8000 + at % 1000
        );
    }
    write(folder, "base/kustomization.yaml", &kustomization);
    write(folder, "overlay/kustomization.yaml", OVERLAY);
    write(folder, "overlay/limits.yaml", LIMITS);
}

const OVERLAY: &str = "\
namePrefix: edge-
namespace: edge
resources:
- ../base
labels:
- pairs: {team: platform, env: production}
  includeSelectors: true
- pairs: {owner: someone}
  includeTemplates: true
commonAnnotations: {docs: https://example.com}
images:
- name: registry.example.com/web
  newTag: v2.0.1
patches:
- path: limits.yaml
  target: {kind: Deployment}
- target: {kind: Service, name: web-.*}
  patch: |-
    - op: add
      path: /spec/ports/-
      value: {name: metrics, port: 9090}
";

const LIMITS: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: any
spec:
  template:
    spec:
      containers:
      - name: web
        resources:
          limits: {cpu: 500m, memory: 256Mi}
";

fn service(at: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: Service\nmetadata:\n  name: web-{at}\n  labels:\n    \
         app: web-{at}\nspec:\n  selector:\n    app: web-{at}\n  ports:\n  - name: http\n    \
         port: 80\n    targetPort: http\n"
    )
}

fn service_account(at: usize) -> String {
    format!(
        "---\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: web-{at}\n  labels:\n    \
         app: web-{at}\n"
    )
}

fn deployment(at: usize) -> String {
    format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web-{at}\n  labels:\n    \
         app: web-{at}\nspec:\n  replicas: 2\n  selector:\n    matchLabels:\n      \
         app: web-{at}\n  template:\n    metadata:\n      labels:\n        app: web-{at}\n    \
         spec:\n      serviceAccountName: web-{at}\n      containers:\n      - name: web\n        \
         image: registry.example.com/web:v1\n        args: [--config=/etc/web/name]\n        \
         ports:\n        - name: http\n          containerPort: 8080\n        envFrom:\n        \
         - configMapRef:\n            name: config-{at}\n        volumeMounts:\n        \
         - name: config\n          mountPath: /etc/web\n      volumes:\n      \
         - name: config\n        configMap:\n          name: config-{at}\n"
    )
}
