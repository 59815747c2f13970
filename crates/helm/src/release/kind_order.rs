//! The order in which kinds are installed.

use std::cmp::Ordering;

use crate::Compat;

/// `releaseutil.InstallOrder` of Helm 4.2.
static INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// How many of them Helm 3.21 knows: all but the webhook configurations.
const KNOWN_TO_HELM3: usize = INSTALL_ORDER.len() - 2;

/// Compares two kinds: known ones by the order, unknown ones after them by name.
pub(super) fn compare(a: &str, b: &str, compat: Compat) -> Ordering {
    let known = match compat {
        Compat::Helm4 => INSTALL_ORDER,
        Compat::Helm3 => INSTALL_ORDER.get(..KNOWN_TO_HELM3).unwrap_or(INSTALL_ORDER),
    };
    let rank = |kind: &str| known.iter().position(|k| *k == kind);
    match (rank(a), rank(b)) {
        (None, None) => a.cmp(b),
        (None, Some(_)) => Ordering::Greater,
        (Some(_), None) => Ordering::Less,
        (Some(a), Some(b)) => a.cmp(&b),
    }
}
