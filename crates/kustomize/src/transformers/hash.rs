//! The hash of a generated object's content, at the end of its name.

use ecow::EcoString;
use goyaml::{Html, Kind, Node, Value, to_json};
use sha2::{Digest, Sha256};
use source::{Diagnostic, Origins, Result};

use crate::context::Context;
use crate::print::not_in_json;
use crate::resource::{Editor, ResMap, Resource, ScalarTag, change_each};

/// JSON, or why there is none.
type Words = std::result::Result<String, String>;

/// Adds the hash to the names of the generated objects that want it.
/// (upstream: `HashTransformer.go`)
pub(crate) fn add_hashes(
    context: &mut Context<'_>,
    resources: &mut ResMap,
) -> Result<()> {
    let wanted = resources.iter().enumerate().filter(|(_, r)| r.needs_hash());
    let wanted: Vec<usize> = wanted.map(|(at, _)| at).collect();
    change_each(resources.select_mut(&wanted), &mut context.origins, &add_hash)
}

fn add_hash(resource: &mut Resource, origins: &mut Origins) -> Result<()> {
    let hash = hash(resource)?;
    resource.store_previous_id();
    let name = ecow::eco_format!("{}-{hash}", resource.cur_id().name);
    let config = resource.node().span.head();
    let mut editor = Editor::new("nameSuffixHash", config, origins);
    editor.because_of(contents(resource.node()));
    resource.edit_with(&mut editor, |node, editor| {
        if let Some(metadata) = node.get_mut("metadata") {
            let kept = metadata.get("name").map(Node::place);
            editor.set_entry(metadata, "name", name, ScalarTag::Nothing, kept);
        }
    });
    Ok(())
}

/// What goes into the hash.
fn contents(node: &Node) -> Vec<&Node> {
    let mut contents: Vec<&Node> = node.get("type").into_iter().collect();
    for field in ["data", "stringData", "binaryData"] {
        let entries = node.get(field).and_then(Node::entries).unwrap_or_default();
        contents.extend(entries.iter().flat_map(|(key, value)| [key, value]));
    }
    contents
}

/// The hash of a ConfigMap or Secret. (upstream: `api/hasher/hasher.go`, `Hasher.Hash`)
fn hash(resource: &Resource) -> Result<String> {
    let node = resource.node();
    let text = match resource.cur_id().gvk.kind.as_str() {
        "Secret" => encode_secret(node),
        _ => encode_config_map(node),
    };
    let text = text.map_err(|words| {
        let number = not_in_json(node).map_or(node.span, |(span, _)| span);
        Diagnostic::error(number, words).hint("JSON has no such number: put it in quotes")
    })?;
    Ok(encode(Sha256::digest(text.as_bytes()).as_slice()))
}

/// The first ten hexadecimal digits, spelt so that they make no words.
fn encode(digest: &[u8]) -> String {
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let spelt = |digit: u8| match digit {
        0 => 'g',
        1 => 'h',
        3 => 'k',
        10 => 'm',
        14 => 't',
        digit => char::from_digit(u32::from(digit), 16).unwrap_or('g'),
    };
    digits.take(10).map(spelt).collect()
}

/// Keys in the order in which `encoding/json` writes them.
fn encode_config_map(node: &Node) -> Words {
    let mut fields = Vec::new();
    if let Some(binary) = mapping(node, "binaryData") {
        fields.push(("binaryData", json(binary)?));
    }
    fields.push(("data", value(node, "data")?));
    fields.push(("kind", quoted("ConfigMap")));
    fields.push(("name", quoted(&name(node))));
    Ok(object(&fields))
}

fn encode_secret(node: &Node) -> Words {
    let mut fields = vec![
        ("data", value(node, "data")?),
        ("kind", quoted("Secret")),
        ("name", quoted(&name(node))),
    ];
    if let Some(data) = mapping(node, "stringData") {
        fields.push(("stringData", json(data)?));
    }
    fields.push(("type", value(node, "type")?));
    Ok(object(&fields))
}

/// `getNodeValues` looks the key `metadata/name` up, slash and all: it is never there, so the
/// name is no part of the hash.
fn name(node: &Node) -> EcoString {
    node.get("metadata/name").and_then(Node::text).unwrap_or("").into()
}

fn mapping<'a>(node: &'a Node, field: &str) -> Option<&'a Node> {
    node.get(field).filter(|value| value.kind() != Kind::Scalar)
}

fn value(node: &Node, field: &str) -> Words {
    match node.get(field) {
        None => Ok(quoted("")),
        Some(value) => match value.text() {
            Some(text) => Ok(quoted(text)),
            None => json(value),
        },
    }
}

fn object(fields: &[(&str, String)]) -> String {
    let parts: Vec<String> =
        fields.iter().map(|(key, text)| format!("{}:{text}", quoted(key))).collect();
    format!("{{{}}}", parts.join(","))
}

/// Upstream reads all of them as mappings; what is none is no value.
fn json(node: &Node) -> Words {
    if node.kind() == Kind::Sequence {
        return Ok("null".to_owned());
    }
    let value = crate::print::typed(node).map_err(|error| error.message.clone())?;
    to_json(&value, Html::Escaped).map_err(|fault| fault.upstream())
}

fn quoted(text: &str) -> String {
    to_json(&Value::new(text), Html::Escaped).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::encode;

    #[test]
    fn digits_make_no_words() {
        assert_eq!(encode(&[0x01, 0x23, 0xae, 0x45, 0x67]), "gh2kmt4567");
    }
}
