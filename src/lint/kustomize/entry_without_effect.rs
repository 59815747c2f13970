//! KUST003: an entry of a kustomization changes nothing.

use kustomize::NoteKind;
use source::Severity;

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST003",
    name: "entry-without-effect",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/entry-without-effect.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    super::report(
        fleet,
        &[NoteKind::Image, NoteKind::Var, NoteKind::Transformer],
        findings,
    );
}
