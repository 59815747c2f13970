//! Reading metadata as kyaml's `RNode` does.

use std::collections::BTreeMap;

use ecow::EcoString;
use goyaml::{Content, Data, Dialect, Kind, Node, Style, Tag};
use source::FileId;

/// Null, `{}` or `[]`. (kyaml: `IsYNodeNilOrEmpty`)
pub(crate) fn is_nil_or_empty(node: &Node) -> bool {
    node.is_null()
        || match &node.content {
            Content::Mapping(entries) => entries.is_empty(),
            Content::Sequence(items) => items.is_empty(),
            Content::Scalar(_) | Content::Alias(_) => false,
        }
}

/// `metadata`, if it is there and not empty.
pub(crate) fn metadata(object: &Node) -> Option<&Node> {
    object.get("metadata").filter(|node| !is_nil_or_empty(node))
}

/// The text of a field of `metadata`; empty if it is not there.
pub(crate) fn metadata_text<'a>(object: &'a Node, field: &str) -> &'a str {
    let found = metadata(object).and_then(|m| m.get(field));
    found.filter(|node| !is_nil_or_empty(node)).map_or("", scalar_text)
}

/// The text of a scalar; empty for everything else.
pub(crate) fn scalar_text(node: &Node) -> &str {
    node.text().unwrap_or("")
}

/// `metadata.annotations`.
pub(crate) fn annotations(object: &Node) -> BTreeMap<EcoString, EcoString> {
    text_map(object, "annotations")
}

/// `metadata.labels`.
pub(crate) fn labels(object: &Node) -> BTreeMap<EcoString, EcoString> {
    text_map(object, "labels")
}

fn text_map(object: &Node, field: &str) -> BTreeMap<EcoString, EcoString> {
    let found = metadata(object).and_then(|m| m.get(field));
    let entries = found.and_then(Node::entries).unwrap_or(&[]);
    let pair = |(key, value): &(Node, Node)| {
        (scalar_text(key).into(), scalar_text(value).into())
    };
    entries.iter().map(pair).collect()
}

/// A key as kyaml makes it: it has no tag, so a text such as `5` or `true` is read as a number
/// or a truth value when the object is printed, and the build fails, as upstream's does.
pub(crate) fn new_key(text: impl Into<EcoString>) -> Node {
    Node::untagged(text)
}

/// A scalar as kyaml makes it for a key that is not there yet: without a tag, and in quotes if
/// it would be no string without them. (kyaml: `FieldSetter`)
pub(crate) fn appended(text: EcoString) -> Node {
    let mut node = Node::untagged(text);
    quote_old_words(&mut node);
    node
}

/// A string, in quotes if it would be none without them. (kyaml: `FieldSetter`)
pub(crate) fn quoted_string(text: EcoString) -> Node {
    let mut node = Node::string(text);
    quote_old_words(&mut node);
    node
}

/// Quotes a string that YAML 1.1 would not read as one; the quotes outlive the string.
/// (kyaml: `FieldSetter`, `IsYaml1_1NonString`)
pub(crate) fn quote_old_words(node: &mut Node) {
    const WORDS: &[&str] = &["y", "yes", "on", "n", "no", "off"];
    const LONGEST_WORD: usize = "false".len();
    let is_string = node.untagged || node.tag == Tag::Str;
    if !is_string || node.style != Style::Plain || node.explicit_tag().is_some() {
        return;
    }
    let Some(text) = node.text() else { return };
    let structure = is_structure(text);
    let long = text.len() > LONGEST_WORD;
    if !structure && long && text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return;
    }
    let one_case = || {
        text.chars().skip(1).all(char::is_lowercase)
            || text.chars().all(char::is_uppercase)
    };
    let word = WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)) && one_case();
    let is_other = || !matches!(plain_tag(text), Tag::Str | Tag::Timestamp | Tag::Merge);
    if !text.is_empty() && (structure || word || is_other()) {
        node.style = Style::DoubleQuoted;
        node.tag = Tag::Str;
    }
}

/// Is a text more than a scalar, or nothing at all, once it stands without quotes? `- x` is a
/// list, `a: b` a mapping, and `#x` a comment.
fn is_structure(text: &str) -> bool {
    let first = text.as_bytes().first().copied().unwrap_or(b'a');
    let may_be = !first.is_ascii_alphanumeric() && !b"/.$_+(<=~".contains(&first)
        || text.contains(": ")
        || text.ends_with(':')
        || text == "...";
    if !may_be || text.contains('\n') {
        return false;
    }
    let (documents, faults) = goyaml::parse(text, FileId::NONE, Dialect::V2);
    if !faults.is_empty() {
        return false;
    }
    let Some(document) = documents.first() else { return true };
    let value = || goyaml::decode(&document.root, Dialect::V2);
    document.root.kind() != Kind::Scalar
        || value().is_ok_and(|value| !matches!(value.data, Data::Str(_)))
}

/// What a text is that stands without quotes.
fn plain_tag(text: &str) -> Tag {
    Node::scalar(text).tag
}

/// Sets the value of a key; the key of an entry that is added is one of [`new_key`].
pub(crate) fn set_field(map: &mut Node, key: &str, value: Node) {
    if let Some(old) = map.get_mut(key) {
        *old = value;
    } else if let Some(entries) = map.entries_mut() {
        let key = new_key(key).from_origin(value.origin);
        entries.push((key, value));
    }
}

/// Sets a field to the text, place and origin of a scalar; it keeps its own style, and has no
/// tag. (kyaml: `SetMapField` with a `NewScalarRNode`)
pub(crate) fn set_map_field(map: &mut Node, key: &str, value: &Node) {
    let text = scalar_text(value);
    let Some(field) = map.get_mut(key) else {
        let made = appended(text.into()).at(value.span).from_origin(value.origin);
        return set_field(map, key, made);
    };
    if field.text() != Some(text) {
        let style = match field.kind() {
            Kind::Scalar => field.style,
            _ => Style::Plain,
        };
        *field = Node::untagged(text).at(value.span).from_origin(value.origin);
        field.style = style;
    }
    field.set_untagged();
}

/// Writes `metadata.annotations` anew: sorted, every value a string; none if `map` is empty.
///
/// Values that stay what they were keep their place and origin. (kyaml: `SetAnnotations`)
pub(crate) fn set_annotations(object: &mut Node, map: &BTreeMap<EcoString, EcoString>) {
    set_text_map(object, "annotations", map);
}

/// The entry of a key that counts where a template wrote it more than once.
fn last_entry<'n>(map: &'n Node, key: &str) -> Option<&'n (Node, Node)> {
    map.entries()?.iter().rfind(|(known, _)| known.text() == Some(key))
}

/// Writes a map of `metadata` anew, and makes `metadata` even if the map is empty.
/// Where the map stands twice, the first goes and the next gets its entries as well.
/// (kyaml: `setMapInMetadata`)
pub(crate) fn set_text_map(
    object: &mut Node,
    field: &str,
    map: &BTreeMap<EcoString, EcoString>,
) {
    if object.get("metadata").is_none() {
        object.set("metadata", Node::mapping(Vec::new()));
    }
    let Some(metadata) = object.get_mut("metadata") else { return };
    if metadata.is_null() {
        // It stays null.
        return;
    }
    let old = metadata.remove(field);
    if map.is_empty() {
        return;
    }
    let entries = map.iter().map(|(key, text)| {
        let known = old.as_ref().and_then(|(_, node)| last_entry(node, key));
        let mut value = Node::string(text.clone());
        let Some((old_key, old_value)) = known else {
            return (new_key(key.clone()), value);
        };
        value.span = old_value.span;
        value.origin = old_value.origin;
        let mut made = new_key(key.clone()).at(old_key.span).from_origin(old_key.origin);
        made.line = old_key.line;
        (made, value)
    });
    let mut node = Node::mapping(entries.collect());
    let mut key = Node::string(field);
    if let Some((old_key, old)) = old {
        node.span = old.span;
        node.origin = old.origin;
        key = old_key;
    }
    match metadata.get_mut(field) {
        Some(again) if again.is_null() => *again = node,
        Some(again) if again.kind() == Kind::Mapping => add_entries(again, node),
        _ => {
            if let Some(entries) = metadata.entries_mut() {
                entries.push((key, node));
            }
        }
    }
}

/// Sets the entries of one mapping in another.
fn add_entries(map: &mut Node, more: Node) {
    let Content::Mapping(more) = more.content else { return };
    for (key, value) in more {
        if let Some(known) = key.text().and_then(|text| map.get_mut(text)) {
            *known = value;
        } else if let Some(entries) = map.entries_mut() {
            entries.push((key, value));
        }
    }
}
