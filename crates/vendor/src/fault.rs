//! Why something could not be brought.

use std::fmt;
use std::time::Duration;

/// What is wrong, and what to do: never with a secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong: it names the address and the status.
    pub message: String,
    /// What to do; empty if the message says it.
    pub hint: String,
    /// Could the next try succeed?
    pub(crate) passing: bool,
    /// What kind it is, where that decides what to do next.
    pub(crate) kind: FaultKind,
    /// The status that a server answered with.
    pub(crate) status: Option<u16>,
    /// How long the server asks to wait.
    pub(crate) wait: Option<Duration>,
}

/// The kinds of faults that somebody tells apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// The other side speaks TLS, and one of the two does not accept the other's certificate.
    Certificate,
    /// Any other.
    Other,
}

impl Fault {
    /// A fault without a hint.
    pub fn new(message: impl Into<String>) -> Fault {
        let message = message.into();
        Fault {
            message,
            hint: String::new(),
            passing: false,
            kind: FaultKind::Other,
            status: None,
            wait: None,
        }
    }

    /// Adds what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Fault {
        self.hint = hint.into();
        self
    }

    /// Says what kind it is.
    #[must_use]
    pub(crate) fn kind(mut self, kind: FaultKind) -> Fault {
        self.kind = kind;
        self
    }

    /// Says that the next try could succeed.
    #[must_use]
    pub(crate) fn passing(mut self) -> Fault {
        self.passing = true;
        self
    }

    /// Keeps the status of an answer.
    #[must_use]
    pub(crate) fn status(mut self, status: u16) -> Fault {
        self.status = Some(status);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
