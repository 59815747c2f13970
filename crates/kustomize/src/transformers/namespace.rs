//! `namespace`: puts objects, and what refers to a namespace, into one.

use ecow::EcoString;
use goyaml::{Kind, Node, Tag};
use source::{Diagnostic, Origins, Result};

use super::setup::Setup;
use crate::context::Context;
use crate::kustomization::Text;
use crate::resource::{
    Create, Editor, FieldSpec, ResMap, Resource, Row, ScalarTag, change_each,
    is_nil_or_empty, visit_field, visit_fields,
};
use crate::transformer::{Configured, Transformer};
use crate::upstream::wrong_kind;
use crate::{Compat, NoteKind};

/// The fields besides `metadata.namespace` that hold a namespace.
pub(crate) const NAMESPACE: &[Row] = &[
    ("", "", "Namespace", "metadata/name", true),
    (
        "apiextensions.k8s.io",
        "",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service/namespace",
        false,
    ),
    ("apiregistration.k8s.io", "", "APIService", "spec/service/namespace", true),
];

/// Sets the namespace. (upstream: `NamespaceTransformer.go`, `filters/namespace`, v0.21.1)
pub(crate) struct Namespace {
    /// `metadata.namespace` of a config: the namespace. Default: none, nothing is done.
    pub(crate) namespace: Text,
    /// `fieldSpecs`: the fields besides `metadata.namespace`. Default of a config: none; the
    /// field `namespace` knows those of [`NAMESPACE`].
    pub(crate) fields: Vec<FieldSpec>,
    /// `unsetOnly`: is only set what is empty? Default: false.
    pub(crate) unset_only: bool,
    /// `setRoleBindingSubjects`: which subjects of role bindings get it.
    /// Default: those that are called `default`.
    pub(crate) subjects: SubjectMode,
}

/// Which subjects of role bindings get the namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SubjectMode {
    /// `defaultOnly`: those that are called `default`.
    DefaultOnly,
    /// `allServiceAccounts`: those of kind ServiceAccount.
    AllServiceAccounts,
    /// `none`: no subject.
    Nobody,
}

pub(super) fn configure(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let namespace = setup.kustomization.namespace.clone();
    if namespace.is_empty() {
        return Ok(Vec::new());
    }
    let fields = setup.config.namespace.clone();
    let subjects = SubjectMode::DefaultOnly;
    Ok(vec![Box::new(Namespace { namespace, fields, unset_only: false, subjects })])
}

impl Transformer for Namespace {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        if self.namespace.is_empty() {
            return Ok(());
        }
        let skip_helm = context.options.compat == Compat::V5_8;
        let changes = context.origins.changes();
        let passed_over = |resource: &Resource| {
            resource.is_nil_or_empty() || (skip_helm && resource.is_helm_generated())
        };
        let concerned: Vec<&mut Resource> =
            resources.iter_mut().filter(|resource| !passed_over(resource)).collect();
        let touched = !concerned.is_empty();
        let set = |resource: &mut Resource, origins: &mut Origins| {
            resource.store_previous_id();
            let span = self.namespace.span;
            self.run(resource, &mut Editor::new("namespace", span, origins))
        };
        change_each(concerned, &mut context.origins, &set)?;
        self.refuse_conflicts(resources)?;
        if !touched && !resources.is_empty() {
            let text = "`namespace` reaches no object: a chart made all of them";
            let hint = "leave it out: the chart's own entry has a `namespace`".to_owned();
            context.note_with(NoteKind::Transformer, self.namespace.span, text, hint);
        } else if context.origins.changes() == changes && !self.unset_only {
            let name = &self.namespace.value;
            let text = format!("`namespace` changes nothing: everything is in `{name}`");
            context.note(NoteKind::Transformer, self.namespace.span, text);
        }
        Ok(())
    }
}

impl Namespace {
    /// Upstream looks for a conflict after each object; the ids at the end tell the same, but
    /// for objects that pass through another's id on the way.
    fn refuse_conflicts(&self, resources: &mut ResMap) -> Result<()> {
        for at in 0..resources.len() {
            let Some(resource) = resources.get(at) else { continue };
            let id = resource.cur_id().clone();
            if resources.is_ambiguous(&id) {
                let message =
                    format!("namespace transformation produces ID conflict: {id}");
                let mut error = Diagnostic::error(self.namespace.span, message)
                    .hint("two objects of one kind and name would share this namespace");
                for object in resources.iter().filter(|object| *object.cur_id() == id) {
                    error = error.label(object.node().span, "one of the two");
                }
                return Err(error);
            }
        }
        Ok(())
    }

    /// Sets the namespace of one object. (`Filter.run`)
    pub(crate) fn run(
        &self,
        resource: &mut Resource,
        editor: &mut Editor<'_>,
    ) -> Result<()> {
        let id = resource.cur_id().clone();
        let set = &mut |editor: &mut Editor<'_>, node: &mut Node| self.set(editor, node);
        if !id.cluster_scoped {
            let spec = FieldSpec::any("metadata/namespace", true);
            visit_field(resource, &spec, Create::Scalar(Tag::Null), editor, set)?;
        }
        let binding =
            matches!(id.gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if binding {
            resource.edit_with(editor, |node, editor| self.subjects(node, editor))?;
        }
        let core = id.gvk.group.is_empty() && id.gvk.version == "v1";
        let wanted = |spec: &&FieldSpec| {
            let of_binding =
                matches!(spec.gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
            spec.path != "metadata/namespace"
                && (core || spec.path != "metadata/name")
                && !(binding && of_binding && spec.path == "subjects/namespace")
        };
        let fields: Vec<FieldSpec> = self.fields.iter().filter(wanted).cloned().collect();
        visit_fields(resource, &fields, Create::Scalar(Tag::Str), editor, set).map_err(
            |mut error| {
                let step = match error.message.contains("wrong node kind") {
                    true => "namespace field specs must target scalar nodes",
                    false => "namespace transformation failed",
                };
                error.message = format!("{step}: {}", error.message);
                error
            },
        )
    }

    fn set(&self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        if node.kind() != Kind::Scalar {
            return Err(wrong_kind(Kind::Scalar, node));
        }
        // A null without a tag is its text.
        let is_null = node.is_null() && !node.untagged;
        if self.unset_only && !is_null && node.text() != Some("") {
            return Ok(());
        }
        let text = self.namespace.value.clone();
        editor.set_scalar(node, text, ScalarTag::Str, None);
        Ok(())
    }

    /// Sets the namespace of the subjects of a role binding. (`roleBindingHack`)
    fn subjects(&self, object: &mut Node, editor: &mut Editor<'_>) -> Result<()> {
        let (field, value) = match self.subjects {
            SubjectMode::Nobody => return Ok(()),
            SubjectMode::DefaultOnly => ("name", "default"),
            SubjectMode::AllServiceAccounts => ("kind", "ServiceAccount"),
        };
        let Some(subjects) = object.get_mut("subjects") else { return Ok(()) };
        if subjects.is_null() {
            return Ok(());
        }
        if subjects.items().is_none() {
            return Err(of_subjects("", wrong_kind(Kind::Sequence, subjects)));
        }
        for subject in subjects.items_mut().into_iter().flatten() {
            if is_nil_or_empty(subject) {
                continue;
            }
            if subject.entries().is_none() {
                let step =
                    format!("looking up {field} on (cluster)role binding subject: ");
                return Err(of_subjects(&step, wrong_kind(Kind::Mapping, subject)));
            }
            if subject.get(field).and_then(Node::text) != Some(value) {
                continue;
            }
            if subject.get("namespace").is_none() {
                let empty = goyaml::Content::Scalar(EcoString::new());
                let made = editor.made(empty, Tag::Str);
                subject.set("namespace", made);
            }
            if let Some(namespace) = subject.get_mut("namespace") {
                self.set(editor, namespace)?;
            }
        }
        Ok(())
    }
}

fn of_subjects(step: &str, mut error: Box<Diagnostic>) -> Box<Diagnostic> {
    let lead = "setting namespace on (cluster)role binding subjects";
    error.message = format!("{lead}: {step}{}", error.message);
    error
}
