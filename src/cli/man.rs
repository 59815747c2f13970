//! `man`

use std::io;

use super::exit::Exit;
use super::ui::Ui;

/// Print the manual page of the program or of a subcommand
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The subcommand
    command: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    let mut command = super::command();
    command.build();
    let Some(name) = &args.command else {
        clap_mangen::Man::new(command).render(&mut ui.out)?;
        return Ok(Exit::Clean);
    };
    let Some(found) = command.find_subcommand(name) else {
        Ui::stderr_line(&format!("error: no subcommand `{name}`"));
        return Ok(Exit::CouldNotRun);
    };
    let title = format!("thanos-gitops-{name}");
    clap_mangen::Man::new(found.clone()).title(title).render(&mut ui.out)?;
    Ok(Exit::Clean)
}
