//! What a `kustomization.yaml` says, every entry with its place.
//!
//! [`Kustomization`] mirrors upstream's `api/types/kustomization.go` (v0.21.1), deprecated
//! fields included. [`read_kustomization`] decodes it as strictly and as leniently as upstream does.

mod decode;
mod entries;
mod generator_args;
mod go_types;
mod helm_args;
mod read;
mod replacement_args;

pub(crate) use decode::{Decoder, Mode, closest};
pub(crate) use entries::SortOrder;
pub use entries::{
    Image, Label, Patch, PatchOptions, Replica, Selector, SortOptions, Var,
};
pub use generator_args::{GeneratorArgs, GeneratorOptions};
pub use helm_args::{HelmChart, HelmGlobals, ValuesMerge};
pub use read::read_kustomization;
pub(crate) use read::{
    decode_field_spec, decode_gvk, decode_helm_chart, decode_helm_globals, decode_image,
    decode_patch, decode_replacement, decode_replacement_field, decode_replica,
    decode_selector, generator_args,
};
pub use replacement_args::{
    FieldOptions, Replacement, ReplacementField, SourceSelector, TargetSelector,
};

use ecow::EcoString;
use source::Span;

/// A value and the place where it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// The place; [`Span::NONE`] if it is nowhere written.
    pub span: Span,
}

impl<T: Default> Default for Spanned<T> {
    fn default() -> Spanned<T> {
        Spanned { value: T::default(), span: Span::NONE }
    }
}

/// A text with its place; empty means that it is not given.
pub type Text = Spanned<EcoString>;

impl Text {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.value
    }

    /// Is nothing given?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }
}

/// The texts of a map, sorted by key as upstream applies them.
pub type TextMap = std::collections::BTreeMap<EcoString, Text>;

/// A decoded `kustomization.yaml`. (upstream: `types.Kustomization`)
///
/// Every field but `kind` and `apiVersion` may be left out, but not all of them; each says
/// below what it means then. Deprecated fields are folded into their successors, as
/// `FixKustomization` does. Paths are relative to the folder of the kustomization, and may not
/// leave it, except to folders of other kustomizations.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// The whole document.
    pub span: Span,
    /// `kind`: `Kustomization`, the default, or `Component`, which is listed under the
    /// `components` of another.
    pub kind: Text,
    /// `apiVersion`: the version of the format. Default: `kustomize.config.k8s.io/v1beta1`, for
    /// a component `kustomize.config.k8s.io/v1alpha1`.
    pub api_version: Text,
    /// `resources`: files with objects, and folders of kustomizations to build on, in the order
    /// in which they are added. Default: none. The deprecated `bases`, for folders alone, is
    /// replaced by it and appended to it.
    pub resources: Vec<Text>,
    /// `components`: folders of components, which change the objects that came together before
    /// them: resources and what was generated. Default: none.
    pub components: Vec<Text>,
    /// `crds`: files with OpenAPI definitions of custom kinds, from which fields that hold
    /// names of other objects are learnt. The files add no object. Default: none.
    pub crds: Vec<Text>,
    /// `configurations`: files that tell the transformers further fields to touch, on top of
    /// the builtin ones. Default: none.
    pub configurations: Vec<Text>,
    /// `generators`: paths or inline configs of generators, which run after the kustomization's
    /// own. Default: none.
    pub generators: Vec<Text>,
    /// `transformers`: paths or inline configs of transformers, which run after the
    /// kustomization's own fields. Default: none.
    pub transformers: Vec<Text>,
    /// `validators`: paths or inline configs of transformers that only look: one that changes
    /// an object fails the build. They run after all transformers. Default: none.
    pub validators: Vec<Text>,
    /// `openapi`: which schema tells how lists of custom kinds are merged and which kinds have
    /// no namespace: `version`, a builtin one, or `path`, a file; not both. Default: the builtin
    /// schema, of Kubernetes v1.21.2.
    pub openapi: TextMap,
    /// `namePrefix`: what is put before every object's name, and before it wherever another
    /// object refers to it. Default: nothing.
    pub name_prefix: Text,
    /// `nameSuffix`: what is put after every object's name, before a hash. Default: nothing.
    pub name_suffix: Text,
    /// `namespace`: the namespace of every object that can have one, whatever it had before;
    /// charts inherit it (v5.8). Default: each keeps its own.
    pub namespace: Text,
    /// `commonLabels`, deprecated: labels for every object, its pod template and its selectors.
    /// Replaced by [`labels`](Self::labels) with `includeSelectors: true`. Default: none.
    pub common_labels: TextMap,
    /// `labels`: labels for every object and, if an entry says so, its pod template and its
    /// selectors. Default: none.
    pub labels: Vec<Label>,
    /// `commonAnnotations`: annotations for every object and its pod template. Default: none.
    pub common_annotations: TextMap,
    /// `patchesStrategicMerge`, deprecated: paths of strategic merge patches, or such patches
    /// written inline; each names its target itself. Replaced by [`patches`](Self::patches).
    /// Default: none.
    pub patches_strategic_merge: Vec<Text>,
    /// `patchesJson6902`, deprecated: JSON patches with one target each. Replaced by
    /// [`patches`](Self::patches). Default: none.
    pub patches_json6902: Vec<Patch>,
    /// `patches`: strategic merge and JSON patches, applied in order. Default: none.
    pub patches: Vec<Patch>,
    /// `images`: new names, tags or digests of images of containers. Default: none. The
    /// deprecated `imageTags` is replaced by it and appended to it.
    pub images: Vec<Image>,
    /// `replacements`: values of fields that are copied into other fields, after all the other
    /// transformers of this list but `transformers` ran. Default: none.
    pub replacements: Vec<ReplacementField>,
    /// `replicas`: numbers of replicas for objects by name. Default: each keeps its own.
    pub replicas: Vec<Replica>,
    /// `vars`, deprecated: values of fields that stand elsewhere as `$(NAME)`. Replaced by
    /// [`replacements`](Self::replacements). Default: none.
    pub vars: Vec<Var>,
    /// `sortOptions`: the order of the output; only the kustomization that is built is asked.
    /// Default: what the flag `--reorder` says, and without it the legacy order.
    pub sort_options: Option<SortOptions>,
    /// `configMapGenerator`: ConfigMaps to make of files and literals, one an entry.
    /// Default: none.
    pub config_map_generator: Vec<GeneratorArgs>,
    /// `secretGenerator`: Secrets to make of files and literals, one an entry. Default: none.
    pub secret_generator: Vec<GeneratorArgs>,
    /// `generatorOptions`: options of all entries of the two; those of an entry win.
    /// Default: names get a hash, and nothing else is added.
    pub generator_options: Option<GeneratorOptions>,
    /// `helmGlobals`: what holds for all of `helmCharts`. Default: that of its fields.
    pub helm_globals: HelmGlobals,
    /// `helmCharts`: charts whose manifests are added. Default: none. The deprecated
    /// `helmChartInflationGenerator` is replaced by it and appended to it.
    pub helm_charts: Vec<HelmChart>,
    /// `buildMetadata`: what is noted on the objects: `originAnnotations` (the file that each
    /// came from), `transformerAnnotations` (what changed it), `managedByLabel`; kustomizations
    /// below take over what the one that is built says. Default: nothing is noted.
    pub build_metadata: Vec<Text>,
}
