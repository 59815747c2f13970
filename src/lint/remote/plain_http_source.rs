//! REPO012: a chart or base comes over plain HTTP.

use source::Severity;
use vendor::Wanted;

use crate::lint::{Check, Findings, Lint, Tree};

pub(crate) static LINT: Lint = Lint {
    code: "REPO012",
    name: "plain-http-source",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/plain-http-source.md"),
    settings: &[],
    check: Check::Tree(check),
};

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for used in super::uses(tree) {
        let (address, span) = match (&used.wanted, &used.chart) {
            (Wanted::Chart { repository, .. }, Some(chart)) => {
                (repository, chart.repository_at)
            }
            (Wanted::Chart { repository, .. }, None) => (repository, used.span),
            (Wanted::Address(address), _) => (address, used.span),
        };
        let bare = address.strip_prefix("git::").unwrap_or(address);
        let Some(rest) = bare.strip_prefix("http://") else { continue };
        let authority = rest.split('/').next().unwrap_or(rest);
        let host = authority.rsplit('@').next().unwrap_or(authority);
        // A colon ends the host, but not that of `[2001:db8::1]:8080`.
        let end = host.find(']').map_or(0, |end| end + 1);
        let end = host[end..].find([':', '?']).map_or(host.len(), |at| end + at);
        let host = host.get(..end).unwrap_or(host);
        if matches!(host, "localhost" | "127.0.0.1" | "[::1]") {
            continue;
        }
        let message =
            format!("`{}` comes over plain HTTP", vendor::shown(used.wanted.name()));
        let hint = format!("write `https://{host}…`, or ask for a server that speaks it");
        findings.add(findings.new_at(span, message).hint(hint));
    }
}
