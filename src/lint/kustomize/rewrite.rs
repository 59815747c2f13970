//! Rewrites a deprecated field of a kustomization as its successor, line by line, so that
//! comments stay where they are.
//!
//! Only what is known to build the same is rewritten: the entries keep the order in which
//! Kustomize applies them, and a field that is written in an unusual way is left alone.

use goyaml::{Dialect, Kind, Node, Style};
use source::{FileId, Fix, Span};

/// Edits, each a place and its new text.
type Edits = Vec<(Span, String)>;

/// What `patchesJson6902` runs after, and `patches` before.
const BETWEEN: [&str; 6] = [
    "namespace",
    "namePrefix",
    "nameSuffix",
    "labels",
    "commonLabels",
    "commonAnnotations",
];

/// The edits that turn `field` into `successor`; none if that is not known to be safe.
pub(super) fn fix(
    text: &str,
    document: &Node,
    field: &str,
    successor: &str,
) -> Option<Fix> {
    let has = |name: &str| document.get(name).is_some();
    let edits = match field {
        "bases" | "imageTags" => list(text, document, field, successor, Place::Last)?,
        "patchesStrategicMerge" => list(text, document, field, successor, Place::First)?,
        // Two fields cannot both become a new one; the next run moves the second.
        "patchesJson6902" if has("patchesStrategicMerge") && !has(successor) => {
            return None;
        }
        "patchesJson6902" if BETWEEN.iter().any(|name| has(name)) => return None,
        "patchesJson6902" => list(text, document, field, successor, Place::Last)?,
        // Field specs of the team's own could tell the two apart.
        "commonLabels" if !has("configurations") => labels(text, document)?,
        _ => return None,
    };
    Some(Fix { title: format!("write `{field}` as `{successor}`"), edits })
}

/// Where entries go in a list that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Last,
}

/// A list becomes another list: renamed, or its lines moved into the one that is there.
fn list(
    text: &str,
    document: &Node,
    field: &str,
    successor: &str,
    place: Place,
) -> Option<Edits> {
    let (key, value) = document.entry(field)?;
    let items = value.items()?;
    let mut edits = match field {
        "patchesStrategicMerge" => as_patches(text, value, items)?,
        _ => Vec::new(),
    };
    let Some((_, target)) = document.entry(successor) else {
        edits.push((key.span, successor.to_owned()));
        return Some(edits);
    };
    let lines = Lines::of(text, document, field)?;
    let block = |node: &Node| {
        node.style != Style::Flow && node.items().is_some_and(|items| !items.is_empty())
    };
    if !block(value) || !block(target) {
        return None;
    }
    let (from, to) = (dash(text, items.first()?)?, dash(text, target.items()?.first()?)?);
    let body = lines.body(text, &edits)?;
    let moved = indented(&body, column(text, to), column(text, from))?;
    let at = match place {
        Place::First => line_start(text, to),
        Place::Last => Lines::of(text, document, successor)?.end,
    };
    // The last line of a file may have no end.
    let lead = match at > 0 && !text.get(..at)?.ends_with('\n') {
        true => "\n",
        false => "",
    };
    let file = key.span.file;
    Some(vec![
        (Span::new(file, lines.start, lines.end), String::new()),
        (Span::new(file, at, at), format!("{lead}{moved}")),
    ])
}

/// `commonLabels` becomes an entry of `labels`.
fn labels(text: &str, document: &Node) -> Option<Edits> {
    let (key, value) = document.entry("commonLabels")?;
    let entries = value.entries().filter(|entries| !entries.is_empty())?;
    let lines = Lines::of(text, document, "commonLabels")?;
    let after_key = text.get(key.span.end as usize..lines.first_end)?;
    let flow = value.style == Style::Flow;
    if flow && text.get(value.span.range())?.contains('\n') {
        return None;
    }
    let body = text.get(lines.first_end..lines.end)?;
    let first = entries.first()?.0.span.start as usize;
    let body = indented(body, column(text, first) + 2, column(text, first))?;
    let made = format!("- includeSelectors: true\n  pairs{after_key}{body}");
    let file = key.span.file;
    let whole = Span::new(file, lines.start, lines.end);
    let Some((_, target)) = document.entry("labels") else {
        return Some(vec![(whole, format!("labels:\n{made}"))]);
    };
    let items = target.items().filter(|items| !items.is_empty())?;
    if target.style == Style::Flow {
        return None;
    }
    let to = column(text, dash(text, items.first()?)?);
    let moved = indented(&made, to, 0)?;
    let at = Lines::of(text, document, "labels")?.end;
    let ended = text.get(..at)?.ends_with('\n');
    let lead = if ended { "" } else { "\n" };
    Some(vec![
        (whole, String::new()),
        (Span::new(file, at, at), format!("{lead}{moved}")),
    ])
}

/// The entries of `patchesStrategicMerge` become mappings.
fn as_patches(text: &str, value: &Node, items: &[Node]) -> Option<Edits> {
    let mut edits = Vec::new();
    for item in items {
        let words = item.text().filter(|_| item.kind() == Kind::Scalar)?;
        if item.anchor().is_some() || item.explicit_tag().is_some() {
            return None;
        }
        let (documents, _) = goyaml::parse(words, FileId::NONE, Dialect::V3);
        if documents.iter().any(|document| nulls_metadata(&document.root)) {
            return None;
        }
        let inline = words.contains('\n') || words.contains(": ") || words.contains('{');
        let lead = if inline { "patch: " } else { "path: " };
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        let before = Span::new(item.span.file, start, start);
        if value.style == Style::Flow {
            edits.push((before, format!("{{{lead}")));
            edits.push((Span::new(item.span.file, end, end), "}".to_owned()));
            continue;
        }
        edits.push((before, lead.to_owned()));
        let written = text.get(item.span.range())?;
        if !written.contains('\n') {
            continue;
        }
        // The lines of a block must stand deeper than the key that they belong to.
        let header = written.lines().next()?.trim();
        let plain = header.starts_with('|') || header.starts_with('>');
        if !plain || header.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut at = start;
        for line in written.split_inclusive('\n') {
            if at > start && !line.trim().is_empty() {
                let here = Span::new(item.span.file, at, at);
                edits.push((here, "  ".to_owned()));
            }
            at += line.len();
        }
    }
    Some(edits)
}

/// Does a patch set labels, annotations or one of them to null? The old field writes these as
/// texts, the new one deletes what they name.
pub(super) fn nulls_metadata(patch: &Node) -> bool {
    let metadata = patch.get("metadata");
    let maps = ["labels", "annotations"].map(|field| metadata?.get(field));
    maps.into_iter().flatten().any(|map| {
        let mut entries = map.entries().unwrap_or(&[]).iter();
        map.is_null() || entries.any(|(_, value)| value.is_null())
    })
}

/// The lines of a field of the document, which stands at the left margin.
struct Lines {
    start: usize,
    /// The end of the line of the key.
    first_end: usize,
    end: usize,
}

impl Lines {
    fn of(text: &str, document: &Node, field: &str) -> Option<Lines> {
        let entries = document.entries().unwrap_or_default();
        let at = entries.iter().position(|(key, _)| key.text() == Some(field))?;
        let start = entries.get(at)?.0.span.start as usize;
        if line_start(text, start) != start {
            return None;
        }
        let limit = match entries.get(at + 1) {
            Some((next, _)) => line_start(text, next.span.start as usize),
            None => text.len(),
        };
        let first_end = line_end(text, start);
        // Comments at the margin, and empty lines, belong to what follows.
        let mut end = first_end;
        let mut here = first_end;
        for line in text.get(first_end..limit)?.split_inclusive('\n') {
            if line.starts_with("---") || line.starts_with("...") {
                break;
            }
            here += line.len();
            if !line.trim().is_empty() && !line.starts_with('#') {
                end = here;
            }
        }
        Some(Lines { start, first_end, end })
    }

    /// The lines below the key with `edits` made, and the key's comment above them.
    fn body(&self, text: &str, edits: &Edits) -> Option<String> {
        let mut body = text.get(self.first_end..self.end)?.to_owned();
        let mut edits: Vec<_> = edits.iter().collect();
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        for (span, new) in edits {
            let range = span.range();
            let from = range.start.checked_sub(self.first_end)?;
            let to = range.end.checked_sub(self.first_end)?;
            body.get(from..to)?;
            body.replace_range(from..to, new);
        }
        if !body.is_empty() && !body.ends_with('\n') {
            body.push('\n');
        }
        let first = text.get(self.start..self.first_end)?;
        let comment = first.find(" #").and_then(|at| first.get(at + 1..));
        match comment {
            Some(comment) => Some(format!("{}\n{body}", comment.trim_end())),
            None => Some(body),
        }
    }
}

/// Lines that stood at column `from`, at column `to`; none if one stands further left.
fn indented(lines: &str, to: usize, from: usize) -> Option<String> {
    let mut out = String::new();
    for line in lines.split_inclusive('\n') {
        if line.trim().is_empty() {
            out.push_str(line);
            continue;
        }
        let own = line.len() - line.trim_start_matches(' ').len();
        let depth = match line.trim_start().starts_with('#') {
            true => own.max(from),
            false => own,
        };
        out.push_str(&" ".repeat(depth.checked_sub(from)? + to));
        out.push_str(line.trim_start_matches(' '));
    }
    Some(out)
}

/// Where the dash of an entry stands.
fn dash(text: &str, item: &Node) -> Option<usize> {
    let start = item.span.start as usize;
    let line = line_start(text, start);
    let found = text.get(line..start)?.find('-')?;
    Some(line + found)
}

fn column(text: &str, at: usize) -> usize {
    at - line_start(text, at)
}

fn line_start(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
}

fn line_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    rest.find('\n').map_or(text.len(), |end| at + end + 1)
}

#[cfg(test)]
mod tests {
    use goyaml::Dialect;
    use source::FileId;

    use super::fix;

    /// The text with the field rewritten.
    fn fixed(text: &str, field: &str, successor: &str) -> Option<String> {
        let file = source::SourceMap::new().add("kustomization.yaml", text);
        let (documents, _) = goyaml::parse(text, file, Dialect::V3);
        let fix = fix(text, &documents[0].root, field, successor)?;
        let _: FileId = file;
        let mut edits = fix.edits;
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut out = text.to_owned();
        for (span, new) in edits {
            out.replace_range(span.range(), &new);
        }
        Some(out)
    }

    #[test]
    fn lists_are_renamed_or_moved() {
        let text =
            "bases: # old\n- ../a # one\n# of ours\n- ../b\n\n# next\nnamespace: x\n";
        assert_eq!(
            fixed(text, "bases", "resources").as_deref(),
            Some(
                "resources: # old\n- ../a # one\n# of ours\n- ../b\n\n# next\nnamespace: x\n"
            )
        );
        let text = "resources:\n  - c.yaml # c\n\nbases: # old\n- ../a # one\n# of ours\n- ../b\n";
        assert_eq!(
            fixed(text, "bases", "resources").as_deref(),
            Some(
                "resources:\n  - c.yaml # c\n  # old\n  - ../a # one\n  # of ours\n  - ../b\n\n"
            )
        );
    }

    #[test]
    fn labels_become_an_entry() {
        assert_eq!(
            fixed("commonLabels:\n  a: b # c\n  d: e\n", "commonLabels", "labels")
                .as_deref(),
            Some("labels:\n- includeSelectors: true\n  pairs:\n    a: b # c\n    d: e\n")
        );
        assert_eq!(
            fixed("commonLabels: {a: b}\n", "commonLabels", "labels").as_deref(),
            Some("labels:\n- includeSelectors: true\n  pairs: {a: b}\n")
        );
        let text = "labels:\n  - pairs:\n      x: y\ncommonLabels:\n  a: b\n";
        assert_eq!(
            fixed(text, "commonLabels", "labels").as_deref(),
            Some(
                "labels:\n  - pairs:\n      x: y\n  - includeSelectors: true\n    pairs:\n      a: b\n"
            )
        );
    }

    #[test]
    fn patches_become_entries() {
        let text = "patchesStrategicMerge:\n- a.yaml # one\n- |-\n  kind: B\n  metadata:\n    name: b\n";
        assert_eq!(
            fixed(text, "patchesStrategicMerge", "patches").as_deref(),
            Some(
                "patches:\n- path: a.yaml # one\n- patch: |-\n    kind: B\n    metadata:\n      name: b\n"
            )
        );
        let text = "patchesStrategicMerge: [a.yaml, b.yaml]\n";
        assert_eq!(
            fixed(text, "patchesStrategicMerge", "patches").as_deref(),
            Some("patches: [{path: a.yaml}, {path: b.yaml}]\n")
        );
        let text = "patches:\n- path: z.yaml\npatchesStrategicMerge:\n  - a.yaml\n";
        assert_eq!(
            fixed(text, "patchesStrategicMerge", "patches").as_deref(),
            Some("patches:\n- path: a.yaml\n- path: z.yaml\n")
        );
    }

    #[test]
    fn what_would_build_something_else_is_left() {
        let text = "namePrefix: x-\npatchesJson6902:\n- path: a.yaml\n";
        assert_eq!(fixed(text, "patchesJson6902", "patches"), None);
        assert_eq!(fixed("vars:\n- name: A\n", "vars", "replacements"), None);
        let text = "patchesStrategicMerge:\n- |-\n  kind: B\n  metadata:\n    name: b\n    labels: {a: null}\n";
        assert_eq!(fixed(text, "patchesStrategicMerge", "patches"), None);
    }
}
