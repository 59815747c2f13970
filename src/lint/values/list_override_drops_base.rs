//! HELM006: a list that replaces a longer one of a document below.

use goyaml::{Data, Value};
use source::Severity;

use super::given::{Given, given};
use super::{dotted, same};
use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "HELM006",
    name: "list-override-drops-base",
    level: Severity::Warning,
    since: "0.1",
    page: include_str!("../../../lints/list-override-drops-base.md"),
    settings: &[],
    check: Check::Fleet(check),
};

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    for given in given(fleet) {
        visit(&given, &given.values, &mut Vec::new(), findings);
    }
}

fn visit<'g>(
    given: &'g Given,
    value: &'g Value,
    path: &mut Vec<&'g str>,
    findings: &mut Findings<'_>,
) {
    let Data::Map(map) = &value.data else { return };
    for (key, entry) in map {
        path.push(key);
        match &entry.value.data {
            Data::Seq(items) if !items.is_empty() => {
                for base in given.written_below(path) {
                    let Some(longer) = base.as_seq().filter(|b| b.len() > items.len())
                    else {
                        continue;
                    };
                    let dropped: Vec<&Value> = longer
                        .iter()
                        .filter(|item| !items.iter().any(|own| stands_for(own, item)))
                        .collect();
                    let Some(first) = dropped.first() else { continue };
                    let count = match dropped.len() {
                        1 => "1 item".to_owned(),
                        n => format!("{n} items"),
                    };
                    let message =
                        format!("`{}` drops {count} of the list below it", dotted(path));
                    let finding = findings
                        .new_at(entry.key_span, message)
                        .label(first.span, "the first of them")
                        .hint("Helm replaces lists whole: repeat the items that should stay");
                    findings.add(finding.about(given.subject(path)));
                }
            }
            _ => visit(given, &entry.value, path, findings),
        }
        path.pop();
    }
}

/// Is it the same item, or one of its name?
fn stands_for(own: &Value, item: &Value) -> bool {
    let name = |value: &Value| {
        let map = value.as_map()?;
        let key =
            ["name", "url", "job_name", "host"].iter().find_map(|key| map.get(*key))?;
        key.value.as_str().map(str::to_owned)
    };
    same(own, item) || name(own).is_some_and(|own| Some(own) == name(item))
}
