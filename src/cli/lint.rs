//! `lint`

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;

use source::{Diagnostic, Severity, SourceMap, VPath, World};

use super::exit::Exit;
use super::fix;
use super::repository;
use super::ui::{Ui, counted};
use crate::Repo;
use crate::lint::Linked;
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
        let sources = goyaml::source_map();
        let fixed =
            with_findings(args, ui, &world, &sources, &known, &mut |ui, found| {
                if !found.faults.is_empty() {
                    let refused = repository::refuse(ui, &sources, &found.faults)?;
                    return Ok(Err(refused));
                }
                Ok(Ok(fix::apply(world.inner(), &sources, &found.findings)))
            })?;
        match fixed.and_then(|fixed| fixed) {
            Err(exit) => return Ok(exit),
            Ok(Err(words)) => {
                Ui::stderr_line(&format!("error: {words}"));
                return Ok(Exit::CouldNotRun);
            }
            Ok(Ok(fixed)) => {
                fixed.left.iter().for_each(|words| ui.say(words));
                if fixed.count > 0 {
                    let count = super::ui::plural(fixed.count, "finding");
                    ui.say(&format!("mended {count}"));
                }
            }
        }
    }
    let sources = goyaml::source_map();
    let done = with_findings(args, ui, &world, &sources, &known, &mut |ui, found| {
        report(args, ui, &sources, found)
    })?;
    Ok(done.unwrap_or_else(|exit| exit))
}

/// What lints found, and what is wrong with targets that do not compile: of these nothing is
/// known.
struct Found {
    faults: Vec<Diagnostic>,
    findings: Vec<Diagnostic>,
}

type Then<'a, T> = &'a mut dyn FnMut(&mut Ui, &Found) -> io::Result<T>;

/// Reports both; a machine reads one report.
fn report(
    args: &Args,
    ui: &mut Ui,
    sources: &SourceMap,
    found: &Found,
) -> io::Result<Exit> {
    let Found { faults, findings } = found;
    let all: Vec<Diagnostic>;
    let diagnostics = match args.format {
        Format::Pretty => {
            ui.faults(sources, faults);
            findings
        }
        _ => {
            all = faults.iter().chain(findings).cloned().collect();
            &all
        }
    };
    ui.report(&Report { sources, diagnostics }, args.format)?;
    // Where both streams end in one log, the count stands below what it counts.
    ui.finish()?;
    let counts = Report { sources, diagnostics: findings }.counts();
    if !findings.is_empty() {
        ui.say(&counted(counts));
    }
    if !faults.is_empty() {
        let targets = super::ui::plural(faults.len(), "fault");
        ui.say(&format!(
            "{targets} kept targets from compiling: of those nothing is known"
        ));
        return Ok(Exit::CouldNotRun);
    }
    let bad = findings.iter().any(|d| d.severity == Severity::Error);
    let many = args.max_warnings.is_some_and(|most| counts.warnings > most);
    Ok(if bad || many { Exit::Findings } else { Exit::Clean })
}

/// Runs the first four stages; `Err` is what to exit with when there are no findings to see.
fn with_findings<T>(
    args: &Args,
    ui: &mut Ui,
    world: &dyn World,
    sources: &SourceMap,
    known: &BTreeSet<String>,
    then: Then<'_, T>,
) -> io::Result<Result<T, Exit>> {
    let loaded = crate::load(world, sources);
    let loaded =
        loaded.and_then(|repo| args.repository.check_clusters(&repo).map(|()| repo));
    let repo: Repo<'_> = match loaded {
        Ok(repo) => repo,
        Err(faults) => return repository::refuse(ui, sources, &faults).map(Err),
    };
    let stop = repository::interruption();
    let mut linked = Linked::new(&repo);
    let options = args.repository.options(&stop);
    let rendered = repository::render(&repo, &options, ui, &mut |render| {
        linked.add(render);
        Ok(())
    });
    let faults = match rendered {
        Ok(faults) => faults,
        Err(exit) => return Ok(Err(exit)),
    };
    let mut findings = linked.finish(repository::today());
    report::sort(sources, &mut findings);
    report::leave_out(sources, &mut findings, known);
    findings.retain(|finding| !is_told(sources, finding, &faults));
    then(ui, &Found { faults, findings }).map(Ok)
}

/// Does a fault say of the same place what the finding says? Then it says why nothing compiles,
/// too, and one of them is enough.
fn is_told(sources: &SourceMap, finding: &Diagnostic, faults: &[Diagnostic]) -> bool {
    let path = |d: &Diagnostic| sources.location(d.span).map(|place| place.path);
    let (from, to) = (finding.span.start, finding.span.end);
    faults.iter().any(|fault| {
        let there = fault.span.start..=fault.span.end;
        let covers = there.contains(&from) && there.contains(&to);
        let same = there == (from..=to) || fault.message == finding.message;
        covers && same && path(fault).is_some() && path(fault) == path(finding)
    })
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
