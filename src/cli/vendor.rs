//! `vendor`: the one command that touches a network.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use source::{
    Diagnostic, DiskSink, DiskWorld, Sink, SourceMap, Span, VENDORED, VPath, World,
};
use vendor::{
    Brought, Cache, Entry, Environment, Fault, Lock, LockedChart, Outcome, Patience,
    Settings, Vendor, Wanted,
};

use super::exit::Exit;
use super::repository;
use super::ui::{Ui, plural};
use crate::vendored::{self, Changes, Copy, Use, ValuesChange};

/// Bring the charts and remote bases that the tree names, and lock what they are
///
/// Everything is fetched once into a cache that builds read, verified against charts.lock. What is
/// locked stays as it is until --update; a build never touches the network.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The root of the repository
    #[arg(default_value = ".")]
    root: PathBuf,
    /// Fetch nothing; fail if charts.lock is not what the tree asks for
    #[arg(long, conflicts_with_all = ["update", "into_tree", "gc"])]
    check: bool,
    /// Resolve versions anew, of these charts or of all, and show what changes
    #[arg(long, value_name = "NAME", num_args = 0.., value_delimiter = ',')]
    update: Option<Vec<String>>,
    /// Put copies under charts/ as well, where Kustomize looks for them
    #[arg(long)]
    into_tree: bool,
    /// Remove from the cache what nobody used for so many days, and do nothing else
    #[arg(long, value_name = "DAYS", num_args = 0..=1, default_missing_value = "30")]
    #[arg(conflicts_with_all = ["update", "into_tree"])]
    gc: Option<u32>,
    /// Check signatures with the public keys of this file; also THANOS_GITOPS_KEYRING
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Refuse charts that are not signed
    #[arg(long)]
    verify: bool,
    /// How long a server may be silent
    #[arg(long, value_name = "SECONDS", default_value = "30")]
    timeout: u32,
}

/// What the tree asks for, and what is locked.
struct Asked {
    uses: Vec<Use>,
    wanted: BTreeSet<Wanted>,
    lock: Lock,
    lock_text: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let sources = SourceMap::new();
    let cache = repository::cache();
    if let Some(days) = args.gc {
        return collect(days, ui, &sources, &cache);
    }
    let world = match repository::open(&args.root) {
        Ok(world) => world,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let asked = match asked(&world, &sources) {
        Ok(asked) => asked,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    if args.check {
        return check(ui, &world, &sources, &cache, &asked);
    }
    if let Some(name) = unknown_name(args, &asked) {
        return repository::refuse(ui, &sources, &[name]);
    }
    let outcomes = match bring(args, ui, &cache, &asked) {
        Ok(Some(outcomes)) => outcomes,
        Ok(None) => {
            Ui::stderr_line("interrupted: nothing was locked");
            return Ok(Exit::Interrupted);
        }
        Err(fault) => {
            return repository::refuse(ui, &sources, &[told(&fault, Span::NONE)]);
        }
    };
    let faults = faults(&outcomes, &asked.uses);
    if !faults.is_empty() {
        return repository::refuse(ui, &sources, &faults);
    }
    let lock = new_lock(&outcomes);
    let copies = match args.into_tree {
        true => Copy::all(&asked.uses, &lock, &cache),
        false => Vec::new(),
    };
    match write(&world, &asked, &lock, &copies) {
        Ok(written) => {
            tell(ui, &sources, &cache, &asked, &lock)?;
            say(ui, &outcomes, written);
            Ok(Exit::Clean)
        }
        Err(error) => {
            let message = match error.kind() {
                io::ErrorKind::WouldBlock => "another vendor is writing here".to_owned(),
                _ => format!("cannot write `{}`: {error}", world.root().display()),
            };
            let fault = Diagnostic::error(Span::NONE, message).hint("run it again");
            repository::refuse(ui, &sources, &[*fault])
        }
    }
}

/// Reads the tree and the lock.
fn asked(world: &DiskWorld, sources: &SourceMap) -> Result<Asked, Vec<Diagnostic>> {
    let config = crate::config::read(world, sources)?;
    let uses = vendored::find(world, sources, &config.paths.output);
    let wanted = uses.iter().map(|u| u.wanted.clone()).collect();
    let path = lock_path();
    let lock_text = match world.kind(&path) {
        None => None,
        Some(_) => {
            let bytes = world.read(&path);
            let bytes =
                bytes.map_err(|e| vec![*Diagnostic::error(Span::NONE, e.to_string())])?;
            Some(String::from_utf8_lossy(&bytes).into_owned())
        }
    };
    let lock = Lock::parse(lock_text.as_deref().unwrap_or("")).map_err(|fault| {
        let text = lock_text.as_deref().unwrap_or("");
        let file = sources.add(world.display(&path), text);
        let start: usize = text
            .split_inclusive('\n')
            .take(fault.line.saturating_sub(1))
            .map(str::len)
            .sum();
        let span = Span::new(file, start, start);
        let hint = "resolve it by hand, or remove the file and run this again";
        vec![*Diagnostic::error(span, fault.message).hint(hint)]
    })?;
    Ok(Asked { uses, wanted, lock, lock_text })
}

fn lock_path() -> VPath {
    VPath::new(VENDORED).unwrap_or_else(VPath::root)
}

/// A name that `--update` gives and the tree does not.
fn unknown_name(args: &Args, asked: &Asked) -> Option<Diagnostic> {
    let names = args.update.as_ref()?;
    let known: Vec<&str> = asked.wanted.iter().map(Wanted::name).collect();
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()))?;
    let message = format!("the tree names no chart `{unknown}`");
    let hint = match crate::config::did_you_mean(unknown, known.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "`--update` takes the names of charts, or none for all".to_owned(),
    };
    Some(*Diagnostic::error(Span::NONE, message).hint(hint))
}

/// Fetches; `None` if it was interrupted.
fn bring(
    args: &Args,
    ui: &Ui,
    cache: &Cache,
    asked: &Asked,
) -> Result<Option<Vec<Outcome>>, Fault> {
    let keyring = super::ui::environment("THANOS_GITOPS_KEYRING");
    let keyring = keyring.filter(|path| !path.is_empty()).map(PathBuf::from);
    let silence = Duration::from_secs(u64::from(args.timeout.max(1)));
    let settings = Settings {
        environment: Environment::new(super::ui::environment_variables()),
        patience: Patience { silence, ..Patience::default() },
        keyring: args.keyring.clone().or(keyring),
        must_be_signed: args.verify,
    };
    let stop = repository::interruption();
    let refresh = |wanted: &Wanted| match &args.update {
        None => false,
        Some(names) => {
            names.is_empty() || names.iter().any(|name| name.as_str() == wanted.name())
        }
    };
    let shows = ui.shows_progress();
    let all = asked.wanted.len();
    let done = |done: usize| {
        if shows {
            Ui::progress_bar("vendoring", done, all);
        }
    };
    done(0);
    let vendor = Vendor::new(&settings, cache)?;
    let outcomes = vendor.bring(&asked.wanted, &asked.lock, &refresh, &done, &stop);
    if shows {
        Ui::progress_done();
    }
    Ok((!stop.load(Ordering::Relaxed)).then_some(outcomes))
}

fn faults(outcomes: &[Outcome], uses: &[Use]) -> Vec<Diagnostic> {
    let failed = outcomes.iter().filter_map(|outcome| {
        let fault = outcome.result.as_ref().err()?;
        let used = uses.iter().find(|used| used.wanted == outcome.wanted);
        Some(told(fault, used.map_or(Span::NONE, |used| used.span)))
    });
    failed.collect()
}

fn told(fault: &Fault, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(span, fault.message.clone());
    match fault.hint.is_empty() {
        true => *diagnostic,
        false => *diagnostic.hint(fault.hint.clone()),
    }
}

fn new_lock(outcomes: &[Outcome]) -> Lock {
    let mut lock = Lock::default();
    for brought in outcomes.iter().filter_map(|outcome| outcome.result.as_ref().ok()) {
        match &brought.entry {
            Entry::Chart(chart) => lock.charts.push(chart.clone()),
            Entry::Remote(remote) => lock.remotes.push(remote.clone()),
        }
    }
    lock.sort();
    lock
}

/// Writes the lock and the copies, if they are not what is there; returns the number of copies.
fn write(
    world: &DiskWorld,
    asked: &Asked,
    lock: &Lock,
    copies: &[Copy],
) -> io::Result<usize> {
    let text = lock.to_text();
    let nothing = asked.wanted.is_empty() && asked.lock_text.is_none();
    let is_current = nothing || asked.lock_text.as_deref() == Some(&*text);
    let copies_current = vendored::missing(world, copies).is_empty()
        && vendored::differing(world, copies).is_empty();
    // What a killed run left is cleared away by the next one that opens the sink.
    let state = ".thanos-gitops";
    let left = VPath::new(state).is_some_and(|path| world.kind(&path).is_some());
    if is_current && copies_current && !left {
        return Ok(0);
    }
    let sink = DiskSink::open(world.root(), state)?;
    let written = vendored::write(world, copies, &sink)?;
    if !is_current {
        let path = lock_path();
        sink.stage(&path, text.as_bytes())?;
        sink.publish(&path)?;
    }
    Ok(written)
}

fn say(ui: &Ui, outcomes: &[Outcome], copies: usize) {
    let brought: Vec<(&Wanted, &Brought)> = outcomes
        .iter()
        .filter_map(|outcome| Some((&outcome.wanted, outcome.result.as_ref().ok()?)))
        .collect();
    if ui.verbose() {
        for (wanted, brought) in &brought {
            let how = if brought.fetched { "fetched" } else { "cached" };
            let signed = brought.signed.as_ref();
            let signed =
                signed.map_or_else(String::new, |by| format!(", signed by {by}"));
            ui.say(&format!("{how} {}{signed}", wanted.name()));
        }
    }
    let fetched = brought.iter().filter(|(_, brought)| brought.fetched).count();
    let copies = match copies {
        0 => String::new(),
        n => format!(", {} written", plural(n, "copy").replace("copys", "copies")),
    };
    let cached = brought.len() - fetched;
    ui.say(&format!("{VENDORED}: {fetched} fetched, {cached} in the cache{copies}"));
}

/// Tells which charts changed, what that does to their default values, and whom it meets.
fn tell(
    ui: &mut Ui,
    sources: &SourceMap,
    cache: &Cache,
    asked: &Asked,
    lock: &Lock,
) -> io::Result<()> {
    for new in &lock.charts {
        let same =
            |old: &&LockedChart| old.name == new.name && old.repository == new.repository;
        let mut olds = asked.lock.charts.iter().filter(same);
        let old = asked
            .lock
            .chart(&new.name, &new.repository, &new.requested)
            .or_else(|| olds.next());
        let Some(old) = old else {
            writeln!(ui.out, "+ {} {}", new.name, new.version)?;
            continue;
        };
        if old.sha256 == new.sha256 {
            continue;
        }
        let step = step(&old.version, &new.version);
        writeln!(ui.out, "~ {} {} -> {} ({step})", new.name, old.version, new.version)?;
        let texts = (values_text(cache, old), values_text(cache, new));
        let (Some(before), Some(after)) = texts else {
            writeln!(
                ui.out,
                "  the older archive is not in the cache: values not compared"
            )?;
            continue;
        };
        let changes = vendored::compare(&before, &after);
        tell_values(ui, &changes)?;
        tell_met(ui, sources, asked, new, &changes)?;
    }
    for old in &asked.lock.charts {
        let stays =
            |new: &LockedChart| new.name == old.name && new.repository == old.repository;
        if !lock.charts.iter().any(stays) {
            writeln!(ui.out, "- {} {}", old.name, old.version)?;
        }
    }
    for new in &lock.remotes {
        let shown = new.commit.as_deref().and_then(|commit| commit.get(..12));
        let shown = shown.map_or_else(|| new.sha256.short(), str::to_owned);
        match asked.lock.remote(&new.address) {
            None => writeln!(ui.out, "+ {} {shown}", new.address)?,
            Some(old) if old != new => writeln!(ui.out, "~ {} -> {shown}", new.address)?,
            Some(_) => {}
        }
    }
    Ok(())
}

/// How big a step it is, in the words of semantic versions.
fn step(old: &str, new: &str) -> &'static str {
    use helm::semver::Version;
    let (Ok(old), Ok(new)) = (Version::parse(old), Version::parse(new)) else {
        return "other version";
    };
    match old.compare(&new) {
        std::cmp::Ordering::Equal => "same version, other content",
        std::cmp::Ordering::Greater => "downgrade",
        std::cmp::Ordering::Less if old.major != new.major => "major",
        std::cmp::Ordering::Less if old.minor != new.minor => "minor",
        std::cmp::Ordering::Less if old.patch != new.patch => "patch",
        std::cmp::Ordering::Less => "prerelease",
    }
}

fn values_text(cache: &Cache, chart: &LockedChart) -> Option<String> {
    let files = helm::archive_files(&cache.get(&chart.sha256)?).ok()?;
    let values = files.iter().find(|(name, _)| name == "values.yaml");
    Some(
        values.map_or_else(String::new, |(_, data)| {
            String::from_utf8_lossy(data).into_owned()
        }),
    )
}

fn tell_values(ui: &mut Ui, changes: &Changes) -> io::Result<()> {
    let (added, removed, changed) = changes.counts();
    writeln!(
        ui.out,
        "  default values: {added} added, {removed} removed, {changed} changed"
    )?;
    for difference in &changes.differences {
        let (path, old, new) =
            (&difference.path, difference.old_line, difference.new_line);
        match &difference.change {
            ValuesChange::Added(value) => {
                writeln!(ui.out, "  + {path}: {value}  (line {new})")?;
            }
            ValuesChange::Removed(renamed) => {
                let renamed = renamed.as_ref();
                let renamed =
                    renamed.map_or_else(String::new, |to| format!(", now {to}?"));
                writeln!(ui.out, "  - {path}  (was line {old}{renamed})")?;
            }
            ValuesChange::Changed(before, after)
            | ValuesChange::Reshaped(before, after) => {
                writeln!(
                    ui.out,
                    "  ~ {path}: {before} -> {after}  (line {old} -> {new})"
                )?;
            }
        }
    }
    Ok(())
}

fn tell_met(
    ui: &mut Ui,
    sources: &SourceMap,
    asked: &Asked,
    chart: &LockedChart,
    changes: &Changes,
) -> io::Result<()> {
    let is_it = |used: &&Use| match &used.wanted {
        Wanted::Chart { name, repository, .. } => {
            *name == chart.name && *repository == chart.repository
        }
        Wanted::Address(_) => false,
    };
    let mut lines = BTreeSet::new();
    let values = asked.uses.iter().filter(is_it).filter_map(|used| used.chart.as_ref());
    for met in values.flat_map(|c| &c.values).flat_map(|values| changes.met_by(values)) {
        let Some(at) = sources.location(met.span) else { continue };
        let file = sources.file(met.span.file);
        let what = match met.change {
            ValuesChange::Removed(Some(to)) => format!("is gone; now {to}?"),
            ValuesChange::Removed(None) => "is gone".to_owned(),
            _ => "has another shape".to_owned(),
        };
        lines.insert((file.path.clone(), at.line, at.column, met.path, what));
    }
    if !lines.is_empty() {
        writeln!(ui.out, "  your values set what the chart does no longer read:")?;
    }
    for (path, line, column, key, what) in lines {
        writeln!(ui.out, "  ! {path}:{line}:{column}: {key} {what}")?;
    }
    Ok(())
}

/// Compares lock and tree without a network.
fn check(
    ui: &mut Ui,
    world: &DiskWorld,
    sources: &SourceMap,
    cache: &Cache,
    asked: &Asked,
) -> io::Result<Exit> {
    let mut faults = Vec::new();
    let mut reported = BTreeSet::new();
    for used in &asked.uses {
        let is_locked = match &used.wanted {
            Wanted::Chart { name, repository, version, .. } => {
                asked.lock.chart(name, repository, version).is_some()
            }
            Wanted::Address(address) => asked.lock.remote(address).is_some(),
        };
        if !is_locked && reported.insert(&used.wanted) {
            let message = format!("`{}` is not in {VENDORED}", used.wanted.name());
            faults.push(
                *Diagnostic::error(used.span, message).hint("run `thanos-gitops vendor`"),
            );
        }
    }
    let extra = asked.lock.charts.iter().filter(|chart| {
        !asked.wanted.iter().any(|wanted| match wanted {
            Wanted::Chart { name, repository, version, .. } => {
                asked.lock.chart(name, repository, version) == Some(chart)
            }
            Wanted::Address(_) => false,
        })
    });
    let extra = extra.map(|chart| format!("{} {}", chart.name, chart.version));
    let remotes = asked.lock.remotes.iter().filter(|remote| {
        !asked.wanted.contains(&Wanted::Address(remote.address.clone()))
    });
    for name in extra.chain(remotes.map(|remote| remote.address.clone())) {
        let message = format!("{VENDORED} names {name}, which the tree does not");
        faults.push(
            *Diagnostic::error(Span::NONE, message).hint("run `thanos-gitops vendor`"),
        );
    }
    let copies = Copy::all(&asked.uses, &asked.lock, cache);
    for (copy, path) in vendored::differing(world, &copies) {
        let (path, name) = (world.display(&path), &copy.name);
        let message = format!("`{path}` is not what is locked of chart `{name}`");
        faults.push(*Diagnostic::error(Span::NONE, message).hint(
            "run `thanos-gitops vendor --into-tree` to put the locked chart there",
        ));
    }
    ui.tell(sources, &faults)?;
    if faults.is_empty() {
        let count = plural(asked.wanted.len(), "entry").replace("entrys", "entries");
        ui.say(&format!("{VENDORED} is up to date: {count}"));
        return Ok(Exit::Clean);
    }
    Ok(Exit::Findings)
}

fn collect(
    days: u32,
    ui: &mut Ui,
    sources: &SourceMap,
    cache: &Cache,
) -> io::Result<Exit> {
    let unused = Duration::from_secs(24 * 3600 * u64::from(days));
    match cache.collect(unused, super::ui::now()) {
        Ok(done) => {
            let (files, mib) = (plural(done.files, "file"), done.bytes >> 20);
            ui.say(&format!("{files} removed ({mib} MiB), {} kept", done.kept));
            Ok(Exit::Clean)
        }
        Err(error) => {
            let message = format!("cannot clear `{}`: {error}", cache.root().display());
            repository::refuse(ui, sources, &[*Diagnostic::error(Span::NONE, message)])
        }
    }
}
