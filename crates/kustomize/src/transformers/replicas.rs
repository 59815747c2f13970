//! `replicas`.

use goyaml::{Kind, Node, Tag};
use source::{Diagnostic, Result, Span};

use super::setup::Setup;
use crate::context::Context;
use crate::kustomization::Replica;
use crate::resource::{Create, Editor, FieldSpec, ResMap, Row, ScalarTag, visit_field};
use crate::transformer::{Configured, Transformer};
use crate::upstream::wrong_kind;

/// The fields that hold a number of replicas.
pub(crate) const REPLICAS: &[Row] = &[
    ("", "", "Deployment", "spec/replicas", true),
    ("", "", "StatefulSet", "spec/replicas", true),
    ("", "", "ReplicaSet", "spec/replicas", true),
    ("", "", "ReplicationController", "spec/replicas", true),
];

/// Sets a number of replicas. (upstream: `ReplicaCountTransformer.go`)
pub(crate) struct ReplicaCount {
    /// `replica`: the object's name, present or former, and the number. It has to be given.
    pub(crate) replica: Replica,
    /// `fieldSpecs`: the fields of the number. Default of a config: none; the field `replicas`
    /// knows those of [`REPLICAS`].
    pub(crate) fields: Vec<FieldSpec>,
}

pub(super) fn configure(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let fields = &setup.config.replicas;
    let one = |replica: &Replica| -> Box<dyn Transformer> {
        Box::new(ReplicaCount { replica: replica.clone(), fields: fields.clone() })
    };
    Ok(setup.kustomization.replicas.iter().map(one).collect())
}

impl Transformer for ReplicaCount {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let name = &self.replica.name.value;
        let mut found = false;
        for spec in &self.fields {
            let fits = resources
                .matching_any(|id| id.name == *name && id.gvk.is_selected(&spec.gvk));
            for at in fits {
                found = true;
                let Some(resource) = resources.get_mut(at) else { continue };
                let mut editor = context.editor("replicas", self.replica.span);
                let set = &mut |editor: &mut Editor<'_>, node: &mut Node| {
                    if node.kind() != Kind::Scalar {
                        return Err(wrong_kind(Kind::Scalar, node));
                    }
                    let count = self.replica.count.to_string();
                    editor.set_scalar(node, count, ScalarTag::Int, None);
                    Ok(())
                };
                visit_field(resource, spec, Create::Scalar(Tag::Int), &mut editor, set)?;
            }
        }
        match found {
            true => Ok(()),
            false => Err(self.nothing_found()),
        }
    }

    fn without_effect(&self) -> Option<(Span, String)> {
        let (name, count) = (&self.replica.name.value, self.replica.count);
        let text = format!("`{name}` has {count} replicas already");
        Some((self.replica.span, text))
    }
}

impl ReplicaCount {
    fn nothing_found(&self) -> Box<Diagnostic> {
        let gvks: Vec<String> = self.fields.iter().map(|f| f.gvk.to_string()).collect();
        let message = format!(
            "resource with name {} does not match a config with the following GVK [{}]",
            self.replica.name.value,
            gvks.join(" ")
        );
        Diagnostic::error(self.replica.name.span, message)
            .hint("write the name of a workload as it is before prefixes and suffixes")
    }
}
