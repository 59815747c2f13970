//! Output on its way: compared, staged, published.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use source::{BehindLink, Diagnostic, Result, Sink, Span, VPath};

use super::{files, lists};
use crate::{Render, Repo};

/// What a write changes, each list sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files that are not there yet.
    pub added: Vec<VPath>,
    /// Files whose bytes differ.
    pub changed: Vec<VPath>,
    /// Files that no longer belong.
    pub removed: Vec<VPath>,
    /// How many files are right already.
    pub unchanged: usize,
    /// Ownership lists that are written anew.
    pub lists: Vec<VPath>,
}

impl Changes {
    /// Is everything right already?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let files = [&self.added, &self.changed, &self.removed, &self.lists];
        files.iter().all(|list| list.is_empty())
    }
}

/// Output on its way: staged render by render, published at the end.
///
/// Dropping it instead leaves the output as it was.
pub struct Staged<'s> {
    sink: &'s dyn Sink,
    layout: crate::config::Layout,
    stage: bool,
    owned: BTreeMap<VPath, BTreeSet<VPath>>,
    wanted: BTreeMap<VPath, BTreeSet<VPath>>,
    changes: Changes,
}

impl<'s> Staged<'s> {
    /// Starts with nothing staged; reads which files are ours.
    ///
    /// `clusters` are those whose renders will come; empty means all of the repository, and
    /// then clusters that are gone lose their files.
    pub fn new(
        repo: &Repo<'_>,
        sink: &'s dyn Sink,
        clusters: &[String],
    ) -> Result<Staged<'s>> {
        let clusters = clusters.iter().map(String::as_str).collect();
        let owned = lists::read_all(sink, &clusters).map_err(|e| unreadable(&e))?;
        let layout = repo.config.layout;
        let (wanted, changes) = Default::default();
        Ok(Staged { sink, layout, stage: true, owned, wanted, changes })
    }

    /// Compares only: nothing is staged, and [`Staged::changes`] tells what would change.
    #[must_use]
    pub fn only_compare(mut self) -> Staged<'s> {
        self.stage = false;
        self
    }

    /// Stages the files of one render that differ from what is published.
    ///
    /// A failed render must not be handed in: its files would count as stale.
    pub fn add(&mut self, render: &Render) -> Result<()> {
        let files = files::of(render, self.layout)?;
        let (cluster, component) = (render.cluster(), render.component());
        let Some(list) = lists::path(cluster, component) else { return Ok(()) };
        let owned = self.owned.get(&list).cloned().unwrap_or_default();
        for (path, bytes) in &files {
            self.compare(path, bytes, owned.contains(path))?;
        }
        let wanted: BTreeSet<VPath> = files.into_keys().collect();
        if !wanted.is_empty() {
            let text = lists::text(&wanted);
            if self.read(&list)?.as_ref() != Some(&text) {
                // While files come and go, the list names both the old and the new ones.
                let both: BTreeSet<VPath> = owned.union(&wanted).cloned().collect();
                self.put(&list, &lists::text(&both))?;
                self.changes.lists.push(list.clone());
            }
        }
        self.wanted.insert(list, wanted);
        Ok(())
    }

    fn compare(&mut self, path: &VPath, bytes: &[u8], ours: bool) -> Result<()> {
        match self.read(path)? {
            Some(old) if old == bytes => {
                self.changes.unchanged += 1;
                return Ok(());
            }
            Some(_) if !ours && self.stage => {
                let message =
                    format!("`{path}` stands in the output, and is not ours to replace");
                return Err(Diagnostic::error(Span::NONE, message)
                    .hint("move it elsewhere or remove it, then build again"));
            }
            Some(_) => self.changes.changed.push(path.clone()),
            None => self.changes.added.push(path.clone()),
        }
        self.put(path, bytes)
    }

    fn read(&self, path: &VPath) -> Result<Option<Vec<u8>>> {
        self.sink
            .read(path)
            .map_err(|e| with_hint(&e, format!("cannot read the output `{path}`: {e}")))
    }

    fn put(&self, path: &VPath, bytes: &[u8]) -> Result<()> {
        if !self.stage {
            return Ok(());
        }
        self.sink.stage(path, bytes).map_err(|e| unwritable(path, &e))
    }

    /// What publishing changes, or what it would change.
    #[must_use]
    pub fn changes(&self) -> Changes {
        let mut changes = self.changes.clone();
        changes.removed = self.stale().into_iter().collect();
        changes.added.sort();
        changes.changed.sort();
        changes
    }

    /// Manifests among the output that no list owns: deployed like the others, but nobody
    /// built them. They are never touched.
    ///
    /// `clusters` are those to look at; empty means all.
    pub fn foreign(&self, clusters: &[String]) -> Result<Vec<VPath>> {
        let lists = self.owned.values().chain(self.wanted.values());
        let ours: BTreeSet<&VPath> = lists.flatten().collect();
        lists::foreign(self.sink, clusters, &ours).map_err(|e| unreadable(&e))
    }

    /// Files that are ours and that no render made.
    fn stale(&self) -> BTreeSet<VPath> {
        let wanted: BTreeSet<&VPath> = self.wanted.values().flatten().collect();
        let owned = self.owned.values().flatten();
        owned.filter(|path| !wanted.contains(path)).cloned().collect()
    }

    /// Publishes what was staged and removes what no longer belongs.
    ///
    /// Each file changes in one rename. If the disk fills up half-way, every file is either
    /// old or new, the lists own both, and the next build goes on from there.
    pub fn publish(self) -> Result<Changes> {
        let changes = self.changes();
        // What cannot be removed, because a link is on the way, stops the rest as well.
        changes.removed.iter().try_for_each(|path| self.read(path).map(drop))?;
        let publish =
            |path: &VPath| self.sink.publish(path).map_err(|e| unwritable(path, &e));
        changes.lists.iter().try_for_each(publish)?;
        changes.added.iter().chain(&changes.changed).try_for_each(publish)?;
        let remove =
            |path: &VPath| self.sink.remove(path).map_err(|e| unwritable(path, &e));
        changes.removed.iter().try_for_each(remove)?;
        for (list, owned) in &self.owned {
            match self.wanted.get(list).filter(|wanted| !wanted.is_empty()) {
                None => remove(list)?,
                Some(wanted) if !owned.is_subset(wanted) => {
                    self.put(list, &lists::text(wanted))?;
                    publish(list)?;
                }
                Some(_) => {}
            }
        }
        Ok(changes)
    }
}

fn unreadable(error: &io::Error) -> Box<Diagnostic> {
    with_hint(error, format!("cannot read the output folder: {error}"))
}

fn unwritable(path: &VPath, error: &io::Error) -> Box<Diagnostic> {
    with_hint(error, format!("cannot write `{path}`: {error}"))
}

/// What to do about a link in the output: a committed one could lead anywhere.
pub(crate) const REMOVE_LINK: &str =
    "output is written to folders of the repository only; remove the link";

fn with_hint(error: &io::Error, message: String) -> Box<Diagnostic> {
    let diagnostic = Diagnostic::error(Span::NONE, message);
    match error.kind() {
        _ if BehindLink::is(error) => diagnostic.hint(REMOVE_LINK),
        io::ErrorKind::StorageFull => {
            diagnostic.hint("make room on the disk, then build again")
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            diagnostic.hint("make the output folder writable, or set `paths.output`")
        }
        _ => diagnostic,
    }
}
