//! SEC001: a values file, inline value or patch holds a literal credential.

use goyaml::{Node, Step};
use sha2::{Digest, Sha256};
use source::{Place, Severity, is_secret_key};

use super::literal::{is_credential, literal};
use crate::fleet::Embedded;
use crate::lint::tree::list;
use crate::lint::{Check, Findings, Lint, Tree, TreeFile, TreeFileKind};

pub(crate) static LINT: Lint = Lint {
    code: "SEC001",
    name: "plaintext-secret-in-values",
    level: Severity::Error,
    since: "0.1",
    page: include_str!("../../../lints/plaintext-secret-in-values.md"),
    settings: &[],
    check: Check::Tree(check),
};

/// Values nest this deep at most; what is deeper no chart reads.
const MAX_DEPTH: usize = 128;

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for file in &tree.files {
        match file.kind {
            TreeFileKind::Values | TreeFileKind::Patch => {
                for document in &file.documents {
                    Search::new(findings).mapping("", document, MAX_DEPTH);
                }
            }
            TreeFileKind::Kustomization => kustomization(file, findings),
            TreeFileKind::Manifest => {
                let is_generator = |document: &&Node| {
                    let kind = document.get("kind").and_then(Node::text);
                    kind == Some("HelmChartInflationGenerator")
                };
                for generator in file.documents.iter().filter(is_generator) {
                    inline(generator, findings);
                }
            }
        }
    }
}

/// `valuesInline`, and patches that are written in place.
fn kustomization(file: &TreeFile, findings: &mut Findings<'_>) {
    for document in &file.documents {
        let charts = list(document, "helmCharts").iter();
        charts.for_each(|chart| inline(chart, findings));
        let merges = list(document, "patchesStrategicMerge").iter();
        let inline = ["patches", "patchesJson6902"].into_iter();
        let inline =
            inline.flat_map(|key| list(document, key)).filter_map(|p| p.get("patch"));
        for patch in merges.chain(inline) {
            Search::new(findings).text("patch", patch, MAX_DEPTH);
        }
    }
}

/// The `valuesInline` of a chart entry or generator.
fn inline(chart: &Node, findings: &mut Findings<'_>) {
    if let Some(values) = chart.get("valuesInline") {
        let mut search = Search::new(findings);
        search.path.push("valuesInline".to_owned());
        search.mapping("", values, MAX_DEPTH);
    }
}

/// A walk through a tree that remembers how it came to where it is.
struct Search<'a, 'f, 'e> {
    findings: &'a mut Findings<'f>,
    path: Vec<String>,
    /// The string whose YAML is being walked, if it is one.
    embedded: Option<&'e Embedded<'e>>,
}

impl<'a, 'f> Search<'a, 'f, '_> {
    fn new(findings: &'a mut Findings<'f>) -> Self {
        Search { findings, path: Vec::new(), embedded: None }
    }
}

impl Search<'_, '_, '_> {
    fn node(&mut self, key: &str, node: &Node, depth: usize) {
        if depth == 0 {
            return;
        }
        if node.entries().is_some() {
            self.mapping(key, node, depth);
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            self.path.push(index.to_string());
            self.node(key, item, depth - 1);
            self.path.pop();
        }
    }

    fn mapping(&mut self, own_key: &str, node: &Node, depth: usize) {
        let Some(entries) = node.entries() else {
            return self.json_patch(node, depth);
        };
        if depth == 0 || node.lookup(["sops", "mac"].map(Step::Key)).is_some() {
            return;
        }
        for (key, value) in entries {
            let Some(key) = key.text() else { continue };
            self.path.push(key.to_owned());
            match literal(value) {
                Some(text) if is_credential(own_key, node, key, text) => {
                    self.report(value, text);
                }
                Some(_) => self.text(key, value, depth - 1),
                None => self.node(key, value, depth - 1),
            }
            self.path.pop();
        }
    }

    /// The `value`s of a JSON 6902 patch.
    fn json_patch(&mut self, node: &Node, depth: usize) {
        for operation in node.items().unwrap_or_default() {
            let (Some(path), Some(value)) =
                (operation.get("path").and_then(Node::text), operation.get("value"))
            else {
                continue;
            };
            let key = path.rsplit('/').next().unwrap_or(path);
            self.path.push(path.trim_start_matches('/').replace('/', "."));
            match literal(value) {
                Some(text) if is_secret_key(key) => self.report(value, text),
                _ => self.node(key, value, depth),
            }
            self.path.pop();
        }
    }

    /// A string that may hold YAML, or a Fluent Bit section.
    fn text(&mut self, key: &str, node: &Node, depth: usize) {
        if depth == 0
            || self.embedded.is_some()
            || !node.text().unwrap_or("").contains('\n')
        {
            return;
        }
        if let Some(document) = Embedded::read(node) {
            let (path, embedded) = (std::mem::take(&mut self.path), Some(&document));
            let mut inner = Search { findings: &mut *self.findings, path, embedded };
            inner.mapping(key, &document.root, depth);
            self.path = inner.path;
        } else {
            self.sections(node);
        }
    }

    /// `[OUTPUT]` and its lines `Key value`.
    fn sections(&mut self, node: &Node) {
        let text = node.text().unwrap_or("");
        if !text.lines().any(|line| line.trim_start().starts_with('[')) {
            return;
        }
        for line in text.lines() {
            let Some((key, value)) = line.trim().split_once(char::is_whitespace) else {
                continue;
            };
            let value = Node::string(value.trim());
            if let Some(text) = literal(&value).filter(|_| is_secret_key(key)) {
                self.path.push(key.to_owned());
                self.report(node, text);
                self.path.pop();
            }
        }
    }

    fn report(&mut self, node: &Node, text: &str) {
        let place = match self.embedded {
            Some(document) => document.place(self.findings.sources, node),
            None => Place::Span(node.span),
        };
        let Place::Span(span) = place else { return };
        self.findings.sources.taint(span);
        let digest = Sha256::digest(text.as_bytes());
        let message = format!(
            "`{}` holds a literal credential ({} characters, sha256 {:02x}{:02x}{:02x})",
            self.path.join("."),
            text.chars().count(),
            digest[0],
            digest[1],
            digest[2],
        );
        let hint = "keep it in a Secret that an ExternalSecret, SealedSecret or SOPS makes, and \
                    name that Secret here (`existingSecret`, `secretName`)";
        let finding = self.findings.new_at(span, message).hint(hint);
        self.findings.add(finding);
    }
}
