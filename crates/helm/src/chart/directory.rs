//! Reading a chart's folder.
//!
//! Follows `pkg/chart/v2/loader/directory.go` of Helm 4.2.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use source::{EntryKind, VPath, World};

use super::archive::MAX_FILE;
use super::buffered::Buffered;
use super::ignore::Rules;

/// How deep folders may nest; links could make a circle.
const MAX_DEPTH: usize = 64;

/// More files than these are read by two threads: most of the time goes to system calls.
const FEW: usize = 16;

/// All files of the folder that its `.helmignore` leaves, in the order of their paths.
pub(super) fn load_dir(
    world: &dyn World,
    folder: &VPath,
) -> Result<Vec<Buffered>, String> {
    let mut rules = match folder.join(".helmignore").map(|path| world.read(&path)) {
        Some(Ok(bytes)) => Rules::parse(&String::from_utf8_lossy(&bytes))?,
        _ => Rules::default(),
    };
    rules.add_defaults();
    let mut walk = Walk { world, rules, files: Vec::new() };
    let walked = walk.folder(folder, "", 0);
    // A file that cannot be read comes before what went wrong after it.
    let files = read_all(world, &walk.files)?;
    walked.map(|()| files)
}

/// A file that is to be read.
struct Found {
    /// Its path in the chart.
    relative: String,
    path: VPath,
}

impl Found {
    fn read(&self, world: &dyn World) -> Result<Buffered, String> {
        let content = world.content(&self.path).map_err(|e| e.to_string())?;
        if content.bytes().len() as u64 > MAX_FILE {
            let name = self.path.name();
            return Err(format!(
                "chart file {name:?} is larger than the maximum file size {MAX_FILE}"
            ));
        }
        Ok(Buffered::new(self.relative.clone(), content))
    }
}

/// Reads files; the error is that of the first that cannot be read.
fn read_all(world: &dyn World, found: &[Found]) -> Result<Vec<Buffered>, String> {
    let next = AtomicUsize::new(0);
    let read_some = || {
        let mut read = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = found.get(at) else { return read };
            read.push((at, file.read(world)));
        }
    };
    let mut read = thread::scope(|scope| {
        let other = match found.len() > FEW {
            true => thread::Builder::new().spawn_scoped(scope, read_some).ok(),
            false => None,
        };
        let mut read = read_some();
        match other.map(thread::ScopedJoinHandle::join) {
            Some(Ok(others)) => read.extend(others),
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
        read
    });
    read.sort_unstable_by_key(|(at, _)| *at);
    read.into_iter().map(|(_, file)| file).collect()
}

struct Walk<'w> {
    world: &'w dyn World,
    rules: Rules,
    files: Vec<Found>,
}

impl Walk<'_> {
    fn folder(
        &mut self,
        folder: &VPath,
        prefix: &str,
        depth: usize,
    ) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("folders nest more than {MAX_DEPTH} deep at {folder}"));
        }
        if let Some((link, missing)) = self.world.broken_link(folder) {
            let link = folder.join(&link).map(|path| self.world.display(&path));
            let link = link.unwrap_or_default();
            return Err(format!(
                "error evaluating symlink {link}: lstat {missing}: no such file or directory"
            ));
        }
        for (name, kind) in self.world.list(folder).map_err(|e| e.to_string())? {
            let relative = match prefix {
                "" => name.clone(),
                _ => format!("{prefix}/{name}"),
            };
            let Some(path) = folder.join(&name) else { continue };
            if self.rules.ignore(&relative, kind) {
                continue;
            }
            match kind {
                EntryKind::Folder => self.folder(&path, &relative, depth + 1)?,
                EntryKind::File => self.files.push(Found { relative, path }),
            }
        }
        Ok(())
    }
}
