//! `diff`

use std::io;

use source::{Diagnostic, GitFault, GitRepository, GitWorld, SourceMap, Span, World};

use vendor::LockedWorld;

use super::exit::Exit;
use super::repository;
use super::ui::Ui;
use crate::diff::{Format, Side, Style, compare};
use crate::{Render, RenderOptions, Repo};

/// Compare what two Git revisions compile to
///
/// Without a range: the last commit with the working tree. `A..B` compares two revisions,
/// `A...B` compares B with the commit where the two parted, and `A` alone compares A with the
/// working tree. Nothing is checked out. Secrets are masked.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to compare: A, A..B or A...B
    #[arg(value_name = "BASE[..HEAD]", default_value = "HEAD")]
    range: String,
    /// What the difference looks like
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Exit with 1 if there is a difference
    #[arg(long)]
    exit_code: bool,
    /// The most bytes that Markdown may take; hosts refuse long comments
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    max_bytes: usize,
    /// The root of the repository
    #[arg(long, value_name = "DIR", default_value = ".")]
    root: std::path::PathBuf,
    /// Only these clusters; separate names with commas, or repeat the flag
    #[arg(long = "cluster", value_name = "NAME", value_delimiter = ',')]
    clusters: Vec<String>,
    /// How many targets to build at a time; by default one for each processor
    #[arg(short, long, value_name = "N", value_parser = super::repository::jobs)]
    jobs: Option<std::num::NonZeroUsize>,
}

/// What a range asks for; no head means the working tree.
#[derive(Debug, PartialEq, Eq)]
struct Range<'a> {
    base: &'a str,
    head: Option<&'a str>,
    parted: bool,
}

impl<'a> Range<'a> {
    fn of(text: &'a str) -> Range<'a> {
        let or_head = |word: &'a str| if word.is_empty() { "HEAD" } else { word };
        match (text.split_once("..."), text.split_once("..")) {
            (Some((a, b)), _) => {
                Range { base: or_head(a), head: Some(or_head(b)), parted: true }
            }
            (None, Some((a, b))) => {
                Range { base: or_head(a), head: Some(or_head(b)), parted: false }
            }
            (None, None) => Range { base: text, head: None, parted: false },
        }
    }
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let range = Range::of(&args.range);
    let (base, head) = match worlds(args, &range) {
        Ok(worlds) => worlds,
        Err(faults) => return repository::refuse(ui, &SourceMap::new(), &faults),
    };
    // Charts and renders that are equal in both are read and done once. The later revision
    // comes first, so that messages name its files.
    let (sources, charts) = (goyaml::source_map(), helm::Renderer::new());
    let after = match later(args, ui, &*head, (&sources, &charts)) {
        Ok(renders) => renders,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let before = earlier(args, ui, &*base, (&sources, &charts));
    let base = Side { name: range.base.to_owned(), sources: &sources, compiled: before };
    let name = range.head.unwrap_or("working tree").to_owned();
    let head = Side { name, sources: &sources, compiled: Ok(after) };
    let diff = compare(&base, &head);
    let color = ui.stdout_color();
    let style = Style { format: args.format, color, most_bytes: args.max_bytes };
    diff.write(style, &mut ui.out)?;
    let differs = args.exit_code && !diff.is_empty();
    Ok(if differs { Exit::Findings } else { Exit::Clean })
}

type Worlds = (Box<dyn World>, Box<dyn World>);

fn worlds(args: &Args, range: &Range<'_>) -> Result<Worlds, Vec<Diagnostic>> {
    let here = GitRepository::Callers(&args.root);
    let base = match (range.parted, range.head) {
        (true, Some(head)) => {
            GitWorld::merge_base(here, range.base, head).map_err(told)?
        }
        _ => range.base.to_owned(),
    };
    // Each side finds the charts of its own lock.
    let revision = |name: &str| -> Result<Box<dyn World>, Vec<Diagnostic>> {
        let world = GitWorld::open(here, name).map_err(told)?;
        Ok(Box::new(LockedWorld::new(world, repository::cache())))
    };
    let base = revision(&base)?;
    let head: Box<dyn World> = match range.head {
        Some(head) => revision(head)?,
        None => {
            Box::new(LockedWorld::new(repository::open(&args.root)?, repository::cache()))
        }
    };
    Ok((base, head))
}

/// What Git refused, as it is reported.
fn told(fault: GitFault) -> Vec<Diagnostic> {
    let GitFault { message, hint } = fault;
    let told = Diagnostic::error(Span::NONE, message);
    vec![*if hint.is_empty() { told } else { told.hint(hint) }]
}

/// What is shared by both revisions.
type Shared<'a> = (&'a SourceMap, &'a helm::Renderer);

/// Compiles the later revision; whatever does not compile is a reason to refuse.
fn later(
    args: &Args,
    ui: &Ui,
    world: &dyn World,
    shared: Shared<'_>,
) -> Result<Vec<Render>, Vec<Diagnostic>> {
    let repo = crate::load(world, shared.0)?;
    repository::check_clusters(&args.clusters, &repo)?;
    let renders = compile(args, ui, &repo, shared.1);
    let faults = renders.iter().filter_map(|r| r.outcome.as_ref().err());
    let faults: Vec<Diagnostic> = faults.flatten().cloned().collect();
    if faults.is_empty() { Ok(renders) } else { Err(faults) }
}

/// Compiles the earlier revision. What does not compile is no reason to refuse: what it was
/// is unknown, and the diff says so. A revision before the overlays began compiles to nothing.
fn earlier(
    args: &Args,
    ui: &Ui,
    world: &dyn World,
    shared: Shared<'_>,
) -> Result<Vec<Render>, Vec<Diagnostic>> {
    // Lints that the earlier configuration names may be gone since; nothing asks for them.
    let config = crate::config::read(world, shared.0)?;
    if world.kind(&config.paths.overlays).is_none() {
        return Ok(Vec::new());
    }
    let repo = crate::repo::find(world, shared.0, config)?;
    Ok(compile(args, ui, &repo, shared.1))
}

fn compile(
    args: &Args,
    ui: &Ui,
    repo: &Repo<'_>,
    charts: &helm::Renderer,
) -> Vec<Render> {
    let shows = ui.shows_progress();
    let progress = move |done: usize, all: usize| Ui::progress(done, all);
    let options = RenderOptions {
        jobs: args.jobs,
        clusters: &args.clusters,
        charts: Some(charts),
        progress: if shows { Some(&progress) } else { None },
        ..RenderOptions::default()
    };
    let renders = crate::render(repo, &options);
    if shows {
        Ui::progress_done();
    }
    renders
}

#[cfg(test)]
mod tests {
    use super::Range;

    #[test]
    fn ranges_are_read_as_git_reads_them() {
        let range = |base, head, parted| Range { base, head, parted };
        assert_eq!(Range::of("main"), range("main", None, false));
        assert_eq!(Range::of("a..b"), range("a", Some("b"), false));
        assert_eq!(Range::of("main...x"), range("main", Some("x"), true));
        assert_eq!(Range::of("v1.."), range("v1", Some("HEAD"), false));
    }
}
