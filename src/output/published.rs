//! The output as a world holds it, for comparing without writing.

use std::io;

use source::{ReadErrorKind, Sink, VPath, World};

/// The published output of a world; it can only be read.
pub struct Published<'w> {
    world: &'w dyn World,
    root: VPath,
}

impl<'w> Published<'w> {
    /// The output below `root`.
    #[must_use]
    pub fn new(world: &'w dyn World, root: VPath) -> Published<'w> {
        Published { world, root }
    }

    fn at(&self, path: &VPath) -> io::Result<VPath> {
        self.root.join(path.as_str()).ok_or_else(|| io::ErrorKind::InvalidInput.into())
    }
}

impl Sink for Published<'_> {
    fn stage(&self, _path: &VPath, _bytes: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn publish(&self, _path: &VPath) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn remove(&self, _path: &VPath) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>> {
        match self.world.read(&self.at(path)?) {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(error) if error.kind == ReadErrorKind::NotFound => Ok(None),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    fn list(&self, path: &VPath) -> io::Result<Vec<String>> {
        match self.world.list(&self.at(path)?) {
            Ok(entries) => Ok(entries.into_iter().map(|(name, _)| name).collect()),
            Err(error) if error.kind == ReadErrorKind::NotFound => Ok(Vec::new()),
            Err(error) if error.kind == ReadErrorKind::NotFolder => {
                Err(io::Error::new(io::ErrorKind::NotADirectory, error))
            }
            Err(error) => Err(io::Error::other(error)),
        }
    }
}
