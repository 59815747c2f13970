//! HELM004: a value of another kind than the chart's default.

use goyaml::{Data, Value};
use source::Severity;

use super::given::{Given, given};
use super::{dotted, kind};
use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "HELM004",
    name: "values-type-mismatch",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/values-type-mismatch.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    for given in given(fleet) {
        visit(&given, &given.values, &given.keys.defaults, &mut Vec::new(), findings);
    }
}

fn visit<'g>(
    given: &'g Given,
    value: &'g Value,
    defaults: &Value,
    path: &mut Vec<&'g str>,
    findings: &mut Findings<'_>,
) {
    let (Data::Map(map), Data::Map(defaults)) = (&value.data, &defaults.data) else {
        return;
    };
    for (key, entry) in map {
        let Some(default) = defaults.get(key) else { continue };
        path.push(key);
        if let Some(hint) = mismatch(&entry.value, &default.value) {
            let (got, wanted) = (kind(&entry.value), kind(&default.value));
            let message = format!(
                "`{}` is {got}; {} expects {wanted}",
                dotted(path),
                given.chart_name(),
            );
            let mut finding = findings.new_at(entry.value.span, message).hint(hint);
            if !default.value.span.is_none() {
                finding = finding.label(default.value.span, "the chart's default");
            }
            findings.add(finding.about(given.subject(path)));
        } else {
            visit(given, &entry.value, &default.value, path, findings);
        }
        path.pop();
    }
}

/// What to do, if the kinds cannot both be meant.
///
/// Charts take texts for nearly everything (`tpl`), and an empty default says little: only
/// what no chart means is told.
fn mismatch(value: &Value, default: &Value) -> Option<&'static str> {
    match (&value.data, &default.data) {
        (Data::Str(text), Data::Bool(_)) if matches!(&**text, "true" | "false") => {
            Some("remove the quotes: a text is true whatever it says")
        }
        (Data::Bool(_) | Data::Int(_) | Data::Float(_), Data::Seq(_)) => {
            Some("write a list")
        }
        (Data::Bool(_) | Data::Int(_) | Data::Float(_), Data::Map(_)) => {
            Some("write a map: what is no map is dropped, or breaks the templates")
        }
        (Data::Seq(_), Data::Map(map)) if !map.is_empty() => Some("write a map"),
        (Data::Map(map), Data::Seq(items)) if !items.is_empty() && !map.is_empty() => {
            Some("write a list")
        }
        (Data::Seq(_) | Data::Map(_), Data::Bool(_) | Data::Int(_) | Data::Float(_)) => {
            Some("write a single value")
        }
        _ => None,
    }
}
