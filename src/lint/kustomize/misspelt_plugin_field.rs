//! KUST004: the config of a builtin plugin has a field that the plugin does not know.

use kustomize::NoteKind;
use source::Severity;

use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST004",
    name: "misspelt-plugin-field",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/misspelt-plugin-field.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    super::report(fleet, &[NoteKind::PluginField], findings);
}
