//! REPO004: a file that no kustomization reaches.

use std::collections::BTreeSet;

use source::{EntryKind, Severity, Span, VPath};

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};
use crate::repo::KUSTOMIZATION_FILES;

pub(crate) static LINT: Lint = Lint {
    code: "REPO004",
    name: "orphan-file",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/orphan-file.md"),
    settings: &[],
    check: Check::Fleet(check),
};

/// How deep folders may nest.
const MAX_DEPTH: usize = 32;

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    let repo = fleet.repo;
    let mut read = BTreeSet::new();
    for target in &fleet.targets {
        // What a target would have read is unknown if it was not built.
        let Some(built) = &target.built else { return };
        read.extend(built.inputs.iter().cloned());
    }
    let mut search = Search { fleet, read, found: Vec::new() };
    for root in [&repo.config.paths.base, &repo.config.paths.overlays] {
        search.folder(root, MAX_DEPTH);
    }
    for path in search.found {
        let Ok(bytes) = repo.world.read(&path) else { continue };
        let Ok(text) = std::str::from_utf8(&bytes) else { continue };
        let file = repo.sources.add_file(repo.world, &path, text);
        let message = format!("`{path}` is not part of any cluster");
        let hint = match is_kustomization(path.name()) {
            true => {
                "name its folder in `resources` or `components` of a kustomization that a \
                     cluster builds, or delete it"
            }
            false => "name it in the kustomization that needs it, or delete it",
        };
        findings.add(findings.new_at(Span::new(file, 0, 0), message).hint(hint));
    }
}

struct Search<'s, 'r> {
    fleet: &'s Fleet<'r>,
    /// What some build read.
    read: BTreeSet<VPath>,
    found: Vec<VPath>,
}

impl Search<'_, '_> {
    fn folder(&mut self, folder: &VPath, depth: usize) {
        let repo = self.fleet.repo;
        let Ok(entries) = repo.world.list(folder) else { return };
        // A chart is read as a whole, whatever of it has an effect.
        if entries.iter().any(|(name, _)| name == "Chart.yaml") {
            return;
        }
        let mut orphans = Vec::new();
        for (name, kind) in entries {
            let Some(path) = folder.join(&name).filter(|_| !name.starts_with('.')) else {
                continue;
            };
            let is_link = || repo.world.canonical(&path).as_ref() != Ok(&path);
            match kind {
                EntryKind::Folder => {
                    if depth > 0 && path != repo.config.paths.output && !is_link() {
                        self.folder(&path, depth - 1);
                    }
                }
                EntryKind::File if is_source(&name) && !self.read.contains(&path) => {
                    if !is_link() {
                        orphans.push(path);
                    }
                }
                EntryKind::File => {}
            }
        }
        // Of a folder that nothing builds, the kustomization stands for all it names.
        match orphans.iter().position(|path| is_kustomization(path.name())) {
            Some(at) => self.found.push(orphans.swap_remove(at)),
            None => self.found.append(&mut orphans),
        }
    }
}

/// Is it a file that only a kustomization makes part of a build? Others may be documents.
fn is_source(name: &str) -> bool {
    is_kustomization(name) || name.ends_with(".yaml") || name.ends_with(".yml")
}

fn is_kustomization(name: &str) -> bool {
    KUSTOMIZATION_FILES.contains(&name)
}
