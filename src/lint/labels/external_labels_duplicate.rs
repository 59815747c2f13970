//! LBL002: two producers of blocks have the same external labels.

use std::collections::BTreeMap;

use source::Severity;

use super::printed;
use crate::Fleet;
use crate::fleet::Sender;
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "LBL002",
    name: "external-labels-duplicate",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/external-labels-duplicate.md"),
    settings: &[("replicaLabels", Wants::Texts)],
    check: Check::Fleet(check),
};

/// The labels that tell the replicas of one pair apart, and nothing else.
const REPLICA_LABELS: &[&str] = &[
    "prometheus_replica",
    "replica",
    "receive_replica",
    "rule_replica",
    "thanos_ruler_replica",
];

/// The producers of the fleet by the labels that they have besides those of replicas.
pub(super) fn by_labels<'f>(
    fleet: &'f Fleet<'_>,
    findings: &Findings<'_>,
) -> BTreeMap<BTreeMap<String, String>, Vec<&'f Sender>> {
    let replica_labels = findings.texts("replicaLabels", REPLICA_LABELS);
    let mut groups: BTreeMap<_, Vec<&Sender>> = BTreeMap::new();
    for sender in fleet.senders.iter().filter(|sender| sender.sends) {
        let mut labels = sender.labels.clone();
        labels.retain(|name, _| !replica_labels.contains(name));
        groups.entry(labels).or_default().push(sender);
    }
    groups
}

fn check(fleet: &Fleet<'_>, findings: &mut Findings<'_>) {
    let groups = by_labels(fleet, findings);
    for (labels, producers) in groups.iter().filter(|(_, producers)| producers.len() > 1)
    {
        report(labels, producers, findings);
    }
}

/// Reports every producer of a group but the one that has the labels by right.
fn report(
    labels: &BTreeMap<String, String>,
    producers: &[&Sender],
    findings: &mut Findings<'_>,
) {
    let own_name =
        |p: &&Sender| labels.get("cluster").is_some_and(|label| *label == p.cluster);
    // The producer whose cluster bears the label's name keeps it; else the first one does.
    let owner = producers.iter().position(own_name).unwrap_or(0);
    let first = producers[owner];
    for (at, producer) in producers.iter().enumerate() {
        if at == owner {
            continue;
        }
        let consequence = match first.uploads && producer.uploads {
            true => {
                "the compactor will halt with \"overlaps found\", and queries will merge both"
            }
            false => "queries will merge both",
        };
        let message = format!(
            "{} and {} send data with identical labels {}: {consequence}",
            named(first),
            named(producer),
            printed(labels),
        );
        let cluster = &producer.cluster;
        let hint = match first.cluster == *cluster {
            true => "build one of them only, or give each a label of its own".to_owned(),
            false => format!("give each cluster its own label: `cluster: {cluster}`"),
        };
        let mut subject = producer.subject("/spec/externalLabels");
        subject.clusters.insert(0, first.cluster.clone());
        subject.clusters.dedup();
        let (span, other) = (producer.span, first.span);
        let mut finding = findings.new_at(span, message).hint(hint).about(subject);
        if other != span {
            finding = finding.label(other, "the same labels here");
        }
        findings.add(finding);
    }
}

fn named(producer: &Sender) -> String {
    format!("{} of {}", producer.label, producer.cluster)
}
