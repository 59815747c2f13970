//! HELM001: a value that no template of its chart knows.

use std::collections::{BTreeMap, BTreeSet};

use source::{FileId, Fix, Severity, Span};

use super::given::{Given, given};
use super::moved::moved_in;
use super::status::{Key, Status, without_effect};
use super::suggest::{close, suggest};
use super::{dotted, status};
use crate::Fleet;
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "HELM001",
    name: "dead-values-key",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/dead-values-key.md"),
    settings: &[],
    check: Check::Fleet(check),
};

/// How many values of a map that nobody knows are looked at for what was meant.
const INNER: usize = 5;

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    let mut aliases = Aliases::default();
    for given in given(fleet) {
        let keys = without_effect(&given);
        let dead: Vec<&Key<'_>> = keys
            .iter()
            .filter(|key| key.status == Status::Dead)
            .filter(|key| !key.value.is_null() && !aliases.repeat(findings, key))
            .filter(|key| moved_in(&given, key).is_empty())
            .collect();
        let leaves: usize = dead.iter().map(|key| count(key.value)).sum();
        let foreign = leaves > 3 && leaves * 2 > count(&given.values);
        for key in dead {
            report(&given, key, foreign, findings);
        }
    }
}

fn report(given: &Given, key: &Key<'_>, foreign: bool, findings: &mut Findings<'_>) {
    let path = dotted(&key.path);
    let chart = given.chart_name();
    let message = format!("no template of {chart} reads `{path}`");
    let mut finding = findings.new_at(key.span, message).about(given.subject(&key.path));
    // What is for another chart is like a key of this one by chance.
    let near = match foreign {
        true => close(given, &plain(key), key.value),
        false => suggest(given, &plain(key), key.value),
    };
    if let [first, ..] = near.as_slice() {
        let words: Vec<String> = near.iter().map(|path| format!("`{path}`")).collect();
        finding = finding.hint(format!("did you mean {}?", words.join(" or ")));
        if near.len() == 1 {
            finding.fix = renaming(findings, key, first);
        }
    } else if let Some(hint) = inner(given, key) {
        finding = finding.hint(hint);
    } else if foreign {
        let hint = format!(
            "most of these values mean nothing to {chart}: are they for another chart?"
        );
        finding = finding.hint(hint);
    } else {
        finding = finding.hint("remove it: it changes nothing");
    }
    findings.add(finding);
}

/// What was meant by the values in a map that nobody knows: `auth.user` by `user`.
fn inner(given: &Given, key: &Key<'_>) -> Option<String> {
    let mut hints = Vec::new();
    for (name, entry) in key.value.as_map()?.iter().take(INNER) {
        let mut path = plain(key);
        path.push(name);
        let near = close(given, &path, &entry.value);
        if let [meant] = near.as_slice()
            && given.keys.default(&meant.split('.').collect::<Vec<_>>()).is_some()
        {
            hints.push(format!("`{meant}` by `{}`", dotted(&path)));
        }
    }
    (!hints.is_empty()).then(|| format!("did you mean {}?", hints.join(", ")))
}

/// Writes the key as it was meant, if it stands where it belongs.
fn renaming(findings: &Findings<'_>, key: &Key<'_>, meant: &str) -> Option<Fix> {
    let (last, parents) = key.path.split_last()?;
    let name = match parents {
        [] => meant,
        _ => meant.strip_prefix(&dotted(parents))?.strip_prefix('.')?,
    };
    let simple = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    if name.is_empty()
        || !name.chars().all(simple)
        || findings.sources.text(key.span) != *last
    {
        return None;
    }
    let title = format!("rename `{last}` to `{name}`");
    Some(Fix { title, edits: vec![(key.span, name.to_owned())] })
}

/// The keys of a path as they are in the tree: items without brackets.
fn plain<'k>(key: &Key<'k>) -> Vec<&'k str> {
    key.path.iter().map(|key| status::plain(key)).collect()
}

/// The names that are repeated in a file, by aliases; each file is searched once.
#[derive(Default)]
struct Aliases {
    of: BTreeMap<FileId, BTreeSet<String>>,
}

impl Aliases {
    /// Is it there to be repeated elsewhere, by an alias?
    fn repeat(&mut self, findings: &Findings<'_>, key: &Key<'_>) -> bool {
        let whole = Span { end: key.value.span.end.max(key.span.end), ..key.span };
        let text = findings.sources.text(whole);
        let mut anchors = text.split('&').skip(1).map(name).filter(|n| !n.is_empty());
        anchors.any(|anchor| {
            let known = self.of.entry(key.span.file);
            known.or_insert_with(|| aliases(findings, key.span.file)).contains(anchor)
        })
    }
}

/// The characters of a name that a text begins with.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || "_-.".contains(c)));
    text.get(..end.unwrap_or(text.len())).unwrap_or("")
}

/// What follows a `*` in a file; a dot may end the name or be part of it.
fn aliases(findings: &Findings<'_>, file: FileId) -> BTreeSet<String> {
    let file = findings.sources.file(file);
    let mut found = BTreeSet::new();
    for name in file.text.split('*').skip(1).map(name) {
        let parts = name.match_indices('.').map(|(at, _)| &name[..at]);
        found.extend(parts.chain([name]).map(str::to_owned));
    }
    found
}

/// How many values there are.
fn count(value: &goyaml::Value) -> usize {
    match &value.data {
        goyaml::Data::Map(map) if !map.is_empty() => {
            map.values().map(|entry| count(&entry.value)).sum()
        }
        _ => 1,
    }
}
