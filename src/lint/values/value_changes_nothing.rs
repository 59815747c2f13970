//! HELM008: a value that says what holds without it, and a null that deletes nothing.

use goyaml::{Data, Value};
use source::{Severity, Span};

use super::given::{Given, given};
use super::{dotted, same};
use crate::Fleet;
use crate::config::Setting;
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "HELM008",
    name: "value-changes-nothing",
    level: Severity::Info,
    since: "0.1",
    page: include_str!("../../../lints/value-changes-nothing.md"),
    settings: &[("defaults", Wants::Flag)],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    let defaults = findings.setting("defaults").and_then(Setting::flag).unwrap_or(true);
    for given in given(fleet) {
        let compared = Compared { given: &given, defaults };
        visit(&compared, &given.values, &mut Vec::new(), findings);
    }
}

/// What values are compared with.
struct Compared<'g> {
    given: &'g Given,
    /// The chart's defaults, too, or only what people wrote?
    defaults: bool,
}

fn visit<'g>(
    compared: &Compared<'g>,
    value: &'g Value,
    path: &mut Vec<&'g str>,
    findings: &mut Findings<'_>,
) {
    let Data::Map(map) = &value.data else { return };
    let Compared { given, defaults } = *compared;
    for (key, entry) in map {
        path.push(key);
        let overridden = given.overridden(path, defaults);
        let all = |test: &dyn Fn(Option<&Value>) -> bool| {
            !overridden.is_empty() && overridden.iter().all(|value| test(*value))
        };
        if entry.value.is_null() && defaults {
            if all(&|below| below.is_none_or(Value::is_null)) {
                let message = format!("`{}: null` deletes nothing", dotted(path));
                report(given, path, entry.key_span, message, None, findings);
            }
        } else if all(&|below| below.is_some_and(|below| same(below, &entry.value))) {
            let (shown, below) = (dotted(path), overridden.first().copied().flatten());
            let message = format!("`{shown}` repeats what holds without it");
            let at = below.map(|value| value.span);
            report(given, path, entry.key_span, message, at, findings);
        } else {
            visit(compared, &entry.value, path, findings);
        }
        path.pop();
    }
}

fn report(
    given: &Given,
    path: &[&str],
    span: Span,
    message: String,
    below: Option<Span>,
    findings: &mut Findings<'_>,
) {
    let finding = findings.new_at(span, message).about(given.subject(path));
    let mut finding = finding.hint("remove it: nothing changes");
    if let Some(below) = below.filter(|span| !span.is_none()) {
        finding = finding.label(below, "this is what it overrides");
    }
    findings.add(finding);
}
