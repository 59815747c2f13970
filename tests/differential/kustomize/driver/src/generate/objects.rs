//! Objects of builtin and custom kinds, with references to each other by name.

use super::{Generate, Known};
use crate::yaml::{Yaml, map, s, seq};

const KINDS: &[(&str, &str)] = &[
    ("v1", "ConfigMap"),
    ("v1", "ConfigMap"),
    ("v1", "Secret"),
    ("v1", "Service"),
    ("v1", "ServiceAccount"),
    ("v1", "Pod"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("v1", "ReplicationController"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("batch/v1beta1", "CronJob"),
    ("v1", "PersistentVolume"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "Namespace"),
    ("networking.k8s.io/v1", "Ingress"),
    ("extensions/v1beta1", "Ingress"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("policy/v1", "PodDisruptionBudget"),
    ("policy/v1beta1", "PodSecurityPolicy"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("v1", "LimitRange"),
    ("v1", "ResourceQuota"),
    ("v1", "PodTemplate"),
    ("v1", "Endpoints"),
    ("example.com/v1", "Thing"),
    ("example.com/v1", "Thing"),
    ("monitoring.coreos.com/v1", "ServiceMonitor"),
    ("argoproj.io/v1alpha1", "Rollout"),
];

impl Generate {
    /// A new object.
    pub fn object(&mut self) -> Known {
        let at = self.random.below(KINDS.len());
        let (api, kind) = KINDS[at];
        let name = self.fresh_name(kind);
        let yaml = self.object_of(api, kind, &name);
        let namespace = match yaml.get("metadata").and_then(|m| m.get("namespace")) {
            Some(Yaml::Plain(text)) => text.clone(),
            _ => String::new(),
        };
        let (api, kind) = (api.to_owned(), kind.to_owned());
        Known { api, kind, name, namespace, yaml }
    }

    /// An object of a kind; patches are made of it too.
    pub fn object_of(&mut self, api: &str, kind: &str, name: &str) -> Yaml {
        let mut object = map([
            ("apiVersion", s(api)),
            ("kind", s(kind)),
            ("metadata", self.metadata(name)),
        ]);
        if self.wrong() {
            object.put(self.random.pick(&["kind", "metadata"]), s(""));
        }
        self.body(kind, &mut object);
        object
    }

    fn metadata(&mut self, name: &str) -> Yaml {
        let mut metadata = map([("name", s(name))]);
        if self.random.chance(3) {
            metadata = map([("# note", s("")), ("name", s(format!("{name} # here")))]);
        }
        if self.random.chance(20) {
            metadata
                .put("namespace", s(self.random.pick(&["ns1", "ns2", "default", "x"])));
        }
        if self.random.chance(25) {
            let pairs = self.pairs();
            metadata.put("labels", pairs);
        }
        if self.random.chance(20) {
            let pairs = self.pairs();
            metadata.put("annotations", pairs);
        }
        if self.random.chance(3) {
            let local = self.random.pick(&["'true'", "'false'", "x"]);
            metadata.put(
                "annotations",
                map([("config.kubernetes.io/local-config", s(local))]),
            );
        }
        if self.random.chance(3) {
            let internal = self.random.pick(&[
                "internal.config.kubernetes.io/prefixes",
                "config.kubernetes.io/index",
                "internal.config.kubernetes.io/index",
                "config.kubernetes.io/origin",
                "internal.config.kubernetes.io/refBy",
                "kustomize.config.k8s.io/needs-hash",
                "config.k8s.io/id",
                "kustomize.config.k8s.io/behavior",
            ]);
            let value =
                self.random.pick(&["'true'", "x", "enabled", "merge", "a,b", "''"]);
            metadata.put("annotations", map([(internal, s(value))]));
        }
        if self.random.chance(2) {
            metadata.put("finalizers", seq(vec![s("f1"), s("f2")]));
        }
        if self.random.chance(3) {
            let owner = map([("kind", s("Deployment")), ("name", s(self.name()))]);
            metadata.put("ownerReferences", seq(vec![owner]));
        }
        if self.random.chance(2) {
            metadata.put("creationTimestamp", s("null"));
        }
        metadata
    }

    fn body(&mut self, kind: &str, object: &mut Yaml) {
        match kind {
            "ConfigMap" => {
                let data = self.data();
                object.put("data", data);
                if self.random.chance(5) {
                    object.put("binaryData", map([("bin", s("AAEC"))]));
                }
            }
            "Secret" => {
                let key = self.random.pick(&["data", "stringData"]);
                let data = self.data();
                object.put(key, data);
                if self.random.chance(30) {
                    object.put("type", s("Opaque"));
                }
            }
            "Pod" => {
                let spec = self.pod_spec();
                object.put("spec", spec);
            }
            "Deployment"
            | "DaemonSet"
            | "ReplicaSet"
            | "StatefulSet"
            | "Rollout"
            | "ReplicationController" => {
                let spec = self.workload(kind);
                object.put("spec", spec);
            }
            "Job" => {
                let template = self.template();
                object.put("spec", map([("template", template)]));
            }
            "PodTemplate" => {
                let template = self.template();
                object.put("template", template);
            }
            "CronJob" => {
                let template = self.template();
                let job = map([("spec", map([("template", template)]))]);
                let schedule = s("'* * * * *'");
                object.put("spec", map([("schedule", schedule), ("jobTemplate", job)]));
            }
            _ => self.other_body(kind, object),
        }
        if self.random.chance(3) {
            let anything = self.any(0);
            object.put("status", anything);
        }
        if self.random.chance(2) {
            object.put("x-shared", s("&anchor shared"));
            object.put("x-again", s("*anchor"));
        }
    }

    fn other_body(&mut self, kind: &str, object: &mut Yaml) {
        let name = self.name();
        match kind {
            "Service" => {
                let ports = self.list(|g| {
                    let mut port =
                        map([("port", s(g.random.pick(&["80", "81", "8080"])))]);
                    if g.random.chance(40) {
                        port.put("protocol", s(g.random.pick(&["TCP", "UDP"])));
                    }
                    if g.random.chance(40) {
                        port.put("name", s(g.name()));
                    }
                    port
                });
                let selector = self.pairs();
                object.put("spec", map([("ports", ports), ("selector", selector)]));
                if self.random.chance(15) {
                    object.put(
                        "spec",
                        map([("type", s("ExternalName")), ("externalName", s("x"))]),
                    );
                }
            }
            "ServiceAccount" => {
                object.put("secrets", seq(vec![map([("name", s(name))])]));
                let pull = self.list(|g| map([("name", s(g.name()))]));
                object.put("imagePullSecrets", pull);
            }
            "PersistentVolume" => {
                let claim = map([("name", s(name)), ("namespace", s("ns1"))]);
                let mut spec =
                    map([("claimRef", claim), ("storageClassName", s(self.name()))]);
                if self.random.chance(40) {
                    spec.put(
                        "csi",
                        map([(
                            "nodePublishSecretRef",
                            map([("name", s(self.name())), ("namespace", s("ns2"))]),
                        )]),
                    );
                }
                object.put("spec", spec);
            }
            "PersistentVolumeClaim" => {
                let mut spec = map([("volumeName", s(name))]);
                spec.put("storageClassName", s(self.name()));
                if self.random.chance(30) {
                    let selector = self.pairs();
                    spec.put("selector", map([("matchLabels", selector)]));
                }
                object.put("spec", spec);
            }
            "Ingress" => self.ingress(object),
            "NetworkPolicy" => {
                let (a, b) = (self.pairs(), self.pairs());
                let from = map([("podSelector", map([("matchLabels", b)]))]);
                object.put(
                    "spec",
                    map([
                        ("podSelector", map([("matchLabels", a)])),
                        ("ingress", seq(vec![map([("from", seq(vec![from.clone()]))])])),
                        ("egress", seq(vec![map([("to", seq(vec![from]))])])),
                    ]),
                );
            }
            "IngressClass" => {
                let parameters = map([
                    ("kind", s("Thing")),
                    ("apiGroup", s("example.com")),
                    ("name", s(name)),
                ]);
                object.put("spec", map([("parameters", parameters)]));
            }
            "Role" | "ClusterRole" => {
                let mut rule = map([
                    ("apiGroups", seq(vec![s("''")])),
                    (
                        "resources",
                        seq(vec![s(self.random.pick(&["configmaps", "secrets"]))]),
                    ),
                ]);
                let names = self.list(|g| s(g.name()));
                rule.put("resourceNames", names);
                object.put("rules", seq(vec![rule]));
                if self.random.chance(20) {
                    let pairs = self.pairs();
                    let selectors = seq(vec![map([("matchLabels", pairs)])]);
                    object.put(
                        "aggregationRule",
                        map([("clusterRoleSelectors", selectors)]),
                    );
                }
            }
            "RoleBinding" | "ClusterRoleBinding" => {
                let role = self.random.pick(&["Role", "ClusterRole"]);
                object.put(
                    "roleRef",
                    map([
                        ("apiGroup", s("rbac.authorization.k8s.io")),
                        ("kind", s(role)),
                        ("name", s(name)),
                    ]),
                );
                let subjects = self.list(|g| {
                    let kind =
                        g.random.pick(&["ServiceAccount", "ServiceAccount", "User"]);
                    let mut subject = map([("kind", s(kind))]);
                    subject.put("name", s(g.random.pick(&["a", "b", "default", "db"])));
                    if g.random.chance(50) {
                        subject.put(
                            "namespace",
                            s(g.random.pick(&["ns1", "ns2", "default"])),
                        );
                    }
                    subject
                });
                object.put("subjects", subjects);
            }
            "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
                let mut service = map([("name", s(name))]);
                if self.random.chance(60) {
                    service
                        .put("namespace", s(self.random.pick(&["ns1", "default", "zz"])));
                }
                let config = map([("service", service)]);
                let hook = map([("name", s("h.example.com")), ("clientConfig", config)]);
                object.put("webhooks", seq(vec![hook]));
            }
            "APIService" => {
                let mut service = map([("name", s(name))]);
                if self.random.chance(60) {
                    service.put("namespace", s("ns1"));
                }
                object.put(
                    "spec",
                    map([("service", service), ("group", s("example.com"))]),
                );
            }
            "CustomResourceDefinition" => {
                let service = map([("name", s(name)), ("namespace", s("ns1"))]);
                let webhook = map([("clientConfig", map([("service", service)]))]);
                object.put(
                    "spec",
                    map([
                        ("group", s("example.com")),
                        ("names", map([("kind", s("Thing")), ("plural", s("things"))])),
                        ("scope", s(self.random.pick(&["Namespaced", "Cluster"]))),
                        ("versions", seq(vec![map([("name", s("v1"))])])),
                        (
                            "conversion",
                            map([("strategy", s("Webhook")), ("webhook", webhook)]),
                        ),
                    ]),
                );
            }
            "HorizontalPodAutoscaler" => {
                let kind = self.random.pick(&["Deployment", "StatefulSet", "Rollout"]);
                object.put(
                    "spec",
                    map([
                        (
                            "scaleTargetRef",
                            map([
                                ("apiVersion", s("apps/v1")),
                                ("kind", s(kind)),
                                ("name", s(name)),
                            ]),
                        ),
                        ("minReplicas", s("1")),
                    ]),
                );
            }
            "PodDisruptionBudget" => {
                let pairs = self.pairs();
                object.put("spec", map([("selector", map([("matchLabels", pairs)]))]));
            }
            "ServiceMonitor" | "Thing" => {
                let mut spec = map([]);
                for key in ["a", "b", "containers", "selector"] {
                    if self.random.chance(40) {
                        let anything = self.any_at(key);
                        spec.put(key, anything);
                    }
                }
                if self.random.chance(30) {
                    let reference = map([("kind", s("ConfigMap")), ("name", s(name))]);
                    spec.put("ref", reference);
                }
                if self.random.chance(30) {
                    let image = self.image();
                    spec.put(
                        "containers",
                        seq(vec![map([("name", s("c")), ("image", image)])]),
                    );
                }
                object.put("spec", spec);
            }
            "Namespace" => {}
            _ => {
                let anything = self.any_at("spec");
                object.put("spec", anything);
            }
        }
    }

    fn ingress(&mut self, object: &mut Yaml) {
        let name = s(self.name());
        let backend = match self.random.chance(50) {
            true => map([(
                "service",
                map([("name", name), ("port", map([("number", s("80"))]))]),
            )]),
            false => map([("serviceName", name), ("servicePort", s("80"))]),
        };
        let path = map([("path", s("/")), ("backend", backend.clone())]);
        let rule = map([("http", map([("paths", seq(vec![path]))]))]);
        let mut spec = map([("rules", seq(vec![rule]))]);
        if self.random.chance(40) {
            spec.put("tls", seq(vec![map([("secretName", s(self.name()))])]));
        }
        if self.random.chance(30) {
            spec.put(self.random.pick(&["defaultBackend", "backend"]), backend);
        }
        if self.random.chance(30) {
            spec.put("ingressClassName", s(self.name()));
        }
        object.put("spec", spec);
        if self.random.chance(15) {
            let annotations = map([(
                "nginx.ingress.kubernetes.io/auth-secret",
                s(self.random.pick(&["a", "ns1/a", "web"])),
            )]);
            if let Some(mut metadata) = object.get("metadata").cloned() {
                metadata.put("annotations", annotations);
                object.put("metadata", metadata);
            }
        }
    }

    fn workload(&mut self, kind: &str) -> Yaml {
        let mut spec = map([]);
        if self.random.chance(30) {
            let scalar = self.scalar();
            spec.put("replicas", scalar);
        } else if self.random.chance(40) {
            spec.put("replicas", s("1"));
        }
        if self.random.chance(50) {
            let pairs = self.pairs();
            let selector = match kind {
                "ReplicationController" => pairs,
                _ => map([("matchLabels", pairs)]),
            };
            spec.put("selector", selector);
        }
        if kind == "StatefulSet" {
            spec.put("serviceName", s(self.name()));
            if self.random.chance(40) {
                let mut metadata = map([("name", s(self.name()))]);
                if self.random.chance(40) {
                    let pairs = self.pairs();
                    metadata.put("labels", pairs);
                }
                let claim = map([
                    ("metadata", metadata),
                    ("spec", map([("storageClassName", s(self.name()))])),
                ]);
                spec.put("volumeClaimTemplates", seq(vec![claim]));
            }
        }
        if self.random.chance(20) {
            spec.put("strategy", map([("type", s("Recreate"))]));
        }
        let template = self.template();
        spec.put("template", template);
        spec
    }

    fn template(&mut self) -> Yaml {
        let mut template = map([]);
        if self.random.chance(50) {
            let pairs = self.pairs();
            let mut metadata = map([("labels", pairs)]);
            if self.random.chance(30) {
                let pairs = self.pairs();
                metadata.put("annotations", pairs);
            }
            template.put("metadata", metadata);
        }
        let spec = self.pod_spec();
        template.put("spec", spec);
        template
    }

    fn pod_spec(&mut self) -> Yaml {
        let mut spec = map([]);
        let containers = self.list(Generate::container);
        spec.put("containers", containers);
        if self.random.chance(20) {
            let containers = self.list(Generate::container);
            spec.put("initContainers", containers);
        }
        if self.random.chance(40) {
            let volumes = self.list(|g| {
                let mut volume = map([("name", s(g.name()))]);
                let of = s(g.name());
                match g.random.below(5) {
                    0 => volume.put("configMap", map([("name", of)])),
                    1 => volume.put("secret", map([("secretName", of)])),
                    2 => volume.put("persistentVolumeClaim", map([("claimName", of)])),
                    3 => volume.put(
                        "projected",
                        map([(
                            "sources",
                            seq(vec![
                                map([("configMap", map([("name", of.clone())]))]),
                                map([("secret", map([("name", of)]))]),
                            ]),
                        )]),
                    ),
                    _ => volume.put("emptyDir", Yaml::Map(true, Vec::new())),
                };
                volume
            });
            spec.put("volumes", volumes);
        }
        if self.random.chance(25) {
            spec.put("serviceAccountName", s(self.name()));
        }
        if self.random.chance(10) {
            spec.put("priorityClassName", s(self.name()));
        }
        if self.random.chance(15) {
            spec.put("imagePullSecrets", seq(vec![map([("name", s(self.name()))])]));
        }
        if self.random.chance(10) {
            let pairs = self.pairs();
            let selector = map([("labelSelector", map([("matchLabels", pairs)]))]);
            let term = self.random.pick(&[
                "requiredDuringSchedulingIgnoredDuringExecution",
                "preferredDuringSchedulingIgnoredDuringExecution",
            ]);
            let terms = match term.starts_with('p') {
                true => {
                    seq(vec![map([("podAffinityTerm", selector), ("weight", s("1"))])])
                }
                false => seq(vec![selector]),
            };
            let affinity = self.random.pick(&["podAffinity", "podAntiAffinity"]);
            spec.put("affinity", map([(affinity, map([(term, terms)]))]));
        }
        if self.random.chance(8) {
            let pairs = self.pairs();
            let mut constraint = map([("labelSelector", map([("matchLabels", pairs)]))]);
            constraint.put("topologyKey", s("zone"));
            constraint.put("whenUnsatisfiable", s("DoNotSchedule"));
            spec.put("topologySpreadConstraints", seq(vec![constraint]));
        }
        if self.random.chance(10) {
            let anything = self.any_at("securityContext");
            spec.put("securityContext", anything);
        }
        spec
    }

    fn container(&mut self) -> Yaml {
        let image = self.image();
        let mut container = map([("name", s(self.name())), ("image", image)]);
        if self.random.chance(30) {
            let ports = self.list(|g| {
                let number = g.random.pick(&["80", "81", "8080", "'80'"]);
                let mut port = map([("containerPort", s(number))]);
                if g.random.chance(40) {
                    port.put("protocol", s(g.random.pick(&["TCP", "UDP"])));
                }
                if g.random.chance(40) {
                    port.put("name", s(g.name()));
                }
                port
            });
            container.put("ports", ports);
        }
        if self.random.chance(45) {
            let env = self.list(Generate::environment);
            container.put("env", env);
        }
        if self.random.chance(20) {
            let from = self.list(|g| {
                let reference = map([("name", s(g.name()))]);
                map([(g.random.pick(&["configMapRef", "secretRef"]), reference)])
            });
            container.put("envFrom", from);
        }
        if self.random.chance(25) {
            let key = self.random.pick(&["args", "command"]);
            let words = self.words();
            container.put(key, words);
        }
        if self.random.chance(25) {
            let mounts = self.list(|g| {
                let path = g.random.pick(&["/a", "/b", "/c"]);
                map([("mountPath", s(path)), ("name", s(g.name()))])
            });
            container.put("volumeMounts", mounts);
        }
        if self.random.chance(10) {
            let anything = self.any_at("limits");
            container.put("resources", map([("limits", anything)]));
        }
        container
    }

    fn environment(&mut self) -> Yaml {
        let mut variable = map([("name", s(self.name()))]);
        match self.random.below(10) {
            0..5 => {
                let scalar = self.scalar();
                variable.put("value", scalar);
            }
            5 | 6 => {
                let key = map([("name", s(self.name())), ("key", s("k1"))]);
                let kind = self.random.pick(&["configMapKeyRef", "secretKeyRef"]);
                variable.put("valueFrom", map([(kind, key)]));
            }
            _ => {
                variable
                    .put("value", s(self.random.pick(&["$(VAR)", "x-$(OTHER)-$(VAR)"])));
            }
        }
        variable
    }

    /// An image.
    pub fn image(&mut self) -> Yaml {
        s(self.random.pick(&[
            "nginx",
            "nginx:1.2",
            "repo.io/nginx:1.2",
            "repo.io:5000/nginx",
            "busybox:latest",
            "nginx@sha256:24a0c4b4",
            "nginx:1.2@sha256:24a0c4b4",
            "'nginx:1.2'",
            "x/nginx",
            "'nginx:'",
            "nginx2:1",
            "localhost:5000/a/b:v",
            "my.nginx",
        ]))
    }

    /// Up to three items, in one of the styles.
    pub fn list(&mut self, mut item: impl FnMut(&mut Generate) -> Yaml) -> Yaml {
        let n = self.random.below(4);
        let flow = self.random.chance(15);
        let items = (0..n).map(|_| item(self)).collect();
        Yaml::Seq(flow, items)
    }
}
