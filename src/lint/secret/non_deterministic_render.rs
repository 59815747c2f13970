//! REPO007: a value that a chart draws reaches a Secret, a key or a password.

use goyaml::Node;
use source::{Place, Role, Severity, Span, is_secret_key};

use crate::fleet::{ClusterObjects, Embedded, Object};
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "REPO007",
    name: "non-deterministic-render",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/non-deterministic-render.md"),
    settings: &[],
    check: Check::Object(check),
};

/// How deep an object is searched; nothing that Kubernetes reads is deeper.
const MAX_DEPTH: usize = 128;

fn check(cluster: &ClusterObjects<'_>, object: Object<'_>, findings: &mut Findings<'_>) {
    let mut search = Search { cluster, object, found: Vec::new(), path: Vec::new() };
    if object.is("", "Secret") {
        for field in ["data", "stringData"] {
            let data = object.get(&[field]).and_then(Node::entries).unwrap_or_default();
            for (key, value) in data {
                search.path =
                    vec![field.to_owned(), key.text().unwrap_or_default().to_owned()];
                search.drawn(value.place());
            }
        }
    } else {
        search.node("", object.node(), None, MAX_DEPTH);
    }
    for drawn in search.found {
        findings.add(finding(cluster, object, findings, &drawn));
    }
}

/// A drawn value at a place where none may be.
struct Drawn {
    path: Vec<String>,
    place: Place,
    function: &'static str,
    at: Span,
}

fn finding(
    cluster: &ClusterObjects<'_>,
    object: Object<'_>,
    findings: &Findings<'_>,
    drawn: &Drawn,
) -> Box<source::Diagnostic> {
    let sources = cluster.repo.sources;
    let Drawn { path, place, function, at } = drawn;
    let field = path.join(".");
    let message = format!(
        "`{function}` makes `{field}` of {}: in a build it is derived from the public seed",
        object.label()
    );
    // The line that can be changed: the template, if it is the repository's own.
    let own = sources.file(at.file).editable;
    let span = if own { *at } else { cluster.span_to_add(&object, *place) };
    let mut made =
        findings.new_at(span, message).about(object.subject(&source::pointer(path)));
    if !own {
        made = made.label(*at, "drawn here");
    }
    let causes = sources.causes(&object.built.origins, *place);
    let chose = causes.iter().find(|cause| {
        cause.role == Role::Reason
            && sources.file(cause.span.file).path.ends_with(".yaml")
    });
    if let Some(cause) = chose {
        made = made.label(cause.span, "drawn because of this value");
    }
    made.hint(
        "keep it in a Secret that an ExternalSecret, SealedSecret or SOPS makes, and name that \
         in the chart's values (`existingSecret`, `secretName`); for certificates use \
         cert-manager",
    )
}

/// A walk through an object.
struct Search<'s, 'r> {
    cluster: &'s ClusterObjects<'r>,
    object: Object<'r>,
    path: Vec<String>,
    found: Vec<Drawn>,
}

impl Search<'_, '_> {
    /// Notes what was drawn at a place: the first of several functions.
    fn drawn(&mut self, place: Place) {
        let sources = self.cluster.repo.sources;
        let functions = sources.drawn(&self.object.built.origins, place);
        if let Some((function, at)) = functions.into_iter().next() {
            let path = self.path.clone();
            self.found.push(Drawn { path, place, function, at });
        }
    }

    /// Looks at what stands under `key`, perhaps in YAML within a string.
    fn node(
        &mut self,
        key: &str,
        node: &Node,
        embedded: Option<&Embedded<'_>>,
        depth: usize,
    ) {
        if depth == 0 {
            return;
        }
        // A variable: its name says what its value is.
        let variable = node.get("name").and_then(Node::text);
        for (key, value) in node.entries().unwrap_or_default() {
            let Some(key) = key.text() else { continue };
            let meant = variable.filter(|_| key == "value").unwrap_or(key);
            self.path.push(key.to_owned());
            self.node(meant, value, embedded, depth - 1);
            self.path.pop();
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            self.path.push(index.to_string());
            self.node(key, item, embedded, depth - 1);
            self.path.pop();
        }
        let Some(text) = node.text() else { return };
        if is_secret_key(key) || text.contains("PRIVATE KEY-----") {
            let sources = self.cluster.repo.sources;
            let place = embedded.map(|document| document.place(sources, node));
            self.drawn(place.unwrap_or_else(|| node.place()));
        } else if embedded.is_none()
            && text.contains('\n')
            && let Some(document) = Embedded::read(node)
        {
            self.node(key, &document.root, Some(&document), depth - 1);
        }
    }
}
