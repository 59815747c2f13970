//! From the text of a file to objects.

use std::collections::BTreeMap;
use std::ops::Range;

use ecow::EcoString;
use goyaml::{Content, Dialect, Documents, EXPANSION_BUDGET, Fault, Node};
use source::{Diagnostic, FileId, Result, Span};

use super::Resource;
use super::metadata::{annotations, is_nil_or_empty, labels, metadata_text, scalar_text};
use crate::context::Context;
use crate::upstream::Upstream;

/// A text of more bytes is worth a second thread.
const LONG: usize = 128 << 10;
/// Documents may nest deeply.
const STACK: usize = 64 << 20;

/// The objects of a file. `path` names it as the kustomization does.
/// (upstream: `Factory.FromFile`, `SliceFromBytes`)
pub(crate) fn read_all(
    context: &Context<'_>,
    file: FileId,
    path: &str,
) -> Result<Vec<Resource>> {
    let nodes = read_file(context, file, path)?;
    let mut set = super::ResMap::new();
    set.append_all(nodes.into_iter().map(|node| context.resource(node)))?;
    Ok(set.into_iter().collect())
}

/// The objects of a file as they are written.
pub(crate) fn read_file(
    context: &Context<'_>,
    file: FileId,
    path: &str,
) -> Result<Vec<Node>> {
    let text = context.sources.file(file).text.clone();
    let malformed = |fault: Fault| crate::load::faulty(&fault, "MalformedYAMLError");
    let nodes = context.must_be_text(file).map_err(malformed);
    let nodes = nodes.and_then(|()| read_nodes(&text, Span::new(file, 0, text.len())));
    nodes.map_err(|error| {
        let words = error.words().to_owned();
        match words.starts_with("MalformedYAMLError") {
            true => error.says(format!("{words} in File: {path}")),
            false => error,
        }
    })
}

/// The objects of a text, lists taken apart. `at` is where the text stands in its file.
/// (upstream: `Factory.RNodesFromBytes`; kyaml: `kio.FromBytes`)
pub(crate) fn read_nodes(text: &str, at: Span) -> Result<Vec<Node>> {
    let chunks = split_documents(text, at)?;
    let single = chunks.len() == 1;
    let mut nodes = Vec::new();
    let documents = match text.len() > LONG {
        true => parse_on_two_threads(text, &chunks, at)?,
        false => parse_chunks(text, &chunks, at)?,
    };
    for node in documents.into_iter().flatten() {
        match wrapped_items(&node, single) {
            Some(items) => nodes.extend(items),
            None => nodes.push(node),
        }
    }
    inline_lists(checked(nodes)?)
}

/// Splits where a line starts with `---`, as kyaml does: what follows the dashes must be a
/// comment.
fn split_documents(text: &str, at: Span) -> Result<Vec<Range<usize>>> {
    let mut chunks = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some(found) = text.get(from..).and_then(|rest| rest.find("\n---")) {
        let line = from + found + 1;
        let Some(length) = text.get(line..).and_then(|rest| rest.find('\n')) else {
            break;
        };
        let rest = text.get(line + 3..line + length).unwrap_or("").trim();
        if !rest.is_empty() && !rest.starts_with('#') {
            let separator = text.get(line..line + length).unwrap_or("").trim();
            let span = sub_span(at, line, line + length);
            let message = format!("invalid document separator: {separator}");
            return Err(Diagnostic::error(span, message)
                .hint("put what follows `---` on a line of its own"));
        }
        // The line break before the dashes belongs to the document.
        chunks.push(start..line);
        start = line + length + 1;
        from = start;
    }
    chunks.push(start..text.len());
    Ok(chunks)
}

fn sub_span(at: Span, start: usize, end: usize) -> Span {
    let base = at.start as usize;
    match at.is_none() {
        true => at,
        false => Span::new(at.file, base + start, base + end),
    }
}

/// The first document of each part of the text; none of a part that is empty.
fn parse_chunks(
    text: &str,
    chunks: &[Range<usize>],
    at: Span,
) -> Result<Vec<Option<Node>>> {
    chunks.iter().map(|chunk| parse_chunk(text, chunk.clone(), at)).collect()
}

/// The same, the second half of the text beside the first one.
fn parse_on_two_threads(
    text: &str,
    chunks: &[Range<usize>],
    at: Span,
) -> Result<Vec<Option<Node>>> {
    let half = chunks.partition_point(|chunk| chunk.start < text.len() / 2);
    let (first, second) = chunks.split_at(half);
    std::thread::scope(|scope| {
        let other = std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, || parse_chunks(text, second, at));
        let mut documents = parse_chunks(text, first, at)?;
        documents.extend(match other.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(rest)) => rest?,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            // There is no other thread to be had.
            Err(_) => parse_chunks(text, second, at)?,
        });
        Ok(documents)
    })
}

/// The first document of a part of the text, with its spans moved to where it stands.
fn parse_chunk(text: &str, chunk: Range<usize>, at: Span) -> Result<Option<Node>> {
    let part = text.get(chunk.clone()).unwrap_or("");
    let base = at.start as usize + chunk.start;
    let moved = |span: Span| match span.is_none() {
        true => span,
        false => {
            let range = span.range();
            Span::new(span.file, base + range.start, base + range.end)
        }
    };
    let read = Documents::new(part, at.file, Dialect::V3).next().transpose();
    let document = match read {
        Ok(Some(document)) => document,
        Ok(None) => return Ok(None),
        Err(mut fault) => {
            fault.span = moved(fault.span);
            fault.other = fault.other.map(moved);
            return Err(crate::load::faulty(&fault, "MalformedYAMLError"));
        }
    };
    let mut root = document.root;
    if root.is_null() {
        return Ok(None);
    }
    if base > 0 {
        root.walk_mut(&mut |node| node.span = moved(node.span));
    }
    match root.expand(EXPANSION_BUDGET) {
        Ok(()) => Ok(Some(root)),
        Err(fault) => Err(fault.diagnostic()),
    }
}

/// The items of a `List` that is all of a text. (kyaml: `ByteReader.Read`)
///
/// Of a mapping, upstream takes keys and values for items.
fn wrapped_items(node: &Node, single: bool) -> Option<Vec<Node>> {
    let kind = node.get("kind").map_or("", scalar_text);
    if !single || !matches!(kind, "List" | "ResourceList") {
        return None;
    }
    match (node.get("items"), node.get("functionConfig")) {
        (None, None) => None,
        (items, _) => Some(match items.map(|items| &items.content) {
            Some(Content::Sequence(items)) => items.clone(),
            Some(Content::Mapping(entries)) => {
                entries.iter().flat_map(|(key, value)| [key, value]).cloned().collect()
            }
            _ => Vec::new(),
        }),
    }
}

/// Drops empty nodes, and refuses those that are no objects.
/// (upstream: `dropBadNodes`; kyaml: `GetValidatedMetadata`)
fn checked(nodes: Vec<Node>) -> Result<Vec<Node>> {
    let mut good = Vec::with_capacity(nodes.len());
    for node in nodes.into_iter().filter(|node| !is_nil_or_empty(node)) {
        let text = |field| {
            node.get(field).filter(|n| !is_nil_or_empty(n)).map_or("", scalar_text)
        };
        let (kind, version) = (text("kind"), text("apiVersion"));
        let name = metadata_text(&node, "name");
        if node.entries().is_none() {
            let message = "missing Resource metadata: this document is no mapping";
            let error = Diagnostic::error(node.span, message);
            return Err(error.says("missing Resource metadata").hint(
                "every document must have `apiVersion`, `kind` and `metadata.name`",
            ));
        }
        if kind.is_empty() {
            let words = match version.is_empty() && node.get("metadata").is_none() {
                true => "missing Resource metadata".to_owned(),
                false => format!("missing kind in object {}", about(&node)),
            };
            return Err(Diagnostic::error(node.span, "missing kind in object")
                .says(words)
                .hint("add `kind:`"));
        }
        if name.is_empty() && !kind.ends_with("List") {
            let message = format!("missing metadata.name in object of kind {kind}");
            let words = format!("missing metadata.name in object {}", about(&node));
            let span = node.key_span("metadata").unwrap_or(node.span);
            return Err(Diagnostic::error(span, message)
                .says(words)
                .hint("add `metadata.name`"));
        }
        good.push(node);
    }
    Ok(good)
}

/// What a faulty object says about itself: kyaml's `ResourceMeta` as Go prints it.
fn about(node: &Node) -> String {
    let text = |field| node.get(field).map_or("", scalar_text);
    let (version, kind) = (text("apiVersion"), text("kind"));
    let (name, namespace) =
        (metadata_text(node, "name"), metadata_text(node, "namespace"));
    let map = |texts: &BTreeMap<EcoString, EcoString>| {
        let pairs: Vec<String> = texts.iter().map(|(k, v)| format!("{k}:{v}")).collect();
        format!("map[{}]", pairs.join(" "))
    };
    let (labels, annotations) = (map(&labels(node)), map(&annotations(node)));
    format!("{{{{{version} {kind}}} {{{{{name} {namespace}}} {labels} {annotations}}}}}")
}

/// Takes lists apart; their items come after everything else.
/// (upstream: `inlineAnyEmbeddedLists`)
fn inline_lists(nodes: Vec<Node>) -> Result<Vec<Node>> {
    let mut queue = std::collections::VecDeque::from(nodes);
    let mut objects = Vec::new();
    while let Some(mut node) = queue.pop_front() {
        let kind = node.get("kind").map_or("", scalar_text).to_owned();
        if !kind.ends_with("List") {
            objects.push(node);
            continue;
        }
        if let Some(fault) = goyaml::duplicate_keys(&node).first() {
            let mut error = fault.diagnostic();
            error.message =
                format!("trouble expanding list of {kind}; {}", fault.upstream());
            return Err(error);
        }
        if node.get("items").is_none() {
            objects.push(node);
            continue;
        }
        let Some((_, items)) = node.remove("items") else { continue };
        if items.is_null() {
            continue;
        }
        let Content::Sequence(mut list) = items.content else {
            let message = format!("expected array in {kind}/items");
            return Err(Diagnostic::error(items.span, message)
                .hint("write a list: every object on a line of its own, after `- `"));
        };
        // Upstream makes Go values of the whole list, JSON of these, and nodes of that.
        for item in &mut list {
            let span = item.span;
            super::respell::respell_as_json(item)
                .map_err(|words| Diagnostic::error(span, words))?;
        }
        queue.extend(checked(list)?);
    }
    Ok(objects)
}
