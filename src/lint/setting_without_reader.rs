//! REPO014: a key of the configuration that nothing reads.

use std::collections::BTreeMap;

use source::Severity;

use super::{Check, Findings, Lint, Tree};
use crate::config::Setting;

pub(crate) static LINT: Lint = Lint {
    code: "REPO014",
    name: "setting-without-reader",
    level: Severity::Info,
    since: "0.1",
    page: include_str!("../../lints/setting-without-reader.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    let config = &tree.repo.config;
    report(&config.facts, findings);
    report(&config.defaults.facts, findings);
    for cluster in config.clusters.values() {
        report(&cluster.facts, findings);
    }
}

/// A lint that reads one of these takes it out of the facts' table in `config/shape.rs`.
fn report(facts: &BTreeMap<String, Setting>, findings: &mut Findings<'_>) {
    for (name, fact) in facts {
        let message = format!("no lint of this release reads `{name}`");
        let hint = "leave it out: it changes nothing";
        findings.add(findings.new_at(fact.key, message).hint(hint));
    }
}
