//! Which fields the transformers touch by default, and what `configurations` add.

use std::borrow::Cow;
use std::sync::OnceLock;

use source::{Diagnostic, Result};

use crate::config::{Base, NameBackReference, TransformerConfig, sort_key, sort_specs};
use crate::context::Context;
use crate::kustomization::{Decoder, Mode, Text};
use crate::load::Folder;
use crate::references::{NAME_REFERENCES, Referrers, VAR_REFERENCE, referrers};
use crate::resource::{FieldSpec, Gvk, Row};
use crate::transformers::{
    COMMON_ANNOTATIONS, COMMON_LABELS, IMAGES, NAME_PREFIX, NAME_SUFFIX, NAMESPACE,
    REPLICAS, TEMPLATE_LABELS,
};

impl TransformerConfig {
    /// The defaults. (upstream: `MakeDefaultConfig`)
    fn builtin() -> TransformerConfig {
        let rows = |rows: &[Row]| rows.iter().map(FieldSpec::row).collect();
        let reference = |&(group, version, kind, lines): &Referrers| NameBackReference {
            gvk: Gvk::new(group, version, kind),
            referrers: referrers(lines),
        };
        TransformerConfig {
            name_prefix: rows(NAME_PREFIX),
            name_suffix: rows(NAME_SUFFIX),
            namespace: rows(NAMESPACE),
            common_labels: rows(COMMON_LABELS),
            labels: Vec::new(),
            template_labels: rows(TEMPLATE_LABELS),
            common_annotations: rows(COMMON_ANNOTATIONS),
            name_reference: NAME_REFERENCES.iter().map(reference).collect(),
            var_reference: rows(VAR_REFERENCE),
            images: rows(IMAGES),
            replicas: rows(REPLICAS),
            base: Base::Exactly,
        }
    }

    /// The defaults and what the files say. (upstream: `MakeTransformerConfig`)
    pub(crate) fn load(
        context: &mut Context<'_>,
        folder: &Folder,
        paths: &[Text],
    ) -> Result<Cow<'static, TransformerConfig>> {
        static BUILTIN: OnceLock<TransformerConfig> = OnceLock::new();
        let builtin = BUILTIN.get_or_init(TransformerConfig::builtin);
        if paths.is_empty() {
            return Ok(Cow::Borrowed(builtin));
        }
        let mut config = builtin.clone();
        let mut added = TransformerConfig::default();
        for path in paths {
            let loaded = folder.load(context, path)?;
            let read = decode(context, loaded.file)?;
            added.merge(&read).map_err(|words| Diagnostic::error(path.span, words))?;
        }
        config.merge(&added).map_err(|words| Diagnostic::error(paths[0].span, words))?;
        Ok(Cow::Owned(config))
    }
}

fn decode(context: &mut Context<'_>, file: source::FileId) -> Result<TransformerConfig> {
    let Some(document) = crate::load::document(context, file)? else {
        return Ok(TransformerConfig::default());
    };
    if let Some(fault) = goyaml::duplicate_keys(&document).first() {
        let mut error = fault.diagnostic();
        error.message = format!("error converting YAML to JSON: {}", fault.upstream());
        return Err(error);
    }
    let root = Decoder::new(&document, Mode::Config)?;
    let mut config = TransformerConfig::default();
    let lists: [(&str, &mut Vec<FieldSpec>); 10] = [
        ("commonAnnotations", &mut config.common_annotations),
        ("commonLabels", &mut config.common_labels),
        ("images", &mut config.images),
        ("labels", &mut config.labels),
        ("namePrefix", &mut config.name_prefix),
        ("nameSuffix", &mut config.name_suffix),
        ("namespace", &mut config.namespace),
        ("replicas", &mut config.replicas),
        ("templateLabels", &mut config.template_labels),
        ("varReference", &mut config.var_reference),
    ];
    for (name, list) in lists {
        *list = root.list(name, crate::kustomization::decode_field_spec)?;
        sort_specs(list);
    }
    config.name_reference = root.list("nameReference", |entry| {
        let gvk = crate::kustomization::decode_gvk(entry)?;
        let referrers =
            entry.list("fieldSpecs", crate::kustomization::decode_field_spec)?;
        Ok(NameBackReference { gvk, referrers })
    })?;
    config.name_reference.sort_by_key(|reference| sort_key(&reference.gvk));
    root.finish()?;
    Ok(config)
}
