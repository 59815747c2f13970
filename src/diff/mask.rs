//! Manifests as they may be shown: secrets masked, and a word where a secret changed.

use std::collections::BTreeMap;
use std::ops::Range;

use goyaml::{Content, Node, Style, Tag};
use source::{MASK, Origins, Place, SourceMap, is_secret_key};

use crate::mask::{Hidden, Mask};

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

    fn of_field(&self, place: Place, secret: bool) -> Mask {
        Mask::of(self.sources, &self.sources.causes(self.origins, place), secret)
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
                let mask = self.masker.of_field(place, secret || is_secret_key(key));
                match mask.hidden(text) {
                    Hidden::Whole => {
                        *text = self.masked(path, text).into();
                        node.tag = Tag::Str;
                        node.style = Style::Plain;
                    }
                    Hidden::Parts(parts) if parts.is_empty() => {}
                    Hidden::Parts(parts) => {
                        *text = self.masked_parts(path, text, &parts).into();
                    }
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

    /// The text with the mask in the place of its secrets.
    fn masked_parts(&mut self, path: &str, text: &str, parts: &[Range<usize>]) -> String {
        let mut shown = String::with_capacity(text.len());
        let (mut at, mut line) = (0, 0);
        for part in parts {
            // A secret is the same one as before if it stands in the same line.
            line += text[at..part.end].matches('\n').count();
            shown.push_str(&text[at..part.start]);
            shown.push_str(&self.masked(&format!("{path}#{line}"), &text[part.clone()]));
            at = part.end;
        }
        shown.push_str(&text[at..]);
        shown
    }
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
