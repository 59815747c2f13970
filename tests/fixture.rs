//! Repositories in temporary folders, and the program run in them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// A small fleet: a central cluster and an edge, each with one component, no charts.
pub(crate) const FLEET: &[(&str, &str)] = &[
    ("base/web/kustomization.yaml", "resources:\n- service.yaml\n- config.yaml\n"),
    (
        "base/web/service.yaml",
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n  - port: 80\n",
    ),
    (
        "base/web/config.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: one\n",
    ),
    (
        "overlays/cluster-01-central/web/kustomization.yaml",
        "namespace: central\nresources:\n- ../../../base/web\n",
    ),
    (
        "overlays/cluster-02-edge/web/kustomization.yaml",
        "namespace: edge\nresources:\n- ../../../base/web\npatches:\n- path: patch.yaml\n",
    ),
    (
        "overlays/cluster-02-edge/web/patch.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\ndata:\n  a: two\n",
    ),
];

/// A folder that goes away with the test.
pub(crate) struct Repo {
    folder: TempDir,
}

impl Repo {
    /// A repository with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Repo {
        let repo = Repo { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    /// A repository with the small fleet.
    pub(crate) fn fleet() -> Repo {
        Repo::new(FLEET)
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.at(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap_or_else(|e| format!("{path}: {e}"))
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.at(path)).unwrap();
    }

    /// Every file below a folder with its text, sorted.
    pub(crate) fn files(&self, folder: &str) -> Vec<(String, String)> {
        let mut found = Vec::new();
        list(&self.at(folder), &mut found);
        let name = |path: &PathBuf| {
            path.strip_prefix(self.folder.path()).unwrap().to_str().unwrap().to_owned()
        };
        let mut files: Vec<_> =
            found.iter().map(|path| (name(path), self.read(&name(path)))).collect();
        files.sort();
        files
    }

    /// Runs the program here.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// The program, about to run here.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(program());
        command.args(args).current_dir(self.path()).env("NO_COLOR", "1");
        command
    }

    /// Runs Git here; it must succeed.
    pub(crate) fn git(&self, args: &[&str]) -> String {
        let name = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
        let output = Command::new("git")
            .args(name)
            .args(args)
            .current_dir(self.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .unwrap();
        let err = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "git {args:?}: {err}");
        String::from_utf8_lossy(&output.stdout).into_owned() + &err
    }

    /// Commits everything.
    pub(crate) fn commit(&self, message: &str) {
        if !self.at(".git").exists() {
            self.git(&["init", "--quiet", "--initial-branch=main"]);
        }
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    }
}

fn list(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() { list(&path, found) } else { found.push(path) }
    }
}

/// The program under test.
pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_thanos-gitops")
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// The run ended with this code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "out: {}\nerr: {}", self.out, self.err);
        self
    }

    /// Stdout holds each of these.
    #[track_caller]
    pub(crate) fn prints(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.out.contains(word), "no {word:?} in:\n{}", self.out);
        }
        self
    }

    /// Stderr holds each of these.
    #[track_caller]
    pub(crate) fn says(self, words: &[&str]) -> Ran {
        for word in words {
            assert!(self.err.contains(word), "no {word:?} in:\n{}", self.err);
        }
        self
    }
}
