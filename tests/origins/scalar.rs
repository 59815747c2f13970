//! Scalars that can be changed.

use goyaml::{Dialect, Node, Style, Tag};
use source::{SourceMap, Span, VPath, World};
use thanos_gitops::lint::{Tree, TreeFileKind};

/// A scalar, and its file with another in its place.
pub(super) struct Scalar {
    pub(super) path: VPath,
    pub(super) shown: String,
    pub(super) line: usize,
    pub(super) group: &'static str,
    /// Is it a chart's? Then charts that were read before are no good.
    pub(super) of_chart: bool,
    pub(super) span: Span,
    pub(super) edited: String,
    /// The file with yet another in its place.
    pub(super) again: Option<String>,
}

/// The scalars of the template's sources, charts' files included.
pub(super) fn of_template(world: &dyn World) -> Vec<Scalar> {
    let sources = SourceMap::new();
    let repo = thanos_gitops::load(world, &sources).expect("the template loads");
    let tree = Tree::read(&repo);
    let mut scalars = Vec::new();
    for file in &tree.files {
        let top = file.path.parts().next().unwrap_or("");
        let group = match (top, file.kind) {
            ("charts", TreeFileKind::Values) => "charts' values",
            ("charts", _) => "charts' files",
            ("base" | "overlays", TreeFileKind::Values) => "values files",
            ("base" | "overlays", TreeFileKind::Patch) => "patches",
            ("base" | "overlays", TreeFileKind::Manifest) => "manifests",
            ("base" | "overlays", TreeFileKind::Kustomization) => "kustomizations",
            _ => continue,
        };
        scalars.extend(of_file(world, &file.path, group));
    }
    for name in ["fleet", "node", "thanos"] {
        let path = format!("charts/monitoring-stack/dashboards/{name}.json");
        let all = of_file(world, &super::vpath(&path), "charts' files");
        // Dashboards are long and all alike.
        scalars.extend(all.into_iter().step_by(7));
    }
    scalars
}

/// The scalars of one file.
pub(super) fn of_file(
    world: &dyn World,
    path: &VPath,
    group: &'static str,
) -> Vec<Scalar> {
    let bytes = world.read(path).expect("a file");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let sources = SourceMap::new();
    let shown = world.display(path);
    let file = sources.add(shown.clone(), text.as_str());
    let (documents, _) = goyaml::parse(&text, file, Dialect::V3);
    let of_chart = path.parts().next() == Some("charts");
    let mut scalars = Vec::new();
    for document in &documents {
        values(&document.root, &mut |node| {
            let Some((span, edited)) = edited(&text, node) else { return };
            let again = edited_again(&text, node);
            let line = sources.location(node.span).map_or(0, |at| at.line);
            let (path, shown) = (path.clone(), shown.clone());
            let scalar =
                Scalar { path, shown, line, group, of_chart, span, edited, again };
            scalars.push(scalar);
        });
    }
    scalars
}

/// Calls `visit` for every scalar that is a value, not a key.
fn values(node: &Node, visit: &mut dyn FnMut(&Node)) {
    for (_, value) in node.entries().unwrap_or_default() {
        values(value, visit);
    }
    for item in node.items().unwrap_or_default() {
        values(item, visit);
    }
    if node.text().is_some() {
        visit(node);
    }
}

/// The text of the file with the scalar replaced by another of its type, and what of it is
/// another: of a block, a line.
fn edited(text: &str, node: &Node) -> Option<(Span, String)> {
    let mut span = node.span;
    let raw = text.get(node.span.range())?;
    let plain = node.text()?;
    let new = match (node.tag, node.style) {
        (Tag::Null, _) => return None,
        (Tag::Bool, _) => if plain == "true" { "false" } else { "true" }.to_owned(),
        (Tag::Int, Style::Plain) => (plain.parse::<i64>().ok()? + 1).to_string(),
        (Tag::Float, Style::Plain) => (plain.parse::<f64>().ok()? + 1.5).to_string(),
        (_, Style::Plain) => format!("{raw}x"),
        (_, Style::SingleQuoted | Style::DoubleQuoted) => {
            let (body, quote) = raw.split_at(raw.len().checked_sub(1)?);
            format!("{body}x{quote}")
        }
        // The end of the first line of the block.
        (_, Style::Literal | Style::Folded) => {
            let first = raw.find('\n')? + 1;
            let end = first + raw.get(first..)?.find('\n').unwrap_or(raw.len() - first);
            let start = node.span.range().start;
            span = Span::new(span.file, start + first, start + end);
            format!("{}x{}", &raw[..end], &raw[end..])
        }
        _ => return None,
    };
    let range = node.span.range();
    Some((span, format!("{}{new}{}", &text[..range.start], &text[range.end..])))
}

/// The same with a change at the other end: what was cut off, or rounded, may hide the first.
fn edited_again(text: &str, node: &Node) -> Option<String> {
    let (raw, plain) = (text.get(node.span.range())?, node.text()?);
    let new = match (node.tag, node.style) {
        (Tag::Null | Tag::Bool, _) => return None,
        (Tag::Int, Style::Plain) => (plain.parse::<i64>().ok()? + 1000).to_string(),
        (Tag::Float, Style::Plain) => (plain.parse::<f64>().ok()? + 1000.0).to_string(),
        (_, Style::Plain) => format!("x{raw}"),
        (_, Style::SingleQuoted | Style::DoubleQuoted) => {
            let (quote, body) = raw.split_at_checked(1)?;
            format!("{quote}x{body}")
        }
        _ => return None,
    };
    let range = node.span.range();
    Some(format!("{}{new}{}", &text[..range.start], &text[range.end..]))
}
