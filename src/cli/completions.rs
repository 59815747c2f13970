//! `completions`

use std::io;

use super::exit::Exit;
use super::ui::Ui;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    clap_complete::generate(
        args.shell,
        &mut super::command(),
        "thanos-gitops",
        &mut ui.out,
    );
    Ok(Exit::Clean)
}
