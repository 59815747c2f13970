//! From nodes to settings, checked against the shape on the way.

use std::collections::BTreeMap;

use goyaml::{Node, Tag};
use source::{Diagnostic, Span, VPath};

use super::shape::{Key, Kind, LEVELS};
use super::types::{Setting, SettingValue};
use super::{did_you_mean, near_or_all};

/// What goes wrong is collected, so that one run tells everything.
pub(crate) struct Converter {
    pub(crate) faults: Vec<Diagnostic>,
}

impl Converter {
    fn fault(&mut self, diagnostic: impl Into<Box<Diagnostic>>) {
        self.faults.push(*diagnostic.into());
    }

    fn wants(&mut self, node: &Node, what: &str) -> Option<SettingValue> {
        let found = match node.kind() {
            goyaml::Kind::Mapping => "a map",
            goyaml::Kind::Sequence => "a list",
            _ if node.is_null() => "nothing",
            _ => "a single value",
        };
        let message = format!("this must be {what}, not {found}");
        let hint = match what {
            "a map" => "write `name: value`, one a line",
            "a list" => "write `[one, two]`, or one a line after `- `",
            _ => "write it on the line of its key, or leave the key out",
        };
        self.fault(Diagnostic::error(node.span, message).hint(hint));
        None
    }

    /// The value of a node of this kind; `None` if it is not, which was then told.
    pub(crate) fn value(&mut self, node: &Node, kind: &Kind) -> Option<SettingValue> {
        match kind {
            Kind::Text => match node.text().filter(|_| !node.is_null()) {
                Some(text) => Some(SettingValue::Text(text.to_owned())),
                None => self.wants(node, "a text"),
            },
            Kind::Path | Kind::Date | Kind::Version => self.formed(node, kind),
            Kind::Choice(words) => self.choice(node, words),
            Kind::List(of) => {
                let Some(items) = node.items() else {
                    return self.wants(node, "a list");
                };
                let item = |item: &Node| self.setting(item.span, item, of);
                Some(SettingValue::List(items.iter().filter_map(item).collect()))
            }
            Kind::Map(keys) => self.map(node, &|name| {
                keys.iter().find(|key| key.name == name).map(|key| &key.kind).ok_or(*keys)
            }),
            Kind::Named(of) => self.map(node, &|_| Ok(of)),
            Kind::Lint => self.lint(node),
        }
    }

    /// A node with its key's place.
    fn setting(&mut self, key: Span, node: &Node, kind: &Kind) -> Option<Setting> {
        let value = self.value(node, kind)?;
        Some(Setting { key, span: node.span, value })
    }

    fn formed(&mut self, node: &Node, kind: &Kind) -> Option<SettingValue> {
        let text = node.text().filter(|_| !node.is_null()).unwrap_or("");
        let (good, what) = match kind {
            Kind::Path => (
                !text.starts_with('/')
                    && VPath::new(text).is_some_and(|p| p != VPath::root()),
                "a path inside the repository",
            ),
            Kind::Date => {
                (super::date::seconds(text).is_some(), "a date such as 2026-01-31")
            }
            _ => (is_version(text), "a version such as 1.31"),
        };
        if good {
            return Some(SettingValue::Text(text.to_owned()));
        }
        self.wants_words(node, what)
    }

    fn wants_words(&mut self, node: &Node, what: &str) -> Option<SettingValue> {
        match node.text().filter(|_| !node.is_null()) {
            None => self.wants(node, what),
            Some(text) => {
                let message = format!("this must be {what}, not `{text}`");
                let hint = match what {
                    "a path inside the repository" => {
                        "write it relative to the root, without `..`"
                    }
                    _ => "write it like the example",
                };
                self.fault(Diagnostic::error(node.span, message).hint(hint));
                None
            }
        }
    }

    fn choice(&mut self, node: &Node, words: &[&'static str]) -> Option<SettingValue> {
        let text = node.text().filter(|_| !node.is_null());
        // YAML 1.1 reads a bare `off` as false.
        let text = match text {
            Some("off" | "Off" | "OFF" | "false") if words.contains(&"off") => {
                Some("off")
            }
            text => text,
        };
        if let Some(word) = words.iter().find(|word| Some(**word) == text) {
            return Some(SettingValue::Text((*word).to_owned()));
        }
        let all = words.join(", ");
        let message = match text {
            Some(text) => format!("`{text}` is none of {all}"),
            None => format!("this must be one of {all}"),
        };
        let mut diagnostic = Diagnostic::error(node.span, message);
        let near = text.and_then(|text| {
            did_you_mean(text, words.iter().copied()).or_else(|| longer(text, words))
        });
        if let Some(near) = near {
            diagnostic = diagnostic.hint(format!("did you mean `{near}`?"));
        }
        self.fault(diagnostic);
        None
    }

    fn map<'k>(
        &mut self,
        node: &Node,
        kind_of: &dyn Fn(&str) -> Result<&'k Kind, &'k [Key]>,
    ) -> Option<SettingValue> {
        let Some(entries) = node.entries() else {
            // `clusters:` with nothing under it says nothing, and that is fine.
            let empty = Some(SettingValue::Map(BTreeMap::new()));
            return if node.is_null() { empty } else { self.wants(node, "a map") };
        };
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            let name = key.text().unwrap_or_default();
            match kind_of(name) {
                Err(keys) => self.unknown(key.span, name, keys),
                // A key without a value is the same as no key.
                Ok(_) if value.is_null() => {}
                Ok(kind) => {
                    if let Some(setting) = self.setting(key.span, value, kind)
                        && map.insert(name.to_owned(), setting).is_some()
                    {
                        let message = format!("`{name}` is set twice");
                        self.fault(Diagnostic::error(key.span, message));
                    }
                }
            }
        }
        Some(SettingValue::Map(map))
    }

    fn unknown(&mut self, span: Span, name: &str, keys: &[Key]) {
        let diagnostic = Diagnostic::error(span, format!("unknown key `{name}`"));
        let hint = near_or_all(name, keys.iter().map(|key| key.name));
        self.fault(diagnostic.hint(hint));
    }

    /// A level, or a map of `level` and whatever the lint itself reads.
    fn lint(&mut self, node: &Node) -> Option<SettingValue> {
        let Some(entries) = node.entries() else {
            return self.choice(node, LEVELS);
        };
        let mut map = BTreeMap::new();
        for (key, value) in entries {
            let name = key.text().unwrap_or_default();
            let value_span = value.span;
            let value = match name {
                "level" => self.choice(value, LEVELS),
                _ => Some(free(value)),
            };
            if let Some(value) = value {
                let setting = Setting { key: key.span, span: value_span, value };
                map.insert(name.to_owned(), setting);
            }
        }
        Some(SettingValue::Map(map))
    }
}

/// The one word that a text is a part of: `warning` for `warn`.
fn longer(text: &str, words: &[&'static str]) -> Option<&'static str> {
    let part = text.to_lowercase();
    let mut fit = words.iter().filter(|word| word.to_lowercase().contains(&part));
    fit.next().filter(|_| !part.is_empty() && fit.next().is_none()).copied()
}

/// A node of no particular shape.
fn free(node: &Node) -> SettingValue {
    let setting =
        |key: Span, node: &Node| Setting { key, span: node.span, value: free(node) };
    if let Some(items) = node.items() {
        return SettingValue::List(items.iter().map(|i| setting(i.span, i)).collect());
    }
    if let Some(entries) = node.entries() {
        let entry = |(key, value): &(Node, Node)| {
            (key.text().unwrap_or_default().to_owned(), setting(key.span, value))
        };
        return SettingValue::Map(entries.iter().map(entry).collect());
    }
    let text = node.text().unwrap_or_default();
    match node.tag {
        Tag::Bool => SettingValue::Flag(matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "yes" | "on" | "y"
        )),
        Tag::Int | Tag::Float => match text.replace('_', "").parse() {
            Ok(number) => SettingValue::Number(number),
            Err(_) => SettingValue::Text(text.to_owned()),
        },
        _ => SettingValue::Text(text.to_owned()),
    }
}

fn is_version(text: &str) -> bool {
    let numbers = text.strip_prefix('v').unwrap_or(text);
    let parts: Vec<&str> =
        numbers.split(['-', '+']).next().unwrap_or("").split('.').collect();
    let digits =
        |part: &&str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    parts.len() <= 3 && parts.iter().all(digits)
}
