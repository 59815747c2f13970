//! The whole disk, shown as seen from the working folder.

use std::path::Path;
use std::sync::Arc;

use source::{Content, DiskWorld, EntryKind, ReadError, ReadErrorKind, VPath, World};

/// The whole disk: `render` and `template` read wherever they are told to, as upstream does.
pub(crate) struct Everywhere {
    disk: DiskWorld,
    here: VPath,
}

impl Everywhere {
    /// The disk as seen from the working folder.
    #[expect(clippy::disallowed_methods, reason = "this is the command line")]
    pub(crate) fn new() -> std::io::Result<Everywhere> {
        let here = Path::new(".").canonicalize()?;
        let here = here.to_str().and_then(VPath::new);
        let here = here.ok_or_else(|| {
            std::io::Error::other("the working folder's path is no UTF-8 text")
        })?;
        let root = Path::new("/");
        Ok(Everywhere { disk: DiskWorld::new(root, root)?, here })
    }

    /// Where a path that a person typed leads to.
    pub(crate) fn path(&self, typed: &str) -> Option<VPath> {
        self.here.join(typed)
    }
}

impl World for Everywhere {
    fn read(&self, path: &VPath) -> Result<Arc<[u8]>, ReadError> {
        self.disk.read(path).or_else(|error| match error.kind {
            ReadErrorKind::NotFound => piped(path).ok_or_else(|| self.shown(path, error)),
            _ => Err(self.shown(path, error)),
        })
    }

    fn content(&self, path: &VPath) -> Result<Content, ReadError> {
        self.disk.content(path).map_err(|e| self.shown(path, e))
    }

    fn list(&self, path: &VPath) -> Result<Vec<(String, EntryKind)>, ReadError> {
        self.disk.list(path).map_err(|e| self.shown(path, e))
    }

    fn kind(&self, path: &VPath) -> Option<EntryKind> {
        self.disk.kind(path)
    }

    fn canonical(&self, path: &VPath) -> Result<VPath, ReadError> {
        self.disk.canonical(path).map_err(|e| self.shown(path, e))
    }

    fn broken_link(&self, folder: &VPath) -> Option<(String, String)> {
        let (link, missing) = self.disk.broken_link(folder)?;
        let shown = VPath::new(missing.trim_start_matches('/'));
        Some((link, shown.map_or(missing, |path| self.display(&path))))
    }

    /// Relative to the working folder, if it is not further than three folders up.
    fn display(&self, path: &VPath) -> String {
        let (from, to): (Vec<&str>, Vec<&str>) =
            (self.here.parts().collect(), path.parts().collect());
        let same = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
        let up = from.len() - same;
        if up > 3 || (same == 0 && up > 0) {
            return format!("/{}", path.as_str());
        }
        let mut parts = vec![".."; up];
        parts.extend(to.into_iter().skip(same));
        if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
    }

    fn absolute(&self, path: &VPath) -> String {
        format!("/{}", path.as_str())
    }
}

impl Everywhere {
    fn shown(&self, path: &VPath, error: ReadError) -> ReadError {
        ReadError { path: self.display(path), kind: error.kind }
    }
}

/// What a pipe of the shell says: `/dev/stdin`, `<(command)`. Its link leads to no path.
#[expect(clippy::disallowed_methods, reason = "a pipe is in no tree")]
fn piped(path: &VPath) -> Option<Arc<[u8]>> {
    let path = Path::new("/").join(path.as_str());
    let about = std::fs::metadata(&path).ok()?;
    let is_pipe = !about.is_file() && !about.is_dir();
    is_pipe.then(|| std::fs::read(&path).ok()).flatten().map(Arc::from)
}
