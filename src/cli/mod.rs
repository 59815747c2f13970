//! The command line: one file for each subcommand.
//!
//! [`main`] parses, runs one subcommand and turns what came of it into an exit code. A
//! subcommand is an `Args` struct, whose comment is its help, and a `run`. Only this room
//! reads the environment, and only it prints.

mod build;
mod completions;
mod diff;
mod everywhere;
mod exit;
mod explain;
mod fix;
mod helm_flags;
mod init;
mod lint;
mod lints;
mod local_git;
mod man;
mod manifests;
mod output_dir;
mod render;
mod repository;
mod strict;
mod template;
mod ui;
mod vendor;

use std::ffi::OsString;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};

use exit::Exit;
use ui::Ui;

/// What the exit codes mean; also a section of the manual pages.
const EXIT_STATUS: &str = "\
Exit status:
  0    nothing to say, or nothing bad
  1    findings of level error, stale output (--check), or a difference (--exit-code)
  2    could not run: bad arguments, unreadable input, a tree that does not compile
  3    a bug of thanos-gitops
  130  interrupted; nothing was changed";

/// Compiles and lints GitOps repositories of many Kubernetes clusters
///
/// Renders Kustomize trees and Helm charts in process, knows for every field which line set
/// it, and checks all clusters together.
#[derive(Debug, Parser)]
#[command(name = "thanos-gitops", version, max_term_width = 100)]
#[command(disable_help_subcommand = true, after_help = EXIT_STATUS)]
struct Cli {
    #[command(flatten)]
    look: ui::Look,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Build(build::Args),
    Lint(lint::Args),
    Diff(diff::Args),
    Explain(explain::Args),
    Lints(lints::Args),
    Vendor(vendor::Args),
    Render(render::Args),
    Template(Box<template::Args>),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the program with these arguments, the first of which is its own name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| Ui::stderr_line(&bug_report(panic))));
    let run = AssertUnwindSafe(|| match Cli::try_parse_from(args) {
        Ok(cli) => run(cli).code(),
        Err(error) => {
            // Help and version are no errors; a closed pipe while printing them is fine.
            let _closed = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
        }
    });
    catch_unwind(run).unwrap_or_else(|_reported_by_the_hook| Exit::Bug.code())
}

fn run(cli: Cli) -> Exit {
    let mut ui = Ui::new(cli.look);
    let done = match cli.command {
        Command::Init(args) => init::run(&args, &mut ui),
        Command::Build(args) => build::run(&args, &mut ui),
        Command::Lint(args) => lint::run(&args, &mut ui),
        Command::Diff(args) => diff::run(&args, &mut ui),
        Command::Explain(args) => explain::run(&args, &mut ui),
        Command::Lints(args) => lints::run(&args, &mut ui),
        Command::Vendor(args) => vendor::run(&args, &mut ui),
        Command::Render(args) => render::run(&args, &mut ui),
        Command::Template(args) => template::run(&args, &mut ui),
        Command::Completions(args) => completions::run(&args, &mut ui),
        Command::Man(args) => man::run(&args, &mut ui),
    };
    match done.and_then(|exit| ui.finish().map(|()| exit)) {
        Ok(exit) => exit,
        // Whoever read the output has read enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::Clean,
        Err(error) => {
            Ui::stderr_line(&format!("error: cannot write the output: {error}"));
            Exit::CouldNotRun
        }
    }
}

fn bug_report(panic: &std::panic::PanicHookInfo<'_>) -> String {
    let place = panic.location().map(|l| format!(" at {}:{}", l.file(), l.line()));
    let payload = panic.payload();
    let words = payload.downcast_ref::<&str>().copied();
    let words = words.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let words = words.unwrap_or("no message");
    format!(
        "error: this is a bug of thanos-gitops {}: {words}{}\n\
         please report it with the command you ran: {}/issues",
        env!("CARGO_PKG_VERSION"),
        place.unwrap_or_default(),
        env!("CARGO_PKG_REPOSITORY"),
    )
}

/// The whole command line, for completions and manual pages.
fn command() -> clap::Command {
    Cli::command()
}
