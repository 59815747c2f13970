//! `build`: the five stages, in order.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use source::{BehindLink, Diagnostic, DiskSink, Severity, Sink, Span, VPath};

use super::exit::Exit;
use super::repository;
use super::ui::{Ui, counted, plural};
use crate::lint::Linked;
use crate::output::{Changes, Published, REMOVE_LINK, Staged};
use crate::report::{self, Format, Report};
use crate::{Render, Repo};

/// Compile every cluster, lint, and write the output
///
/// Nothing is written if a target does not compile or a finding of level error stands. Files
/// are replaced one by one with a rename, and what no longer belongs is removed.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    repository: repository::RepositoryArgs,
    /// Write nothing; fail if the committed output is stale
    #[arg(long)]
    check: bool,
    /// Write the output whatever the lints find
    #[arg(long)]
    no_lint: bool,
    /// How to report findings; all but `pretty` go to stdout
    #[arg(long, value_enum, default_value = "pretty")]
    format: Format,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    ui.set_format(args.format);
    let stop = repository::interruption();
    let sources = goyaml::source_map();
    let world = match args.repository.world() {
        Ok(world) => world,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let loaded = crate::load(&world, &sources);
    let loaded =
        loaded.and_then(|repo| args.repository.check_clusters(&repo).map(|()| repo));
    let repo = match loaded {
        Ok(repo) => repo,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let output = repo.config.paths.output.clone();
    if args.check {
        return build(args, ui, &repo, &Published::new(&world, output), &stop);
    }
    match DiskSink::open(world.inner().root(), &output, ".thanos-gitops") {
        Ok(sink) => build(args, ui, &repo, &sink, &stop),
        Err(error) => {
            let fault = cannot_open(&repo, &error);
            repository::refuse(ui, &sources, &[*fault])
        }
    }
}

fn cannot_open(repo: &Repo<'_>, error: &io::Error) -> Box<Diagnostic> {
    let output = repo.world.display(&repo.config.paths.output);
    if BehindLink::is(error) {
        let message = format!("cannot write to `{output}`: {error}");
        return Diagnostic::error(Span::NONE, message).hint(REMOVE_LINK);
    }
    if error.kind() == io::ErrorKind::WouldBlock {
        let message = format!("another build is writing to `{output}`");
        return Diagnostic::error(Span::NONE, message).hint("wait until it is done");
    }
    if error.kind() == io::ErrorKind::NotADirectory {
        let message = format!("cannot write to `{output}`: it is a file, not a folder");
        return Diagnostic::error(Span::NONE, message)
            .hint("move it away, or set `paths.output`");
    }
    Diagnostic::error(Span::NONE, format!("cannot write to `{output}`: {error}"))
        .hint("make the output folder writable, or set `paths.output`")
}

fn build(
    args: &Args,
    ui: &mut Ui,
    repo: &Repo<'_>,
    sink: &dyn Sink,
    stop: &AtomicBool,
) -> io::Result<Exit> {
    let mut staged = match Staged::new(repo, sink, &args.repository.clusters) {
        Ok(staged) if args.check => staged.only_compare(),
        Ok(staged) => staged,
        Err(fault) => return repository::refuse(ui, repo.sources, &[*fault]),
    };
    let mut linked = Linked::new(repo);
    let mut warnings = Vec::new();
    let options = args.repository.options(stop);
    let rendered = repository::render(repo, &options, ui, &mut |render| {
        staged.add(&render).map_err(|fault| vec![*fault])?;
        warnings.extend(render.built().iter().flat_map(|b| b.warnings.iter().cloned()));
        match args.no_lint {
            false => linked.add(render),
            true => forget(repo, &render),
        }
        Ok(())
    });
    match rendered {
        Err(exit) => return Ok(exit),
        Ok(faults) if faults.is_empty() => {}
        Ok(faults) => return repository::refuse(ui, repo.sources, &faults),
    }
    if ui.verbose() {
        warnings.dedup();
        ui.faults(repo.sources, &warnings);
    }
    let clean = if args.no_lint {
        ui.say("lints were not run (--no-lint)");
        true
    } else {
        lint(ui, repo, linked)?
    };
    let foreign = match staged.foreign(&args.repository.clusters) {
        Ok(foreign) => foreign,
        Err(fault) => return repository::refuse(ui, repo.sources, &[*fault]),
    };
    if args.check {
        say_foreign(repo, &foreign);
        return Ok(check(ui, repo, &staged.changes(), clean && foreign.is_empty()));
    }
    if !clean {
        Ui::stderr_line("nothing was written: mend the errors above, or use --no-lint");
        return Ok(Exit::Findings);
    }
    if stop.load(Ordering::Relaxed) {
        Ui::stderr_line("interrupted: nothing was written");
        return Ok(Exit::Interrupted);
    }
    match staged.publish() {
        Ok(changes) => {
            say_changes(ui, repo, &changes);
            if !ui.quiet() {
                say_foreign(repo, &foreign);
            }
            Ok(Exit::Clean)
        }
        Err(fault) => repository::refuse(ui, repo.sources, &[*fault]),
    }
}

/// Lets go of the texts that charts made for a render, unless a warning points at one.
fn forget(repo: &Repo<'_>, render: &Render) {
    let Some(built) = render.built().filter(|b| b.warnings.is_empty()) else { return };
    repo.sources.forget(&built.rendered);
}

/// Lints and reports; false if an error stands.
fn lint(ui: &mut Ui, repo: &Repo<'_>, linked: Linked<'_>) -> io::Result<bool> {
    let mut findings = linked.finish(repository::today());
    report::sort(repo.sources, &mut findings);
    let report = Report { sources: repo.sources, diagnostics: &findings };
    ui.tell(repo.sources, &findings)?;
    let counts = report.counts();
    if !findings.is_empty() {
        ui.say(&counted(counts));
    }
    Ok(findings.iter().all(|d| d.severity != Severity::Error))
}

/// Names manifests that somebody else put into the output: they would be deployed.
fn say_foreign(repo: &Repo<'_>, foreign: &[VPath]) {
    for path in foreign {
        let shown = repo.config.paths.output.join(path.as_str());
        let shown = shown.map(|path| repo.world.display(&path)).unwrap_or_default();
        Ui::stderr_line(&format!("not built: {shown}"));
    }
    if !foreign.is_empty() {
        Ui::stderr_line(
            "what is not built is deployed all the same: move it into a base or an overlay, \
             or remove it",
        );
    }
}

/// Names each file that is not as it should be.
fn check(ui: &Ui, repo: &Repo<'_>, changes: &Changes, clean: bool) -> Exit {
    let output = &repo.config.paths.output;
    let lists = [
        ("missing", &changes.added),
        ("stale", &changes.changed),
        ("extra", &changes.removed),
        ("stale list", &changes.lists),
    ];
    for (word, paths) in lists {
        for path in paths {
            let shown = output.join(path.as_str()).map(|p| repo.world.display(&p));
            Ui::stderr_line(&format!("{word}: {}", shown.unwrap_or_default()));
        }
    }
    if changes.is_empty() {
        ui.say(&format!("up to date: {}", plural(changes.unchanged, "file")));
    } else {
        Ui::stderr_line("the committed output is stale: run thanos-gitops build");
    }
    match clean && changes.is_empty() {
        true => Exit::Clean,
        false => Exit::Findings,
    }
}

fn say_changes(ui: &Ui, repo: &Repo<'_>, changes: &Changes) {
    let Changes { added, changed, removed, unchanged, .. } = changes;
    if ui.verbose() {
        let output = &repo.config.paths.output;
        for (sign, paths) in [("+", added), ("~", changed), ("-", removed)] {
            for path in paths {
                let shown = output.join(path.as_str()).map(|p| repo.world.display(&p));
                ui.say(&format!("{sign} {}", shown.unwrap_or_default()));
            }
        }
    }
    let output = repo.world.display(&repo.config.paths.output);
    ui.say(&format!(
        "{output}: {} added, {} changed, {} removed, {unchanged} unchanged",
        added.len(),
        changed.len(),
        removed.len()
    ));
}
