//! Manifests as they may be shown: secrets masked, and a word where a secret changed.

use std::collections::BTreeMap;

use goyaml::{Content, Node, Style, Tag};
use source::{Origins, Place, Role, SourceMap, is_secret_key};

/// What stands for a secret.
const MASK: &str = "•••••";

/// The secrets of a manifest by their path in it; never printed, only compared.
pub(crate) type Secrets = BTreeMap<String, String>;

/// Finds the secrets of manifests of one build target.
pub(crate) struct Masker<'a> {
    pub(crate) sources: &'a SourceMap,
    pub(crate) origins: &'a Origins,
}

impl Masker<'_> {
    /// A copy of the manifest with every secret masked, and the secrets.
    ///
    /// With the secrets of the earlier manifest, those that differ say so.
    pub(crate) fn mask(&self, node: &Node, earlier: Option<&Secrets>) -> (Node, Secrets) {
        let mut copy = node.clone();
        let is_secret = node.get("kind").and_then(Node::text) == Some("Secret");
        let mut walk = Walk { masker: self, secrets: Secrets::new(), earlier };
        if let Some(entries) = copy.entries_mut() {
            for (key, value) in entries {
                let name = key.text().unwrap_or_default().to_owned();
                let whole = is_secret && (name == "data" || name == "stringData");
                walk.node(value, &format!("/{name}"), &name, whole);
            }
        }
        (copy, walk.secrets)
    }

    fn is_tainted(&self, place: Place) -> bool {
        let data = |role: &Role| matches!(role, Role::Data | Role::Text | Role::Value(_));
        self.sources.causes(self.origins, place).iter().any(|cause| {
            data(&cause.role) && self.sources.file(cause.span.file).is_tainted(cause.span)
        })
    }
}

struct Walk<'a> {
    masker: &'a Masker<'a>,
    secrets: Secrets,
    earlier: Option<&'a Secrets>,
}

impl Walk<'_> {
    fn node(&mut self, node: &mut Node, path: &str, key: &str, secret: bool) {
        let place = node.place();
        match &mut node.content {
            Content::Alias(_) => {}
            Content::Sequence(items) => {
                for (n, item) in items.iter_mut().enumerate() {
                    self.node(item, &format!("{path}/{n}"), key, secret);
                }
            }
            Content::Mapping(entries) => {
                for (key, value) in entries {
                    let name = key.text().unwrap_or_default().to_owned();
                    self.node(value, &format!("{path}/{name}"), &name, secret);
                }
            }
            Content::Scalar(text) if text.is_empty() => {}
            Content::Scalar(text) => {
                if secret || is_secret_key(key) {
                    *text = self.masked(path, text).into();
                    node.tag = Tag::Str;
                    node.style = Style::Plain;
                } else if text.trim_end().contains('\n') {
                    *text = self.masked_lines(path, text).into();
                } else if self.masker.is_tainted(place) {
                    *text = self.masked(path, text).into();
                    node.tag = Tag::Str;
                }
            }
        }
    }

    /// The mask, with a word if the secret differs from the earlier one.
    fn masked(&mut self, path: &str, text: &str) -> String {
        let before = self.earlier.and_then(|earlier| earlier.get(path));
        let changed = before.is_some_and(|before| before != text);
        self.secrets.insert(path.to_owned(), text.to_owned());
        if changed { format!("{MASK} (changed)") } else { MASK.to_owned() }
    }

    /// A document within a text: the lines whose key says so are masked.
    fn masked_lines(&mut self, path: &str, text: &str) -> String {
        let mut shown = String::with_capacity(text.len());
        for (n, line) in text.split_inclusive('\n').enumerate() {
            let at =
                line.find([':', '=']).filter(|at| is_secret_key(key_of(&line[..*at])));
            let Some(at) = at else {
                shown.push_str(line);
                continue;
            };
            let (head, rest) = line.split_at(at + 1);
            let value = rest.trim();
            let blank = &rest[..rest.len() - rest.trim_start().len()];
            let end = if line.ends_with('\n') { "\n" } else { "" };
            shown.push_str(head);
            if value.is_empty() || value.starts_with('|') || value.starts_with('>') {
                shown.push_str(rest);
                continue;
            }
            shown.push_str(blank);
            shown.push_str(&self.masked(&format!("{path}#{n}"), value));
            shown.push_str(end);
        }
        shown
    }
}

/// `secret_key` of `  - "secret_key"`.
fn key_of(head: &str) -> &str {
    let edge = |c: char| !c.is_alphanumeric() && c != '_';
    head.rsplit([' ', '\t', ',', '{'])
        .find(|w| !w.is_empty())
        .unwrap_or("")
        .trim_matches(edge)
}

#[cfg(test)]
mod tests {
    use super::{Masker, Secrets};
    use goyaml::Node;
    use source::{Origins, SourceMap};

    fn config_map(text: &str) -> Node {
        let pair = |key: &str, value| (Node::string(key), value);
        let data = Node::mapping(vec![pair("objstore.yml", Node::string(text))]);
        Node::mapping(vec![
            pair("kind", Node::string("ConfigMap")),
            pair("data", data),
            pair("adminPassword", Node::string("hunter2")),
        ])
    }

    fn shown(node: &Node, path: [&str; 2]) -> String {
        let found = node
            .get(path[0])
            .and_then(|n| if path[1].is_empty() { Some(n) } else { n.get(path[1]) });
        found.and_then(Node::text).unwrap().to_owned()
    }

    #[test]
    fn secrets_are_masked_and_their_change_is_told() {
        let (sources, origins) = (SourceMap::new(), Origins::new());
        let masker = Masker { sources: &sources, origins: &origins };
        let old = config_map("bucket: thanos\nsecret_key: aaa\n");
        let (old, secrets): (Node, Secrets) = masker.mask(&old, None);
        assert_eq!(
            shown(&old, ["data", "objstore.yml"]),
            "bucket: thanos\nsecret_key: •••••\n"
        );
        assert_eq!(shown(&old, ["adminPassword", ""]), "•••••");
        let new = config_map("bucket: thanos\nsecret_key: bbb\n");
        let (new, _) = masker.mask(&new, Some(&secrets));
        assert_eq!(
            shown(&new, ["data", "objstore.yml"]),
            "bucket: thanos\nsecret_key: ••••• (changed)\n"
        );
        assert_eq!(shown(&new, ["adminPassword", ""]), "•••••");
    }
}
