//! Which keys `thanos-gitops.yaml` has: the one table behind reader, schema and suggestions.

/// One key of a map.
pub(crate) struct Key {
    /// As the file spells it.
    pub(crate) name: &'static str,
    /// One sentence for editors and readers.
    pub(crate) doc: &'static str,
    /// What its value may be.
    pub(crate) kind: Kind,
}

/// What a value may be.
pub(crate) enum Kind {
    /// Any scalar, as text.
    Text,
    /// A path inside the repository.
    Path,
    /// `2026-01-31`, or `2026-01-31T12:00:00Z`.
    Date,
    /// A version such as `1.31` or `v1.31.2`.
    Version,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list of such values.
    List(&'static Kind),
    /// A map with exactly these keys, each of them optional.
    Map(&'static [Key]),
    /// A map with any keys and such values.
    Named(&'static Kind),
    /// A lint's level, or a map of its level and its own settings.
    Lint,
}

const fn key(name: &'static str, kind: Kind, doc: &'static str) -> Key {
    Key { name, doc, kind }
}

pub(crate) const LEVELS: &[&str] = &["off", "info", "warning", "error"];
const TEXTS: Kind = Kind::List(&Kind::Text);

const COMPAT: Kind = Kind::Map(&[
    key("kustomize", Kind::Choice(&["5.8", "5.7"]), "The Kustomize release to match."),
    key("helm", Kind::Choice(&["4", "3"]), "The Helm release to match."),
    key(
        "loadRestrictor",
        Kind::Choice(&["LoadRestrictionsRootOnly", "LoadRestrictionsNone"]),
        "Which files a kustomization may read: those in or below its folder, or any of the \
         repository; as the flag of `kustomize build`.",
    ),
]);

const CLUSTER: &[Key] = &[
    key(
        "role",
        Kind::Choice(&["central", "edge"]),
        "What the cluster is in the fleet; otherwise inferred from its name.",
    ),
    key("environment", Kind::Text, "A word of your own: production, staging, dev."),
    key("kubernetesVersion", Kind::Version, "The Kubernetes version that charts see."),
    key("apiVersions", TEXTS, "More API versions that charts see."),
    key("compat", COMPAT, "Which releases of the tools to match."),
    key(
        "domain",
        Kind::Text,
        "The domain of the cluster's Ingress hosts: mon.example.com.",
    ),
    key("nodeIPs", TEXTS, "Addresses of the nodes: one, a-b, or CIDR."),
    key("loadBalancerIPs", TEXTS, "The load balancer's pool: one, a-b, or CIDR."),
    key("egressIPs", TEXTS, "Addresses that others see when this cluster calls."),
    key(
        "ingressClasses",
        Kind::Named(&Kind::Text),
        "Ingress class to controller: {cilium: cilium}.",
    ),
    key("storageClasses", TEXTS, "Storage classes that exist in the cluster."),
    key("bootstrap", TEXTS, "Objects applied by hand before sync: Secret/ns/name."),
];

/// The keys of the file.
pub(crate) const FILE: &[Key] = &[
    key("paths", Kind::Map(PATHS), "Where things are in the repository."),
    key("output", Kind::Map(OUTPUT), "What the output looks like."),
    key(
        "clusters",
        Kind::Named(&Kind::Map(CLUSTER)),
        "What is to be said about single clusters, by the name of their folder.",
    ),
    key("defaults", Kind::Map(CLUSTER), "What holds for clusters that say nothing else."),
    key("compat", COMPAT, "Which releases of the tools to match, for all clusters."),
    key("lints", Kind::Named(&Kind::Lint), "Levels and settings by lint."),
    key(
        "buckets",
        Kind::Named(&Kind::Text),
        "Purpose to bucket: {metrics: thanos-bucket, logs: opensearch-logs}.",
    ),
    key("external", Kind::Map(EXTERNAL), "What exists outside this repository."),
    key("critical", TEXTS, "Components whose loss is an outage."),
    key("seed", Kind::Text, "Stands for randomness in a build; public, never a secret."),
    key("clock", Kind::Date, "Stands for the clock in a build."),
];

const PATHS: &[Key] = &[
    key("base", Kind::Path, "Shared bases; `base` by default."),
    key("overlays", Kind::Path, "One folder a cluster; `overlays` by default."),
    key("charts", Kind::Path, "Vendored charts; `charts` by default."),
    key("output", Kind::Path, "Where the output goes; `rendered` by default."),
];

const OUTPUT: &[Key] = &[key(
    "layout",
    Kind::Choice(&["resources", "stream"]),
    "One file a resource, or one stream a component.",
)];

const EXTERNAL: &[Key] = &[
    key("endpoints", TEXTS, "Hosts that resolve elsewhere: thanos.example.com."),
    key("secrets", TEXTS, "Secrets that others create: namespace/name, with *."),
    key("crds", TEXTS, "Custom resource kinds that are installed: Kind.group."),
];
