//! KUST006: an object that lives in a namespace has none after the build.

use source::Severity;

use crate::fleet::{ClusterObjects, Object};
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST006",
    name: "namespace-lost",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/namespace-lost.md"),
    settings: &[],
    check: Check::Object(check),
};

fn check(cluster: &ClusterObjects<'_>, object: Object<'_>, findings: &mut Findings<'_>) {
    let id = object.resource.cur_id();
    if !id.namespace.is_empty() || id.cluster_scoped || !is_namespaced(&id.gvk) {
        return;
    }
    let name = object.get(&["metadata", "name"]).unwrap_or(object.node());
    let span = cluster.span_of(&object, name.place());
    let message = format!("{} has no namespace", object.label());
    let hint = match object.resource.is_helm_generated() {
        true => {
            "the chart prints none, and Kustomize 5.8 leaves what charts print alone: set \
             it by the chart's values or a patch, or set `compat.kustomize: \"5.7\"`"
        }
        false => "set `namespace:` in the kustomization, or `metadata.namespace`",
    };
    let subject = object.subject("/metadata/namespace");
    let finding = findings.new_at(span, message).about(subject).hint(hint);
    findings.add(finding);
}

/// Is it known to live in a namespace? Of kinds that nobody knows, nobody can say.
fn is_namespaced(gvk: &kustomize::Gvk) -> bool {
    let schema = schema::OpenApi::builtin();
    schema.scope(&gvk.api_version(), &gvk.kind) == Some(schema::Scope::Namespaced)
        || gvk.group == "monitoring.coreos.com"
}
