//! Dependencies that a chart of the repository names and that lie elsewhere.
//!
//! Helm wants them in `charts/`, put there by `helm dependency build`. Where a world keeps them
//! (it knows a lock), they are taken from there as if they were in `charts/`.

use source::{Diagnostic, Remote, Result, Span, VPath, World};

use super::buffered::Buffered;
use super::directory::load_dir;
use super::{Dependency, Metadata};
use crate::semver::{Constraints, Version};
use crate::values::yaml_document;

/// What a chart says about itself: `Chart.yaml`, and `requirements.yaml` of an old chart over
/// it.
pub fn chart_metadata(
    chart_yaml: &str,
    requirements: Option<&str>,
) -> Result<Metadata, String> {
    let mut metadata = Metadata::default();
    for text in [Some(chart_yaml), requirements].into_iter().flatten() {
        let document =
            yaml_document(text, source::FileId::NONE).map_err(|d| d.message)?;
        metadata.read(&document, crate::Compat::Helm4)?;
    }
    Ok(metadata)
}

/// The dependencies of the chart in `folder` that come from elsewhere and are not in `charts/`,
/// each with the version of `Chart.lock`, if that has one that will do.
///
/// A folder that holds no chart needs nothing; of a chart that cannot be read nobody knows.
pub fn missing_dependencies(
    world: &dyn World,
    folder: &VPath,
) -> Result<Vec<Dependency>, String> {
    let read = |name: &str| {
        let bytes = folder.join(name).and_then(|path| world.read(&path).ok())?;
        Some(String::from_utf8_lossy(&bytes).into_owned())
    };
    let Some(chart_yaml) = read("Chart.yaml") else { return Ok(Vec::new()) };
    let requirements = read("requirements.yaml");
    let metadata = chart_metadata(&chart_yaml, requirements.as_deref())?;
    let charts = folder.join("charts").and_then(|path| world.list(&path).ok());
    let present: Vec<String> =
        charts.unwrap_or_default().into_iter().map(|(name, _)| name).collect();
    let missing = |d: &Dependency| {
        !d.repository.is_empty() && !present.iter().any(|p| is_chart(p, &d.name))
    };
    let lock = read("Chart.lock").or_else(|| read("requirements.lock"));
    let lock = lock.and_then(|text| chart_metadata(&text, None).ok());
    let locked = lock.and_then(|lock| lock.dependencies).unwrap_or_default();
    let missing = metadata.dependencies.unwrap_or_default().into_iter().filter(missing);
    Ok(missing.map(|dependency| with_locked_version(dependency, &locked)).collect())
}

/// The dependency as `helm dependency build` has it: `Chart.lock` says which version it is, as
/// long as `Chart.yaml` agrees.
fn with_locked_version(mut dependency: Dependency, locked: &[Dependency]) -> Dependency {
    let is_it = |l: &&Dependency| {
        l.name == dependency.name && l.repository == dependency.repository
    };
    let Some(locked) = locked.iter().find(is_it) else { return dependency };
    let range = Constraints::parse(&dependency.version);
    let version = Version::parse(&locked.version);
    if let (Ok(range), Ok(version)) = (range, version)
        && range.check(&version)
    {
        dependency.version = locked.version.clone();
    }
    dependency
}

/// Is an entry of `charts/` the chart of this name: `name`, or `name-1.2.3.tgz`?
fn is_chart(entry: &str, name: &str) -> bool {
    let Some(rest) = entry.strip_prefix(name) else { return false };
    let version = rest.strip_prefix('-').and_then(|r| r.strip_suffix(".tgz"));
    rest.is_empty() || version.is_some_and(|v| Version::parse(v).is_ok())
}

/// Adds the missing dependencies that the world keeps.
pub(super) fn add(
    world: &dyn World,
    folder: &VPath,
    files: &mut Vec<Buffered>,
) -> Result<()> {
    // What is wrong with the chart itself is told by whoever loads it.
    for dependency in missing_dependencies(world, folder).unwrap_or_default() {
        let repository = absolute(folder, &dependency.repository);
        let remote = Remote::Chart {
            name: &dependency.name,
            repository: &repository,
            version: &dependency.version,
        };
        let kept = world
            .vendored(&remote)
            .map_err(|f| Diagnostic::error(Span::NONE, f.message).hint(f.hint))?;
        let Some(kept) = kept else { continue };
        let fault = |words: String| Diagnostic::error(Span::NONE, words);
        match source::is_vendored(&kept) {
            // The archive itself: its files are nobody's to change here.
            true => {
                let parent = kept.parent().unwrap_or_else(VPath::root);
                let name = format!("{}.tgz", parent.name());
                let archive = parent.join(&name).unwrap_or_else(VPath::root);
                let bytes = world.read(&archive).map_err(|e| fault(e.to_string()))?;
                files.push(Buffered::new(format!("charts/{name}"), bytes));
            }
            false => {
                let name = &dependency.name;
                for file in load_dir(world, &kept).map_err(fault)? {
                    let inside = format!("charts/{name}/{}", file.name);
                    files.push(file.renamed(&inside));
                }
            }
        }
    }
    Ok(())
}

/// `file://../common`, seen from the root of the world.
fn absolute(folder: &VPath, repository: &str) -> String {
    let path = repository.strip_prefix("file://").and_then(|path| folder.join(path));
    path.map_or_else(|| repository.to_owned(), |path| format!("file:///{path}"))
}

#[cfg(test)]
mod tests {
    use source::{MemoryWorld, VPath};

    use super::missing_dependencies;

    #[test]
    fn what_is_in_charts_is_not_missing() {
        let chart = "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n\
                     - {name: a, version: ^1, repository: 'https://charts.example.com'}\n\
                     - {name: b, version: ^1, repository: 'https://charts.example.com'}\n\
                     - {name: c, version: ^1, repository: 'oci://registry.example.com/x'}\n\
                     - {name: d, version: ^1}\n";
        let world = MemoryWorld::new()
            .with("app/Chart.yaml", chart)
            .with("app/charts/a/Chart.yaml", "")
            .with("app/charts/b-1.2.0.tgz", "")
            .with("app/charts/c-x-1.0.0.tgz", "");
        let missing = missing_dependencies(&world, &VPath::new("app").unwrap()).unwrap();
        let names: Vec<&str> = missing.iter().map(|d| d.name.as_str()).collect();
        assert_eq!(names, ["c"]);
    }

    #[test]
    fn a_lock_says_which_version_it_is_unless_the_range_disagrees() {
        let chart = "apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n\
                     - {name: a, version: ^1, repository: 'https://charts.example.com'}\n\
                     - {name: b, version: ^2, repository: 'https://charts.example.com'}\n";
        let lock = "dependencies:\n\
                    - {name: a, version: 1.2.3, repository: 'https://charts.example.com'}\n\
                    - {name: b, version: 1.9.0, repository: 'https://charts.example.com'}\n\
                    digest: sha256:00\n";
        let world =
            MemoryWorld::new().with("app/Chart.yaml", chart).with("app/Chart.lock", lock);
        let missing = missing_dependencies(&world, &VPath::new("app").unwrap()).unwrap();
        let versions: Vec<&str> = missing.iter().map(|d| d.version.as_str()).collect();
        assert_eq!(versions, ["1.2.3", "^2"]);
    }
}
