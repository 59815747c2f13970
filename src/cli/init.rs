//! `init`

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use source::{DiskSink, Sink, VPath};

use super::exit::Exit;
use super::ui::{Ui, plural};

/// Write a starting repository
///
/// Four clusters, one of them central, with Prometheus, Thanos, Grafana and Alertmanager. It
/// builds and lints clean as it is. Nothing that exists is overwritten.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Where to write it
    #[arg(default_value = ".")]
    dir: PathBuf,
    /// Which charts the monitoring stack comes from
    #[arg(long, value_enum, default_value = "built-in")]
    stack: Stack,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Stack {
    /// A small chart in the repository itself; nothing to download
    BuiltIn,
    /// The kube-prometheus-stack chart of prometheus-community, by repository and version
    KubePrometheusStack,
}

/// The files of `repo-template/`, by path.
static TEMPLATE: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/template.rs"));

/// Below it, one folder a stack: its files take the place of the template's, and the lines of
/// its `.remove` name files and folders that it does without.
const STACKS: &str = ".stacks/";

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let files = files(TEMPLATE, args.stack);
    match write(&args.dir, &files) {
        Ok(()) => {
            let wrote = plural(files.len(), "file");
            let dir = match args.dir == Path::new(".") {
                true => String::new(),
                false => format!(" {}", args.dir.display()),
            };
            ui.say(&format!("wrote {wrote}; next: thanos-gitops build{dir}"));
            Ok(Exit::Clean)
        }
        Err(words) => {
            Ui::stderr_line(&format!("error: {words}"));
            Ok(Exit::CouldNotRun)
        }
    }
}

fn files(
    template: &'static [(&'static str, &'static [u8])],
    stack: Stack,
) -> BTreeMap<&'static str, &'static [u8]> {
    let plain = template.iter().filter(|(path, _)| !path.starts_with(STACKS));
    let mut files: BTreeMap<_, _> = plain.copied().collect();
    let prefix = match stack {
        Stack::BuiltIn => return files,
        Stack::KubePrometheusStack => ".stacks/kube-prometheus-stack/",
    };
    for (path, bytes) in template {
        let Some(path) = path.strip_prefix(prefix) else { continue };
        if path != ".remove" {
            files.insert(path, bytes);
            continue;
        }
        let lines = std::str::from_utf8(bytes).unwrap_or("").lines();
        for gone in lines.map(str::trim).filter(|line| !line.is_empty()) {
            files.retain(|path, _| {
                path.strip_prefix(gone)
                    .is_none_or(|r| !r.is_empty() && !r.starts_with('/'))
            });
        }
    }
    files
}

/// Writes all files or, if one of them is there already, none.
fn write(dir: &Path, files: &BTreeMap<&str, &[u8]>) -> Result<(), String> {
    let state = ".thanos-gitops-init";
    let failed = |path: &str, e: io::Error| format!("cannot write `{path}`: {e}");
    let shown = dir.display().to_string();
    let sink =
        DiskSink::open(dir, &VPath::root(), state).map_err(|e| failed(&shown, e))?;
    publish(&sink, files)
}

fn publish(sink: &dyn Sink, files: &BTreeMap<&str, &[u8]>) -> Result<(), String> {
    let mut paths = Vec::new();
    for (path, bytes) in files {
        let Some(at) = VPath::new(path) else { continue };
        match sink.read(&at) {
            Ok(None) => {}
            Ok(Some(_)) => {
                return Err(format!(
                    "`{path}` exists, and init overwrites nothing; name an empty folder"
                ));
            }
            Err(error) => return Err(format!("cannot read `{path}`: {error}")),
        }
        sink.stage(&at, bytes).map_err(|e| format!("cannot write `{path}`: {e}"))?;
        paths.push(at);
    }
    for path in &paths {
        sink.publish(path).map_err(|e| format!("cannot write `{path}`: {e}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Stack, files};

    #[test]
    fn a_stack_replaces_adds_and_removes() {
        static TEMPLATE: &[(&str, &[u8])] = &[
            (".stacks/kube-prometheus-stack/.remove", b"charts/own\n"),
            (".stacks/kube-prometheus-stack/base/k.yaml", b"theirs"),
            ("base/k.yaml", b"ours"),
            ("charts/own/Chart.yaml", b""),
            ("charts/owner.md", b""),
        ];
        let ours = files(TEMPLATE, Stack::BuiltIn);
        assert_eq!(ours.keys().count(), 3);
        let theirs = files(TEMPLATE, Stack::KubePrometheusStack);
        assert_eq!(theirs.get("base/k.yaml"), Some(&b"theirs".as_slice()));
        assert_eq!(
            theirs.keys().copied().collect::<Vec<_>>(),
            ["base/k.yaml", "charts/owner.md"]
        );
    }
}
