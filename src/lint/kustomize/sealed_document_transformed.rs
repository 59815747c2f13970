//! KUST010: a transformer changes a document that is sealed.

use std::collections::BTreeMap;

use goyaml::{Content, Dialect, Node, Step};
use source::{Origin, Severity, Span};

use crate::fleet::{ClusterObjects, Object};
use crate::lint::{Check, Findings, Lint};

pub(crate) static LINT: Lint = Lint {
    code: "KUST010",
    name: "sealed-document-transformed",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/sealed-document-transformed.md"),
    settings: &[],
    check: Check::Object(check),
};

/// Objects are followed this far; no secret is deeper.
const DEPTH: usize = 64;

/// The field and what set it, and the entry that asked for it.
type Edits = BTreeMap<(String, &'static str), (String, Span)>;

/// What keeps a document as it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seal {
    /// A MAC over every value.
    Sops,
    /// A MAC over what is encrypted.
    SopsEncrypted,
    /// The name and the namespace are part of what is encrypted.
    Strict,
    /// The namespace is.
    NamespaceWide,
    /// Neither is.
    ClusterWide,
}

fn check(cluster: &ClusterObjects<'_>, object: Object<'_>, findings: &mut Findings<'_>) {
    let Some(seal) = seal(&object) else { return };
    let mut edits = Edits::new();
    changes(&object, seal, object.node(), &mut Vec::new(), &mut edits);
    for ((path, by), (pointer, config)) in edits {
        let what = match seal {
            Seal::Sops | Seal::SopsEncrypted => "the MAC of the SOPS document",
            _ => "the scope of the SealedSecret",
        };
        let message =
            format!("`{by}` sets `{path}` of {}: {what} breaks", object.label());
        let node = cluster.span_of(&object, source::Place::Span(object.node().span));
        let span = if config.is_none() { node } else { config };
        let subject = object.subject(&pointer);
        let hint = match seal {
            Seal::Sops | Seal::SopsEncrypted => {
                "write what the transformer sets into the document and encrypt it again, \
                 or list the document where the transformer does not reach it"
            }
            _ => "seal it again for the name and namespace that it ends up with",
        };
        let finding = findings.new_at(span, message).about(subject).hint(hint);
        findings.add(finding);
    }
    for (path, span) in removals(cluster, &object, seal) {
        let what = match seal {
            Seal::Sops | Seal::SopsEncrypted => "the MAC of the SOPS document",
            _ => "the scope of the SealedSecret",
        };
        let message =
            format!("`{path}` of {} is taken out: {what} breaks", object.label());
        let subject = object.subject(&format!("/{}", path.replace('.', "/")));
        let hint = "take it out of the document itself and seal that again, or let no patch \
                    reach it";
        findings.add(findings.new_at(span, message).about(subject).hint(hint));
    }
}

/// The fields that the seal covers and that are no longer there, where they are written.
///
/// What is gone has no origin: the document is read once more.
fn removals(
    cluster: &ClusterObjects<'_>,
    object: &Object<'_>,
    seal: Seal,
) -> Vec<(String, Span)> {
    let whole = object.node().span;
    let file = cluster.repo.sources.file(whole.file);
    let text = file.text.get(whole.range()).filter(|_| file.rendered.is_none());
    let (documents, faults) = goyaml::parse(text.unwrap_or(""), whole.file, Dialect::V3);
    // The items of a list stand deeper, and cannot be read alone.
    let [document] = documents.as_slice() else { return Vec::new() };
    let mut found = Vec::new();
    if faults.is_empty() {
        gone(seal, &document.root, Some(object.node()), &mut Vec::new(), &mut found);
    }
    let moved = |span: Span| {
        let (base, range) = (whole.start as usize, span.range());
        Span::new(whole.file, base + range.start, base + range.end)
    };
    found.into_iter().map(|(path, span)| (path, moved(span))).collect()
}

fn gone<'n>(
    seal: Seal,
    old: &'n Node,
    new: Option<&Node>,
    path: &mut Vec<&'n str>,
    found: &mut Vec<(String, Span)>,
) {
    if path.len() > DEPTH {
        return;
    }
    match &old.content {
        Content::Mapping(entries) => {
            for (key, value) in entries {
                let name = key.text().unwrap_or("");
                path.push(name);
                gone(seal, value, new.and_then(|new| new.get(name)), path, found);
                path.pop();
            }
        }
        Content::Sequence(items) => {
            let kept = new.and_then(Node::items).unwrap_or(&[]);
            for (at, item) in items.iter().enumerate() {
                gone(seal, item, kept.get(at), path, found);
            }
        }
        Content::Scalar(text) if new.is_none() => {
            let path = path.join(".");
            // Each value of a SealedSecret is encrypted for itself.
            let of_its_own = path.starts_with("spec.encryptedData");
            if covers(seal, &path, text) && !of_its_own {
                found.push((path, old.span));
            }
        }
        Content::Scalar(_) | Content::Alias(_) => {}
    }
}

fn seal(object: &Object<'_>) -> Option<Seal> {
    let node = object.node();
    if let Some(sops) = node.get("sops").filter(|sops| sops.get("mac").is_some()) {
        let only = sops.get("mac_only_encrypted").and_then(Node::text) == Some("true");
        return Some(if only { Seal::SopsEncrypted } else { Seal::Sops });
    }
    if !object.is("bitnami.com", "SealedSecret") {
        return None;
    }
    let says = |scope: &str| {
        let key = format!("sealedsecrets.bitnami.com/{scope}");
        let path = [Step::Key("metadata"), Step::Key("annotations"), Step::Key(&key)];
        node.lookup(path).and_then(Node::text) == Some("true")
    };
    Some(match (says("cluster-wide"), says("namespace-wide")) {
        (true, _) => Seal::ClusterWide,
        (false, true) => Seal::NamespaceWide,
        (false, false) => Seal::Strict,
    })
}

/// Does the seal cover a value? `text` is what it was, or what it is if it is new.
fn covers(seal: Seal, path: &str, text: &str) -> bool {
    let encrypted = path.starts_with("spec.encryptedData");
    match seal {
        Seal::Sops => !path.starts_with("sops"),
        Seal::SopsEncrypted => text.starts_with("ENC["),
        Seal::Strict => {
            encrypted || path == "metadata.name" || path == "metadata.namespace"
        }
        Seal::NamespaceWide => encrypted || path == "metadata.namespace",
        Seal::ClusterWide => encrypted,
    }
}

/// The edits of what the seal covers.
fn changes<'n>(
    object: &Object<'_>,
    seal: Seal,
    node: &'n Node,
    path: &mut Vec<&'n str>,
    found: &mut Edits,
) {
    if path.len() > DEPTH {
        return;
    }
    match &node.content {
        Content::Mapping(entries) => {
            for (key, value) in entries {
                path.push(key.text().unwrap_or(""));
                changes(object, seal, value, path, found);
                path.pop();
            }
        }
        Content::Sequence(items) => {
            items.iter().for_each(|item| changes(object, seal, item, path, found));
        }
        Content::Scalar(text) => {
            let edit = object.built.origins.get(node.origin);
            let Some(Origin::Edit { by, config, was, .. }) = edit else { return };
            let field = path.join(".");
            let before = was.as_deref().unwrap_or(text);
            if was.as_deref() != Some(text) && covers(seal, &field, before) {
                found.insert((field, by), (source::pointer(path), config));
            }
        }
        Content::Alias(_) => {}
    }
}
