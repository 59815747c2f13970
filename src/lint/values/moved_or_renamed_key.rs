//! HELM002: a value that its chart has moved to another place.

use source::Severity;

use super::dotted;
use super::given::given;
use super::moved::moved_in;
use super::status::without_effect;
use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "HELM002",
    name: "moved-or-renamed-key",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/moved-or-renamed-key.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    for given in given(fleet) {
        for key in without_effect(&given) {
            for (path, span, moved) in moved_in(&given, &key) {
                let (old, new) = (dotted(&path), &moved.path);
                let message = format!("`{old}` is `{new}` in {}", moved.chart);
                let hint = format!("{} moved it; write it there", moved.since);
                let finding = findings.new_at(span, message).hint(hint);
                findings.add(finding.about(given.subject(&path)));
            }
        }
    }
}
