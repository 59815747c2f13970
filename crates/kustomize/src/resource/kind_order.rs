//! The order of kinds. (kyaml: `resid/gvk.go`)

/// Kinds that come first, in this order.
pub(crate) const ORDER_FIRST: &[&str] = &[
    "Namespace",
    "ResourceQuota",
    "StorageClass",
    "CustomResourceDefinition",
    "ServiceAccount",
    "PodSecurityPolicy",
    "Role",
    "ClusterRole",
    "RoleBinding",
    "ClusterRoleBinding",
    "ConfigMap",
    "Secret",
    "Endpoints",
    "Service",
    "LimitRange",
    "PriorityClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "Deployment",
    "StatefulSet",
    "CronJob",
    "PodDisruptionBudget",
];

/// Kinds that come last, in this order.
pub(crate) const ORDER_LAST: &[&str] =
    &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

/// Where the default order puts a kind, next to others: negative first, positive last.
pub(crate) fn default_rank(kind: &str) -> i64 {
    let first = ORDER_FIRST.iter().position(|known| *known == kind);
    if let Some(at) = first {
        return i64::try_from(at).unwrap_or(0)
            - i64::try_from(ORDER_FIRST.len()).unwrap_or(0);
    }
    let last = ORDER_LAST.iter().position(|known| *known == kind);
    last.map_or(0, |at| i64::try_from(at).unwrap_or(0) + 1)
}
