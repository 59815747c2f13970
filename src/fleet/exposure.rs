//! What is reachable from outside: from Ingress and route, through Service, to workload.

use goyaml::{Node, Step};

use super::workload::texts;
use super::{ClusterObjects, Object, Workload};

/// One backend of one Ingress or route, followed to a workload.
#[derive(Clone)]
pub struct Exposure<'r> {
    /// The Ingress or route.
    pub object: Object<'r>,
    /// The workload behind the Service.
    pub workload: Workload<'r>,
    /// The container port, if the Service says which.
    pub port: Option<u16>,
}

/// A backend as an Ingress or route names it.
struct Backend<'r> {
    namespace: &'r str,
    service: &'r str,
    /// The Service's port by name or number.
    port: Option<&'r str>,
}

impl<'r> ClusterObjects<'r> {
    /// Everything that an Ingress or a route reaches.
    #[must_use]
    pub fn exposures(&self) -> Vec<Exposure<'r>> {
        let workloads = self.workloads();
        let mut found = Vec::new();
        for object in &self.objects {
            for backend in backends(*object) {
                let Some(service) = self.service(&backend) else { continue };
                for workload in selected(&workloads, service) {
                    let port = container_port(service, &backend, workload);
                    let workload = workload.clone();
                    found.push(Exposure { object: *object, workload, port });
                }
            }
        }
        found
    }

    fn service(&self, backend: &Backend<'_>) -> Option<Object<'r>> {
        let fits = |object: &&Object<'r>| {
            object.is("", "Service")
                && object.name() == backend.service
                && object.namespace() == backend.namespace
        };
        self.objects.iter().find(fits).copied()
    }
}

fn selected<'a, 'r>(
    workloads: &'a [Workload<'r>],
    service: Object<'r>,
) -> impl Iterator<Item = &'a Workload<'r>> {
    let wanted = service.get(&["spec", "selector"]).map(texts).unwrap_or_default();
    workloads.iter().filter(move |workload| {
        !wanted.is_empty()
            && workload.object.namespace() == service.namespace()
            && wanted.iter().all(|pair| workload.labels.contains(pair))
    })
}

/// The container port behind the Service's port that the backend names.
fn container_port(
    service: Object<'_>,
    backend: &Backend<'_>,
    workload: &Workload<'_>,
) -> Option<u16> {
    let ports = service.get(&["spec", "ports"])?.items()?;
    let text =
        |port: &Node, key: &str| port.get(key).and_then(Node::text).map(str::to_owned);
    let is_named = |port: &&Node| {
        let wanted = backend.port.map(str::to_owned);
        text(port, "name") == wanted || text(port, "port") == wanted
    };
    let port = match backend.port {
        Some(_) => ports.iter().find(is_named)?,
        None => ports.first()?,
    };
    let target = text(port, "targetPort").or_else(|| text(port, "port"))?;
    let named = || workload.containers.iter().find_map(|c| c.port(&target));
    target.parse().ok().or_else(named)
}

/// The items of a list of a mapping; none if there is no such list.
fn list<'n>(node: Option<&'n Node>, key: &str) -> &'n [Node] {
    node.and_then(|n| n.get(key)).and_then(Node::items).unwrap_or_default()
}

fn backends(object: Object<'_>) -> Vec<Backend<'_>> {
    let spec = object.get(&["spec"]);
    let Some(spec) = spec else { return Vec::new() };
    let mut nodes: Vec<&Node> = Vec::new();
    match (object.group(), object.kind()) {
        ("networking.k8s.io" | "extensions", "Ingress") => {
            nodes.extend(spec.get("defaultBackend").or_else(|| spec.get("backend")));
            for rule in list(Some(spec), "rules") {
                for path in list(rule.get("http"), "paths") {
                    nodes.extend(path.get("backend"));
                }
            }
            return nodes.into_iter().filter_map(|n| of_ingress(object, n)).collect();
        }
        ("gateway.networking.k8s.io", _) => {
            for rule in list(Some(spec), "rules") {
                nodes.extend(list(Some(rule), "backendRefs"));
            }
        }
        ("route.openshift.io", "Route") => nodes.extend(spec.get("to")),
        ("traefik.io" | "traefik.containo.us", "IngressRoute")
        | ("projectcontour.io", "HTTPProxy") => {
            for route in list(Some(spec), "routes") {
                nodes.extend(list(Some(route), "services"));
            }
        }
        _ => {}
    }
    nodes.into_iter().filter_map(|n| of_reference(object, n)).collect()
}

/// `service: {name: x, port: {number: 1}}`, or `serviceName` and `servicePort` of old.
fn of_ingress<'r>(object: Object<'r>, node: &'r Node) -> Option<Backend<'r>> {
    let at = |path: &[&str]| node.lookup(path.iter().map(|k| Step::Key(k)))?.text();
    let service = at(&["service", "name"]).or_else(|| at(&["serviceName"]))?;
    let port = at(&["service", "port", "number"])
        .or_else(|| at(&["service", "port", "name"]))
        .or_else(|| at(&["servicePort"]));
    Some(Backend { namespace: object.namespace(), service, port })
}

/// `{name: x, namespace: y, port: 1}`, as routes of all kinds have it.
fn of_reference<'r>(object: Object<'r>, node: &'r Node) -> Option<Backend<'r>> {
    let text = |key: &str| node.get(key).and_then(Node::text);
    if text("kind").is_some_and(|kind| kind != "Service") {
        return None;
    }
    let namespace = text("namespace").unwrap_or_else(|| object.namespace());
    Some(Backend { namespace, service: text("name")?, port: text("port") })
}
