//! Which fields the transformers touch.

use crate::resource::{FieldSpec, Gvk, default_rank, merge_all};

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
    pub(crate) base: Base,
}

/// How a config relates to the defaults; most are just these, and need no merging.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Base {
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

pub(crate) fn sort_specs(specs: &mut [FieldSpec]) {
    specs.sort_by_key(|spec| sort_key(&spec.gvk));
}

/// The order of kinds in a config. (kyaml: `Gvk.IsLessThan`)
pub(crate) fn sort_key(gvk: &Gvk) -> (i64, String) {
    (default_rank(&gvk.kind), gvk.sort_string())
}
