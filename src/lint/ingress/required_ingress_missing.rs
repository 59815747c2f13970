//! ING001: a central component that people or clusters must reach has no Ingress.

use goyaml::Node;
use source::{Place, Severity, Span};

use crate::config::Role;
use crate::fleet::{
    ClusterObjects, Container, Exposure, Object, ThanosComponent, Workload,
};
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "ING001",
    name: "required-ingress-missing",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/required-ingress-missing.md"),
    settings: &[("required", Wants::Texts)],
    check: Check::Cluster(check),
};

fn check(cluster: &ClusterObjects<'_>, findings: &mut Findings<'_>) {
    let required = findings.texts("required", &["query", "receive", "grafana"]);
    // A component that failed to build may hold the Ingress that seems to be missing.
    let central = cluster.cluster.role.filter(|role| role.value == Role::Central);
    let Some(central) = central.filter(|_| cluster.complete) else { return };
    let (workloads, exposures) = (cluster.workloads(), cluster.exposures());
    for component in &required {
        let Some(part) = Part::find(&workloads, component) else { continue };
        if !exposures.iter().any(|exposure| part.is_reached(exposure)) {
            report(cluster, component, &part, central.span, findings);
        }
    }
}

fn report(
    objects: &ClusterObjects<'_>,
    component: &str,
    part: &Part<'_>,
    central: Span,
    findings: &mut Findings<'_>,
) {
    let object = &part.workload.object;
    let cluster = &objects.cluster.name;
    let message =
        format!("central cluster `{cluster}` has no Ingress that reaches {component}");
    let hint = match component {
        "receive" => {
            "edge clusters write to it: add an Ingress with TLS whose backend is the \
                      Service's remote-write port (19291)"
        }
        "query" => "add an Ingress with TLS for it or for the Query Frontend before it",
        _ => {
            "add an Ingress with TLS, or take the component out of the lint's `required`"
        }
    };
    let runs = objects.span_of(object, part.place);
    let switch = objects.switched_off(&["ingress", component], object);
    let at = switch.as_ref().map_or(runs, |(span, _)| *span);
    let mut finding = findings.new_at(at, message);
    if let Some((_, chain)) = switch {
        finding = finding.label(runs, "the component runs here");
        finding.chain = chain;
    }
    if !central.is_none() {
        finding = finding.label(central, "this makes the cluster central");
    }
    let finding = finding.hint(hint).about(object.subject(""));
    match component {
        "receive" => findings.add_if_someone_writes(finding),
        _ => findings.add(finding),
    }
}

/// A required component and the workload that runs it.
struct Part<'r> {
    workload: Workload<'r>,
    place: Place,
    /// The component as Thanos calls it; `None` for Grafana.
    thanos: Option<ThanosComponent>,
    /// The component that may be reached in its stead, and so reaches it.
    front: Option<Object<'r>>,
}

impl<'r> Part<'r> {
    fn find(workloads: &[Workload<'r>], component: &str) -> Option<Part<'r>> {
        if component == "grafana" {
            let workload = workloads.iter().find(|w| w.is_grafana())?.clone();
            let image = workload.containers.iter().find_map(|c| c.node.get("image"));
            let place = image.map_or_else(|| workload.object.node().place(), Node::place);
            return Some(Part { workload, place, thanos: None, front: None });
        }
        let of = |wanted: &str| {
            workloads.iter().find_map(|workload| {
                let own = workload.thanos().find(|(_, c)| c.name() == wanted);
                own.map(|(container, component)| (workload, container, component))
            })
        };
        let (workload, container, thanos) = of(component)?;
        let front = of("query-frontend").filter(|_| component == "query");
        Some(Part {
            workload: workload.clone(),
            place: place_of(container),
            thanos: Some(thanos),
            front: front.map(|(workload, _, _)| workload.object),
        })
    }

    fn is_reached(&self, exposure: &Exposure<'_>) -> bool {
        let is = |object: &Object<'_>| {
            std::ptr::eq(object.resource, exposure.workload.object.resource)
        };
        match self.thanos {
            _ if self.front.as_ref().is_some_and(is) => true,
            Some(ThanosComponent::Receive) => {
                // Several receivers may share the work: any that takes remote writes will do.
                let receives = |c: &Container<'_>| {
                    c.thanos == Some(ThanosComponent::Receive)
                        && exposure.port.is_none_or(|port| port == remote_write_port(c))
                };
                exposure.workload.containers.iter().any(receives)
            }
            Some(component) => {
                exposure.workload.thanos().any(|(_, own)| own == component)
            }
            None => exposure.workload.is_grafana(),
        }
    }
}

/// The word that names the component, which is where a reader looks for it.
fn place_of(container: &Container<'_>) -> Place {
    let word = container.args.iter().find(|arg| arg.name.is_empty());
    word.map_or(container.node.place(), |arg| arg.node.place())
}

/// The port of `--remote-write.address`, 19291 by default.
fn remote_write_port(container: &Container<'_>) -> u16 {
    let address = container.flag("remote-write.address");
    let port = address.and_then(|address| address.rsplit(':').next()?.parse().ok());
    port.unwrap_or(19_291)
}
