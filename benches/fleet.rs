//! Builds `repo-template/` with this program and with the real tools, in one run.
//!
//! `cargo bench --bench fleet` prints medians of whole processes. The real `kustomize` and `helm`
//! are found through `KUSTOMIZE` and `HELM`, else on `PATH`; without them only our own figures are
//! printed. `RUNS` sets how often (default 7).

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod measure;

use std::path::{Path, PathBuf};

use measure::{Sample, Samples, measure, runs, tool, write};

fn main() {
    measure::meter();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let components = components(&root.join("overlays"));
    let out = measure::scratch();
    copy(&root, &root, &out);
    let runs = runs(7);
    println!("{} components, {runs} runs of each, whole processes", components.len());

    let program = env!("CARGO_BIN_EXE_thanos-gitops");
    let ours = Samples::of(runs, || measure(&out, program, &["build", "--quiet", "."]));
    ours.print("build (all, with lints)", None);
    let one = || measure(&out, program, &["render", &components[0]]);
    Samples::of(runs, one).print("render (one component)", None);
    if let (Some(kustomize), Some(helm)) =
        (tool("KUSTOMIZE", "kustomize"), tool("HELM", "helm"))
    {
        let helm = helm.to_str().expect("a path of text");
        let component = |component: &String| {
            let args = ["build", "--enable-helm", "--helm-command", helm, component];
            measure(&out, &kustomize, &args)
        };
        let all = || components.iter().map(component).reduce(then).expect("components");
        Samples::of(runs, all).print("kustomize build, each", Some(&ours));
    }
    measure::remove(&out);
}

/// One process after another.
fn then(one: Sample, other: Sample) -> Sample {
    Sample {
        wall: one.wall + other.wall,
        cpu: one.cpu + other.cpu,
        peak: one.peak.max(other.peak),
    }
}

/// The folders below `overlays` that hold a kustomization, as paths from its parent.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
fn components(overlays: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![overlays.to_owned()];
    while let Some(folder) = open.pop() {
        if folder.join("kustomization.yaml").exists() {
            let path = folder.strip_prefix(overlays).expect("below");
            found.push(format!("overlays/{}", path.display()));
            continue;
        }
        open.extend(entries(&folder).into_iter().filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

#[expect(clippy::disallowed_methods, reason = "a benchmark prepares its own folder")]
fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}

/// Copies the files below `from` to where they are below `root`.
#[expect(clippy::disallowed_methods, reason = "a benchmark prepares its own folder")]
fn copy(root: &Path, from: &Path, to: &Path) {
    for path in entries(from) {
        if path.is_dir() {
            copy(root, &path, to);
            continue;
        }
        let name = path.strip_prefix(root).ok().and_then(Path::to_str).expect("a path");
        write(to, name, &std::fs::read_to_string(&path).expect("a text"));
    }
}
