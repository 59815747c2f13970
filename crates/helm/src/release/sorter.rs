//! Rendered files are split into documents by a thread of its own while others still render.

use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};

use source::{Layer, Mark, Result};

use super::manifest::{Manifest, SortInput, SplitFile, sort_manifests};
use crate::Compat;

/// Less text than this is not worth a thread, nor waking it.
const MUCH: usize = 64 << 10;

/// What reading YAML nests into at most.
const STACK: usize = 64 << 20;

/// Takes rendered files as they come, and puts their documents in order.
pub(crate) struct Sorter {
    compat: Compat,
    /// What no thread was given, and how much text that is.
    waiting: Vec<SortInput>,
    bytes: usize,
    thread: Option<Splitting>,
}

/// What leads to the thread, and what it has split.
type Splitting = (Sender<Vec<SortInput>>, JoinHandle<Vec<SplitFile>>);

impl Sorter {
    /// Nothing yet.
    pub(crate) fn new(compat: Compat) -> Sorter {
        Sorter { compat, waiting: Vec::new(), bytes: 0, thread: None }
    }

    /// Takes one more file.
    pub(crate) fn add(&mut self, file: SortInput) {
        self.bytes += file.text.len();
        self.waiting.push(file);
        if self.bytes < MUCH {
            return;
        }
        if self.thread.is_none() {
            self.thread = self.start();
        }
        if let Some((sender, _)) = &self.thread {
            let sent = sender.send(std::mem::take(&mut self.waiting));
            self.waiting = sent.err().map(|unsent| unsent.0).unwrap_or_default();
            self.bytes = 0;
        }
    }

    fn start(&self) -> Option<Splitting> {
        let (sender, receiver) = channel::<Vec<SortInput>>();
        let compat = self.compat;
        let split =
            move || receiver.iter().flatten().map(|f| SplitFile::of(f, compat)).collect();
        let thread = thread::Builder::new().stack_size(STACK).spawn(split);
        thread.ok().map(|thread| (sender, thread))
    }

    /// The documents of all files in the order in which Helm installs them.
    ///
    /// For errors, `behind` names the values behind some marks.
    pub(crate) fn finish(
        self,
        behind: &dyn Fn(&[Mark]) -> Vec<Layer>,
    ) -> Result<Vec<Manifest>> {
        let compat = self.compat;
        let own = self.waiting.into_iter().map(|file| SplitFile::of(file, compat));
        let mut files: Vec<SplitFile> = own.collect();
        if let Some((sender, thread)) = self.thread {
            drop(sender);
            match thread.join() {
                Ok(split) => files.extend(split),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        sort_manifests(files, compat, behind)
    }
}
