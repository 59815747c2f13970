//! `namePrefix` and `nameSuffix`: what is put before and after names.

use goyaml::{Kind, Node, Tag};
use source::{Origins, Result, Span};

use super::setup::Setup;
use crate::context::Context;
use crate::kustomization::Text;
use crate::resource::{
    Create, Editor, FieldSpec, Gvk, ResMap, Resource, Row, ScalarTag, change_each,
    visit_field,
};
use crate::transformer::{Configured, Transformer};
use crate::upstream::wrong_kind;

/// The fields that get the prefix.
pub(crate) const NAME_PREFIX: &[Row] = &[("", "", "", "metadata/name", false)];

/// The fields that get the suffix.
pub(crate) const NAME_SUFFIX: &[Row] = &[("", "", "", "metadata/name", false)];

/// Kinds whose names stay, by group and kind.
const SKIPPED: &[(&str, &str)] = &[
    ("", "CustomResourceDefinition"),
    ("apiregistration.k8s.io", "APIService"),
    ("", "Namespace"),
];

/// Adds a prefix or suffix. (upstream: `PrefixTransformer.go`, `SuffixTransformer.go`)
pub(crate) struct NameAffix {
    /// Which end.
    pub(crate) affix: Affix,
    /// `prefix` or `suffix`: what is added. Default: nothing.
    pub(crate) text: Text,
    /// `fieldSpecs`: the fields that it is added to. A config has to say them; the fields
    /// `namePrefix` and `nameSuffix` touch `metadata/name`.
    pub(crate) fields: Vec<FieldSpec>,
}

/// Which end of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affix {
    /// The front.
    Prefix,
    /// The end.
    Suffix,
}

pub(super) fn configure_prefix(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let text = setup.kustomization.name_prefix.clone();
    Ok(one(Affix::Prefix, text, setup.config.name_prefix.clone()))
}

pub(super) fn configure_suffix(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let text = setup.kustomization.name_suffix.clone();
    Ok(one(Affix::Suffix, text, setup.config.name_suffix.clone()))
}

fn one(affix: Affix, text: Text, fields: Vec<FieldSpec>) -> Configured {
    match text.is_empty() {
        true => Vec::new(),
        false => vec![Box::new(NameAffix { affix, text, fields })],
    }
}

impl Transformer for NameAffix {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        let by = match self.affix {
            Affix::Prefix => "namePrefix",
            Affix::Suffix => "nameSuffix",
        };
        let skipped: Vec<Gvk> =
            SKIPPED.iter().map(|(group, kind)| Gvk::new(*group, "", *kind)).collect();
        let affix = |resource: &mut Resource, origins: &mut Origins| {
            let gvk = resource.org_id().gvk;
            if skipped.iter().any(|kind| gvk.is_selected(kind)) {
                return Ok(());
            }
            self.run(resource, &gvk, &mut Editor::new(by, self.text.span, origins))
        };
        change_each(resources.iter_mut(), &mut context.origins, &affix)
    }

    fn without_effect(&self) -> Option<(Span, String)> {
        let text = format!("no name takes `{}`", self.text.value);
        (!self.text.is_empty()).then_some((self.text.span, text))
    }
}

impl NameAffix {
    fn run(
        &self,
        resource: &mut Resource,
        gvk: &Gvk,
        editor: &mut Editor<'_>,
    ) -> Result<()> {
        for spec in self.fields.iter().filter(|spec| gvk.is_selected(&spec.gvk)) {
            if spec.path == "metadata/name" {
                match self.affix {
                    Affix::Prefix => resource.add_prefix(&self.text.value),
                    Affix::Suffix => resource.add_suffix(&self.text.value),
                }
                if !self.text.is_empty() {
                    resource.store_previous_id();
                }
            }
            let set =
                &mut |editor: &mut Editor<'_>, node: &mut Node| self.set(editor, node);
            visit_field(resource, spec, Create::Scalar(Tag::Str), editor, set)?;
        }
        Ok(())
    }

    fn set(&self, editor: &mut Editor<'_>, node: &mut Node) -> Result<()> {
        if node.kind() != Kind::Scalar {
            return Err(wrong_kind(Kind::Scalar, node));
        }
        let (old, text) = (node.text().unwrap_or(""), &self.text.value);
        let name = match self.affix {
            Affix::Prefix => ecow::eco_format!("{text}{old}"),
            Affix::Suffix => ecow::eco_format!("{old}{text}"),
        };
        let kept = Some(node.place());
        editor.set_scalar(node, name, ScalarTag::Nothing, kept);
        Ok(())
    }
}
