//! What the subcommands that look at a whole repository have in common.

use std::collections::HashMap;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use source::{
    Ambient, Diagnostic, DiskWorld, EntryKind, SourceMap, Span, SystemAmbient,
    Tracepoint, VENDORED, VPath, World,
};

use vendor::{Cache, LockedWorld};

use super::exit::Exit;
use super::ui::{Ui, plural};
use crate::{Date, Render, RenderOptions, Repo};

/// Which repository, which clusters, how many at a time.
#[derive(Debug, clap::Args)]
pub(crate) struct RepositoryArgs {
    /// The root of the repository
    #[arg(default_value = ".")]
    pub(crate) root: PathBuf,
    /// Only these clusters; separate names with commas, or repeat the flag
    #[arg(long = "cluster", value_name = "NAME", value_delimiter = ',')]
    pub(crate) clusters: Vec<String>,
    /// How many targets to build at a time; by default one for each processor
    #[arg(short, long, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<NonZeroUsize>,
}

impl RepositoryArgs {
    /// The files below the root; `Err` says why there are none.
    pub(crate) fn world(&self) -> Result<LockedWorld<DiskWorld>, Vec<Diagnostic>> {
        open(&self.root).map(|world| LockedWorld::new(world, cache()))
    }

    /// How to render: told by the flags, stopped by `stop`.
    pub(crate) fn options<'a>(&'a self, stop: &'a AtomicBool) -> RenderOptions<'a> {
        RenderOptions {
            jobs: self.jobs,
            clusters: &self.clusters,
            stop: Some(stop),
            ..RenderOptions::default()
        }
    }

    /// Are all clusters that the flags name there?
    pub(crate) fn check_clusters(&self, repo: &Repo<'_>) -> Result<(), Vec<Diagnostic>> {
        check_clusters(&self.clusters, repo)
    }
}

/// Reads how many targets to build at a time.
pub(crate) fn jobs(typed: &str) -> Result<NonZeroUsize, &'static str> {
    typed.parse().map_err(|_| "it is a number from 1 on")
}

/// Are all these clusters there?
pub(crate) fn check_clusters(
    clusters: &[String],
    repo: &Repo<'_>,
) -> Result<(), Vec<Diagnostic>> {
    let unknown = clusters.iter().find(|name| repo.cluster(name).is_none());
    let Some(name) = unknown else { return Ok(()) };
    let message = format!("no cluster `{name}` in `{}`", repo.config.paths.overlays);
    let known = repo.clusters.iter().map(|c| c.name.as_str());
    let hint = crate::config::near_or_all(name, known);
    Err(vec![*Diagnostic::error(Span::NONE, message).hint(hint)])
}

/// Where vendored charts are kept: `THANOS_GITOPS_CACHE`, or the user's cache folder.
pub(crate) fn cache() -> Cache {
    let set = |name: &str| {
        let value = super::ui::environment(name).filter(|value| !value.is_empty());
        value.map(PathBuf::from)
    };
    let home = || set("HOME").or_else(|| set("USERPROFILE")).unwrap_or_default();
    let user = || {
        let xdg = set("XDG_CACHE_HOME").filter(|path| path.is_absolute());
        xdg.unwrap_or_else(|| home().join(".cache")).join("thanos-gitops")
    };
    Cache::new(set("THANOS_GITOPS_CACHE").unwrap_or_else(user))
}

/// The files below a folder, shown as a person at this prompt would spell them.
pub(crate) fn open(root: &Path) -> Result<DiskWorld, Vec<Diagnostic>> {
    let shown = root.display();
    let refused = |message: String| {
        let hint = "name the folder that holds `overlays`; without a name it is this one";
        Err(vec![*Diagnostic::error(Span::NONE, message).hint(hint)])
    };
    match DiskWorld::new(root, root) {
        Ok(world) if world.kind(&VPath::root()) == Some(EntryKind::Folder) => Ok(world),
        Ok(_) => refused(format!("`{shown}` is a file, not a folder")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            refused(format!("no folder `{shown}`"))
        }
        Err(error) => refused(format!("cannot read `{shown}`: {error}")),
    }
}

/// Says of faults in files in which Git has marked a conflict that this is why.
fn conflicted(sources: &SourceMap, faults: &mut [Diagnostic]) {
    for fault in faults.iter_mut().filter(|fault| !fault.span.is_none()) {
        let file = sources.file(fault.span.file);
        let has = |mark: &str| file.text.lines().any(|line| line.starts_with(mark));
        // A conflict in the lock is resolved by `vendor`, and its faults say so.
        let is_lock = file.path.ends_with(VENDORED);
        if is_lock || !file.editable || !has("<<<<<<< ") || !has(">>>>>>> ") {
            continue;
        }
        let lines = file.text.split_inclusive('\n');
        let before = lines.take_while(|line| !line.starts_with("<<<<<<< "));
        let start: usize = before.map(str::len).sum();
        let message = "Git has marked a merge conflict here".to_owned();
        fault.span = Span::new(fault.span.file, start, start + "<<<<<<<".len());
        fault.message = message;
        fault.labels.clear();
        fault.hints = vec![
            "keep the lines that are meant, and remove those with `<<<<<<<`, `=======` and \
             `>>>>>>>`"
                .to_owned(),
        ];
    }
}

/// Renders all targets with progress; the answer is what is wrong with those that failed.
///
/// `Err` is what to exit with; then everything was said.
pub(crate) fn render(
    repo: &Repo<'_>,
    options: &RenderOptions<'_>,
    ui: &Ui,
    take: &mut dyn FnMut(Render) -> Result<(), Vec<Diagnostic>>,
) -> Result<Vec<Diagnostic>, Exit> {
    let shows = ui.shows_progress();
    let progress = move |done: usize, all: usize| Ui::progress(done, all);
    let progress: Option<&(dyn Fn(usize, usize) + Sync)> =
        if shows { Some(&progress) } else { None };
    let options = RenderOptions { progress, ..*options };
    let mut faults = Vec::new();
    crate::render::each(repo, &options, &mut |render| match render.outcome {
        Err(diagnostics) => faults.extend(diagnostics),
        Ok(_) => faults.extend(take(render).err().into_iter().flatten()),
    });
    if shows {
        Ui::progress_done();
    }
    if options.stop.is_some_and(|stop| stop.load(Ordering::Relaxed)) {
        Ui::stderr_line("interrupted: nothing was written");
        return Err(Exit::Interrupted);
    }
    conflicted(repo.sources, &mut faults);
    Ok(told_once(faults))
}

/// A fault of a base breaks every cluster that builds on it; it is told once, with the way to
/// the first of them.
fn told_once(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut told: Vec<(Diagnostic, usize)> = Vec::new();
    let mut known = HashMap::new();
    for fault in faults {
        let key = (fault.span, fault.message.clone());
        let at = *known.entry(key).or_insert(told.len());
        match told.get_mut(at) {
            Some((_, more)) => *more += 1,
            None => told.push((fault, 0)),
        }
    }
    let with_count = |(mut fault, more): (Diagnostic, usize)| {
        if more > 0 {
            let text = format!("and {} as well", plural(more, "other target"));
            fault.trace.push(Tracepoint { span: Span::NONE, text });
        }
        fault
    };
    told.into_iter().map(with_count).collect()
}

/// The day on which suppressions may have expired.
pub(crate) fn today() -> Date {
    Date::of_seconds(SystemAmbient.now().0)
}

/// Says what is wrong and gives up.
pub(crate) fn refuse(
    ui: &mut Ui,
    sources: &SourceMap,
    faults: &[Diagnostic],
) -> io::Result<Exit> {
    let mut faults = faults.to_vec();
    conflicted(sources, &mut faults);
    ui.tell(sources, &faults)?;
    Ok(Exit::CouldNotRun)
}

/// A flag that Ctrl-C sets. The second Ctrl-C ends the program at once.
pub(crate) fn interruption() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // Without handlers the default action stands, which stops the program as well.
        let armed = stop.clone();
        let _default =
            signal_hook::flag::register_conditional_shutdown(signal, 130, armed);
        let _default = signal_hook::flag::register(signal, stop.clone());
    }
    stop
}
