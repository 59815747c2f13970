//! KUST001: the target of a patch selects no object.

use kustomize::NoteKind;
use source::Severity;

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST001",
    name: "patch-matches-nothing",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/patch-matches-nothing.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    super::report(fleet, &[NoteKind::Patch], findings);
}
