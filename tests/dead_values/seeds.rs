//! The mistakes that real documents make with values of charts.

use super::{Found, chart, fleet, lint};

/// Checks that a fleet has exactly these findings of a code: line, path, what was meant.
fn check(name: &str, values: &str, code: &str, expected: &[(usize, &str, &str)]) {
    let Some(world) = chart(name) else { return };
    let (found, _) = lint(&fleet(world, name, values));
    let own: Vec<Found> = found.into_iter().filter(|found| found.code == code).collect();
    let shown: Vec<(usize, &str)> =
        own.iter().map(|found| (found.line, found.field.as_str())).collect();
    let wanted: Vec<(usize, &str)> =
        expected.iter().map(|(line, field, _)| (*line, *field)).collect();
    assert_eq!(shown, wanted, "{own:#?}");
    for (found, (_, _, meant)) in own.iter().zip(expected) {
        assert_eq!(found.file, "overlays/c/x/values.yaml");
        let words = format!("{} {}", found.message, found.hints);
        assert!(words.contains(meant), "{meant}: {found:#?}");
    }
}

const KPS: &str = "kube-prometheus-stack-78.2.1";
const THANOS: &str = "thanos-15.13.0";

/// The Prometheus of a cluster as the guide for four kind clusters has it.
const KIND: &str = "\
prometheus:
  externalLabels:
    cluster: mgmt
  prometheusSpec:
    retention: 5d
    retentionSize: 10GiB
    replicas: 1
    externalLabels: {cluster: biz1}
    thanos:
      image: quay.io/thanos/thanos:v0.31.0
      objectStorageConfig:
        existingSecret: {name: thanos-objstore-config, key: objstore.yml}
  thanosService: {enabled: true, type: NodePort, nodePort: 31000}
grafana:
  adminPassword: x
  persistence:
    enabled: true
    storageClass: nfs-client
    accessModes: [ReadWriteOnce]
    size: 10Gi
";

#[test]
fn kube_prometheus_stack_keys_at_the_wrong_place() {
    check(
        KPS,
        KIND,
        "HELM001",
        &[
            (2, "prometheus.externalLabels", "prometheus.prometheusSpec.externalLabels"),
            (
                18,
                "grafana.persistence.storageClass",
                "grafana.persistence.storageClassName",
            ),
        ],
    );
    check(KPS, KIND, "HELM002", &[]);
}

#[test]
fn kube_prometheus_stack_keys_that_moved() {
    let values = "\
prometheus:
  prometheusSpec:
    thanos:
      image: quay.io/thanos/thanos:v0.39.2
      objectStorageConfig:
        name: thanos-objstore-config
        key: objstore.yml
";
    let new = "prometheus.prometheusSpec.thanos.objectStorageConfig.existingSecret";
    let old = "prometheus.prometheusSpec.thanos.objectStorageConfig";
    check(
        KPS,
        values,
        "HELM002",
        &[
            (6, &format!("{old}.name"), &format!("{new}.name")),
            (7, &format!("{old}.key"), &format!("{new}.key")),
        ],
    );
    check(KPS, values, "HELM001", &[]);
}

#[test]
fn grafana_values_of_another_style() {
    let values = "\
grafana:
  ingress:
    enabled: true
    hostname: grafana.example.com
    extraHosts: [{name: g.example.com}]
    tls: true
";
    check(
        KPS,
        values,
        "HELM001",
        &[
            (4, "grafana.ingress.hostname", "grafana.ingress.hosts"),
            (5, "grafana.ingress.extraHosts", "grafana.ingress.hosts"),
        ],
    );
    check(KPS, values, "HELM004", &[(6, "grafana.ingress.tls", "a boolean")]);
}

#[test]
fn thanos_node_ports_of_the_wrong_service() {
    let values = "\
existingObjstoreSecret: objstore
query:
  enabled: true
  replicaLabel: [prometheus_replica]
  service:
    type: NodePort
    nodePorts:
      http: 30902
      grpc: 30901
ruler: {enabled: false}
";
    check(
        THANOS,
        values,
        "HELM001",
        &[(9, "query.service.nodePorts.grpc", "query.serviceGrpc.nodePorts.grpc")],
    );
}

/// One values file for two charts: what belongs to the other one is dead.
const TWO: &str = "\
existingObjstoreSecret: objstore
query:
  enabled: true
  replicaCount: 2
  ingress: {enabled: true, hostname: query.example.com, tls: true}
receive: {enabled: true, replicaCount: 3}
queryFrontend: {enabled: true}
compactor: {enabled: true}
storegateway: {enabled: true}
grafana:
  enabled: true
  ingress: {enabled: true, hostname: grafana.example.com}
  persistence: {enabled: true, size: 10Gi}
";

#[test]
fn values_of_two_charts_in_one_file() {
    check(THANOS, TWO, "HELM001", &[(10, "grafana", "")]);
    let Some(world) = chart(KPS) else { return };
    let (found, _) = lint(&fleet(world, KPS, TWO));
    let dead: Vec<&Found> = found.iter().filter(|f| f.code == "HELM001").collect();
    for key in ["existingObjstoreSecret", "query", "receive", "storegateway"] {
        assert!(dead.iter().any(|f| f.field == key), "{key}: {dead:#?}");
    }
    let hint = "are they for another chart?";
    assert!(dead.iter().any(|found| found.hints.contains(hint)), "{dead:#?}");
}

#[test]
fn minio_values_of_another_publisher() {
    let values = "\
auth:
  rootUser: admin
  rootPassword: x
defaultBuckets: thanos
replicaCount: 1
mode: standalone
service:
  type: NodePort
  nodePorts:
    api: 32000
    console: 32001
persistence: {enabled: true, size: 20Gi}
";
    check(
        "minio-5.4.0",
        values,
        "HELM001",
        &[
            (1, "auth", ""),
            (4, "defaultBuckets", "buckets"),
            (5, "replicaCount", "replicas"),
            (9, "service.nodePorts", "service.nodePort"),
        ],
    );
}

#[test]
fn the_ci_values_of_kube_prometheus_stack_have_no_findings() {
    let Some(folder) = super::charts().map(|charts| charts.join(KPS).join("ci")) else {
        return println!("skipped: chart {KPS} not present");
    };
    super::corpus::no_false_findings(KPS, &folder);
}
