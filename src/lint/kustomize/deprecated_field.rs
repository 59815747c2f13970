//! KUST007: a deprecated field of a kustomization.

use goyaml::Node;
use source::{Severity, VPath};

use super::rewrite;
use crate::lint::{Check, Findings, Lint, Tree, TreeFile};

pub(crate) static LINT: Lint = Lint {
    code: "KUST007",
    name: "deprecated-field",
    level: Severity::Info,
    since: "0.1",
    page: include_str!("../../../lints/deprecated-field.md"),
    settings: &[],
    check: Check::Tree(check),
};

/// The deprecated fields and what stands in their place.
const FIELDS: [(&str, &str); 6] = [
    ("bases", "resources"),
    ("commonLabels", "labels"),
    ("imageTags", "images"),
    ("patchesJson6902", "patches"),
    ("patchesStrategicMerge", "patches"),
    ("vars", "replacements"),
];

fn check(tree: &Tree<'_>, findings: &mut Findings<'_>) {
    for file in tree.kustomizations() {
        let text = findings.sources.file(file.file).text.clone();
        for document in &file.documents {
            for (field, successor) in FIELDS {
                let Some((key, value)) = document.entry(field) else { continue };
                if value.is_null() {
                    continue;
                }
                let message = format!("`{field}` is deprecated");
                let mut finding =
                    findings.new_at(key.span, message).hint(hint(field, successor));
                let mut patches = patch_files(tree, file, value);
                if !patches.any(rewrite::nulls_metadata) {
                    finding.fix = rewrite::fix(&text, document, field, successor);
                }
                findings.add(finding);
            }
        }
    }
}

/// The documents of the files that a list names.
fn patch_files<'t>(
    tree: &'t Tree<'_>,
    kustomization: &TreeFile,
    names: &Node,
) -> impl Iterator<Item = &'t Node> {
    let folder = kustomization.path.parent().unwrap_or_else(VPath::root);
    let names = names.items().unwrap_or_default().iter().filter_map(Node::text);
    let paths: Vec<VPath> = names.filter_map(|name| folder.join(name)).collect();
    let files = tree.files.iter().filter(move |file| paths.contains(&file.path));
    files.flat_map(|file| &file.documents)
}

fn hint(field: &str, successor: &str) -> String {
    match field {
        "commonLabels" => "use `labels` with `includeSelectors: true`".to_owned(),
        "vars" => "use `replacements`: each names a source and the fields that take \
                   its value"
            .to_owned(),
        _ => format!("use `{successor}`"),
    }
}
