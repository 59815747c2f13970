//! KUST009: a chart without a release name.

use goyaml::Node;
use source::{Severity, Span};

use crate::lint::tree::list;
use crate::lint::{Check, Findings, Lint, Tree};

pub(crate) static LINT: Lint = Lint {
    code: "KUST009",
    name: "generated-release-name",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/generated-release-name.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for document in tree.kustomizations().flat_map(|file| &file.documents) {
        for chart in list(document, "helmCharts") {
            nameless(chart, chart.get("name"), findings);
        }
        // The deprecated list has fields of its own.
        for chart in list(document, "helmChartInflationGenerator") {
            nameless(chart, chart.get("chartName"), findings);
        }
    }
}

fn nameless(chart: &Node, name: Option<&Node>, findings: &mut Findings<'_>) {
    let given = |key: &str| {
        chart.get(key).and_then(Node::text).is_some_and(|text| !text.is_empty())
    };
    if given("releaseName") || given("nameTemplate") {
        return;
    }
    let span: Span = name.map_or(chart.span, |name| name.span);
    let name = name.and_then(Node::text).unwrap_or("");
    let message = format!("chart `{name}` has no `releaseName`");
    let finding = findings
        .new_at(span, message)
        .hint("set `releaseName`: without one every release is called `release-name`");
    findings.add(finding);
}
