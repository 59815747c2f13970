//! `commonAnnotations`.

use source::{Result, Span};

use super::labels::{Entry, add_texts};
use super::setup::Setup;
use crate::context::Context;
use crate::kustomization::TextMap;
use crate::resource::{FieldSpec, ResMap, Row};
use crate::transformer::{Configured, Transformer};

/// Annotations of objects and templates.
pub(crate) const COMMON_ANNOTATIONS: &[Row] = &[
    ("", "", "Deployment", "spec/template/metadata/annotations", true),
    ("", "", "StatefulSet", "spec/template/metadata/annotations", true),
    ("batch", "", "CronJob", "spec/jobTemplate/metadata/annotations", true),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/annotations", true),
    ("batch", "", "Job", "spec/template/metadata/annotations", true),
    ("", "v1", "ReplicationController", "spec/template/metadata/annotations", true),
    ("", "", "DaemonSet", "spec/template/metadata/annotations", true),
    ("", "", "ReplicaSet", "spec/template/metadata/annotations", true),
    ("", "", "", "metadata/annotations", true),
];

/// Adds annotations. (upstream: `AnnotationsTransformer.go`)
pub(crate) struct Annotations {
    /// `annotations`: the annotations. Default: none.
    pub(crate) annotations: TextMap,
    /// `fieldSpecs`: the fields that get them. Default of a config: none; the field
    /// `commonAnnotations` knows those of [`COMMON_ANNOTATIONS`].
    pub(crate) fields: Vec<FieldSpec>,
}

pub(super) fn configure(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let annotations = setup.kustomization.common_annotations.clone();
    if annotations.is_empty() {
        return Ok(Vec::new());
    }
    let fields = setup.config.common_annotations.clone();
    Ok(vec![Box::new(Annotations { annotations, fields })])
}

impl Transformer for Annotations {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let by = "commonAnnotations";
        let entry = Entry { by, texts: &self.annotations, wider: None };
        add_texts(context, resources, entry, &self.fields)
    }

    fn without_effect(&self) -> Option<(Span, String)> {
        let first = self.annotations.values().next()?;
        let text = "these annotations change nothing: every object has them already";
        Some((first.span, text.to_owned()))
    }
}
