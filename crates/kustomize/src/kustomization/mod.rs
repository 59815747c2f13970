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
/// Deprecated fields are folded into their successors, as `FixKustomization` does.
#[derive(Clone, Debug)]
pub struct Kustomization {
    /// The whole document.
    pub span: Span,
    /// `Kustomization` or `Component`.
    pub kind: Text,
    /// The version of the format.
    pub api_version: Text,
    /// `resources`, then `bases`.
    pub resources: Vec<Text>,
    /// `components`.
    pub components: Vec<Text>,
    /// `crds`.
    pub crds: Vec<Text>,
    /// `configurations`.
    pub configurations: Vec<Text>,
    /// `generators`: paths or inline configs.
    pub generators: Vec<Text>,
    /// `transformers`: paths or inline configs.
    pub transformers: Vec<Text>,
    /// `validators`: paths or inline configs.
    pub validators: Vec<Text>,
    /// `openapi`.
    pub openapi: TextMap,
    /// `namePrefix`.
    pub name_prefix: Text,
    /// `nameSuffix`.
    pub name_suffix: Text,
    /// `namespace`.
    pub namespace: Text,
    /// `commonLabels`, deprecated.
    pub common_labels: TextMap,
    /// `labels`.
    pub labels: Vec<Label>,
    /// `commonAnnotations`.
    pub common_annotations: TextMap,
    /// `patchesStrategicMerge`, deprecated: paths or inline patches.
    pub patches_strategic_merge: Vec<Text>,
    /// `patchesJson6902`, deprecated.
    pub patches_json6902: Vec<Patch>,
    /// `patches`.
    pub patches: Vec<Patch>,
    /// `images`, then `imageTags`.
    pub images: Vec<Image>,
    /// `replacements`.
    pub replacements: Vec<ReplacementField>,
    /// `replicas`.
    pub replicas: Vec<Replica>,
    /// `vars`, deprecated.
    pub vars: Vec<Var>,
    /// `sortOptions`.
    pub sort_options: Option<SortOptions>,
    /// `configMapGenerator`.
    pub config_map_generator: Vec<GeneratorArgs>,
    /// `secretGenerator`.
    pub secret_generator: Vec<GeneratorArgs>,
    /// `generatorOptions`.
    pub generator_options: Option<GeneratorOptions>,
    /// `helmGlobals`.
    pub helm_globals: HelmGlobals,
    /// `helmCharts`, then `helmChartInflationGenerator`.
    pub helm_charts: Vec<HelmChart>,
    /// `buildMetadata`.
    pub build_metadata: Vec<Text>,
}
