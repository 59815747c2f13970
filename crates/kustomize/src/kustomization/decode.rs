//! Decoding mappings as Go's `encoding/json` decodes them into structs.
//!
//! Upstream turns YAML into JSON and decodes that. So the names of fields fit whatever their
//! case, of several that fit the last one in byte order counts, a null is as good as
//! nothing, and faults are found in byte order of the keys.

use std::cell::RefCell;
use std::rc::Rc;

use ecow::EcoString;
use goyaml::{Data, Dialect, Kind, Node, Style, Tag};
use source::{Diagnostic, Result, Span};

use super::{Spanned, Text, TextMap, go_types};
use crate::upstream::Upstream;

/// How strict the decoding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A `kustomization.yaml`: unknown fields and wrong types are faults.
    Kustomization,
    /// A file of `configurations`: unknown fields are faults, scalars become strings.
    Config,
    /// The config of a builtin plugin: unknown fields are passed over, scalars become
    /// strings.
    Plugin,
}

/// A mapping that is being decoded into a struct.
pub(crate) struct Decoder<'n> {
    mode: Mode,
    span: Span,
    /// The entries without duplicates, sorted by key.
    entries: Vec<(&'n str, Span, &'n Node)>,
    known: RefCell<Vec<&'static str>>,
    path: String,
    unknown: Rc<RefCell<Vec<UnknownField>>>,
}

/// A field that nobody asked for, where upstream does not mind.
#[derive(Clone, Debug)]
pub(crate) struct UnknownField {
    /// Its name, after those of the fields around it.
    pub(crate) path: String,
    /// The key.
    pub(crate) span: Span,
    /// The known name that is nearest.
    pub(crate) near: Option<&'static str>,
}

impl<'n> Decoder<'n> {
    /// Starts with a document.
    pub(crate) fn new(node: &'n Node, mode: Mode) -> Result<Decoder<'n>> {
        Decoder::nested(node, mode, String::new())
    }

    fn nested(node: &'n Node, mode: Mode, path: String) -> Result<Decoder<'n>> {
        let mut entries: Vec<(&str, Span, &Node)> = Vec::new();
        match node.entries() {
            Some(pairs) => {
                for (key, value) in pairs {
                    let name = mode.key(key);
                    entries.retain(|(known, ..)| *known != name);
                    entries.push((name, key.span, value));
                }
            }
            None if node.is_null() => {}
            None => return Err(mode.wrong_type(node, &path, "object")),
        }
        entries.sort_by(|a, b| a.0.cmp(b.0));
        let known = RefCell::new(Vec::new());
        let unknown = Rc::default();
        Ok(Decoder { mode, span: node.span, entries, known, path, unknown })
    }

    fn below(&self, node: &'n Node, field: &str) -> Result<Decoder<'n>> {
        let below = Decoder::nested(node, self.mode, self.inner(field))?;
        Ok(Decoder { unknown: Rc::clone(&self.unknown), ..below })
    }

    /// The fields of a plugin's config, and of what is in it, that nobody asked for.
    pub(crate) fn unknown_fields(&self) -> Vec<UnknownField> {
        self.collect_unknown();
        self.unknown.take()
    }

    /// What the type and the name of a config say is upstream's own.
    fn collect_unknown(&self) {
        const OWN: [&str; 3] = ["apiVersion", "kind", "metadata"];
        let known = self.known.borrow();
        for (name, span, _) in &self.entries {
            let is_known = known.iter().any(|k| fold(k) == fold(name));
            let is_own = self.path.is_empty() && OWN.contains(name);
            if is_known || is_own || self.path == "metadata" {
                continue;
            }
            let near = closest(name, known.iter().copied());
            let near = near.and_then(|near| known.iter().copied().find(|k| *k == near));
            let path = self.inner(name);
            self.unknown.borrow_mut().push(UnknownField { path, span: *span, near });
        }
    }

    /// The whole mapping.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// The value of a field; none if it is absent or null.
    pub(crate) fn node(&self, field: &'static str) -> Option<&'n Node> {
        self.present(field).filter(|node| !node.is_null())
    }

    /// The value of a field, null or not.
    fn present(&self, field: &'static str) -> Option<&'n Node> {
        self.known.borrow_mut().push(field);
        let fits = |name: &str| name == field || fold(name) == fold(field);
        self.entries.iter().rev().find(|(name, ..)| fits(name)).map(|(.., node)| *node)
    }

    /// Where the key of a field is written.
    pub(crate) fn key_span(&self, field: &str) -> Span {
        let fits = |name: &str| name == field || fold(name) == fold(field);
        let found = self.entries.iter().rev().find(|(name, ..)| fits(name));
        found.map_or(self.span, |(_, span, _)| *span)
    }

    /// A text; empty if it is absent.
    pub(crate) fn text(&self, field: &'static str) -> Result<Text> {
        match self.node(field) {
            Some(node) => text(node, self.mode, &self.inner(field)),
            None => Ok(Text::default()),
        }
    }

    /// A text, if it is given, empty or not.
    pub(crate) fn optional_text(&self, field: &'static str) -> Result<Option<Text>> {
        self.node(field).map(|node| text(node, self.mode, &self.inner(field))).transpose()
    }

    /// A truth value; false if it is absent.
    pub(crate) fn bool(&self, field: &'static str) -> Result<bool> {
        let node = self.node(field);
        node.map_or(Ok(false), |node| truth(node, self.mode, &self.inner(field)))
    }

    /// A mapping from texts, in their very spelling, to truth values: which of these are true?
    pub(crate) fn trues<const N: usize>(
        &self,
        field: &'static str,
        names: [&str; N],
    ) -> Result<[bool; N]> {
        let Some(node) = self.node(field) else { return Ok([false; N]) };
        let inner = self.inner(field);
        if node.entries().is_none() {
            return Err(self.mode.wrong_type(node, &inner, "map[string]bool"));
        }
        let decoder = Decoder::nested(node, self.mode, inner.clone())?;
        let mut found = [false; N];
        for (name, _, value) in &decoder.entries {
            let is_true = !value.is_null() && truth(value, self.mode, &inner)?;
            let named = found.iter_mut().zip(names).filter(|(_, known)| known == name);
            named.for_each(|(cell, _)| *cell = is_true);
        }
        Ok(found)
    }

    /// An integer; 0 if it is absent.
    pub(crate) fn int(&self, field: &'static str) -> Result<i64> {
        let Some(node) = self.node(field) else { return Ok(0) };
        let wrong = || self.mode.wrong_type(node, &self.inner(field), "int64");
        let value = match crate::print::typed(node)?.data {
            goyaml::Data::Int(value) => Some(value),
            #[expect(clippy::cast_possible_truncation, reason = "the value is whole")]
            goyaml::Data::Float(value) if value.fract() == 0.0 => Some(value as i64),
            _ => None,
        };
        value.ok_or_else(wrong)
    }

    /// The entries of a list of texts. A text where a list is expected is a fault.
    pub(crate) fn texts(&self, field: &'static str) -> Result<Vec<Text>> {
        let (mode, inner) = (self.mode, self.inner(field));
        let items = self.items(field, "[]string")?;
        items.iter().map(|item| text(item, mode, &inner)).collect()
    }

    /// The entries of a list of mappings.
    pub(crate) fn list<T>(
        &self,
        field: &'static str,
        mut entry: impl FnMut(&mut Decoder<'n>) -> Result<T>,
    ) -> Result<Vec<T>> {
        let mut list = Vec::new();
        for item in self.items(field, "array")? {
            let mut decoder = self.below(item, field)?;
            list.push(entry(&mut decoder)?);
            decoder.finish()?;
        }
        Ok(list)
    }

    /// A mapping, if it is there.
    pub(crate) fn object<T>(
        &self,
        field: &'static str,
        entry: impl FnOnce(&mut Decoder<'n>) -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(node) = self.node(field) else { return Ok(None) };
        let mut decoder = self.below(node, field)?;
        let value = entry(&mut decoder)?;
        decoder.finish()?;
        Ok(Some(value))
    }

    /// A mapping from texts to texts.
    pub(crate) fn text_map(&self, field: &'static str) -> Result<TextMap> {
        let Some(node) = self.node(field) else { return Ok(TextMap::new()) };
        let inner = self.inner(field);
        if node.entries().is_none() {
            return Err(self.mode.wrong_type(node, &inner, "map[string]string"));
        }
        let decoder = Decoder::nested(node, self.mode, inner.clone())?;
        let pair = |(key, span, value): &(&str, Span, &Node)| {
            let mut text = match value.is_null() {
                true => Text::default(),
                false => text(value, self.mode, &inner)?,
            };
            text.span = span.to(value.span);
            Ok((EcoString::from(*key), text))
        };
        decoder.entries.iter().map(pair).collect()
    }

    /// A mapping as it is, if it is there and holds something.
    pub(crate) fn mapping(&self, field: &'static str) -> Result<Option<Node>> {
        match self.node(field) {
            None => Ok(None),
            Some(node) => match node.entries() {
                Some(entries) => Ok((!entries.is_empty()).then(|| node.clone())),
                None => Err(self.mode.wrong_type(node, &self.inner(field), "object")),
            },
        }
    }

    /// Is this an entry of that field?
    pub(crate) fn is_within(&self, field: &str) -> bool {
        self.path == field
    }

    fn items(&self, field: &'static str, wanted: &str) -> Result<&'n [Node]> {
        match self.node(field) {
            None => Ok(&[]),
            Some(node) => node
                .items()
                .ok_or_else(|| self.mode.wrong_type(node, &self.inner(field), wanted)),
        }
    }

    fn inner(&self, field: &str) -> String {
        match self.path.is_empty() {
            true => field.to_owned(),
            false => format!("{}.{field}", self.path),
        }
    }

    /// Is a field there and not null?
    pub(crate) fn has(&self, field: &'static str) -> bool {
        self.node(field).is_some()
    }

    /// A fault if there is a field that nobody asked for.
    pub(crate) fn finish(&self) -> Result<()> {
        if self.mode == Mode::Plugin {
            self.collect_unknown();
            return Ok(());
        }
        let known = self.known.borrow();
        let is_known =
            |name: &str| known.iter().any(|k| *k == name || fold(k) == fold(name));
        let Some((name, span, _)) =
            self.entries.iter().find(|(name, ..)| !is_known(name))
        else {
            return Ok(());
        };
        let lead = match self.mode {
            Mode::Kustomization => "invalid Kustomization",
            _ => "error unmarshaling JSON: while decoding JSON",
        };
        let error = Diagnostic::error(*span, format!("unknown field `{name}`"))
            .says(format!("{lead}: json: unknown field \"{name}\""));
        Err(match closest(name, known.iter().copied()) {
            Some(field) => error.hint(format!("did you mean `{field}`?")),
            None => error.hint("remove it, or move it to where it belongs"),
        })
    }
}

impl Mode {
    /// The text of a key: `n` and `on` are truth values to YAML 1.1, and `false` and `true` to
    /// JSON. Configs of plugins are read as YAML 1.2.
    fn key(self, key: &Node) -> &str {
        let text = key.text().unwrap_or("");
        let may_be_word = text.starts_with(['y', 'Y', 'n', 'N', 'o', 'O']);
        if self == Mode::Plugin || !may_be_word || key.style != Style::Plain {
            return text;
        }
        match goyaml::decode(key, Dialect::V2).map(|value| value.data) {
            Ok(Data::Bool(true)) => "true",
            Ok(Data::Bool(false)) => "false",
            _ => text,
        }
    }

    fn wrong_type(self, node: &Node, path: &str, wanted: &str) -> Box<Diagnostic> {
        let given = match (node.kind(), node.tag) {
            (Kind::Mapping, _) => "object",
            (Kind::Sequence, _) => "array",
            (_, Tag::Bool) => "bool",
            (_, Tag::Int | Tag::Float) => "number",
            _ => "string",
        };
        let lead = match self {
            Mode::Kustomization => "invalid Kustomization: json",
            _ => "error unmarshaling JSON: while decoding JSON: json",
        };
        let place = match path.is_empty() {
            true => "Go value of type types.Kustomization".to_owned(),
            false => format!("Go struct field {}", go_types::describe(path, wanted)),
        };
        let number = match given == "number" && wanted == "int64" {
            true => format!(" {}", node.text().unwrap_or("")),
            false => String::new(),
        };
        let words = format!("{lead}: cannot unmarshal {given}{number} into {place}");
        let given = match given {
            "object" => "a mapping",
            "array" => "a list",
            "bool" => "a truth value",
            "number" => "a number",
            _ => "a text",
        };
        let needed = match wanted {
            "[]string" | "array" => "a list",
            "object" | "map[string]string" | "map[string]bool" => "a mapping",
            "string" => "a text",
            "bool" => "a truth value",
            _ => "a whole number",
        };
        let message = match path.is_empty() {
            true => format!("this is {given}, and {needed} is needed"),
            false => format!("`{path}` is {given}, and {needed} is needed"),
        };
        Diagnostic::error(node.span, message).says(words).hint(match wanted {
            "[]string" | "array" => {
                "write a list: every entry on a line of its own, after `- `"
            }
            "object" | "map[string]string" | "map[string]bool" => {
                "write a mapping: `key: value`"
            }
            "string" => "put the value in quotes",
            "bool" => "write `true` or `false`",
            _ => "write a whole number",
        })
    }
}

/// A truth value. YAML 1.1 takes `yes` for one, and upstream's decoder is of that age.
fn truth(node: &Node, mode: Mode, path: &str) -> Result<bool> {
    let text = node.text().unwrap_or("").to_ascii_lowercase();
    // The config of a plugin was printed in between, with quotes.
    let old = mode != Mode::Plugin
        && node.style == goyaml::Style::Plain
        && node.explicit_tag().is_none()
        && matches!(text.as_str(), "yes" | "y" | "on" | "no" | "n" | "off");
    match node.tag == Tag::Bool || old {
        true => Ok(matches!(text.as_str(), "true" | "yes" | "y" | "on")),
        false => Err(mode.wrong_type(node, path, "bool")),
    }
}

/// A text; numbers and truth values too, where the mode lets them.
fn text(node: &Node, mode: Mode, path: &str) -> Result<Text> {
    if node.is_null() {
        return Ok(Spanned { value: EcoString::new(), span: node.span });
    }
    let fits = match node.tag {
        Tag::Str | Tag::Timestamp | Tag::Binary => true,
        _ => mode != Mode::Kustomization && node.kind() == Kind::Scalar,
    };
    match node.text().filter(|_| fits) {
        Some(text) => Ok(Spanned { value: text.into(), span: node.span }),
        None => Err(mode.wrong_type(node, path, "string")),
    }
}

/// Names that differ in case alone are one.
fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// The known name that is nearest, if one is near.
pub(crate) fn closest<'a>(
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = fold(name);
    let near = known.into_iter().map(|field| (distance(&wanted, &fold(field)), field));
    let (best, field) = near.min()?;
    (best <= 1 + wanted.chars().count() / 4).then_some(field)
}

/// How many letters must change. (Levenshtein)
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.chars().take(64).enumerate() {
        let mut last = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let changed = last + usize::from(ca != *cb);
            last = *cell;
            left = changed.min(last + 1).min(left + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{closest, distance};

    #[test]
    fn near_names_are_found() {
        assert_eq!(distance("resorces", "resources"), 1);
        assert_eq!(closest("resorces", ["bases", "resources"]), Some("resources"));
        assert_eq!(closest("frobnicate", ["bases", "resources"]), None);
    }
}
