//! Producers as other clusters see them.

use std::collections::BTreeMap;

use source::{Span, Subject};

use super::{ClusterObjects, Producer, ProducerKind};

/// The label that says which cluster data come from.
const CLUSTER: &str = "cluster";

/// What of a [`Producer`] outlives the objects of its cluster.
#[derive(Clone, Debug)]
pub struct Sender {
    /// The cluster.
    pub cluster: String,
    /// What messages call the object.
    pub label: String,
    /// What kind it is.
    pub kind: ProducerKind,
    /// The effective labels.
    pub labels: BTreeMap<String, String>,
    /// Does anything leave it?
    pub sends: bool,
    /// Does it write blocks to object storage?
    pub uploads: bool,
    /// Does it write to a remote endpoint?
    pub remote_write: bool,
    /// The line that a person changes to give it another `cluster`: the label's, or where it
    /// would be added.
    pub span: Span,
    /// The line of the label `cluster`, if somebody wrote it.
    pub cluster_label: Option<Span>,
    subject: Subject,
}

impl Sender {
    pub(super) fn new(cluster: &ClusterObjects<'_>, producer: &Producer<'_>) -> Sender {
        let object = &producer.object;
        let written = producer.written.get(CLUSTER).copied();
        Sender {
            cluster: object.cluster().name.clone(),
            label: object.label(),
            kind: producer.kind,
            labels: producer.labels.clone(),
            sends: producer.sends(),
            uploads: producer.uploads,
            remote_write: producer.remote_write,
            span: match written.or(producer.all) {
                Some(place) => cluster.span_of(object, place),
                None => cluster.span_to_add(object, producer.home),
            },
            cluster_label: written.map(|place| cluster.span_of(object, place)),
            subject: object.subject(""),
        }
    }

    /// The subject of a finding about it.
    #[must_use]
    pub fn subject(&self, field: &str) -> Subject {
        Subject { field: field.to_owned(), ..self.subject.clone() }
    }
}
