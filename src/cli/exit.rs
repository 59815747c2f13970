//! What a run came to.

use std::process::ExitCode;

/// The exit codes, as `product.md` and the manual promise them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing to say, or nothing bad.
    Clean,
    /// 1: findings at error level, stale output, or a difference that was asked about.
    Findings,
    /// 2: bad arguments, unreadable input, a tree that does not compile.
    CouldNotRun,
    /// 3: a bug of ours.
    Bug,
    /// 130: stopped by the person at the keyboard; nothing was changed.
    Interrupted,
}

impl Exit {
    /// The number that the shell sees.
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::CouldNotRun => 2,
            Exit::Bug => 3,
            Exit::Interrupted => 130,
        })
    }
}
