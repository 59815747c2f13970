//! `lint`

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use source::{Severity, SourceMap, VPath, World};

use super::exit::Exit;
use super::fix;
use super::repository;
use super::ui::{Ui, counted};
use crate::Repo;
use crate::report::{self, Format, Report};

/// Check all clusters together and report findings
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: repository::RepositoryArgs,
    /// How to report findings
    #[arg(long, value_enum, default_value = "pretty")]
    format: Format,
    /// Leave out what this JSON report holds: findings that are known
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
    /// Mend what can be mended safely, then report the rest
    #[arg(long)]
    fix: bool,
    /// Fail on more than this many warnings
    #[arg(long, value_name = "N")]
    max_warnings: Option<usize>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    ui.set_format(args.format);
    let known = match args.baseline.as_deref().map(baseline).transpose() {
        Ok(known) => known.unwrap_or_default(),
        Err(words) => {
            Ui::stderr_line(&format!("error: {words}"));
            return Ok(Exit::CouldNotRun);
        }
    };
    let world = match args.repository.world() {
        Ok(world) => world,
        Err(faults) => return repository::refuse(ui, &SourceMap::new(), &faults),
    };
    if args.fix {
        let sources = SourceMap::new();
        let fixed =
            with_findings(args, ui, &world, &sources, &known, &mut |_, findings| {
                Ok(fix::apply(&args.repository.root, &sources, findings))
            })?;
        match fixed {
            Err(exit) => return Ok(exit),
            Ok(Err(words)) => {
                Ui::stderr_line(&format!("error: {words}"));
                return Ok(Exit::CouldNotRun);
            }
            Ok(Ok(0)) => {}
            Ok(Ok(count)) => {
                ui.say(&format!("mended {}", super::ui::plural(count, "finding")))
            }
        }
    }
    let sources = SourceMap::new();
    let done = with_findings(args, ui, &world, &sources, &known, &mut |ui, findings| {
        let report = Report { sources: &sources, diagnostics: findings };
        ui.report(&report, args.format)?;
        let counts = report.counts();
        if !findings.is_empty() {
            ui.say(&counted(counts));
        }
        let bad = findings.iter().any(|d| d.severity == Severity::Error);
        let many = args.max_warnings.is_some_and(|most| counts.warnings > most);
        Ok(if bad || many { Exit::Findings } else { Exit::Clean })
    })?;
    Ok(done.unwrap_or_else(|exit| exit))
}

type Found<'a, T> = &'a mut dyn FnMut(&mut Ui, &[source::Diagnostic]) -> io::Result<T>;

/// Runs the first four stages; `Err` is what to exit with when there are no findings to see.
fn with_findings<T>(
    args: &Args,
    ui: &mut Ui,
    world: &dyn World,
    sources: &SourceMap,
    known: &BTreeSet<String>,
    then: Found<'_, T>,
) -> io::Result<Result<T, Exit>> {
    let loaded = crate::load(world, sources);
    let loaded =
        loaded.and_then(|repo| args.repository.check_clusters(&repo).map(|()| repo));
    let repo: Repo<'_> = match loaded {
        Ok(repo) => repo,
        Err(faults) => return repository::refuse(ui, sources, &faults).map(Err),
    };
    let stop = repository::interruption();
    let mut renders = Vec::new();
    let options = args.repository.options(&stop);
    let rendered = repository::render(&repo, &options, ui, &mut |render| {
        renders.push(render);
        Ok(())
    });
    if let Some(exit) = rendered? {
        return Ok(Err(exit));
    }
    let renders = repository::with_unknown(&repo, renders);
    let mut findings =
        crate::lint(&repo, &crate::link(&repo, &renders), repository::today());
    report::sort(sources, &mut findings);
    report::leave_out(sources, &mut findings, known);
    then(ui, &findings).map(Ok)
}

fn baseline(path: &std::path::Path) -> Result<BTreeSet<String>, String> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty());
    let world = repository::open(folder.unwrap_or(std::path::Path::new(".")));
    let name = path.file_name().and_then(|n| n.to_str()).and_then(VPath::new);
    let shown = path.display();
    let (Ok(world), Some(name)) = (world, name) else {
        return Err(format!("cannot read `{shown}`"));
    };
    let bytes = world.read(&name).map_err(|e| e.to_string())?;
    report::baseline(&bytes).map_err(|words| format!("`{shown}`: {words}"))
}
