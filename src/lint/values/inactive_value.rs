//! HELM007: a value that no render of any cluster reads.

use source::Severity;

use super::dotted;
use super::given::given;
use super::moved::moved_in;
use super::status::{Status, without_effect};
use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "HELM007",
    name: "inactive-value",
    level: Severity::Info,
    since: "0.1",
    page: include_str!("../../../lints/inactive-value.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    for given in given(fleet).into_iter().filter(|given| given.read.is_some()) {
        let chart = given.chart_name();
        for key in without_effect(&given) {
            let shown = dotted(&key.path);
            let (message, hint) = match key.status {
                _ if key.value.is_null() || !moved_in(&given, &key).is_empty() => {
                    continue;
                }
                Status::Inactive => (
                    format!("`{shown}` has no effect: {chart} reads it in no cluster"),
                    "the feature that it belongs to is switched off",
                ),
                Status::Forgotten => (
                    format!("`{shown}` has no effect: no template of {chart} reads it"),
                    "only the chart's own values or schema name it: remove it",
                ),
                Status::Live | Status::Dead => continue,
            };
            let finding = findings.new_at(key.span, message).hint(hint);
            findings.add(finding.about(given.subject(&key.path)));
        }
    }
}
