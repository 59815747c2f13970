//! Paths inside a [`World`](crate::World).

use std::fmt;
use std::sync::Arc;

/// A path inside a [`World`](crate::World): `/` between parts, no leading `/`, no `.` or
/// `..` parts, empty for the root. So a path that exists as a `VPath` never leaves its root.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct VPath(Arc<str>);

impl VPath {
    /// The root of the world.
    #[must_use]
    pub fn root() -> VPath {
        VPath(Arc::from(""))
    }

    /// Normalises `path`, taken from the root; `None` if it climbs out of it.
    #[must_use]
    pub fn new(path: &str) -> Option<VPath> {
        VPath::root().join(path)
    }

    /// Follows `relative` from this folder; `None` if it climbs out of the root.
    ///
    /// A leading `/` starts again at the root.
    #[must_use]
    pub fn join(&self, relative: &str) -> Option<VPath> {
        let mut parts: Vec<&str> = match relative.starts_with('/') {
            true => Vec::new(),
            false => self.0.split('/').filter(|p| !p.is_empty()).collect(),
        };
        for part in relative.split('/') {
            match part {
                "" | "." => {}
                ".." => {
                    parts.pop()?;
                }
                other => parts.push(other),
            }
        }
        Some(VPath(parts.join("/").into()))
    }

    /// The folder that holds this path; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<VPath> {
        if self.0.is_empty() {
            return None;
        }
        let at = self.0.rfind('/').unwrap_or(0);
        Some(VPath(self.0[..at].into()))
    }

    /// The last part; empty for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or("")
    }

    /// The parts, from the root.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|p| !p.is_empty())
    }

    /// Is this path `folder`, or inside it?
    #[must_use]
    pub fn is_under(&self, folder: &VPath) -> bool {
        self.strip(folder).is_some()
    }

    /// The path relative to `folder`, which must hold it (or be it: then `""`).
    #[must_use]
    pub fn strip(&self, folder: &VPath) -> Option<&str> {
        if folder.0.is_empty() {
            return Some(&self.0);
        }
        let rest = self.0.strip_prefix(&*folder.0)?;
        match rest.strip_prefix('/') {
            Some(rest) => Some(rest),
            None if rest.is_empty() => Some(""),
            None => None,
        }
    }

    /// The path as text, without a leading `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::VPath;

    #[test]
    fn normalises_and_refuses_to_leave() {
        let base = VPath::new("overlays/./a//b").unwrap();
        assert_eq!(base.as_str(), "overlays/a/b");
        assert_eq!(base.join("../../x").unwrap().as_str(), "overlays/x");
        assert_eq!(base.join("../../../.."), None);
        assert_eq!(base.join("/x").unwrap().as_str(), "x");
        assert_eq!(base.parent().unwrap().as_str(), "overlays/a");
        assert_eq!(VPath::new("a").unwrap().parent(), Some(VPath::root()));
        assert_eq!(VPath::root().parent(), None);
    }

    #[test]
    fn a_sibling_with_the_same_beginning_is_not_inside() {
        let ab = VPath::new("ab/c").unwrap();
        assert!(!ab.is_under(&VPath::new("a").unwrap()));
        assert_eq!(ab.strip(&VPath::new("ab").unwrap()), Some("c"));
    }
}
