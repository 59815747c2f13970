//! `man`

use std::io::{self, Write};

use clap::builder::Resettable;

use super::exit::Exit;
use super::ui::Ui;

/// Print the manual page of the program or of a subcommand
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The subcommand
    command: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    // The exit status has a section of its own.
    let mut command = super::command().after_help(Resettable::Reset);
    command.build();
    let Some(name) = &args.command else {
        clap_mangen::Man::new(command).render(&mut ui.out)?;
        ui.out.write_all(exit_status().as_bytes())?;
        return Ok(Exit::Clean);
    };
    let Some(found) = command.find_subcommand(name) else {
        Ui::stderr_line(&format!("error: no subcommand `{name}`"));
        return Ok(Exit::CouldNotRun);
    };
    let title = format!("thanos-gitops-{name}");
    clap_mangen::Man::new(found.clone()).title(title).render(&mut ui.out)?;
    ui.out.write_all(exit_status().as_bytes())?;
    Ok(Exit::Clean)
}

/// The section about exit codes.
fn exit_status() -> String {
    let rows = super::EXIT_STATUS.lines().filter_map(|l| l.trim().split_once("  "));
    let rows = rows.map(|(code, words)| {
        format!(".TP\n\\fB{code}\\fR\n{}\n", words.trim().replace('-', "\\-"))
    });
    std::iter::once(".SH \"EXIT STATUS\"\n".to_owned()).chain(rows).collect()
}
