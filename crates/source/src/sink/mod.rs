//! The one door through which files leave.
//!
//! [`Sink`] is the interface. `disk.rs` holds the folder that one process at a time may change,
//! `memory.rs` its test double, and `folder.rs` what both a locked and a plain write to disk
//! stand on: a way into a folder that follows no link.

mod disk;
mod folder;
mod memory;

use std::io;

use crate::VPath;

pub use disk::DiskSink;
pub use folder::{BehindLink, OutputFolder, write_file};
pub use memory::MemorySink;

/// Where output goes. A write has two steps: [`stage`](Sink::stage) puts bytes aside, and
/// [`publish`](Sink::publish) moves them into place in one rename, so that nobody ever sees
/// half a file. What was staged and not published is dropped with the sink.
pub trait Sink: Sync {
    /// Puts the bytes of a file aside.
    fn stage(&self, path: &VPath, bytes: &[u8]) -> io::Result<()>;

    /// Moves a staged file into its place, over what is there.
    fn publish(&self, path: &VPath) -> io::Result<()>;

    /// Removes a file, and the folders that this leaves empty. Nothing there is no error.
    fn remove(&self, path: &VPath) -> io::Result<()>;

    /// What is published at `path`; `None` if nothing is.
    fn read(&self, path: &VPath) -> io::Result<Option<Vec<u8>>>;

    /// The names in a published folder, sorted; empty if there is none.
    fn list(&self, path: &VPath) -> io::Result<Vec<String>>;
}
