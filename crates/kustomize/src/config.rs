//! Which fields the transformers touch: the defaults, and what `configurations` add.

use std::borrow::Cow;
use std::sync::OnceLock;

use source::{Diagnostic, Result};

use crate::context::Context;
use crate::kustomization::{Decoder, Mode, Text};
use crate::load::Folder;
use crate::references::{NAME_REFERENCES, Referrers, VAR_REFERENCE, referrers};
use crate::resource::{FieldSpec, Gvk, Row, merge_all};
use crate::transformers::{
    COMMON_ANNOTATIONS, COMMON_LABELS, IMAGES, NAME_PREFIX, NAME_SUFFIX, NAMESPACE,
    REPLICAS, TEMPLATE_LABELS,
};

/// The field specs in force. (upstream: `builtinconfig/transformerconfig.go`)
#[derive(Clone, Debug, Default)]
pub(crate) struct TransformerConfig {
    pub(crate) name_prefix: Vec<FieldSpec>,
    pub(crate) name_suffix: Vec<FieldSpec>,
    pub(crate) namespace: Vec<FieldSpec>,
    pub(crate) common_labels: Vec<FieldSpec>,
    pub(crate) labels: Vec<FieldSpec>,
    pub(crate) template_labels: Vec<FieldSpec>,
    pub(crate) common_annotations: Vec<FieldSpec>,
    pub(crate) name_reference: Vec<NameBackReference>,
    pub(crate) var_reference: Vec<FieldSpec>,
    pub(crate) images: Vec<FieldSpec>,
    pub(crate) replicas: Vec<FieldSpec>,
    base: Base,
}

/// How a config relates to the defaults; most are just these, and need no merging.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Base {
    /// The defaults are not in it.
    #[default]
    Without,
    /// It is the defaults.
    Exactly,
    /// The defaults are in it.
    Including,
}

/// The fields that hold the name of an object of some kind.
#[derive(Clone, Debug)]
pub(crate) struct NameBackReference {
    /// The kind that is referred to.
    pub(crate) gvk: Gvk,
    /// The fields that refer to it.
    pub(crate) referrers: Vec<FieldSpec>,
}

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

    /// Adds the specs of another config. (upstream: `TransformerConfig.Merge`)
    pub(crate) fn merge(
        &mut self,
        other: &TransformerConfig,
    ) -> std::result::Result<(), String> {
        if other.base == Base::Exactly && self.base != Base::Without {
            return Ok(());
        }
        // The defaults hold no conflict; other specs may, among themselves.
        if other.base == Base::Exactly && self.is_empty() {
            *self = other.clone();
            return Ok(());
        }
        self.base = match self.base == Base::Without && other.base == Base::Without {
            true => Base::Without,
            false => Base::Including,
        };
        let lists = [
            ("NamePrefix", &mut self.name_prefix, &other.name_prefix),
            ("NameSuffix", &mut self.name_suffix, &other.name_suffix),
            ("NameSpace", &mut self.namespace, &other.namespace),
            (
                "CommonAnnotations",
                &mut self.common_annotations,
                &other.common_annotations,
            ),
            ("CommonLabels", &mut self.common_labels, &other.common_labels),
            ("Labels", &mut self.labels, &other.labels),
            ("TemplateLabels", &mut self.template_labels, &other.template_labels),
            ("VarReference", &mut self.var_reference, &other.var_reference),
            ("Images", &mut self.images, &other.images),
            ("Replicas", &mut self.replicas, &other.replicas),
        ];
        let failed = |name: &str, words: &str| {
            format!("failed to merge {name} fieldSpec: {words}")
        };
        for (name, own, added) in lists {
            if !added.is_empty() {
                merge_all(own, added).map_err(|words| failed(name, words))?;
                sort_specs(own);
            }
        }
        for reference in &other.name_reference {
            self.add_name_reference(reference)
                .map_err(|words| failed("NameReference", words))?;
        }
        if !other.name_reference.is_empty() {
            self.name_reference.sort_by_key(|reference| sort_key(&reference.gvk));
        }
        Ok(())
    }

    /// Merges the config into an empty one: two of its own specs may contradict each other, and
    /// one for a kind takes the place of a later one for all kinds.
    pub(crate) fn merge_into_empty(&mut self) -> std::result::Result<(), String> {
        if self.base != Base::Exactly {
            let specific = std::mem::take(self);
            self.merge(&specific)?;
        }
        Ok(())
    }

    fn is_empty(&self) -> bool {
        let lists = [
            &self.name_prefix,
            &self.name_suffix,
            &self.namespace,
            &self.common_labels,
            &self.labels,
            &self.template_labels,
            &self.common_annotations,
            &self.var_reference,
            &self.images,
            &self.replicas,
        ];
        self.name_reference.is_empty() && lists.iter().all(|list| list.is_empty())
    }

    /// Adds the referrers of one kind. (upstream: `nbrSlice.mergeOne`)
    pub(crate) fn add_name_reference(
        &mut self,
        added: &NameBackReference,
    ) -> std::result::Result<(), &'static str> {
        match self.name_reference.iter_mut().find(|known| known.gvk == added.gvk) {
            Some(known) => merge_all(&mut known.referrers, &added.referrers),
            None => {
                self.name_reference.push(added.clone());
                Ok(())
            }
        }
    }
}

fn sort_specs(specs: &mut [FieldSpec]) {
    specs.sort_by_key(|spec| sort_key(&spec.gvk));
}

/// The order of kinds in a config. (kyaml: `Gvk.IsLessThan`)
fn sort_key(gvk: &Gvk) -> (i64, String) {
    (crate::transformers::default_rank(&gvk.kind), gvk.sort_string())
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
