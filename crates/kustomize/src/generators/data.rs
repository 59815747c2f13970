//! `configMapGenerator` and `secretGenerator`.

use std::collections::BTreeMap;

use goyaml::{Node, Style};
use source::{Diagnostic, Origin, Origins, Result, Span};

use super::Generator;
use super::key_values::{self, KeyValue};
use crate::context::Context;
use crate::kustomization::{GeneratorArgs, GeneratorOptions};
use crate::load::Folder;
use crate::resource::{Behavior, Resource, new_key, quote_old_words};

/// Makes one ConfigMap or Secret. (upstream: `internal/generators`, v0.21.1)
pub(crate) struct DataGenerator {
    /// Which.
    pub(crate) kind: DataKind,
    /// Where its files are looked for.
    pub(crate) folder: Folder,
    /// Of what.
    pub(crate) args: GeneratorArgs,
    /// How, the kustomization's options included.
    pub(crate) options: GeneratorOptions,
}

/// What holds data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataKind {
    /// Text as it is, bytes in base64.
    ConfigMap,
    /// Everything in base64.
    Secret,
}

impl DataKind {
    /// Upstream's name of the generator.
    pub(crate) fn plugin(self) -> &'static str {
        match self {
            DataKind::ConfigMap => "ConfigMapGenerator",
            DataKind::Secret => "SecretGenerator",
        }
    }

    fn kind(self) -> &'static str {
        match self {
            DataKind::ConfigMap => "ConfigMap",
            DataKind::Secret => "Secret",
        }
    }
}

impl Generator for DataGenerator {
    fn entry(&self) -> Span {
        self.args.span
    }

    fn generate(&self, context: &mut Context<'_>) -> Result<Vec<Resource>> {
        let args = &self.args;
        if args.name.is_empty() {
            return Err(Diagnostic::error(args.span, "a configmap must have a name")
                .hint("add `name:` to this entry"));
        }
        let pairs = key_values::load(context, &self.folder, args)?;
        if self.kind == DataKind::Secret {
            pairs.iter().for_each(|pair| context.sources.taint(pair.span));
        }
        let mut node = self.base();
        let mut sorted: BTreeMap<&str, &KeyValue> = BTreeMap::new();
        for pair in &pairs {
            if let Some(first) = sorted.insert(&pair.key, pair) {
                let message = format!(
                    "configmap {} illegally repeats the key `{}`",
                    args.name.as_str(),
                    pair.key
                );
                return Err(Diagnostic::error(pair.span, message)
                    .label(first.span, "the first one is here")
                    .hint("keep one of the two"));
            }
        }
        if self.kind == DataKind::Secret {
            node.set("data", Node::mapping(Vec::new()).at(args.span));
        }
        for pair in sorted.into_values() {
            self.put(&mut node, pair, &mut context.origins);
        }
        if self.options.immutable {
            node.set("immutable", Node::bool(true).at(args.span));
        }
        let mut resource = context.resource(node);
        let behavior = Behavior::of(args.behavior.as_str());
        resource.set_generated(behavior, !self.options.disable_name_suffix_hash);
        Ok(vec![resource])
    }
}

impl DataGenerator {
    fn base(&self) -> Node {
        let args = &self.args;
        let text = |text: &str, span| {
            let mut node = Node::string(text).at(span);
            quote_old_words(&mut node);
            node
        };
        let mut metadata = Node::mapping(Vec::new()).at(args.span);
        metadata.set("name", text(args.name.as_str(), args.name.span));
        if !args.namespace.is_empty() {
            metadata.set("namespace", text(args.namespace.as_str(), args.namespace.span));
        }
        for (field, map) in
            [("labels", &self.options.labels), ("annotations", &self.options.annotations)]
        {
            let entries = map.iter().map(|(key, value)| {
                (new_key(key.clone()), text(value.as_str(), value.span))
            });
            if !map.is_empty() {
                metadata.set(field, Node::mapping(entries.collect()).at(args.span));
            }
        }
        // What the entry does not say is explained by where it begins.
        let head = args.span.head();
        let mut node = Node::mapping(Vec::new()).at(args.span);
        node.set("apiVersion", text("v1", head));
        node.set("kind", text(self.kind.kind(), head));
        node.set("metadata", metadata);
        if self.kind == DataKind::Secret {
            let (secret_type, span) = match args.secret_type.as_str() {
                "" => ("Opaque", head),
                given => (given, args.secret_type.span),
            };
            node.set("type", text(secret_type, span));
        }
        node
    }

    fn put(&self, node: &mut Node, pair: &KeyValue, origins: &mut Origins) {
        let (field, text) = match (self.kind, std::str::from_utf8(&pair.value)) {
            (DataKind::ConfigMap, Ok(text)) => ("data", text.to_owned()),
            (DataKind::ConfigMap, Err(_)) => {
                ("binaryData", goyaml::base64_lines(&pair.value))
            }
            (DataKind::Secret, _) => ("data", goyaml::base64_lines(&pair.value)),
        };
        if node.get(field).is_none() {
            node.set(field, Node::mapping(Vec::new()).at(self.args.span));
        }
        if let Some(map) = node.get_mut(field) {
            let key = new_key(pair.key.as_str()).at(pair.from);
            let mut value = data_value(&text).at(pair.span);
            if pair.from != pair.span {
                let mut written = |span| origins.add(Origin::Source(span));
                let (data, reason) = (written(pair.span), written(pair.from));
                value.origin = origins.because(data, reason);
            }
            // Keys come once each.
            if let Some(entries) = map.entries_mut() {
                entries.push((key, value));
            }
        }
    }
}

/// A value of `data`; its quotes or its bar outlive it, should a patch take its place.
/// (kyaml: `makeConfigMapValueRNode`, set by `FieldSetter`)
pub(super) fn data_value(text: &str) -> Node {
    let mut value = Node::string(text);
    match text.contains('\n') {
        true => value.style = Style::Literal,
        false => quote_old_words(&mut value),
    }
    value
}
