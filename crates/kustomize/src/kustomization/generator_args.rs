//! The arguments of `configMapGenerator` and `secretGenerator`.

use source::Span;

use super::{Text, TextMap};

/// What to make a ConfigMap or Secret of. (upstream: `types.GeneratorArgs`, `types.SecretArgs`)
///
/// Its data come from `envs`, then `literals`, then `files`; a key may come but once.
#[derive(Clone, Debug)]
pub struct GeneratorArgs {
    /// The entry.
    pub span: Span,
    /// `namespace`: the namespace. Default: none, but the kustomization may set one.
    pub namespace: Text,
    /// `name`: the name, before prefix, suffix and hash. It has to be given.
    pub name: Text,
    /// `behavior`: `create` an object; `replace` the data of one of this name that came from a
    /// resource or base; or `merge` into its data. Default, and anything else: create.
    pub behavior: Text,
    /// `literals`: `key=value`; quotes around the value are dropped. Default: none.
    pub literals: Vec<Text>,
    /// `files`: `[key=]path`; the value is the file's content. Default of the key: the file's
    /// name without its folders. Default: none.
    pub files: Vec<Text>,
    /// `envs`: paths of files that hold one `key=value` a line; empty lines and those that begin
    /// with `#` count for nothing. Default: none. The deprecated `env`, one such path, is
    /// replaced by it and appended to it.
    ///
    /// A line without `=` has an empty value here; upstream reads its own environment then.
    pub envs: Vec<Text>,
    /// `options`: options of this object, which win over `generatorOptions`. Default: those.
    pub options: Option<GeneratorOptions>,
    /// `type` of a Secret; a ConfigMap has none. Default: `Opaque`.
    pub secret_type: Text,
}

/// How to make them. (upstream: `types.GeneratorOptions`)
///
/// What `generatorOptions` turns on, no entry can turn off.
#[derive(Clone, Debug, Default)]
pub struct GeneratorOptions {
    /// `labels`: labels to add. Default: none.
    pub labels: TextMap,
    /// `annotations`: annotations to add. Default: none.
    pub annotations: TextMap,
    /// `disableNameSuffixHash`: is the hash of the content left out of the name? The hash makes
    /// pods restart when the content changes. Default: false, names end with the hash.
    pub disable_name_suffix_hash: bool,
    /// `immutable`: is the object made immutable? Default: false, the field is not written.
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
