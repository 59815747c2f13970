//! Whole processes, measured: wall time, processor time and peak memory.
//!
//! The operating system tells the peak memory of children only as the largest of all that were
//! waited for. So a benchmark runs itself once more for each sample (`--meter PROGRAM ARG…`),
//! and that process has one child.

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// What one run of a process took.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    pub(crate) wall: Duration,
    /// User and system time of all threads.
    pub(crate) cpu: Duration,
    /// The peak of the resident memory, in KiB.
    pub(crate) peak: u64,
}

/// What several runs took.
#[derive(Clone, Debug, Default)]
pub(crate) struct Samples(pub(crate) Vec<Sample>);

/// If this process was started to measure another one, does so and ends.
///
/// The first thing that `main` of a benchmark calls.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
pub(crate) fn meter() {
    let mut args = std::env::args_os().skip(1);
    if args.next().as_deref() != Some(OsStr::new("--meter")) {
        return;
    }
    let program = args.next().expect("a program");
    let mut command = Command::new(&program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = command.status().expect("the program runs");
    let wall = start.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("its usage");
    let cpu = usage.user_time() + usage.system_time();
    println!("{} {} {}", wall.as_nanos(), cpu.num_microseconds(), usage.max_rss());
    #[expect(clippy::exit, reason = "the process was started for this alone")]
    std::process::exit(i32::from(!status.success()));
}

/// Runs a program in a folder, its output thrown away. Panics if it fails.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
pub(crate) fn measure<S: AsRef<OsStr>>(
    folder: &Path,
    program: impl AsRef<OsStr>,
    args: &[S],
) -> Sample {
    let this = std::env::current_exe().expect("the benchmark's own path");
    let mut command = Command::new(this);
    command.arg("--meter").arg(program.as_ref()).args(args).current_dir(folder);
    let output = command.output().expect("the meter runs");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?} failed: {error}");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().filter_map(|n| n.parse::<u64>().ok());
    let mut next = || numbers.next().expect("three numbers");
    Sample {
        wall: Duration::from_nanos(next()),
        cpu: Duration::from_micros(next()),
        peak: next(),
    }
}

impl Samples {
    /// Measures `runs` times, after one run that warms the disk's cache.
    pub(crate) fn of(runs: usize, mut run: impl FnMut() -> Sample) -> Samples {
        if runs > 1 {
            run();
        }
        Samples((0..runs).map(|_| run()).collect())
    }

    /// The median of each figure, taken apart.
    pub(crate) fn median(&self) -> Sample {
        let middle = |mut figures: Vec<u128>| {
            figures.sort_unstable();
            figures.get(figures.len() / 2).copied().unwrap_or(0)
        };
        let nanos = |d: u128| Duration::from_nanos(u64::try_from(d).unwrap_or(u64::MAX));
        let of = |figure: &dyn Fn(&Sample) -> u128| {
            middle(self.0.iter().map(figure).collect())
        };
        Sample {
            wall: nanos(of(&|s| s.wall.as_nanos())),
            cpu: nanos(of(&|s| s.cpu.as_nanos())),
            peak: u64::try_from(of(&|s| u128::from(s.peak))).unwrap_or(u64::MAX),
        }
    }

    /// Prints the median, and how often it is better than that of the real tool.
    pub(crate) fn print(&self, what: &str, ours: Option<&Samples>) {
        let median = self.median();
        println!("  {what:<28} {median}");
        let Some(ours) = ours.map(Samples::median) else { return };
        let wall = median.wall.as_secs_f64() / ours.wall.as_secs_f64();
        let cpu = median.cpu.as_secs_f64() / ours.cpu.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "a ratio for people")]
        let peak = median.peak as f64 / ours.peak as f64;
        println!(
            "  {:<28} wall {wall:>9.1} ×   CPU {cpu:>9.1} ×   peak {peak:>6.1} ×",
            "ratio"
        );
    }
}

impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = |d: Duration| d.as_secs_f64() * 1000.0;
        let (wall, cpu) = (ms(self.wall), ms(self.cpu));
        #[expect(clippy::cast_precision_loss, reason = "a figure for people")]
        let peak = self.peak as f64 / 1024.0;
        write!(f, "wall {wall:>9.1} ms  CPU {cpu:>9.1} ms  peak {peak:>6.1} MiB")
    }
}

/// A setting of the benchmark.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads its own settings")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// How often each thing is measured: `RUNS`.
pub(crate) fn runs(default: usize) -> usize {
    variable("RUNS").and_then(|n| n.parse().ok()).unwrap_or(default).max(1)
}

/// The real tool: the path in the variable, else the name on `PATH`; none if it does not run.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
pub(crate) fn tool(variable_name: &str, name: &str) -> Option<PathBuf> {
    let program = variable(variable_name).unwrap_or_else(|| name.to_owned());
    let output = Command::new(&program).arg("version").output();
    if output.is_ok_and(|output| output.status.success()) {
        return Some(program.into());
    }
    println!("{name}: not found; set {variable_name} to compare");
    None
}

/// A folder of this process, empty; [`remove`] takes it away.
#[expect(clippy::disallowed_methods, reason = "a benchmark prepares its own folder")]
pub(crate) fn scratch() -> PathBuf {
    let name = format!("thanos-gitops-bench-{}", std::process::id());
    let folder = std::env::temp_dir().join(name);
    std::fs::create_dir_all(&folder).expect("a folder");
    folder
}

/// Removes a folder. One that cannot be removed is the system's to clean.
#[expect(
    clippy::disallowed_methods,
    reason = "a benchmark looks at files and the clock itself"
)]
pub(crate) fn remove(folder: &Path) {
    let _left = std::fs::remove_dir_all(folder);
}

/// Writes a file, and the folders above it.
#[expect(clippy::disallowed_methods, reason = "a benchmark prepares its own folder")]
pub(crate) fn write(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    std::fs::write(path, text).expect("a file");
}
