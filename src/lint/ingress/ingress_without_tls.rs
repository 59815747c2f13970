//! ING003: an Ingress or Gateway serves a host without TLS.

use goyaml::Node;
use source::{Place, Severity};

use crate::fleet::{ClusterObjects, Object};
use crate::lint::tree::list;
use crate::lint::{Check, Findings, Lint, Wants};

pub(crate) static LINT: Lint = Lint {
    code: "ING003",
    name: "ingress-without-tls",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/ingress-without-tls.md"),
    settings: &[("tlsTerminatedUpstream", Wants::Texts)],
    check: Check::Object(check),
};

/// The annotations by which controllers leave plain HTTP open.
const REDIRECTS: &[&str] = &[
    "nginx.ingress.kubernetes.io/ssl-redirect",
    "nginx.ingress.kubernetes.io/force-ssl-redirect",
    "ingress.kubernetes.io/ssl-redirect",
    "haproxy.org/ssl-redirect",
    "ingress.cilium.io/force-https",
];

fn check(cluster: &ClusterObjects<'_>, object: Object<'_>, findings: &mut Findings<'_>) {
    let exempt = findings.texts("tlsTerminatedUpstream", &[]);
    if exempt.contains(&object.cluster().name) {
        return;
    }
    let mut report = |place: Place, message: String, hint: &str| {
        let span = cluster.span_of(&object, place);
        let finding =
            findings.new_at(span, message).hint(hint).about(object.subject("/spec"));
        findings.add(finding);
    };
    match (object.group(), object.kind()) {
        ("networking.k8s.io" | "extensions", "Ingress") => {
            tls(object, &mut report);
            redirects(object, &mut report);
        }
        ("gateway.networking.k8s.io", "Gateway") => listeners(object, &mut report),
        _ => {}
    }
}

fn tls(object: Object<'_>, report: &mut dyn FnMut(Place, String, &str)) {
    let Some(spec) = object.get(&["spec"]) else { return };
    let hint = "add the host to `spec.tls[].hosts` with a `secretName`; cert-manager makes the \
                Secret if the Ingress has a `cert-manager.io/cluster-issuer` annotation";
    let tls = spec.get("tls").filter(|node| !node.is_null());
    if let Some(wrong) = tls.filter(|node| node.items().is_none()) {
        let shown = wrong.text().unwrap_or("a mapping");
        let message = format!("`tls` of {} is `{shown}`, not a list", object.label());
        return report(
            wrong.place(),
            message,
            "write `tls: [{hosts: […], secretName: …}]`",
        );
    }
    let entries = list(spec, "tls");
    let has_secret = |e: &&Node| {
        e.get("secretName").and_then(Node::text).is_some_and(|name| !name.is_empty())
    };
    let covered: Vec<&str> = entries
        .iter()
        .filter(has_secret)
        .flat_map(|entry| list(entry, "hosts"))
        .filter_map(Node::text)
        .collect();
    let hosts: Vec<&Node> =
        list(spec, "rules").iter().filter_map(|r| r.get("host")).collect();
    if hosts.is_empty() && !entries.iter().any(|entry| has_secret(&entry)) {
        let message = format!("{} serves every host without TLS", object.label());
        report(spec.place(), message, hint);
    }
    for node in hosts {
        let host = node.text().unwrap_or("");
        if !covered.iter().any(|cover| covers(cover, host)) {
            let message = format!("{} serves `{host}` without TLS", object.label());
            report(node.place(), message, hint);
        }
    }
}

/// Does a certificate for `cover` hold for `host`? A wildcard stands for one label.
fn covers(cover: &str, host: &str) -> bool {
    if cover.eq_ignore_ascii_case(host) {
        return true;
    }
    match (cover.strip_prefix("*."), host.split_once('.')) {
        (Some(domain), Some((label, rest))) => {
            label != "*" && domain.eq_ignore_ascii_case(rest)
        }
        _ => false,
    }
}

fn redirects(object: Object<'_>, report: &mut dyn FnMut(Place, String, &str)) {
    for name in REDIRECTS {
        let node = object.get(&["metadata", "annotations", name]);
        let off = |text: &str| matches!(text, "false" | "disabled");
        if let Some(node) = node.filter(|node| node.text().is_some_and(off)) {
            let message =
                format!("{} leaves plain HTTP open: `{name}` is off", object.label());
            report(node.place(), message, "remove the annotation, or set it to \"true\"");
        }
    }
}

fn listeners(object: Object<'_>, report: &mut dyn FnMut(Place, String, &str)) {
    let Some(spec) = object.get(&["spec"]) else { return };
    for listener in list(spec, "listeners") {
        let text = |key: &str| listener.get(key).and_then(Node::text);
        let name = text("name").unwrap_or("");
        let protocol = listener.get("protocol").unwrap_or(listener);
        let tls = listener.get("tls");
        let mode = tls.and_then(|tls| tls.get("mode")).and_then(Node::text);
        let certified = mode == Some("Passthrough")
            || tls.is_some_and(|tls| !list(tls, "certificateRefs").is_empty());
        match text("protocol") {
            Some("HTTPS" | "TLS") if !certified => {
                let message =
                    format!("listener `{name}` of {} has no certificate", object.label());
                report(protocol.place(), message, "add `tls.certificateRefs`");
            }
            // The usual pair is one HTTPS listener and one HTTP listener that only redirects.
            Some("HTTP") if !has_https_twin(spec, listener) => {
                let host = text("hostname").unwrap_or("every host");
                let message = format!(
                    "listener `{name}` of {} serves {host} without TLS",
                    object.label()
                );
                let hint = "use `protocol: HTTPS` with `tls.certificateRefs`";
                report(protocol.place(), message, hint);
            }
            _ => {}
        }
    }
}

/// Is there an HTTPS listener for the same host, so that this one can redirect to it?
fn has_https_twin(spec: &Node, listener: &Node) -> bool {
    let host = listener.get("hostname").and_then(Node::text);
    list(spec, "listeners").iter().any(|other| {
        other.get("protocol").and_then(Node::text) == Some("HTTPS")
            && other.get("hostname").and_then(Node::text) == host
    })
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_wildcard_covers_one_label() {
        assert!(covers("*.example.com", "grafana.example.com"));
        assert!(!covers("*.example.com", "a.b.example.com"));
        assert!(!covers("*.example.com", "example.com"));
        assert!(covers("Grafana.example.com", "grafana.EXAMPLE.com"));
        assert!(covers("*.example.com", "*.example.com"));
    }
}
