//! KUST002: a target of a replacement selects no object.

use kustomize::NoteKind;
use source::Severity;

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST002",
    name: "replacement-matches-nothing",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/replacement-matches-nothing.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    super::report(fleet, &[NoteKind::Replacement], findings);
}
