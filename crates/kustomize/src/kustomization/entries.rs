//! The small entries of a kustomization.

use ecow::EcoString;
use source::{Place, Span};

use super::{Text, TextMap};
use crate::resource::FieldSpec;

/// What `labels:` adds, and where. (upstream: `types.Label`)
#[derive(Clone, Debug)]
pub struct Label {
    /// The entry.
    pub span: Span,
    /// `pairs`: the labels. Default: none.
    pub pairs: TextMap,
    /// `includeSelectors`: are they added to selectors and pod templates too, as `commonLabels`
    /// does? The selector of a Deployment that exists in a cluster cannot be changed.
    /// Default: false, to `metadata.labels` alone.
    pub include_selectors: bool,
    /// `includeTemplates`: are they added to pod templates, but not to selectors? Needless where
    /// `includeSelectors` is true. Default: false.
    pub include_templates: bool,
    /// `fields`: further fields that get the labels. Default: none.
    pub fields: Vec<FieldSpec>,
    /// Where it is said that they are added to selectors or templates too, if they are.
    pub(crate) wider: Option<Place>,
}

/// A patch, written inline or in a file. (upstream: `types.Patch`)
///
/// Its content tells a strategic merge patch, a fragment of an object, from a JSON patch, a list
/// of operations.
#[derive(Clone, Debug)]
pub struct Patch {
    /// The entry.
    pub span: Span,
    /// `path`: the file that holds the patch. Default: none; then `patch` is needed.
    pub path: Text,
    /// `patch`: the patch itself. Default: none; then `path` is needed. Not both may be given.
    pub patch: Text,
    /// `target`: the objects to patch. Default: for a strategic merge patch the one that it
    /// names itself; a JSON patch needs a target.
    pub target: Option<Selector>,
    /// `options`: what the patch may change. Default: neither name nor kind.
    pub options: PatchOptions,
}

/// What a patch may change. (upstream: `types.PatchArgs`)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatchOptions {
    /// `allowNameChange`: does a name in the patch become the object's name?
    /// Default: false, the object keeps its own.
    pub allow_name_change: bool,
    /// `allowKindChange`: does a kind in the patch become the object's kind?
    /// Default: false, the object keeps its own.
    pub allow_kind_change: bool,
}

/// Which objects are meant: those that fit every field. (upstream: `types.Selector`)
///
/// Each text but the last two is a regular expression that has to fit as a whole: what an object
/// is called at this point, or was called before it was changed. Left out, it fits any object.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The entry.
    pub span: Span,
    /// `group`: the API group. Default: any.
    pub group: Text,
    /// `version`: the version in the group. Default: any.
    pub version: Text,
    /// `kind`: the kind. Default: any.
    pub kind: Text,
    /// `name`: the name. Default: any.
    pub name: Text,
    /// `namespace`: the namespace; an object without one is in `default` for a patch, and in
    /// none for a replacement. Default: any.
    pub namespace: Text,
    /// `annotationSelector`: conditions on annotations, in the syntax of label selectors.
    /// Default: any.
    pub annotation_selector: Text,
    /// `labelSelector`: conditions on labels: `app=web,tier in (a,b),!old`. Default: any.
    pub label_selector: Text,
}

impl Selector {
    /// Where its texts are written.
    pub(crate) fn places(&self) -> impl Iterator<Item = Place> + '_ {
        let id = [&self.group, &self.version, &self.kind, &self.name, &self.namespace];
        let texts =
            id.into_iter().chain([&self.annotation_selector, &self.label_selector]);
        texts.filter(|text| !text.is_empty()).map(|text| Place::Span(text.span))
    }
}

/// A new name, tag or digest of an image. (upstream: `types.Image`)
#[derive(Clone, Debug)]
pub struct Image {
    /// The entry.
    pub span: Span,
    /// `name`: the image's name as it stands in the manifests, without a tag; a regular
    /// expression that has to fit as a whole.
    pub name: Text,
    /// `newName`: the name that takes its place. Default: the name stays.
    pub new_name: Text,
    /// `tagSuffix`: what is appended to the tag; without effect where `newTag` or `digest` is
    /// given. A digest is dropped. Default: nothing.
    pub tag_suffix: Text,
    /// `newTag`: the tag that takes the place of tag and digest. Default: they stay.
    pub new_tag: Text,
    /// `digest`: the digest that takes the place of tag and digest; given together with
    /// `newTag`, both are written. Default: they stay.
    pub digest: Text,
}

/// A number of replicas. (upstream: `types.Replica`)
#[derive(Clone, Debug)]
pub struct Replica {
    /// The entry.
    pub span: Span,
    /// `name`: the name of the Deployment, StatefulSet, ReplicaSet or ReplicationController,
    /// present or former. It has to exist.
    pub name: Text,
    /// `count`: the number. Default: 0.
    pub count: i64,
}

/// A variable, filled from a field of an object. (upstream: `types.Var`)
///
/// Deprecated with the field `vars`; a [`Replacement`](super::Replacement) takes its place.
#[derive(Clone, Debug)]
pub struct Var {
    /// The entry.
    pub span: Span,
    /// `name`: what stands in `$(…)`.
    pub name: Text,
    /// `objref`: the object, by its name before prefix and suffix. It has to exist.
    pub object: crate::resource::ResId,
    /// `objref.apiVersion` as written; it wins over group and version. Default: those.
    pub api_version: EcoString,
    /// `fieldref.fieldPath`: the path of the field, parts joined by dots.
    /// Default: `metadata.name`.
    pub field_path: Text,
}

/// The order of the output. (upstream: `types.SortOptions`)
#[derive(Clone, Debug)]
pub struct SortOptions {
    /// The entry.
    pub span: Span,
    /// `order` as written: `legacy`, by kind, group, namespace and name, or `fifo`, as read. One
    /// of the two has to be given.
    pub order: Text,
    /// `legacySortOptions`: `orderFirst` and `orderLast`, the kinds that come first and last; for
    /// `legacy` alone. Default: Namespaces, definitions of kinds, accounts and roles first,
    /// webhooks last.
    pub legacy: Option<(Vec<EcoString>, Vec<EcoString>)>,
}

/// An order of output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SortOrder {
    /// By kind, then by id.
    Legacy,
    /// As read.
    Fifo,
}
