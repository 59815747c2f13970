//! Builds `repo-template/` with this program and with the real tools, in turn, in one run.
//!
//! `cargo bench --bench fleet` prints the median, minimum and maximum of whole processes. The real
//! `kustomize` and `helm` are found through `KUSTOMIZE` and `HELM`, else on `PATH`; without them
//! only our own figures are printed. `RUNS` sets how often (default 7).

#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("repo-template");
    let runs = variable("RUNS").and_then(|n| n.parse().ok()).unwrap_or(7);
    let components = components(&root.join("overlays"));
    let out =
        std::env::temp_dir().join(format!("thanos-gitops-bench-{}", std::process::id()));
    copy(&root, &out);
    let kustomize = variable("KUSTOMIZE").unwrap_or_else(|| "kustomize".to_owned());
    let helm = variable("HELM").unwrap_or_else(|| "helm".to_owned());
    let real = Command::new(&kustomize).arg("version").output().is_ok();

    let (mut ours, mut one, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for run in 0..=runs {
        let build = timed(|| {
            command(&out, &["build", "--quiet", "."]);
        });
        let render = timed(|| {
            command(&out, &["render", &components[0]]);
        });
        let all = real.then(|| {
            timed(|| {
                for component in &components {
                    let mut command = Command::new(&kustomize);
                    command.args(["build", "--enable-helm", "--helm-command", &helm]);
                    succeed(command.arg(component).current_dir(&out));
                }
            })
        });
        // The first run of each warms the disk's cache.
        if run > 0 {
            ours.push(build);
            one.push(render);
            theirs.extend(all);
        }
    }
    // A folder that cannot be removed is the system's to clean.
    let _left = std::fs::remove_dir_all(&out);
    println!("{} components, {runs} runs of each, whole processes", components.len());
    print("thanos-gitops build (render, lint, write all)", &mut ours);
    print("thanos-gitops render (one component)", &mut one);
    if real {
        print("kustomize build --enable-helm, component after component", &mut theirs);
        let ratio =
            theirs[theirs.len() / 2].as_secs_f64() / ours[ours.len() / 2].as_secs_f64();
        println!("ratio of the medians: {ratio:.1}");
    } else {
        println!("kustomize: not found; set KUSTOMIZE and HELM to compare");
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark reads its own settings")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn command(folder: &Path, args: &[&str]) {
    let program = env!("CARGO_BIN_EXE_thanos-gitops");
    succeed(Command::new(program).args(args).current_dir(folder));
}

fn succeed(command: &mut Command) {
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert!(status.is_ok_and(|s| s.success()), "{command:?} failed");
}

fn timed(run: impl FnOnce()) -> Duration {
    let start = Instant::now();
    run();
    start.elapsed()
}

fn print(what: &str, times: &mut [Duration]) {
    times.sort();
    let ms = |d: &Duration| format!("{:.1} ms", d.as_secs_f64() * 1000.0);
    let (min, max) = (&times[0], &times[times.len() - 1]);
    let median = ms(&times[times.len() / 2]);
    println!("{what}: median {median} (min {}, max {})", ms(min), ms(max));
}

/// The folders below `overlays` that hold a kustomization, as paths from its parent.
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

#[expect(clippy::disallowed_methods, reason = "a benchmark prepares its own folder")]
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for path in entries(from) {
        let target = to.join(path.file_name().expect("a name"));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).expect("a copy");
        }
    }
}
