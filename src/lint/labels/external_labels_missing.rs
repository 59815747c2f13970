//! LBL001: a Prometheus that sends its data away has no `cluster` external label.

use source::Severity;

use super::printed;
use crate::fleet::{ClusterObjects, Producer, ProducerKind};
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "LBL001",
    name: "external-labels-missing",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/external-labels-missing.md"),
    settings: &[("required", Wants::Texts)],
    check: Check::Cluster(check),
};

fn check(cluster: &ClusterObjects<'_>, findings: &mut Findings<'_>) {
    let required = findings.texts("required", &["cluster"]);
    for producer in cluster.producers().iter().filter(|p| p.sends()) {
        match producer.kind {
            ProducerKind::Prometheus => {
                prometheus(cluster, producer, &required, findings)
            }
            ProducerKind::Rule | ProducerKind::Receive => {
                thanos(cluster, producer, findings)
            }
        }
    }
}

fn prometheus(
    objects: &ClusterObjects<'_>,
    producer: &Producer<'_>,
    required: &[String],
    findings: &mut Findings<'_>,
) {
    let object = &producer.object;
    let cluster = &object.cluster().name;
    let missing = required
        .iter()
        .filter(|name| producer.labels.get(*name).is_none_or(|value| value.is_empty()));
    for name in missing {
        let message = format!(
            "{} of {cluster} has no `{name}` external label (effective: {})",
            object.label(),
            printed(&producer.labels),
        );
        let hint = format!(
            "set `externalLabels: {{{name}: {cluster}}}`; in kube-prometheus-stack's values that \
             is `prometheus.prometheusSpec.externalLabels`"
        );
        let span = match producer.all {
            Some(labels) => objects.span_of(object, labels),
            None => objects.span_to_add(object, producer.home),
        };
        let subject = object.subject("/spec/externalLabels");
        let finding = findings.new_at(span, message).hint(hint).about(subject);
        findings.add(finding);
    }
    for (name, place) in &producer.ignored {
        let message = format!(
            "external label `{name}` of {} is ignored: the operator sets it itself",
            object.label(),
        );
        let span = objects.span_of(object, *place);
        let hint = "remove it, or rename the operator's own with `prometheusExternalLabelName` \
                    or `replicaExternalLabelName`";
        let subject = object.subject("/spec/externalLabels");
        let finding = findings.new_at(span, message).hint(hint).about(subject);
        findings.add(finding);
    }
}

fn thanos(
    cluster: &ClusterObjects<'_>,
    producer: &Producer<'_>,
    findings: &mut Findings<'_>,
) {
    if !producer.labels.is_empty() {
        return;
    }
    let (object, component) = (&producer.object, producer.component());
    let message = format!("{} runs {component} without any `--label`", object.label());
    let hint = format!(
        "{component} refuses to start: add `--label=cluster=\"…\"` and a replica"
    );
    let span = cluster.span_to_add(object, producer.home);
    let finding = findings.new_at(span, message).hint(hint).about(object.subject(""));
    findings.add(finding);
}
