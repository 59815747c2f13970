//! KUST008: a target that is empty or an expression selects every object.

use kustomize::NoteKind;
use source::Severity;

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST008",
    name: "catch-all-target",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/catch-all-target.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    super::report(fleet, &[NoteKind::CatchAll], findings);
}
