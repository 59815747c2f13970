//! The mistakes that real documents make with values of charts.
//!
//! The documents are those of `tests/fleets`, their values as they stand there. Each is given to
//! the chart that it is for: the one of its publisher if it is at hand, and always a small one of
//! our own in `charts/` that reads the same keys in the same ways.

use std::fmt::Write as _;
use std::path::Path;

use source::MemoryWorld;

use super::{Found, chart, fleet, lint};

const KPS: &str = "kube-prometheus-stack-78.2.1";
const THANOS: &str = "thanos-15.13.0";
const MINIO: &str = "minio-5.4.0";

/// A document of values, the chart that it is given to, and all mistakes in it.
struct Document {
    /// Where it is below `tests/fleets`, or its text.
    values: &'static str,
    chart: &'static str,
    mistakes: &'static [Mistake],
}

/// A mistake: its number among those that are known of the documents, the line where it is
/// found, by which lint, the path of the value, and the path that was meant, if there is one.
type Mistake = (&'static str, usize, &'static str, &'static str, &'static str);

const STORAGE_CLASS: &str = "grafana.persistence.storageClass";
const STORAGE_CLASS_NAME: &str = "grafana.persistence.storageClassName";

const DOCUMENTS: [Document; 13] = [
    Document {
        values: "kind/documented/overlays/mgmt/kube-prometheus-stack/values-kube-prometheus-stack-mgmt.yaml",
        chart: KPS,
        mistakes: &[
            ("M02", 10, "HELM001", STORAGE_CLASS, STORAGE_CLASS_NAME),
            (
                "M01",
                28,
                "HELM001",
                "prometheus.externalLabels",
                "prometheus.prometheusSpec.externalLabels",
            ),
        ],
    },
    // `objectStorageConfig.existingSecret` is right here (M12).
    Document {
        values: "kind/documented/overlays/biz1/kube-prometheus-stack/values-kube-prometheus-stack.yaml",
        chart: KPS,
        mistakes: &[("M02", 10, "HELM001", STORAGE_CLASS, STORAGE_CLASS_NAME)],
    },
    Document {
        values: "kind/documented/overlays/biz2/kube-prometheus-stack/values-kube-prometheus-stack.yaml",
        chart: KPS,
        mistakes: &[("M02", 10, "HELM001", STORAGE_CLASS, STORAGE_CLASS_NAME)],
    },
    Document {
        values: "kind/documented/overlays/mgmt/thanos/values-thanos.yaml",
        chart: THANOS,
        mistakes: &[(
            "M03",
            24,
            "HELM001",
            "query.service.nodePorts.grpc",
            "query.serviceGrpc.nodePorts.grpc",
        )],
    },
    Document {
        values: "kind/documented/overlays/minio/minio/values-minio.yaml",
        chart: MINIO,
        mistakes: &[
            ("M04", 3, "HELM001", "auth", "rootUser"),
            ("M04", 7, "HELM001", "defaultBuckets", "buckets"),
            ("M04", 9, "HELM001", "replicaCount", "replicas"),
            ("M04", 13, "HELM001", "service.nodePorts", "service.nodePort"),
        ],
    },
    Document {
        values: "ingress/documented/overlays/cluster-01-central/thanos/values.yaml",
        chart: THANOS,
        mistakes: &[("M06", 58, "HELM001", "grafana", "")],
    },
    Document {
        values: "ingress/documented/overlays/cluster-01-central/thanos/values.yaml",
        chart: KPS,
        mistakes: &[
            ("M06", 5, "HELM001", "existingObjstoreSecret", ""),
            ("M06", 10, "HELM001", "receive", ""),
            ("M06", 40, "HELM001", "query", ""),
            ("M08", 63, "HELM001", "grafana.ingress.hostname", "grafana.ingress.hosts"),
            ("M08", 69, "HELM004", "grafana.ingress.tls", ""),
            ("M06", 88, "HELM001", "queryFrontend", ""),
            ("M06", 103, "HELM001", "bucketweb", ""),
            ("M06", 120, "HELM001", "compactor", ""),
            ("M06", 125, "HELM001", "storegateway", ""),
            ("M06", 130, "HELM001", "ruler", ""),
        ],
    },
    Document {
        values: "ingress/documented/overlays/cluster-01-central/kube-prometheus-stack/values.yaml",
        chart: KPS,
        mistakes: &[
            ("M08", 7, "HELM001", "grafana.ingress.hostname", "grafana.ingress.hosts"),
            ("M08", 13, "HELM004", "grafana.ingress.tls", ""),
        ],
    },
    // The same guide's section on several hosts.
    Document {
        values: "grafana:\n  ingress:\n    enabled: true\n    extraHosts:\n    - name: monitoring.example.com\n      path: /\n",
        chart: KPS,
        mistakes: &[(
            "M08",
            4,
            "HELM001",
            "grafana.ingress.extraHosts",
            "grafana.ingress.hosts",
        )],
    },
    // What `existingSecret` of M12 replaced.
    Document {
        values: "prometheus:\n  prometheusSpec:\n    thanos:\n      image: quay.io/thanos/thanos:v0.39.2\n      objectStorageConfig:\n        name: thanos-objstore\n        key: objstore.yml\n",
        chart: KPS,
        mistakes: &[
            (
                "M12",
                6,
                "HELM002",
                "prometheus.prometheusSpec.thanos.objectStorageConfig.name",
                "prometheus.prometheusSpec.thanos.objectStorageConfig.existingSecret.name",
            ),
            (
                "M12",
                7,
                "HELM002",
                "prometheus.prometheusSpec.thanos.objectStorageConfig.key",
                "prometheus.prometheusSpec.thanos.objectStorageConfig.existingSecret.key",
            ),
        ],
    },
    Document {
        values: "agent-receiver/documented/overlays/cluster-02-edge/kube-prometheus-stack/values-edge.yaml",
        chart: KPS,
        mistakes: &[],
    },
    Document {
        values: "sidecar/documented/overlays/cluster-01-central/kube-prometheus-stack/values.yaml",
        chart: KPS,
        mistakes: &[],
    },
    Document {
        values: "mkube/documented/deploy/base/prometheus/values.yaml",
        chart: KPS,
        mistakes: &[],
    },
];

impl Document {
    fn text(&self) -> String {
        if self.values.contains('\n') {
            return self.values.to_owned();
        }
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fleets").join(self.values);
        std::fs::read_to_string(path).expect("a document")
    }

    /// The findings that its chart, of this world, makes of it.
    fn findings(&self, world: MemoryWorld) -> Vec<Found> {
        let (mut found, _) = lint(&fleet(world, self.chart, &self.text()));
        found.retain(|f| matches!(f.code, "HELM001" | "HELM002" | "HELM004"));
        found.sort_by_key(|f| f.line);
        found
    }

    /// All mistakes are found at their lines, with the right suggestion, and nothing else is.
    fn check(&self, world: MemoryWorld) {
        let found = self.findings(world);
        let shown: Vec<_> =
            found.iter().map(|f| (f.line, f.code, f.field.as_str())).collect();
        let wanted: Vec<_> = self.mistakes.iter().map(|m| (m.1, m.2, m.3)).collect();
        assert_eq!(shown, wanted, "{} for {}: {found:#?}", self.values, self.chart);
        for (found, (id, _, code, _, meant)) in found.iter().zip(self.mistakes) {
            assert_eq!(found.file, "overlays/c/x/values.yaml");
            let suggested = suggested(found);
            if *code != "HELM004" {
                assert_eq!(
                    suggested.first().map_or("", |path| path),
                    *meant,
                    "{id}: {found:#?}"
                );
            }
        }
    }
}

/// The paths that a finding suggests, the likeliest first.
fn suggested(found: &Found) -> Vec<String> {
    let words = match found.code {
        // `old` is `new` in chart
        "HELM002" => found.message.split_once(" is ").map_or("", |(_, new)| new),
        _ => found.hints.split_once("did you mean").map_or("", |(_, meant)| meant),
    };
    words.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn mistakes_of_the_documents_are_found_with_charts_of_our_own() {
    for document in DOCUMENTS {
        if document.mistakes.is_empty() {
            continue;
        }
        let mut world = MemoryWorld::new();
        let charts =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dead_values/charts");
        super::add(&mut world, &charts, "charts");
        document.check(world);
    }
}

#[test]
fn mistakes_of_the_documents_are_found_with_the_charts_themselves() {
    for document in DOCUMENTS {
        if let Some(world) = chart(document.chart) {
            document.check(world);
        }
    }
}

/// The table of the report.
pub(super) fn table() -> String {
    let mut out = String::from(
        "| mistake | file:line | chart | lint | value | suggestion |\n|---|---|---|---|---|---|\n",
    );
    for document in DOCUMENTS {
        let Some(world) = chart(document.chart) else { continue };
        let file = match document.values.contains('\n') {
            true => "(an excerpt)",
            false => document.values,
        };
        for found in document.findings(world) {
            let is = |m: &&Mistake| m.1 == found.line && m.3 == found.field;
            let id = document.mistakes.iter().find(is).map_or("in vain", |m| m.0);
            let (line, chart) = (found.line, document.chart);
            let meant = match suggested(&found).as_slice() {
                [] => found.hints.clone(),
                paths => paths.join(", "),
            };
            let Found { code, field, .. } = found;
            writeln!(
                out,
                "| {id} | {file}:{line} | {chart} | {code} | `{field}` | {meant} |"
            )
            .expect("room");
        }
    }
    out
}

#[test]
fn the_ci_values_of_kube_prometheus_stack_have_no_findings() {
    let Some(folder) = super::charts().map(|charts| charts.join(KPS).join("ci")) else {
        return println!("skipped: chart {KPS} not present");
    };
    super::corpus::no_false_findings(KPS, &folder);
}
