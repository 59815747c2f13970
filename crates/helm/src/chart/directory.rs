//! Reading a chart's folder.
//!
//! Follows `pkg/chart/v2/loader/directory.go` of Helm 4.2.

use source::{EntryKind, VPath, World};

use super::archive::MAX_FILE;
use super::ignore::Rules;
use super::loader::Buffered;

/// How deep folders may nest; links could make a circle.
const MAX_DEPTH: usize = 64;

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
    walk.folder(folder, "", 0)?;
    Ok(walk.files)
}

struct Walk<'w> {
    world: &'w dyn World,
    rules: Rules,
    files: Vec<Buffered>,
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
                EntryKind::File => {
                    let content = self.world.content(&path).map_err(|e| e.to_string())?;
                    if content.bytes().len() as u64 > MAX_FILE {
                        return Err(format!(
                            "chart file {name:?} is larger than the maximum file size \
                             {MAX_FILE}"
                        ));
                    }
                    self.files.push(Buffered::new(relative, content));
                }
            }
        }
        Ok(())
    }
}
