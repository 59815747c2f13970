//! `completions`

use std::io::{self, Write};

use super::exit::Exit;
use super::ui::Ui;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    shell: clap_complete::Shell,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> io::Result<Exit> {
    // It panics if it cannot write: a reader may have left.
    let mut script = Vec::new();
    let name = "thanos-gitops";
    clap_complete::generate(args.shell, &mut super::command(), name, &mut script);
    ui.out.write_all(&script)?;
    Ok(Exit::Clean)
}
