//! `labels` and `commonLabels`.

use ecow::EcoString;
use goyaml::{Kind, Node};
use source::{Diagnostic, Origins, Place, Result, Span};

use super::setup::Setup;
use crate::context::Context;
use crate::kustomization::{Label, TextMap};
use crate::resource::{
    Create, Editor, FieldSpec, ResMap, Resource, Row, Shared, change_each, merge_all,
    merge_one, visit_fields,
};
use crate::transformer::{Configured, Transformer};
use crate::upstream::wrong_kind;

/// Labels, selectors and templates: where `commonLabels` and `includeSelectors` write.
pub(crate) const COMMON_LABELS: &[Row] = &[
    ("", "v1", "Service", "spec/selector", true),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "Deployment",
        "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
        false,
    ),
    ("", "", "Deployment", "spec/template/metadata/labels", true),
    ("", "", "Deployment", "spec/selector/matchLabels", true),
    ("apps", "", "StatefulSet", "spec/selector/matchLabels", true),
    ("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/preferredDuringSchedulingIgnoredDuringExecution/podAffinityTerm/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution/labelSelector/matchLabels",
        false,
    ),
    (
        "apps",
        "",
        "StatefulSet",
        "spec/template/spec/topologySpreadConstraints/labelSelector/matchLabels",
        false,
    ),
    ("apps", "", "StatefulSet", "spec/template/metadata/labels", true),
    ("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", true),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", true),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/selector/matchLabels", false),
    ("policy", "", "PodDisruptionBudget", "spec/selector/matchLabels", false),
    ("batch", "", "Job", "spec/selector/matchLabels", false),
    ("batch", "", "Job", "spec/template/metadata/labels", true),
    (
        "networking.k8s.io",
        "",
        "NetworkPolicy",
        "spec/egress/to/podSelector/matchLabels",
        false,
    ),
    (
        "networking.k8s.io",
        "",
        "NetworkPolicy",
        "spec/ingress/from/podSelector/matchLabels",
        false,
    ),
    ("networking.k8s.io", "", "NetworkPolicy", "spec/podSelector/matchLabels", false),
    ("", "v1", "ReplicationController", "spec/template/metadata/labels", true),
    ("", "v1", "ReplicationController", "spec/selector", true),
    ("", "", "DaemonSet", "spec/template/metadata/labels", true),
    ("", "", "DaemonSet", "spec/selector/matchLabels", true),
    ("", "", "ReplicaSet", "spec/template/metadata/labels", true),
    ("", "", "ReplicaSet", "spec/selector/matchLabels", true),
    ("", "", "", "metadata/labels", true),
];

/// Labels and templates: where `includeTemplates` writes.
pub(crate) const TEMPLATE_LABELS: &[Row] = &[
    ("", "", "Deployment", "spec/template/metadata/labels", true),
    ("apps", "", "StatefulSet", "spec/template/metadata/labels", true),
    ("apps", "", "StatefulSet", "spec/volumeClaimTemplates[]/metadata/labels", true),
    ("batch", "", "CronJob", "spec/jobTemplate/metadata/labels", true),
    ("batch", "", "CronJob", "spec/jobTemplate/spec/template/metadata/labels", true),
    ("batch", "", "Job", "spec/template/metadata/labels", true),
    ("", "v1", "ReplicationController", "spec/template/metadata/labels", true),
    ("", "", "DaemonSet", "spec/template/metadata/labels", true),
    ("", "", "ReplicaSet", "spec/template/metadata/labels", true),
    ("", "", "", "metadata/labels", true),
];

/// Adds labels. (upstream: `LabelTransformer.go`, `filters/labels`)
pub(crate) struct Labels {
    /// The field of the kustomization.
    pub(crate) by: &'static str,
    /// `labels`: the labels. Default: none.
    pub(crate) labels: TextMap,
    /// `fieldSpecs`: the fields that get them. Default of a config: none; the fields `labels`
    /// and `commonLabels` know those of [`COMMON_LABELS`] and [`TEMPLATE_LABELS`].
    pub(crate) fields: Vec<FieldSpec>,
    /// Where it is said that more than `metadata.labels` gets them, if that is said.
    pub(crate) wider: Option<Place>,
}

pub(super) fn configure(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let mut configured: Configured = Vec::new();
    for label in &setup.kustomization.labels {
        let fields = fields(label, setup).map_err(|message| {
            Diagnostic::error(label.span, message).hint(
                "drop the entry of `fields` that is a builtin one with another `create`",
            )
        })?;
        let (labels, wider) = (label.pairs.clone(), label.wider);
        configured.push(Box::new(Labels { by: "labels", labels, fields, wider }));
    }
    let labels = setup.kustomization.common_labels.clone();
    // Upstream adds this one to any `labels`, too, and `buildMetadata` shows it.
    if !labels.is_empty() || !configured.is_empty() {
        let fields = setup.config.common_labels.clone();
        let (by, wider) = ("commonLabels", None);
        configured.push(Box::new(Labels { by, labels, fields, wider }));
    }
    Ok(configured)
}

fn fields(
    label: &Label,
    setup: &Setup<'_, '_>,
) -> std::result::Result<Vec<FieldSpec>, String> {
    let of_labels = |words| format!("failed to merge labels: {words}");
    let mut fields = label.fields.clone();
    merge_all(&mut fields, &setup.config.labels).map_err(of_labels)?;
    if label.include_selectors {
        merge_all(&mut fields, &setup.config.common_labels).map_err(of_labels)?;
        return Ok(fields);
    }
    if label.include_templates {
        let merged = merge_all(&mut fields, &setup.config.template_labels);
        merged.map_err(|words| format!("failed to merge template fieldSpec: {words}"))?;
    }
    let own = FieldSpec::any("metadata/labels", true);
    merge_one(&mut fields, &own).map_err(of_labels)?;
    Ok(fields)
}

impl Transformer for Labels {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let entry = Entry { by: self.by, texts: &self.labels, wider: self.wider };
        add_texts(context, resources, entry, &self.fields)
    }

    fn without_effect(&self) -> Option<(Span, String)> {
        let first = self.labels.values().next()?;
        let text = "these labels change nothing: every object has them already";
        Some((first.span, text.to_owned()))
    }
}

/// What adds entries of text to mappings.
#[derive(Clone, Copy)]
pub(super) struct Entry<'a> {
    /// The field of the kustomization.
    pub(super) by: &'static str,
    /// The entries.
    pub(super) texts: &'a TextMap,
    /// Where it is said that more mappings than one get them, if that is said.
    pub(super) wider: Option<Place>,
}

/// Adds entries of text to the mappings that `fields` name.
pub(super) fn add_texts(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    Entry { by, texts, wider }: Entry<'_>,
    fields: &[FieldSpec],
) -> Result<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let add = |resource: &mut Resource, origins: &mut Origins| {
        for (key, text) in texts {
            let mut editor = Editor::new(by, text.span, origins);
            editor.and_because_of(wider);
            let mut shared = Shared::default();
            let set = &mut |editor: &mut Editor<'_>, node: &mut Node| {
                set(editor, node, key, &text.value, &mut shared)
            };
            visit_fields(resource, fields, Create::Mapping, &mut editor, set)?;
            resource.add_shared(&shared);
        }
        Ok(())
    };
    change_each(resources.iter_mut(), &mut context.origins, &add)?;
    resources.drop_empties();
    Ok(())
}

fn set(
    editor: &mut Editor<'_>,
    node: &mut Node,
    key: &EcoString,
    text: &EcoString,
    shared: &mut Shared,
) -> Result<()> {
    if node.is_null() {
        return Ok(());
    }
    if node.kind() != Kind::Mapping || key.is_empty() {
        return Err(wrong_kind(Kind::Mapping, node));
    }
    editor.share_entry(node, key, text, shared);
    Ok(())
}
