//! Who sends series away, and under which external labels.

use std::collections::BTreeMap;

use goyaml::Node;
use source::Place;

use super::{ClusterObjects, Object, ThanosComponent, Workload};

/// What kind of producer it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProducerKind {
    /// A `Prometheus` or `PrometheusAgent` of the operator.
    Prometheus,
    /// A `ThanosRuler` of the operator, or a pod that runs `thanos rule`.
    Rule,
    /// A pod that runs `thanos receive`.
    Receive,
}

/// Something that labels series and blocks with external labels.
#[derive(Clone)]
pub struct Producer<'r> {
    /// The object.
    pub object: Object<'r>,
    /// What kind it is.
    pub kind: ProducerKind,
    /// The effective labels, those included that the operator sets itself. Values may hold
    /// `$(POD_NAME)`: the replica.
    pub labels: BTreeMap<String, String>,
    /// Where each label is written that somebody wrote.
    pub written: BTreeMap<String, Place>,
    /// Labels that somebody wrote and the operator overrides.
    pub ignored: Vec<(String, Place)>,
    /// The labels that somebody wrote, together; `None` if nobody wrote any.
    pub all: Option<Place>,
    /// Where labels would be added: the object's `spec`, the container's arguments.
    pub home: Place,
    /// Does it write blocks to object storage?
    pub uploads: bool,
    /// Does it write to a remote endpoint?
    pub remote_write: bool,
    /// Does somebody else fetch its series: a sidecar's query, a federating Prometheus?
    pub is_read: bool,
}

impl<'r> Producer<'r> {
    /// Does anything leave it, so that its labels matter?
    #[must_use]
    pub fn sends(&self) -> bool {
        self.uploads || self.remote_write || self.is_read
    }

    /// What messages call it.
    #[must_use]
    pub fn component(&self) -> &'static str {
        match self.kind {
            ProducerKind::Prometheus => "Prometheus",
            ProducerKind::Rule => "thanos rule",
            ProducerKind::Receive => "thanos receive",
        }
    }

    fn of(object: Object<'r>) -> Vec<Producer<'r>> {
        match (object.group(), object.kind()) {
            ("monitoring.coreos.com", "Prometheus" | "PrometheusAgent") => {
                prometheus(object).into_iter().collect()
            }
            ("monitoring.coreos.com", "ThanosRuler") => {
                ruler(object).into_iter().collect()
            }
            _ => Workload::of(object).map(|w| of_workload(&w)).unwrap_or_default(),
        }
    }
}

impl<'r> ClusterObjects<'r> {
    /// The producers of the cluster.
    #[must_use]
    pub fn producers(&self) -> Vec<Producer<'r>> {
        let mut producers: Vec<Producer<'r>> =
            self.objects.iter().flat_map(|object| Producer::of(*object)).collect();
        let federates = self.objects.iter().any(|object| is_federating(object));
        for producer in &mut producers {
            producer.is_read |= federates && producer.kind == ProducerKind::Prometheus;
        }
        producers
    }
}

/// The place of the word `spec`, whose mapping is `spec`.
fn key_place(object: Object<'_>, spec: &Node) -> Place {
    object.node().entry("spec").map_or(spec.place(), |(key, _)| key.place())
}

/// Does a scrape configuration of the operator read `/federate`?
fn is_federating(object: &Object<'_>) -> bool {
    let scrapes = object.is("monitoring.coreos.com", "ServiceMonitor")
        || object.is("monitoring.coreos.com", "ScrapeConfig");
    let path = |node: &Node| node.text() == Some("/federate");
    let endpoints = object.get(&["spec", "endpoints"]).and_then(Node::items);
    let of_endpoint = |e: &Node| e.get("path").is_some_and(path);
    scrapes
        && (object.get(&["spec", "metricsPath"]).is_some_and(path)
            || endpoints.unwrap_or_default().iter().any(of_endpoint))
}

/// (prometheus-operator `pkg/prometheus/promcfg.go`, `buildExternalLabels`)
fn prometheus(object: Object<'_>) -> Option<Producer<'_>> {
    let spec = object.get(&["spec"])?;
    let named = |field: &str, default: &str| match spec.get(field).and_then(Node::text) {
        Some(name) => name.to_owned(),
        None => default.to_owned(),
    };
    let mut own = BTreeMap::new();
    let name = named("prometheusExternalLabelName", "prometheus");
    own.insert(name, format!("{}/{}", object.namespace(), object.name()));
    let replica = named("replicaExternalLabelName", "prometheus_replica");
    own.insert(replica, "$(POD_NAME)".to_owned());
    own.remove("");

    let mut producer =
        Producer::new(object, ProducerKind::Prometheus, key_place(object, spec));
    producer.add_external_labels(spec.get("externalLabels"), &own);
    producer.labels.extend(own);
    let thanos = spec.get("thanos").filter(|node| !node.is_null());
    let stores = |t: &Node| {
        t.get("objectStorageConfig").is_some()
            || t.get("objectStorageConfigFile").is_some()
    };
    producer.uploads = thanos.is_some_and(stores);
    producer.is_read = thanos.is_some();
    let remote = spec.get("remoteWrite").and_then(Node::items);
    producer.remote_write = remote.is_some_and(|list| !list.is_empty());
    Some(producer)
}

/// (prometheus-operator `pkg/thanos/statefulset.go`: `spec.labels`, then `thanos_ruler_replica`)
fn ruler(object: Object<'_>) -> Option<Producer<'_>> {
    let spec = object.get(&["spec"])?;
    let replica = "thanos_ruler_replica".to_owned();
    let own = BTreeMap::from([(replica, "$(POD_NAME)".to_owned())]);
    let mut producer = Producer::new(object, ProducerKind::Rule, key_place(object, spec));
    producer.add_external_labels(spec.get("labels"), &own);
    producer.labels.extend(own);
    producer.uploads = spec.get("objectStorageConfig").is_some();
    producer.is_read = true;
    Some(producer)
}

fn of_workload<'r>(workload: &Workload<'r>) -> Vec<Producer<'r>> {
    let mut producers = Vec::new();
    for (container, component) in workload.thanos() {
        let kind = match component {
            ThanosComponent::Receive => ProducerKind::Receive,
            ThanosComponent::Rule => ProducerKind::Rule,
            _ => continue,
        };
        // A router passes series on; it has no database, and so no labels of its own.
        let routes = container.flag("receive.local-endpoint").is_none()
            && container.flag("receive.hashrings-file").is_some()
            && container.flag("tsdb.path").is_none();
        if kind == ProducerKind::Receive && routes {
            continue;
        }
        let home = container.args.first().map_or(container.node, |arg| arg.node);
        let mut producer = Producer::new(workload.object, kind, home.place());
        for arg in container.args.iter().filter(|arg| arg.name == "label") {
            let Some((name, value)) = arg.value.split_once('=') else { continue };
            producer.labels.insert(name.to_owned(), value.trim_matches('"').to_owned());
            producer.written.insert(name.to_owned(), arg.node.place());
        }
        producer.uploads =
            container.args.iter().any(|arg| arg.name.starts_with("objstore.config"));
        producer.is_read = true;
        producers.push(producer);
    }
    producers
}

impl<'r> Producer<'r> {
    fn new(object: Object<'r>, kind: ProducerKind, home: Place) -> Producer<'r> {
        Producer {
            object,
            kind,
            labels: BTreeMap::new(),
            written: BTreeMap::new(),
            ignored: Vec::new(),
            all: None,
            home,
            uploads: false,
            remote_write: false,
            is_read: false,
        }
    }

    fn add_external_labels(
        &mut self,
        labels: Option<&Node>,
        own: &BTreeMap<String, String>,
    ) {
        let Some(labels) = labels else { return };
        let entries = labels.entries().unwrap_or_default();
        if !entries.is_empty() {
            self.all = Some(labels.place());
        }
        for (key, value) in entries {
            let (Some(name), Some(text)) = (key.text(), value.text()) else { continue };
            if own.contains_key(name) {
                self.ignored.push((name.to_owned(), value.place()));
                continue;
            }
            self.labels.insert(name.to_owned(), text.to_owned());
            self.written.insert(name.to_owned(), value.place());
        }
    }
}
