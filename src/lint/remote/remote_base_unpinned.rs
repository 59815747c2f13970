//! REPO011: a remote base or file can be another one tomorrow.

use source::Severity;
use vendor::{GitAddress, Wanted};

use crate::lint::{Check, Findings, Lint, Tree};

pub(crate) static LINT: Lint = Lint {
    code: "REPO011",
    name: "remote-base-unpinned",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/remote-base-unpinned.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let lock = super::lock(tree);
    for used in super::uses(tree) {
        let Wanted::Address(address) = &used.wanted else { continue };
        let is_commit = GitAddress::parse(address).is_some_and(|git| git.is_commit());
        if is_commit || lock.remote(address).is_some() {
            continue;
        }
        let shown = vendor::shown(address.split('?').next().unwrap_or(address));
        let message = format!("`{shown}` is pinned by nothing");
        let hint = "run `thanos-gitops vendor`, which locks its commit or content, or name a \
                    commit with `?ref=`";
        findings.add(findings.new_at(used.span, message).hint(hint));
    }
}
