//! KUST005: a reference to a generated ConfigMap or Secret by its name without the hash.

use std::collections::{BTreeMap, BTreeSet};

use goyaml::{Content, Node};
use source::Severity;

use crate::fleet::{ClusterObjects, Object};
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST005",
    name: "unhashed-reference",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/unhashed-reference.md"),
    settings: &[],
    check: Check::Cluster(check),
};

/// Objects are followed this far; no API is deeper.
const DEPTH: usize = 64;

/// The former names of generated objects: namespace and name, then kind and present name.
type Former<'r> = BTreeMap<(&'r str, String), BTreeMap<&'r str, &'r str>>;

fn check(cluster: &ClusterObjects<'_>, findings: &mut Findings<'_>) {
    let former = former_names(cluster);
    if former.is_empty() {
        return;
    }
    for object in cluster.objects.iter().filter(|object| !holds_data(object)) {
        let mut search = Search { cluster, object, former: &former, findings };
        for (key, value) in object.node().entries().unwrap_or_default() {
            if key.text() != Some("metadata") {
                let path = [key.text().unwrap_or("")];
                search.value(value, &path, None, 0);
            }
        }
    }
}

fn holds_data(object: &Object<'_>) -> bool {
    object.is("", "ConfigMap") || object.is("", "Secret")
}

fn former_names<'r>(cluster: &ClusterObjects<'r>) -> Former<'r> {
    let data = || cluster.objects.iter().filter(|object| holds_data(object));
    let taken: BTreeSet<(&str, &str, &str)> =
        data().map(|o| (o.namespace(), o.kind(), o.name())).collect();
    let mut former = Former::new();
    for object in data().filter(|object| object.resource.needs_hash()) {
        for id in object.resource.prev_ids() {
            let (namespace, kind) = (object.namespace(), object.kind());
            if !taken.contains(&(namespace, kind, id.name.as_str())) {
                let names = former.entry((namespace, id.name.to_string())).or_default();
                names.insert(kind, object.name());
            }
        }
    }
    former
}

struct Search<'s, 'r, 'f> {
    cluster: &'s ClusterObjects<'r>,
    object: &'s Object<'r>,
    former: &'s Former<'r>,
    findings: &'s mut Findings<'f>,
}

impl Search<'_, '_, '_> {
    /// `path` holds the names of the fields around, the innermost last.
    fn value(&mut self, node: &Node, path: &[&str], around: Option<&Node>, depth: usize) {
        if depth > DEPTH {
            return;
        }
        match &node.content {
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    let below: Vec<&str> =
                        path.iter().copied().chain(key.text()).collect();
                    self.value(value, &below, Some(node), depth + 1);
                }
            }
            Content::Sequence(items) => {
                items.iter().for_each(|item| self.value(item, path, None, depth + 1));
            }
            Content::Scalar(text) => self.text(node, text, path, around),
            Content::Alias(_) => {}
        }
    }

    fn text(&mut self, node: &Node, text: &str, path: &[&str], around: Option<&Node>) {
        let place = (self.object.namespace(), text.to_owned());
        let Some(names) = self.former.get(&place) else { return };
        let kind = names.keys().find(|kind| means(kind, path, around));
        let Some((kind, name)) = kind.and_then(|kind| names.get_key_value(*kind)) else {
            return;
        };
        let field = path.join(".");
        let message = format!(
            "{} names {kind} `{text}` in `{field}`, but it is called `{name}`",
            self.object.label()
        );
        let span = self.cluster.span_of(self.object, node.place());
        let finding = self
            .findings
            .new_at(span, message)
            .about(self.object.subject(&source::pointer(path)))
            .hint(format!(
                "add a `nameReference` for this field under `configurations`, or set \
                 `options.disableNameSuffixHash: true` for the {kind}"
            ));
        self.findings.add(finding);
    }
}

/// Is a text in this field the name of an object of that kind?
fn means(kind: &str, path: &[&str], around: Option<&Node>) -> bool {
    let sibling =
        |key: &str| around.and_then(|around| around.get(key)).and_then(Node::text);
    if let Some(said) = sibling("kind") {
        return said == kind;
    }
    let Some(field) = path.last() else { return false };
    let word = kind.to_lowercase();
    let says = |name: &&&str| name.to_lowercase().contains(&word);
    // A selector of a key: `objectStorageConfig: {name: x, key: y}`.
    let selects = *field == "name" && sibling("key").is_some();
    let is_name = ["name", "names"].contains(field) && path.iter().any(|n| says(&n));
    selects || is_name || says(&field)
}

#[cfg(test)]
mod tests {
    use super::means;

    #[test]
    fn fields_say_what_they_name() {
        assert!(means("Secret", &["spec", "secretName"], None));
        assert!(means("Secret", &["spec", "secrets"], None));
        assert!(means("ConfigMap", &["spec", "configMapRef", "name"], None));
        assert!(!means("Secret", &["spec", "configMapRef", "name"], None));
        assert!(!means("ConfigMap", &["spec", "serviceAccountName"], None));
    }
}
