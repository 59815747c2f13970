//! What the reader has allowed, and why.
//!
//! `# thanos-gitops: allow(LBL002) until=2027-01-31 reason in words` holds for its own line, or
//! for the next one if it stands alone; the annotation `thanos-gitops/allow: "LBL002 reason"`
//! holds for its object. A reason is mandatory. A suppression without one, that has expired,
//! that names no lint or hides nothing is a finding of its own.

use std::collections::{BTreeMap, HashSet};

use goyaml::Node;
use source::{Diagnostic, FileId, Location, Severity, SourceMap, Span};

use super::{Check, Lint, Tree};
use crate::config::Date;
use crate::fleet::ClusterObjects;

/// `suppression-without-use`: SUP001.
pub(super) static LINT: Lint = Lint {
    code: "SUP001",
    name: "suppression-without-use",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../lints/suppression-without-use.md"),
    settings: &[],
    check: Check::Engine,
};

/// The word that begins a suppression in a comment, behind its `#`.
const COMMENT: &str = "thanos-gitops:";

/// The annotation that suppresses findings of its object.
const ANNOTATION: &str = "thanos-gitops/allow";

/// One suppression and whether it did anything.
pub(super) struct Suppression {
    /// Where it is written.
    span: Span,
    /// What it holds for.
    scope: Scope,
    /// The words in its brackets.
    lints: Vec<String>,
    until: Option<Result<Date, String>>,
    reason: String,
    used: bool,
}

enum Scope {
    /// A line of a file.
    Line { path: String, line: usize },
    /// An object, as [`source::Subject`] names it.
    Object { cluster: String, object: String },
}

/// How suppressions are judged.
pub(super) struct Judgement {
    /// Decides which have expired.
    pub(super) today: Date,
    /// At which level those with a fault are told; `None` if not at all.
    pub(super) level: Option<Severity>,
    /// Was all of the repository built? Otherwise nobody knows what they would have hidden.
    pub(super) complete: bool,
}

/// Takes out of `found` what is allowed, and adds what is wrong with suppressions.
pub(super) fn apply(
    tree: &Tree<'_>,
    annotations: Vec<Suppression>,
    judgement: &Judgement,
    found: Vec<Diagnostic>,
) -> Vec<Diagnostic> {
    let Judgement { today, level, complete } = *judgement;
    let sources = tree.repo.sources;
    let mut all = Suppressions::read(tree, annotations);
    let mut left: Vec<Diagnostic> =
        found.into_iter().filter(|finding| !all.allow(sources, finding, today)).collect();
    if let Some(level) = level {
        // An annotation in a base stands in each cluster: what one needs, none has in vain.
        let used: HashSet<Span> =
            all.list.iter().filter(|s| s.used).map(|s| s.span).collect();
        for suppression in &all.list {
            let used = !complete || used.contains(&suppression.span);
            left.extend(suppression.fault(level, today, used).map(|fault| *fault));
        }
    }
    left
}

/// All suppressions, found by line and by object.
struct Suppressions {
    list: Vec<Suppression>,
    by_line: BTreeMap<(String, usize), Vec<usize>>,
    by_object: BTreeMap<(String, String), Vec<usize>>,
}

impl Suppressions {
    fn read(tree: &Tree<'_>, mut annotations: Vec<Suppression>) -> Suppressions {
        let mut list = Vec::new();
        for file in &tree.files {
            of_comments(tree.repo.sources, file.file, &mut list);
        }
        list.append(&mut annotations);
        let (mut by_line, mut by_object) = (BTreeMap::new(), BTreeMap::new());
        for (at, suppression) in list.iter().enumerate() {
            match &suppression.scope {
                Scope::Line { path, line } => {
                    let places: &mut Vec<usize> =
                        by_line.entry((path.clone(), *line)).or_default();
                    places.push(at);
                }
                Scope::Object { cluster, object } => {
                    let key = (cluster.clone(), object.clone());
                    let places: &mut Vec<usize> = by_object.entry(key).or_default();
                    places.push(at);
                }
            }
        }
        Suppressions { list, by_line, by_object }
    }

    /// Is the finding allowed? Marks what allows it as used.
    fn allow(&mut self, sources: &SourceMap, finding: &Diagnostic, today: Date) -> bool {
        let mut candidates: Vec<usize> = Vec::new();
        if let Some(Location { path, line, .. }) = sources.location(finding.span) {
            candidates
                .extend(self.by_line.get(&(path, line)).into_iter().flatten().copied());
        }
        if let Some(subject) = &finding.subject {
            for cluster in &subject.clusters {
                let key = (cluster.clone(), subject.object.clone());
                candidates
                    .extend(self.by_object.get(&key).into_iter().flatten().copied());
            }
        }
        let mut allowed = false;
        for at in candidates {
            let suppression = &mut self.list[at];
            if suppression.names(finding.code) {
                suppression.used = true;
                allowed |= suppression.holds(today);
            }
        }
        allowed
    }
}

impl Suppression {
    /// The file in which it is written.
    pub(super) fn file(&self) -> FileId {
        self.span.file
    }

    fn names(&self, code: &str) -> bool {
        self.lints.iter().any(|w| Lint::find(w).is_some_and(|lint| lint.code == code))
    }

    fn holds(&self, today: Date) -> bool {
        let expired = match &self.until {
            Some(Ok(until)) => *until < today,
            Some(Err(_)) => true,
            None => false,
        };
        !expired && !self.reason.is_empty()
    }

    /// What is wrong with it; `used` says whether anything was hidden from where it stands.
    fn fault(&self, level: Severity, today: Date, used: bool) -> Option<Box<Diagnostic>> {
        let at =
            |message: String| Diagnostic::new(level, self.span, message).code(LINT.code);
        if self.lints.is_empty() {
            let hint = "write `# thanos-gitops: allow(LBL002) reason in words`";
            return Some(at("suppression without brackets".to_owned()).hint(hint));
        }
        if let Some(word) = self.lints.iter().find(|word| Lint::find(word).is_none()) {
            let hint = "`thanos-gitops lints` lists the names";
            return Some(
                at(format!("suppression of `{word}`, which is no lint")).hint(hint),
            );
        }
        let lints = self.lints.join(", ");
        if self.reason.is_empty() {
            let hint = "say after the brackets why it is allowed";
            return Some(
                at(format!("suppression of {lints} gives no reason")).hint(hint),
            );
        }
        match &self.until {
            Some(Err(text)) => {
                let message = format!("`until={text}` is no date");
                return Some(at(message).hint("write it as 2027-01-31"));
            }
            Some(Ok(until)) if *until < today => {
                let message = format!("suppression of {lints} expired on {until}");
                return Some(at(message).hint("mend the finding, or give a new date"));
            }
            _ => {}
        }
        let hint = "remove it";
        (!used).then(|| at(format!("suppression of {lints} hides nothing")).hint(hint))
    }
}

fn of_comments(sources: &SourceMap, file: FileId, list: &mut Vec<Suppression>) {
    let text = sources.file(file);
    for (number, start) in text.line_starts().iter().enumerate() {
        let range = text.line_range(number + 1);
        let Some(line) = text.text.get(range.clone()) else { continue };
        let Some((column, allowed)) = allowance(line) else { continue };
        let alone = line[..column].trim().is_empty();
        let line = number + 1 + usize::from(alone);
        let span = Span::new(file, *start as usize + column, range.end);
        let scope = Scope::Line { path: text.path.clone(), line };
        let brackets = allowed.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        list.push(match brackets {
            Some((lints, rest)) => Suppression::parse(span, scope, lints, rest),
            None => Suppression {
                lints: Vec::new(),
                ..Suppression::parse(span, scope, "", "")
            },
        });
    }
}

/// Where a suppression begins in a line, and what it says behind `allow`.
fn allowance(line: &str) -> Option<(usize, &str)> {
    let at = line.find(COMMENT)?;
    let before = line[..at].trim_end().strip_suffix('#')?;
    let rest = line[at + COMMENT.len()..].trim_start().strip_prefix("allow")?;
    let ends = rest.is_empty() || rest.starts_with([' ', '(', '\t']);
    ends.then(|| (before.len(), rest.trim()))
}

/// Adds what the annotations of a cluster's objects allow.
pub(super) fn of_annotations(cluster: &ClusterObjects<'_>, list: &mut Vec<Suppression>) {
    for object in &cluster.objects {
        let node = object.get(&["metadata", "annotations", ANNOTATION]);
        let Some((node, text)) = node.and_then(|n| Some((n, Node::text(n)?))) else {
            continue;
        };
        let (lints, rest) = text.trim().split_once(' ').unwrap_or((text, ""));
        let span = cluster.span_of(object, node.place());
        let cluster = object.cluster().name.clone();
        let scope = Scope::Object { cluster, object: object.subject("").object };
        list.push(Suppression::parse(span, scope, lints, rest));
    }
}

impl Suppression {
    /// Reads `LBL001, LBL002` and `until=2027-01-31 reason in words`.
    fn parse(span: Span, scope: Scope, lints: &str, rest: &str) -> Suppression {
        let lints = lints.split(',').map(|word| word.trim().to_owned()).collect();
        let rest = rest.trim();
        let (until, reason) = match rest.strip_prefix("until=") {
            Some(rest) => {
                let (date, reason) = rest.split_once(' ').unwrap_or((rest, ""));
                (Some(Date::parse(date).ok_or_else(|| date.to_owned())), reason)
            }
            None => (None, rest),
        };
        let reason = reason.trim().to_owned();
        Suppression { span, scope, lints, until, reason, used: false }
    }
}
