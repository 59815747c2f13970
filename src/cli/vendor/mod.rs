//! `vendor`: the one command that touches a network.
//!
//! `check.rs` compares lock and tree without one, `changes.rs` tells what another lock changes.

mod changes;
mod check;

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use source::{
    Diagnostic, DiskSink, DiskWorld, MemoryWorld, Sink, SourceMap, Span, VENDORED, VPath,
    World,
};
use vendor::{
    Brought, Cache, Entry, Environment, Fault, Lock, LockedWorld, Outcome, Patience,
    Settings, Vendor, Wanted, shown,
};

use super::exit::Exit;
use super::repository;
use super::ui::{Ui, plural};
use crate::vendored::{self, Copy, Use};

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
    let sources = goyaml::source_map();
    let cache = repository::cache();
    if let Some(days) = args.gc {
        return collect(days, ui, &sources, &cache);
    }
    let world = match repository::open(&args.root) {
        Ok(world) => world,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let mut asked = match asked(&world, &sources, args.check) {
        Ok(asked) => asked,
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    if args.check {
        return check::check(ui, &world, &sources, &cache, asked);
    }
    if let Some(name) = unknown_name(args, &asked) {
        return repository::refuse(ui, &sources, &[name]);
    }
    let outcomes = match bring(args, ui, &sources, &cache, &mut asked) {
        Ok(Some(outcomes)) => outcomes,
        Ok(None) => {
            Ui::stderr_line("interrupted: nothing was locked");
            return Ok(Exit::Interrupted);
        }
        Err(faults) => return repository::refuse(ui, &sources, &faults),
    };
    let faults = faults(&outcomes, &asked.uses);
    if !faults.is_empty() {
        return repository::refuse(ui, &sources, &faults);
    }
    let lock = new_lock(&outcomes);
    let copies = match args.into_tree {
        true => Copy::all(&asked.uses, &lock, &cache),
        false => Ok(Vec::new()),
    };
    let copies = match copies {
        Ok(copies) => copies,
        Err(words) => {
            let fault = Diagnostic::error(Span::NONE, words);
            return repository::refuse(ui, &sources, &[*fault]);
        }
    };
    match write(&world, &asked, &lock, &copies) {
        Ok(written) => {
            changes::tell(ui, &sources, &cache, &asked, &lock)?;
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

/// Reads the tree and the lock; a conflict in it is resolved, but not by a check.
fn asked(
    world: &DiskWorld,
    sources: &SourceMap,
    is_check: bool,
) -> Result<Asked, Vec<Diagnostic>> {
    let config = crate::config::read(world, sources)?;
    let uses = vendored::find(world, sources, &config.paths.output)?;
    let own = VPath::new(crate::config::FILE).unwrap_or_else(VPath::root);
    let marks = [own, lock_path(), config.paths.overlays, config.paths.base];
    if uses.is_empty() && marks.iter().all(|path| world.kind(path).is_none()) {
        let root = world.display(&VPath::root());
        let message = format!("`{root}` is no repository: nothing in it names a chart");
        let hint = "run it at the root of the repository, or name that root";
        return Err(vec![*Diagnostic::error(Span::NONE, message).hint(hint)]);
    }
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
    let text = lock_text.as_deref().unwrap_or("");
    let in_conflict = text.lines().any(|line| line.starts_with("<<<<<<< "));
    let lock = match in_conflict && !is_check {
        true => Lock::parse_conflict(text),
        false => Lock::parse(text),
    };
    let lock = lock.map_err(|fault| {
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
    // What vendored bases name is in the lock only.
    let charts = asked.lock.charts.iter().map(|chart| chart.name.as_str());
    let remotes = asked.lock.remotes.iter().map(|remote| remote.address.as_str());
    let named = asked.wanted.iter().map(Wanted::name);
    let known: Vec<&str> = named.chain(charts).chain(remotes).collect();
    let unknown = names.iter().find(|name| !known.contains(&name.as_str()))?;
    let message = format!("the tree names no chart `{unknown}`");
    let hint = match crate::config::did_you_mean(unknown, known.iter().copied()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "`--update` takes the names of charts, or none for all".to_owned(),
    };
    Some(*Diagnostic::error(Span::NONE, message).hint(hint))
}

/// Fetches what the tree names, then what that names; `None` if it was interrupted.
fn bring(
    args: &Args,
    ui: &Ui,
    sources: &SourceMap,
    cache: &Cache,
    asked: &mut Asked,
) -> Result<Option<Vec<Outcome>>, Vec<Diagnostic>> {
    let keyring = super::ui::environment("THANOS_GITOPS_KEYRING");
    let keyring = keyring.filter(|path| !path.is_empty()).map(PathBuf::from);
    let silence = Duration::from_secs(u64::from(args.timeout.max(1)));
    let settings = Settings {
        environment: Environment::new(super::ui::environment_variables()),
        patience: Patience { silence, ..Patience::default() },
        keyring: args.keyring.clone().or(keyring),
        must_be_signed: args.verify,
        stop: repository::interruption(),
    };
    let refresh = |wanted: &Wanted| match &args.update {
        None => false,
        Some(names) => {
            names.is_empty() || names.iter().any(|name| name.as_str() == wanted.name())
        }
    };
    let shows = ui.shows_progress();
    let vendor = Vendor::new(&settings, cache);
    let vendor = vendor.map_err(|fault| vec![told(&fault, Span::NONE)])?;
    let (mut outcomes, mut faults) = (Vec::new(), Vec::new());
    let mut wanted = asked.wanted.clone();
    while !wanted.is_empty() {
        let before = outcomes.len();
        let all = asked.wanted.len();
        let done = |done: usize| {
            if shows {
                Ui::progress_bar("vendoring", before + done, all);
            }
        };
        done(0);
        outcomes.extend(vendor.bring(&wanted, &asked.lock, &refresh, &done));
        if settings.stop.load(Ordering::Relaxed) {
            break;
        }
        let followed = asked.follow(&new_lock(&outcomes), sources, cache);
        wanted = followed.wanted;
        faults.extend(followed.faults);
    }
    if shows {
        Ui::progress_done();
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok((!settings.stop.load(Ordering::Relaxed)).then_some(outcomes))
}

/// What came of following bases.
struct Followed {
    /// What was not known before.
    wanted: BTreeSet<Wanted>,
    /// Is a base not in the cache, so that nobody knows what it names?
    is_partial: bool,
    /// Why a base may name more than is found.
    faults: Vec<Diagnostic>,
}

impl Asked {
    /// Adds what the bases of this lock name.
    fn follow(&mut self, lock: &Lock, sources: &SourceMap, cache: &Cache) -> Followed {
        let world = MemoryWorld::new().with(VENDORED, lock.to_text());
        let world = LockedWorld::new(world, cache.clone());
        let vendored::Nested { uses, is_partial, faults } =
            vendored::nested(&world, sources, &self.uses);
        let mut wanted = BTreeSet::new();
        for used in uses {
            if self.wanted.insert(used.wanted.clone()) {
                wanted.insert(used.wanted.clone());
                self.uses.push(used);
            }
        }
        Followed { wanted, is_partial, faults }
    }
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

/// How often a vendor that writes here is waited for, and how long each time.
const WAITS: (u32, Duration) = (100, Duration::from_millis(100));

/// Opens the tree for writing; waits for another vendor, which writes for a moment only.
fn open_sink(world: &DiskWorld) -> io::Result<DiskSink> {
    let mut tried = 0;
    loop {
        match DiskSink::open(world.root(), &VPath::root(), ".thanos-gitops") {
            Err(error)
                if error.kind() == io::ErrorKind::WouldBlock && tried < WAITS.0 =>
            {
                tried += 1;
                std::thread::sleep(WAITS.1);
            }
            done => return done,
        }
    }
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
        && vendored::differing(world, copies).map_err(io::Error::other)?.is_empty();
    // What a killed run left is cleared away by the next one that opens the sink.
    let left = VPath::new(".thanos-gitops");
    let left = left.is_some_and(|path| world.kind(&path).is_some());
    if is_current && copies_current && !left {
        return Ok(0);
    }
    let sink = open_sink(world)?;
    let there = sink.read(&lock_path())?;
    let there = there.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    if there != asked.lock_text && there.as_deref() != Some(&*text) {
        return Err(io::Error::other("another vendor has changed the lock meanwhile"));
    }
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
            ui.say(&format!("{how} {}{signed}", shown(wanted.name())));
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
