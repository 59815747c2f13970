//! REPO002: nothing says which version of a chart is meant.

use helm::semver::Version;
use source::Severity;
use vendor::Wanted;

use crate::lint::{Check, Findings, Lint, Tree};

pub(crate) static LINT: Lint = Lint {
    code: "REPO002",
    name: "chart-version-unpinned",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/chart-version-unpinned.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let lock = super::lock(tree);
    for used in super::uses(tree) {
        let Wanted::Chart { name, repository, version, .. } = &used.wanted else {
            continue;
        };
        let exact = Version::parse_strict(version.trim_start_matches('v')).is_ok();
        if exact || lock.chart(name, repository, version).is_some() {
            continue;
        }
        let span = used.chart.as_ref().map_or(used.span, |chart| chart.version_at);
        let message = match version.is_empty() {
            true => format!("chart `{name}` has no version"),
            false => {
                format!("chart `{name}` has no exact version: `{version}` is a range")
            }
        };
        let hint =
            "write the version that you run, or let `thanos-gitops vendor` lock one";
        findings.add(findings.new_at(span, message).hint(hint));
    }
}
