//! The program: everything is in the library.

use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[expect(clippy::disallowed_methods, reason = "this is the command line")]
fn main() -> ExitCode {
    thanos_gitops::cli::main(std::env::args_os())
}
