//! The arguments of `configMapGenerator` and `secretGenerator`.

use source::Span;

use super::{Text, TextMap};

/// What to make a ConfigMap or Secret of. (upstream: `types.GeneratorArgs`, `types.SecretArgs`)
#[derive(Clone, Debug)]
pub struct GeneratorArgs {
    /// The entry.
    pub span: Span,
    /// The namespace.
    pub namespace: Text,
    /// The name, before prefix, suffix and hash.
    pub name: Text,
    /// `create`, `replace`, `merge`, or something else, which means create.
    pub behavior: Text,
    /// `key=value`.
    pub literals: Vec<Text>,
    /// `[key=]path`.
    pub files: Vec<Text>,
    /// Paths of files that hold one `key=value` a line; `env` is the last of them.
    pub envs: Vec<Text>,
    /// Options that win over the kustomization's.
    pub options: Option<GeneratorOptions>,
    /// The type of a Secret; empty means `Opaque`.
    pub secret_type: Text,
}

/// How to make them. (upstream: `types.GeneratorOptions`)
#[derive(Clone, Debug, Default)]
pub struct GeneratorOptions {
    /// Labels to add.
    pub labels: TextMap,
    /// Annotations to add.
    pub annotations: TextMap,
    /// Leave the hash of the content out of the name?
    pub disable_name_suffix_hash: bool,
    /// Make the object immutable?
    pub immutable: bool,
}

impl GeneratorOptions {
    /// Adds what `global` says where `local` says nothing.
    /// (upstream: `MergeGlobalOptionsIntoLocal`)
    pub(crate) fn merged(
        local: Option<&GeneratorOptions>,
        global: Option<&GeneratorOptions>,
    ) -> GeneratorOptions {
        let mut options = local.cloned().unwrap_or_default();
        let Some(global) = global else { return options };
        for (key, text) in &global.labels {
            options.labels.entry(key.clone()).or_insert_with(|| text.clone());
        }
        for (key, text) in &global.annotations {
            options.annotations.entry(key.clone()).or_insert_with(|| text.clone());
        }
        options.disable_name_suffix_hash |= global.disable_name_suffix_hash;
        options.immutable |= global.immutable;
        options
    }
}
