//! Lints about external labels.

pub(super) mod cluster_label_mismatch;
pub(super) mod external_labels_duplicate;
pub(super) mod external_labels_missing;

use std::collections::BTreeMap;

/// `{cluster="a", replica="b"}`, as Prometheus prints a label set.
fn printed(labels: &BTreeMap<String, String>) -> String {
    let pairs: Vec<String> = labels.iter().map(|(k, v)| format!("{k}=\"{v}\"")).collect();
    format!("{{{}}}", pairs.join(", "))
}
