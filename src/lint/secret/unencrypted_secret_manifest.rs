//! SEC002: a Secret is committed unencrypted.

use goyaml::{Node, Step};
use source::{Severity, VPath};

use super::literal::is_filled_in_later;
use crate::lint::tree::list;
use crate::lint::{Check, Findings, Lint, Tree, TreeFile, TreeFileKind};

pub(crate) static LINT: Lint = Lint {
    code: "SEC002",
    name: "unencrypted-secret-manifest",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/unencrypted-secret-manifest.md"),
    settings: &[],
    check: Check::Tree(check),
};

/// What the repository may use instead.
const MECHANISMS: &str = "an ExternalSecret, a SealedSecret or SOPS";

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for file in &tree.files {
        for document in &file.documents {
            manifest(document, findings);
            for item in list(document, "items") {
                manifest(item, findings);
            }
            if file.kind == TreeFileKind::Kustomization {
                generators(tree, file, document, findings);
            }
        }
    }
}

fn manifest(node: &Node, findings: &mut Findings<'_>) {
    let text = |key: &str| node.get(key).and_then(Node::text);
    let is_secret = text("kind") == Some("Secret") && text("apiVersion") == Some("v1");
    if !is_secret || text("type") == Some("helm.sh/release.v1") || is_encrypted(node) {
        return;
    }
    let mut keys = Vec::new();
    let mut span = None;
    for field in ["data", "stringData"] {
        let Some((key, data)) = node.entry(field) else { continue };
        for (name, value) in data.entries().unwrap_or_default() {
            let text = value.text().unwrap_or("").trim();
            if !text.is_empty() && !is_filled_in_later(text) {
                keys.extend(name.text());
                findings.sources.taint(value.span);
                span.get_or_insert(key.span);
            }
        }
    }
    let Some(span) = span else { return };
    let metadata = |key: &str| node.lookup(["metadata", key].map(Step::Key))?.text();
    let name = metadata("name").unwrap_or("");
    let full = match metadata("namespace") {
        Some(namespace) => format!("{namespace}/{name}"),
        None => name.to_owned(),
    };
    let plural = if keys.len() == 1 { "key" } else { "keys" };
    let (count, keys) = (keys.len(), keys.join(", "));
    let message =
        format!("Secret `{full}` is committed unencrypted ({count} {plural}: {keys})");
    let hint = format!(
        "rotate what it holds, and use {MECHANISMS}: `kubeseal <secret.yaml`, or \
         `sops encrypt --encrypted-regex '^(data|stringData)$' --in-place secret.yaml`"
    );
    let finding = findings.new_at(span, message).hint(hint);
    findings.add(finding);
}

/// A SOPS document: it has a MAC, and every leaf of its data is encrypted.
fn is_encrypted(node: &Node) -> bool {
    let mac = node.lookup(["sops", "mac"].map(Step::Key));
    let data = ["data", "stringData"].into_iter().filter_map(|key| node.get(key));
    let mut leaves = data.flat_map(|d| d.entries().unwrap_or_default());
    mac.is_some() && leaves.all(|(_, v)| v.text().is_some_and(|t| t.starts_with("ENC[")))
}

/// `secretGenerator`: what it reads is in the repository too.
fn generators(
    tree: &Tree<'_>,
    file: &TreeFile,
    document: &Node,
    findings: &mut Findings<'_>,
) {
    for generator in list(document, "secretGenerator") {
        let found = committed(tree, file, generator);
        if found.is_empty() {
            continue;
        }
        let name = generator.get("name");
        let span = name.map_or(generator.span, |node| node.span);
        let name = name.and_then(Node::text).unwrap_or("");
        let entry = |(key, count): &(&str, usize)| match count {
            1 => format!("1 entry of {key}"),
            count => format!("{count} entries of {key}"),
        };
        let what = found.iter().map(entry).collect::<Vec<_>>().join(", ");
        let message = format!(
            "secretGenerator `{name}` makes a Secret from committed text ({what})"
        );
        let hint = format!("rotate what it holds, and use {MECHANISMS}");
        let finding = findings.new_at(span, message).hint(hint);
        findings.add(finding);
    }
}

/// How many entries of each field hold or name text that is committed in the clear.
fn committed<'n>(
    tree: &Tree<'_>,
    file: &TreeFile,
    generator: &'n Node,
) -> Vec<(&'n str, usize)> {
    let literal = |node: &&Node| {
        let value =
            node.text().and_then(|text| text.split_once('=')).map_or("", |(_, v)| v);
        !value.is_empty() && !is_filled_in_later(value)
    };
    let named = |node: &&Node| {
        let path =
            node.text().map(|text| text.split_once('=').map_or(text, |(_, path)| path));
        path.is_some_and(|path| is_clear_file(tree, file, path))
    };
    let mut found =
        vec![("literals", list(generator, "literals").iter().filter(literal).count())];
    for key in ["files", "envs"] {
        found.push((key, list(generator, key).iter().filter(named).count()));
    }
    let env = generator.get("env").iter().filter(|node| named(node)).count();
    found.push(("env", env));
    found.retain(|(_, count)| *count > 0);
    found
}

/// Is the file in the repository, and not encrypted by SOPS?
fn is_clear_file(tree: &Tree<'_>, file: &TreeFile, path: &str) -> bool {
    let folder = file.path.parent().unwrap_or_else(VPath::root);
    let bytes = folder.join(path).and_then(|path| tree.repo.world.read(&path).ok());
    let Some(bytes) = bytes else { return false };
    let text = String::from_utf8_lossy(&bytes);
    let is_sops = text.contains("ENC[AES256_GCM") && text.contains("sops");
    !is_sops && !text.trim().is_empty()
}
