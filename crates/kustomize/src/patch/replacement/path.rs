//! Field paths: how they are split, looked up, and matched.
//! (kyaml: `utils/pathsplitter.go`, `yaml/fns.go` `PathGetter`, `yaml/match.go` `PathMatcher`)

use ecow::EcoString;
use goyaml::{Content, Kind, Node};
use regexp::Regexp;

use super::embedded;
use crate::resource::{set_field, split_path};
use crate::upstream::wrong_kind_text;

/// Splits a field path at its dots; `[a.b/c]` is one part, a key, and so is `[name=a.b]`.
/// (kyaml: `SmarterPathSplitter`)
pub(super) fn split(path: &str) -> Vec<EcoString> {
    let parts = split_path(path, '.');
    let mut result = Vec::with_capacity(parts.len());
    let mut parts = parts.into_iter();
    while let Some(part) = parts.next() {
        if !part.starts_with('[') || part.ends_with(']') {
            result.push(part);
            continue;
        }
        let mut joined = part;
        for next in parts.by_ref() {
            joined.push('.');
            joined.push_str(&next);
            if next.ends_with(']') {
                break;
            }
        }
        match joined.contains('=') {
            true => result.push(joined),
            false => result.push(joined.trim_matches(['[', ']']).into()),
        }
    }
    result
}

/// The field that a path like `spec.ports[0].port` names. (kyaml: `RNode.GetFieldValue`)
pub(crate) fn field_value<'a>(object: &'a Node, path: &str) -> Option<&'a Node> {
    let mut parts = Vec::new();
    for part in split(path) {
        let index = part.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        match index.filter(|(_, index)| index.parse::<usize>().is_ok()) {
            Some((name, index)) => {
                parts.extend((!name.is_empty()).then(|| EcoString::from(name)));
                parts.push(index.into());
            }
            None => parts.push(part),
        }
    }
    lookup(object, &parts).ok()?
}

/// The field at the end of a path, list items by exact value. (kyaml: `yaml.Lookup`)
pub(super) fn lookup<'a>(
    node: &'a Node,
    path: &[EcoString],
) -> Result<Option<&'a Node>, String> {
    let mut at = node;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        match step(at, part)? {
            Some(next) => at = next,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// The field at the end of a path, to change; what [`lookup`] finds.
pub(super) fn lookup_mut<'a>(
    node: &'a mut Node,
    path: &[EcoString],
) -> Option<&'a mut Node> {
    let mut at = node;
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        at = match position(at, part).ok()?? {
            Position::Value(index) => &mut at.entries_mut()?.get_mut(index)?.1,
            Position::Item(index) => at.items_mut()?.get_mut(index)?,
        };
    }
    Some(at)
}

enum Position {
    Value(usize),
    Item(usize),
}

fn step<'a>(node: &'a Node, part: &str) -> Result<Option<&'a Node>, String> {
    Ok(match position(node, part)? {
        Some(Position::Value(index)) => {
            node.entries().and_then(|e| e.get(index)).map(|(_, value)| value)
        }
        Some(Position::Item(index)) => node.items().and_then(|items| items.get(index)),
        None => None,
    })
}

fn position(node: &Node, part: &str) -> Result<Option<Position>, String> {
    if part == "-" || part.parse::<i64>().is_ok() {
        let items = items(node)?;
        let at = match part.parse::<i64>() {
            Ok(index) if index < 0 => {
                return Err(format!("array index {index} cannot be negative"));
            }
            Ok(index) => usize::try_from(index).unwrap_or(usize::MAX),
            Err(_) => items.len().wrapping_sub(1),
        };
        return Ok((at < items.len()).then_some(Position::Item(at)));
    }
    if part == "*" {
        return Err("wildcard is not supported in PathGetter".into());
    }
    if is_list_index(part) {
        let (key, value) = key_and_value(part)?;
        let fits = |item: &Node| match key.is_empty() {
            true => item.text().unwrap_or("") == value,
            false => item.get(key).is_some_and(|f| f.text().unwrap_or("") == value),
        };
        return Ok(items(node)?.iter().position(fits).map(Position::Item));
    }
    if node.is_null() {
        return Ok(None);
    }
    let Some(entries) = node.entries() else {
        return Err(wrong_kind_text(Kind::Mapping, node));
    };
    Ok(entries.iter().position(|(key, _)| key.text() == Some(part)).map(Position::Value))
}

fn items(node: &Node) -> Result<&[Node], String> {
    if node.is_null() {
        return Ok(&[]);
    }
    node.items().ok_or_else(|| wrong_kind_text(Kind::Sequence, node))
}

fn is_list_index(part: &str) -> bool {
    part.starts_with('[') && part.ends_with(']')
}

fn is_index_number(part: &str) -> bool {
    part.parse::<i64>().is_ok_and(|index| index >= 0)
}

fn key_and_value(part: &str) -> Result<(&str, &str), String> {
    let inner = part.strip_suffix(']').unwrap_or(part);
    let inner = inner.strip_prefix('[').unwrap_or(inner);
    inner.split_once('=').ok_or_else(|| {
        "list path element must contain fieldName=fieldValue for element to match".into()
    })
}

/// What is done with each field that a path matches, and the way to it.
pub(super) type Visit<'a> = &'a mut dyn FnMut(&mut Node, &[usize]) -> Result<(), String>;

/// The way to what [`lookup`] finds: positions of entries and items.
pub(super) fn way_to(node: &Node, path: &[EcoString]) -> Option<Vec<usize>> {
    let mut at = node;
    let mut way = Vec::new();
    for part in path.iter().map(|part| part.trim()).filter(|part| !part.is_empty()) {
        let (Position::Value(index) | Position::Item(index)) =
            position(at, part).ok()??;
        way.push(index);
        at = below(at, index)?;
    }
    Some(way)
}

/// The entry or item at a position.
pub(super) fn below(node: &Node, at: usize) -> Option<&Node> {
    match &node.content {
        Content::Mapping(entries) => entries.get(at).map(|(_, value)| value),
        Content::Sequence(items) => items.get(at),
        Content::Scalar(_) | Content::Alias(_) => None,
    }
}

/// The node at the end of a way that [`PathMatcher`] told.
pub(super) fn descend<'a>(node: &'a mut Node, way: &[usize]) -> Option<&'a mut Node> {
    way.iter().try_fold(node, |at, step| match &mut at.content {
        Content::Mapping(entries) => entries.get_mut(*step).map(|(_, value)| value),
        Content::Sequence(items) => items.get_mut(*step),
        Content::Scalar(_) | Content::Alias(_) => None,
    })
}

/// Visits the fields that a path matches; items of lists are matched by expressions.
pub(super) struct PathMatcher<'a> {
    /// What a missing last field is made as; without it, nothing is made.
    pub(super) create: Option<Kind>,
    /// Are scalars on the way taken for JSON or YAML?
    pub(super) embedded: bool,
    /// What is done.
    pub(super) visit: Visit<'a>,
    /// How many fields were visited.
    pub(super) count: usize,
    /// The positions of entries and items on the way to the node at hand.
    pub(super) way: Vec<usize>,
}

impl<'a> PathMatcher<'a> {
    /// What visits the fields that a path matches.
    pub(super) fn new(
        create: Option<Kind>,
        embedded: bool,
        visit: Visit<'a>,
    ) -> PathMatcher<'a> {
        PathMatcher { create, embedded, visit, count: 0, way: Vec::new() }
    }

    /// Walks a path from a node.
    pub(super) fn walk(
        &mut self,
        node: &mut Node,
        path: &[EcoString],
    ) -> Result<(), String> {
        let Some((part, rest)) = path.split_first() else {
            self.count += 1;
            return (self.visit)(node, &self.way);
        };
        let field = !is_index_number(part) && !is_list_index(part) && part != "*";
        if node.is_null() && self.create.is_some() && part != "*" {
            // Upstream hangs what it makes below the null, and nobody prints that.
            let mut hidden = match field {
                true => Node::mapping(Vec::new()),
                false => Node::sequence(Vec::new()),
            };
            return self.step(usize::MAX, &mut hidden, path);
        }
        if is_index_number(part) {
            return self.index(node, part, rest);
        }
        if is_list_index(part) {
            return self.matching(node, part, rest);
        }
        if part == "*" {
            items(node)?;
            let items = node.items_mut().map_or(&mut [][..], Vec::as_mut_slice);
            let mut items = items.iter_mut().enumerate();
            return items.try_for_each(|(at, item)| self.step(at, item, rest));
        }
        self.field(node, part, rest)
    }

    /// Walks on from an entry or item of the node at hand.
    fn step(
        &mut self,
        at: usize,
        node: &mut Node,
        path: &[EcoString],
    ) -> Result<(), String> {
        self.way.push(at);
        let walked = self.walk(node, path);
        self.way.pop();
        walked
    }

    fn field(
        &mut self,
        node: &mut Node,
        part: &str,
        rest: &[EcoString],
    ) -> Result<(), String> {
        if node.is_null() {
            return Ok(());
        }
        if node.kind() != Kind::Mapping {
            return Err(wrong_kind_text(Kind::Mapping, node));
        }
        if node.get(part).is_none() {
            let Some(create) = self.create else { return Ok(()) };
            let made = made(kind_for(rest.first(), create), node);
            set_field(node, part, made);
        }
        let entries = node.entries().unwrap_or(&[]);
        let Some(at) = entries.iter().position(|(key, _)| key.text() == Some(part))
        else {
            return Ok(());
        };
        let Some((_, field)) = node.entries_mut().and_then(|e| e.get_mut(at)) else {
            return Ok(());
        };
        if self.embedded && field.kind() == Kind::Scalar && !rest.is_empty() {
            // Upstream changes a parsed copy here and throws it away.
            let mut copy = embedded::parse(field.text().unwrap_or(""))?;
            let mut ignore = |_: &mut Node, _: &[usize]| Ok(());
            let mut matcher = PathMatcher::new(self.create, true, &mut ignore);
            matcher.walk(&mut copy.root, rest)?;
            self.count += matcher.count;
            return Ok(());
        }
        self.step(at, field, rest)
    }

    fn index(
        &mut self,
        node: &mut Node,
        part: &str,
        rest: &[EcoString],
    ) -> Result<(), String> {
        let length = items(node)?.len();
        let index = part.parse::<usize>().unwrap_or(usize::MAX);
        if index == length
            && let Some(create) = self.create
        {
            let made = made(kind_for(rest.first(), create), node);
            node.items_mut().into_iter().for_each(|items| items.push(made.clone()));
        }
        match node.items_mut().and_then(|items| items.get_mut(index)) {
            Some(item) => self.step(index, item, rest),
            None => {
                Err(format!("index {index} specified but only {length} elements found"))
            }
        }
    }

    fn matching(
        &mut self,
        node: &mut Node,
        part: &str,
        rest: &[EcoString],
    ) -> Result<(), String> {
        let (key, value) = key_and_value(part)?;
        items(node)?;
        let expression = Regexp::new(value.as_bytes())?;
        let before = self.count;
        let list = node.items_mut().map_or(&mut [][..], Vec::as_mut_slice);
        for (at, item) in list.iter_mut().enumerate() {
            let text = match key.is_empty() {
                true => Some(embedded::scalar_text(item)),
                false => item.get(key).map(embedded::scalar_text),
            };
            if !text.is_some_and(|text| expression.is_match(text.as_bytes())) {
                continue;
            }
            match key.is_empty() {
                true => self.step(at, item, &[])?,
                false => self.step(at, item, rest)?,
            }
        }
        if self.count > before || self.create.is_none() {
            return Ok(());
        }
        if !expression.is_match(value.as_bytes()) {
            return Err(format!("unable to create an element that matches `{part}`"));
        }
        let text = Node::untagged(value).at(node.span).from_origin(node.origin);
        let made = match key.is_empty() {
            true => text,
            false => {
                let entries = vec![(Node::untagged(key), text)];
                Node::mapping(entries).at(node.span).from_origin(node.origin)
            }
        };
        let Some(items) = node.items_mut() else { return Ok(()) };
        let at = items.len();
        items.push(made);
        let Some(item) = items.last_mut() else { return Ok(()) };
        self.step(at, item, if key.is_empty() { &[] } else { rest })
    }
}

/// What a missing field is made as, by the part of the path that follows.
/// (kyaml: `getPathPartKind`)
fn kind_for(next: Option<&EcoString>, last: Kind) -> Kind {
    match next {
        None => last,
        Some(part) if is_list_index(part) || is_index_number(part) => Kind::Sequence,
        Some(part) if part.is_empty() => last,
        Some(_) => Kind::Mapping,
    }
}

fn made(kind: Kind, parent: &Node) -> Node {
    let node = match kind {
        Kind::Mapping => Node::mapping(Vec::new()),
        Kind::Sequence => Node::sequence(Vec::new()),
        Kind::Scalar | Kind::Alias => Node::untagged(""),
    };
    node.at(parent.span).from_origin(parent.origin)
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn paths_are_split_as_kyaml_does() {
        for (path, parts) in [
            ("a.b.c", &["a", "b", "c"][..]),
            (
                "spec.template.[name=x.y/z].image",
                &["spec", "template", "[name=x.y/z]", "image"],
            ),
            ("metadata.annotations.[a.b/c]", &["metadata", "annotations", "a.b/c"]),
            (r"metadata.annotations.a\.b", &["metadata", "annotations", "a.b"]),
            (".a.b", &["a", "b"]),
            ("a.[b].c", &["a", "[b]", "c"]),
            ("a.*.b.0", &["a", "*", "b", "0"]),
            ("a.[=x.y]", &["a", "[=x.y]"]),
        ] {
            assert_eq!(split(path), parts, "{path}");
        }
    }
}
