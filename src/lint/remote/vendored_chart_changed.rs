//! REPO013: a chart in the tree is not the one that is locked.

use source::{EntryKind, ReadError, Severity, VPath, World};
use vendor::{Digest, Wanted};

use crate::lint::{Check, Findings, Lint, Tree};
use crate::vendored::files_below;

pub(crate) static LINT: Lint = Lint {
    code: "REPO013",
    name: "vendored-chart-changed",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/vendored-chart-changed.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let (world, lock) = (tree.repo.world, super::lock(tree));
    for used in super::uses(tree) {
        let Wanted::Chart { name, repository, version, .. } = &used.wanted else {
            continue;
        };
        let locked = lock.chart(name, repository, version);
        let Some((files, chart)) = locked.and_then(|l| l.files).zip(used.chart.as_ref())
        else {
            continue;
        };
        let Some(folder) = chart.folder(name) else { continue };
        if world.kind(&folder) != Some(EntryKind::Folder) {
            continue;
        }
        let message = match digest(world, &folder) {
            Ok(found) if found == files => continue,
            Ok(_) => format!("chart `{name}` in `{folder}` is not what is locked"),
            Err(error) => format!("chart `{name}` cannot be compared: {error}"),
        };
        let hint = "put the locked one there with `thanos-gitops vendor --into-tree`; changes of \
                    your own belong into values and patches";
        findings.add(findings.new_at(used.span, message).hint(hint));
    }
}

fn digest(world: &dyn World, folder: &VPath) -> Result<Digest, ReadError> {
    let files = files_below(world, folder)?.into_iter().map(|path| {
        let name = path.strip(folder).unwrap_or_default().to_owned();
        Ok((name, world.read(&path)?))
    });
    let files: Vec<_> = files.collect::<Result<_, _>>()?;
    Ok(Digest::of_files(files.iter().map(|(name, bytes)| (&**name, &**bytes))))
}
