//! The program: everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    thanos_gitops::cli::main(std::env::args_os())
}
