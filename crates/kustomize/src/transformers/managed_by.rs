//! `--enable-managedby-label`, and `buildMetadata: [managedByLabel]`.

use source::{Result, Span};

use super::Labels;
use crate::context::Context;
use crate::kustomization::{Text, TextMap};
use crate::resource::{FieldSpec, ResMap};
use crate::transformer::Transformer;

/// Says on each object that Kustomize made it, in the words of the version that is mirrored.
pub(crate) fn add_managed_by_label(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    span: Span,
) -> Result<()> {
    let value = Text { value: context.options.compat.label().into(), span };
    let labels = TextMap::from([("app.kubernetes.io/managed-by".into(), value)]);
    let fields = vec![FieldSpec::any("metadata/labels", true)];
    Labels { by: "buildMetadata", labels, fields, wider: None }
        .transform(context, resources)
}
