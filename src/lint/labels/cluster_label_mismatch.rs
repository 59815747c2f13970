//! LBL003: the `cluster` label of a producer is not the name of its cluster.

use std::collections::{BTreeMap, BTreeSet};

use source::{Fix, Severity, Span};

use super::external_labels_duplicate::by_labels;
use crate::Fleet;
use crate::fleet::{ProducerKind, Sender};
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "LBL003",
    name: "cluster-label-mismatch",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/cluster-label-mismatch.md"),
    settings: &[("aliases", Wants::Texts), ("replicaLabels", Wants::Texts)],
    check: Check::Fleet(check),
};

/// The label that says which cluster data come from.
const CLUSTER: &str = "cluster";

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    let aliases = findings.texts("aliases", &[]);
    // Those that share all their labels are LBL002's.
    let alone = by_labels(fleet, findings).into_values();
    let alone: Vec<&Sender> = alone.filter(|group| group.len() == 1).flatten().collect();
    let names = Names::of(fleet, &alone);
    for producer in &alone {
        let cluster = &producer.cluster;
        let Some(label) = label(producer).filter(|label| *label != cluster) else {
            continue;
        };
        let known = aliases.iter().filter_map(|alias| alias.split_once('='));
        let is_alias = |(name, alias): (&str, &str)| name == cluster && alias == label;
        if !names.are_of_their_own && !known.into_iter().any(is_alias) {
            report(producer, label, &names, findings);
        }
    }
}

/// The label, unless it is known only where it runs.
fn label(producer: &Sender) -> Option<&String> {
    producer.labels.get(CLUSTER).filter(|label| !label.contains('$'))
}

/// How the clusters of a fleet are called, here and by their labels.
struct Names<'f> {
    clusters: BTreeSet<&'f str>,
    /// The clusters that use a label.
    users: BTreeMap<String, BTreeSet<String>>,
    /// Does the whole fleet call its clusters otherwise than this repository does? Then each
    /// has a label that no other has, and none is called after a cluster.
    are_of_their_own: bool,
}

impl<'f> Names<'f> {
    fn of(fleet: &'f Fleet<'_>, producers: &[&Sender]) -> Names<'f> {
        let clusters = fleet.repo.clusters.iter().map(|cluster| cluster.name.as_str());
        let clusters: BTreeSet<&str> = clusters.collect();
        let mut users: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for producer in producers {
            let Some(label) = label(producer) else { continue };
            users.entry(label.clone()).or_default().insert(producer.cluster.clone());
        }
        let are_of_their_own = users
            .iter()
            .all(|(label, users)| users.len() == 1 && !clusters.contains(label.as_str()));
        Names { clusters, users, are_of_their_own }
    }

    /// Why a label is wrong.
    fn fault(&self, cluster: &str, label: &str) -> String {
        let other = self.users.get(label).into_iter().flatten().find(|c| *c != cluster);
        match (self.clusters.contains(label), other) {
            (true, _) => "which is another cluster".to_owned(),
            (false, Some(other)) => format!("as {other} does"),
            (false, None) => format!("but is `{cluster}` in this repository"),
        }
    }
}

fn report(
    producer: &Sender,
    label: &str,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) {
    let Some(span) = producer.cluster_label else { return };
    let cluster = &producer.cluster;
    let message = format!(
        "{} of {cluster} sends its data as cluster=\"{label}\", {}",
        producer.label,
        names.fault(cluster, label),
    );
    let pointer = match producer.kind {
        ProducerKind::Prometheus => "/spec/externalLabels/cluster",
        ProducerKind::Rule | ProducerKind::Receive => "",
    };
    let subject = producer.subject(pointer);
    let mut hint = format!("write `cluster: {cluster}`");
    if !names.clusters.contains(label) {
        hint += &format!(", or allow the name: `aliases: [{cluster}={label}]`");
    }
    let mut finding = findings.new_at(span, message).hint(hint).about(subject);
    finding.fix = renaming(&findings.sources.text(span), span, label, cluster);
    findings.add(finding);
}

/// Writes the cluster's name where the label stands as plain or quoted text.
fn renaming(text: &str, span: Span, label: &str, cluster: &str) -> Option<Fix> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let quote = quote.map(String::from).unwrap_or_default();
    if text != format!("{quote}{label}{quote}") {
        return None;
    }
    let title = format!("write `{cluster}`");
    Some(Fix { title, edits: vec![(span, format!("{quote}{cluster}{quote}"))] })
}
