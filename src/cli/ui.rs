//! What people see: results on stdout, messages on stderr, colour and progress on terminals.
#![expect(clippy::disallowed_methods, reason = "this is the door to the terminal")]

use std::io::{self, BufWriter, IsTerminal, Stdout, Write};

use clap::ValueEnum;
use source::{Diagnostic, Severity, SourceMap};

use crate::report::{Counts, Format, Pretty, Report};

/// How much to print, and how.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Look {
    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    #[arg(help_heading = "Messages")]
    color: When,
    /// Print results and errors only
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    #[arg(help_heading = "Messages")]
    quiet: bool,
    /// Print more: warnings of single renders, what was written
    #[arg(short, long, global = true, help_heading = "Messages")]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Where results and messages go.
pub(crate) struct Ui {
    /// Results; written when the run ends, or when the buffer is full.
    pub(crate) out: BufWriter<Stdout>,
    look: Look,
    format: Format,
    stdout_color: bool,
    stderr_color: bool,
}

impl Ui {
    /// Asks the environment and the terminals once.
    pub(crate) fn new(look: Look) -> Ui {
        let no_color = environment("NO_COLOR").is_some_and(|v| !v.is_empty());
        let dumb = environment("TERM").is_some_and(|v| v == "dumb");
        let color = |terminal: bool| match look.color {
            When::Always => true,
            When::Never => false,
            When::Auto => terminal && !no_color && !dumb,
        };
        Ui {
            stdout_color: color(io::stdout().is_terminal()),
            stderr_color: color(io::stderr().is_terminal()),
            out: BufWriter::new(io::stdout()),
            format: Format::Pretty,
            look,
        }
    }

    /// Are more words wanted?
    pub(crate) fn verbose(&self) -> bool {
        self.look.verbose
    }

    /// Are results and errors all that is wanted?
    pub(crate) fn quiet(&self) -> bool {
        self.look.quiet
    }

    /// Are results coloured?
    pub(crate) fn stdout_color(&self) -> bool {
        self.stdout_color
    }

    /// Is there someone who watches progress?
    pub(crate) fn shows_progress(&self) -> bool {
        !self.look.quiet && io::stderr().is_terminal()
    }

    /// Tells people something that is neither result nor error; `-q` hides it.
    pub(crate) fn say(&self, words: &str) {
        if !self.look.quiet {
            Ui::stderr_line(words);
        }
    }

    /// Sets what reports look like; a run makes one report at most.
    pub(crate) fn set_format(&mut self, format: Format) {
        self.format = format;
    }

    /// Writes what was found, or why there is nothing: to stderr for people, to stdout for
    /// machines.
    pub(crate) fn tell(
        &mut self,
        sources: &SourceMap,
        diagnostics: &[Diagnostic],
    ) -> io::Result<()> {
        if self.format == Format::Pretty {
            self.faults(sources, diagnostics);
            return Ok(());
        }
        let report = Report { sources, diagnostics };
        report.write(self.format, &Pretty::default(), &mut self.out)
    }

    /// Writes diagnostics to stderr, as people read them.
    pub(crate) fn faults(&self, sources: &SourceMap, diagnostics: &[Diagnostic]) {
        let quiet = self.look.quiet;
        let shown = |d: &&Diagnostic| !quiet || d.severity == Severity::Error;
        let diagnostics: Vec<Diagnostic> =
            diagnostics.iter().filter(shown).cloned().collect();
        let report = Report { sources, diagnostics: &diagnostics };
        let style = Pretty { color: self.stderr_color, verbose: self.look.verbose };
        // When nobody listens on stderr there is nobody to tell.
        let _closed = report.write(
            Format::Pretty,
            &style,
            &mut BufWriter::new(io::stderr().lock()),
        );
    }

    /// Writes findings to stdout in `format`.
    pub(crate) fn report(
        &mut self,
        report: &Report<'_>,
        format: Format,
    ) -> io::Result<()> {
        let style = Pretty { color: self.stdout_color, verbose: self.look.verbose };
        report.write(format, &style, &mut self.out)
    }

    /// Writes what is still buffered.
    pub(crate) fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    /// Shows how far a build is, on a line that the next one replaces.
    pub(crate) fn progress(done: usize, all: usize) {
        let mut err = io::stderr().lock();
        let _closed =
            write!(err, "\r\u{1b}[Kbuilding {done}/{all}").and_then(|()| err.flush());
    }

    /// Shows how many of several things are done, as a bar on a line that the next one replaces.
    pub(crate) fn progress_bar(word: &str, done: usize, all: usize) {
        const WIDTH: usize = 24;
        let full = (WIDTH * done).checked_div(all).unwrap_or(WIDTH).min(WIDTH);
        let (full, rest) = ("#".repeat(full), "-".repeat(WIDTH - full));
        let mut err = io::stderr().lock();
        let _closed = write!(err, "\r\u{1b}[K{word} [{full}{rest}] {done}/{all}")
            .and_then(|()| err.flush());
    }

    /// Takes the line of progress away.
    pub(crate) fn progress_done() {
        let _closed = write!(io::stderr().lock(), "\r\u{1b}[K");
    }

    /// Writes a line to stderr.
    pub(crate) fn stderr_line(words: &str) {
        let _closed = writeln!(io::stderr().lock(), "{words}");
    }
}

/// `2 errors, 1 warning`, and nothing for nothing.
pub(crate) fn counted(counts: Counts) -> String {
    let parts =
        [(counts.errors, "error"), (counts.warnings, "warning"), (counts.infos, "note")];
    let parts = parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| plural(*n, word));
    parts.collect::<Vec<_>>().join(", ")
}

/// `1 file`, `2 files`.
pub(crate) fn plural(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

/// A variable of the environment.
pub(crate) fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// All variables of the environment that are text.
pub(crate) fn environment_variables() -> Vec<(String, String)> {
    let text = |pair: (std::ffi::OsString, std::ffi::OsString)| {
        Some((pair.0.into_string().ok()?, pair.1.into_string().ok()?))
    };
    std::env::vars_os().filter_map(text).collect()
}

/// The time of day, for the age of files.
pub(crate) fn now() -> std::time::SystemTime {
    std::time::SystemTime::now()
}
