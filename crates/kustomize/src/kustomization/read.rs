//! From a document to a [`Kustomization`].

use ecow::EcoString;
use goyaml::Node;
use source::{Diagnostic, Result, Span};

use super::{
    Decoder, FieldOptions, GeneratorArgs, GeneratorOptions, HelmChart, HelmGlobals,
    Image, Kustomization, Label, Mode, Patch, PatchOptions, Replacement,
    ReplacementField, Replica, Selector, SortOptions, SourceSelector, TargetSelector,
    Text, Var,
};
use crate::Compat;
use crate::resource::{FieldSpec, Gvk, ResId};

const KUSTOMIZATION: &str = "Kustomization";
const COMPONENT: &str = "Component";

/// Decodes a `kustomization.yaml`, deprecated fields folded into their successors.
///
/// Warnings of deprecated fields go to `warnings`, in upstream's words.
/// (upstream: `Kustomization.Unmarshal`, `CheckDeprecatedFields`, `FixKustomization`,
/// `CheckEmpty`, `EnforceFields`)
pub fn read_kustomization(
    document: &Node,
    compat: Compat,
    warnings: &mut Vec<Diagnostic>,
) -> Result<Kustomization> {
    let root = Decoder::new(document, Mode::Kustomization)?;
    let mut k = decode(&root, compat)?;
    root.finish()?;
    warn_of_deprecated(&root, warnings);
    if is_empty(document) {
        return Err(Diagnostic::error(document.span, "kustomization.yaml is empty")
            .hint("name at least one resource under `resources:`"));
    }
    default_kind(&mut k);
    enforce(&k)?;
    Ok(k)
}

fn decode(root: &Decoder<'_>, compat: Compat) -> Result<Kustomization> {
    // The order of the fields is upstream's order of faults: by bytes, as JSON is sorted.
    let mut charts = Vec::new();
    let mut globals = HelmGlobals::default();
    root.object("metadata", |metadata| {
        metadata.text_map("annotations")?;
        metadata.text_map("labels")?;
        metadata.text("name")?;
        metadata.text("namespace")
    })?;
    let k = Kustomization {
        span: root.span(),
        api_version: root.text("apiVersion")?,
        build_metadata: build_metadata(root)?,
        common_annotations: root.text_map("commonAnnotations")?,
        common_labels: root.text_map("commonLabels")?,
        components: root.texts("components")?,
        config_map_generator: root.list("configMapGenerator", generator_args)?,
        configurations: root.texts("configurations")?,
        crds: root.texts("crds")?,
        generator_options: root.object("generatorOptions", generator_options)?,
        generators: root.texts("generators")?,
        helm_charts: {
            charts.extend(root.list("helmChartInflationGenerator", |entry| {
                old_helm_chart(entry, &mut globals)
            })?);
            let mut all = root.list("helmCharts", decode_helm_chart)?;
            all.append(&mut charts);
            all
        },
        helm_globals: root.object("helmGlobals", decode_helm_globals)?.unwrap_or(globals),
        images: {
            let mut images = root.list("images", decode_image)?;
            images.extend(root.list("imageTags", decode_image)?);
            images
        },
        kind: root.text("kind")?,
        labels: root.list("labels", label)?,
        name_prefix: root.text("namePrefix")?,
        name_suffix: root.text("nameSuffix")?,
        namespace: root.text("namespace")?,
        openapi: root.text_map("openapi")?,
        patches: root.list("patches", |entry| decode_patch(entry, compat))?,
        patches_json6902: root
            .list("patchesJson6902", |entry| decode_patch(entry, compat))?,
        patches_strategic_merge: root.texts("patchesStrategicMerge")?,
        replacements: root.list("replacements", decode_replacement_field)?,
        replicas: root.list("replicas", decode_replica)?,
        resources: {
            let mut resources = root.texts("resources")?;
            resources.extend(root.texts("bases")?);
            resources
        },
        secret_generator: root.list("secretGenerator", generator_args)?,
        sort_options: root.object("sortOptions", sort_options)?,
        transformers: root.texts("transformers")?,
        validators: root.texts("validators")?,
        vars: root.list("vars", var)?,
    };
    Ok(k)
}

/// Is anything but `apiVersion` and `kind` given? (upstream: `CheckEmpty`)
fn is_empty(document: &Node) -> bool {
    let is_type = |key: &Node| {
        let name = key.text().unwrap_or("");
        name.eq_ignore_ascii_case("apiVersion") || name.eq_ignore_ascii_case("kind")
    };
    let entries = document.entries().unwrap_or(&[]);
    entries.iter().all(|(key, value)| is_type(key) || value.is_null() || is_zero(value))
}

/// An empty text is what upstream's struct holds anyway; an empty list is not.
fn is_zero(value: &Node) -> bool {
    value.text() == Some("")
}

fn warn_of_deprecated(root: &Decoder<'_>, warnings: &mut Vec<Diagnostic>) {
    const FIX: &str =
        "Run 'kustomize edit fix' to update your Kustomization automatically.";
    const FIELDS: &[(&str, &str, &str)] = &[
        ("bases", "resources", ""),
        ("commonLabels", "labels", ""),
        ("imageTags", "images", ""),
        ("patchesJson6902", "patches", ""),
        ("patchesStrategicMerge", "patches", ""),
        ("vars", "replacements", "[EXPERIMENTAL] "),
    ];
    for (field, successor, lead) in FIELDS {
        if root.has(field) {
            let message = format!(
                "# Warning: '{field}' is deprecated. Please use '{successor}' instead. {lead}{FIX}"
            );
            warnings.push(*Diagnostic::warning(root.key_span(field), message));
        }
    }
}

fn default_kind(k: &mut Kustomization) {
    if k.kind.is_empty() {
        k.kind.value = KUSTOMIZATION.into();
    }
    if k.api_version.is_empty() {
        k.api_version.value = version_of(&k.kind.value).into();
    }
}

fn version_of(kind: &str) -> &'static str {
    match kind {
        COMPONENT => "kustomize.config.k8s.io/v1alpha1",
        _ => "kustomize.config.k8s.io/v1beta1",
    }
}

fn enforce(k: &Kustomization) -> Result<()> {
    let kind = k.kind.as_str();
    if kind != KUSTOMIZATION && kind != COMPONENT {
        let message = format!("kind should be {KUSTOMIZATION} or {COMPONENT}");
        return Err(Diagnostic::error(k.kind.span, message)
            .hint("leave `kind` and `apiVersion` out, or write these words"));
    }
    let wanted = version_of(kind);
    if k.api_version.as_str() != wanted {
        let message = format!("apiVersion for {kind} should be {wanted}");
        return Err(Diagnostic::error(k.api_version.span, message)
            .hint(format!("write `{wanted}`")));
    }
    Ok(())
}

impl Kustomization {
    /// Is this a component?
    #[must_use]
    pub fn is_component(&self) -> bool {
        self.kind.as_str() == COMPONENT
    }

    /// Does `buildMetadata` ask for this?
    #[must_use]
    pub fn wants_metadata(&self, option: &str) -> bool {
        self.build_metadata.iter().any(|text| text.as_str() == option)
    }
}

fn build_metadata(root: &Decoder<'_>) -> Result<Vec<Text>> {
    root.texts("buildMetadata")
}

/// Decodes group, version and kind that stand in a mapping.
pub(crate) fn decode_gvk(entry: &Decoder<'_>) -> Result<Gvk> {
    let group = entry.text("group")?.value;
    let kind = entry.text("kind")?.value;
    Ok(Gvk { group, version: entry.text("version")?.value, kind })
}

/// Decodes a field spec.
pub(crate) fn decode_field_spec(entry: &mut Decoder<'_>) -> Result<FieldSpec> {
    let create = entry.bool("create")?;
    let gvk = decode_gvk(entry)?;
    Ok(FieldSpec { gvk, path: entry.text("path")?.value, create })
}

fn label(entry: &mut Decoder<'_>) -> Result<Label> {
    let mut wider = None;
    for field in ["includeTemplates", "includeSelectors"] {
        if entry.bool(field)? {
            wider = entry.node(field).map(Node::place);
        }
    }
    Ok(Label {
        wider,
        span: entry.span(),
        fields: entry.list("fields", decode_field_spec)?,
        include_selectors: entry.bool("includeSelectors")?,
        include_templates: entry.bool("includeTemplates")?,
        pairs: entry.text_map("pairs")?,
    })
}

/// Decodes an entry of `patches`.
pub(crate) fn decode_patch(entry: &mut Decoder<'_>, compat: Compat) -> Result<Patch> {
    Ok(Patch {
        span: entry.span(),
        options: patch_options(entry, compat)?,
        patch: entry.text("patch")?,
        path: entry.text("path")?,
        target: entry.object("target", decode_selector)?,
    })
}

/// Before v5.8 any name could stand among the options, and two meant something.
fn patch_options(entry: &Decoder<'_>, compat: Compat) -> Result<PatchOptions> {
    if compat == Compat::V5_7 {
        let [allow_kind_change, allow_name_change] =
            entry.trues("options", ["allowKindChange", "allowNameChange"])?;
        return Ok(PatchOptions { allow_name_change, allow_kind_change });
    }
    let options = entry.object("options", |options| {
        Ok(PatchOptions {
            allow_kind_change: options.bool("allowKindChange")?,
            allow_name_change: options.bool("allowNameChange")?,
        })
    })?;
    Ok(options.unwrap_or_default())
}

/// Decodes a selector.
pub(crate) fn decode_selector(entry: &mut Decoder<'_>) -> Result<Selector> {
    Ok(Selector {
        span: entry.span(),
        annotation_selector: entry.text("annotationSelector")?,
        group: entry.text("group")?,
        kind: entry.text("kind")?,
        label_selector: entry.text("labelSelector")?,
        name: entry.text("name")?,
        namespace: entry.text("namespace")?,
        version: entry.text("version")?,
    })
}

/// Decodes an entry of `images`.
pub(crate) fn decode_image(entry: &mut Decoder<'_>) -> Result<Image> {
    Ok(Image {
        span: entry.span(),
        digest: entry.text("digest")?,
        name: entry.text("name")?,
        new_name: entry.text("newName")?,
        new_tag: entry.text("newTag")?,
        tag_suffix: entry.text("tagSuffix")?,
    })
}

/// Decodes an entry of `replicas`.
pub(crate) fn decode_replica(entry: &mut Decoder<'_>) -> Result<Replica> {
    let count = entry.int("count")?;
    Ok(Replica { span: entry.span(), count, name: entry.text("name")? })
}

fn var(entry: &mut Decoder<'_>) -> Result<Var> {
    let field_path = entry.object("fieldref", |field| field.text("fieldPath"))?;
    let mut field_path = field_path.unwrap_or_default();
    if field_path.is_empty() {
        field_path.value = "metadata.name".into();
    }
    let object = entry.object("objref", |object| {
        let api_version = object.text("apiVersion")?.value;
        let mut gvk = decode_gvk(object)?;
        let parts: Vec<&str> = api_version.split('/').collect();
        match parts.as_slice() {
            [_] if api_version.is_empty() => {}
            [version] => gvk.version = (*version).into(),
            [group, version] => {
                gvk.group = (*group).into();
                gvk.version = (*version).into();
            }
            _ => {}
        }
        let name = object.text("name")?.value;
        let namespace = object.text("namespace")?.value;
        Ok((api_version, ResId { gvk, name, namespace, cluster_scoped: false }))
    })?;
    let (api_version, object) = object.unwrap_or((EcoString::new(), ResId::default()));
    Ok(Var {
        span: entry.span(),
        name: entry.text("name")?,
        object,
        api_version,
        field_path,
    })
}

fn sort_options(entry: &mut Decoder<'_>) -> Result<SortOptions> {
    let values = |texts: Vec<Text>| texts.into_iter().map(|text| text.value).collect();
    let legacy = entry.object("legacySortOptions", |legacy| {
        Ok((values(legacy.texts("orderFirst")?), values(legacy.texts("orderLast")?)))
    })?;
    Ok(SortOptions { span: entry.span(), legacy, order: entry.text("order")? })
}

/// Decodes an entry of `configMapGenerator` or `secretGenerator`.
///
/// `type` is known of Secrets alone; a ConfigMap with one is a fault upstream too.
pub(crate) fn generator_args(entry: &mut Decoder<'_>) -> Result<GeneratorArgs> {
    let mut envs = entry.texts("envs")?;
    let env = entry.text("env")?;
    // Only kustomizations are brought up to date; a plugin's config is read as it is.
    if !env.is_empty() && !entry.is_within("") {
        envs.push(env);
    }
    Ok(GeneratorArgs {
        span: entry.span(),
        behavior: entry.text("behavior")?,
        envs,
        files: entry.texts("files")?,
        literals: entry.texts("literals")?,
        name: entry.text("name")?,
        namespace: entry.text("namespace")?,
        options: entry.object("options", generator_options)?,
        secret_type: match entry.is_within("configMapGenerator") {
            true => Text::default(),
            false => entry.text("type")?,
        },
    })
}

fn generator_options(entry: &mut Decoder<'_>) -> Result<GeneratorOptions> {
    Ok(GeneratorOptions {
        annotations: entry.text_map("annotations")?,
        disable_name_suffix_hash: entry.bool("disableNameSuffixHash")?,
        immutable: entry.bool("immutable")?,
        labels: entry.text_map("labels")?,
    })
}

/// Decodes `helmGlobals`.
pub(crate) fn decode_helm_globals(entry: &mut Decoder<'_>) -> Result<HelmGlobals> {
    let chart_home = entry.text("chartHome")?;
    Ok(HelmGlobals { chart_home, config_home: entry.text("configHome")? })
}

/// Decodes an entry of `helmCharts`.
pub(crate) fn decode_helm_chart(entry: &mut Decoder<'_>) -> Result<HelmChart> {
    Ok(HelmChart {
        span: entry.span(),
        additional_values_files: entry.texts("additionalValuesFiles")?,
        api_versions: entry.texts("apiVersions")?,
        debug: entry.bool("debug")?,
        devel: entry.bool("devel")?,
        include_crds: entry.bool("includeCRDs")?,
        kube_version: entry.text("kubeVersion")?,
        name: entry.text("name")?,
        name_template: entry.text("nameTemplate")?,
        namespace: entry.text("namespace")?,
        release_name: entry.text("releaseName")?,
        repo: entry.text("repo")?,
        skip_hooks: entry.bool("skipHooks")?,
        skip_tests: entry.bool("skipTests")?,
        values_file: entry.text("valuesFile")?,
        values_inline: entry.mapping("valuesInline")?,
        values_merge: entry.text("valuesMerge")?,
        version: entry.text("version")?,
    })
}

/// Decodes an entry of `helmChartInflationGenerator`, which is older than `helmCharts`.
/// (upstream: `SplitHelmParameters`)
fn old_helm_chart(
    entry: &mut Decoder<'_>,
    globals: &mut HelmGlobals,
) -> Result<HelmChart> {
    for unused in ["chartRepoName", "helmBin", "releaseNamespace"] {
        entry.text(unused)?;
    }
    entry.texts("extraArgs")?;
    let home = entry.text("helmHome")?;
    if !home.is_empty() {
        globals.config_home = home;
    }
    let home = entry.text("chartHome")?;
    if !home.is_empty() {
        globals.chart_home = home;
    }
    Ok(HelmChart {
        name: entry.text("chartName")?,
        repo: entry.text("chartRepoUrl")?,
        version: entry.text("chartVersion")?,
        release_name: entry.text("releaseName")?,
        values_file: entry.text("values")?,
        values_inline: entry.mapping("valuesLocal")?,
        values_merge: entry.text("valuesMerge")?,
        ..HelmChart::at(entry.span())
    })
}

/// Decodes an entry of `replacements`.
pub(crate) fn decode_replacement_field(
    entry: &mut Decoder<'_>,
) -> Result<ReplacementField> {
    let path = entry.text("path")?;
    Ok(ReplacementField { path, replacement: decode_replacement(entry)? })
}

/// Decodes a replacement.
pub(crate) fn decode_replacement(entry: &mut Decoder<'_>) -> Result<Replacement> {
    Ok(Replacement {
        span: entry.span(),
        source: entry.object("source", |source| {
            Ok(SourceSelector {
                field_path: source.text("fieldPath")?,
                options: source.object("options", field_options)?,
                object: Selector {
                    span: source.span(),
                    annotation_selector: Text::default(),
                    group: source.text("group")?,
                    kind: source.text("kind")?,
                    label_selector: Text::default(),
                    name: source.text("name")?,
                    namespace: source.text("namespace")?,
                    version: source.text("version")?,
                },
            })
        })?,
        source_value: entry.optional_text("sourceValue").map_err(|error| match entry
            .has("source")
        {
            true => error.hint(
                "value and resource selectors are mutually exclusive: keep either \
                     `source` or `sourceValue`",
            ),
            false => error,
        })?,
        targets: entry.list("targets", |target| {
            Ok(TargetSelector {
                span: target.span(),
                field_paths: target.texts("fieldPaths")?,
                options: target.object("options", field_options)?,
                reject: target.list("reject", decode_selector)?,
                select: target.object("select", decode_selector)?,
            })
        })?,
    })
}

fn field_options(entry: &mut Decoder<'_>) -> Result<FieldOptions> {
    Ok(FieldOptions {
        create: entry.bool("create")?,
        delimiter: entry.text("delimiter")?,
        encoding: entry.text("encoding")?,
        index: entry.int("index")?,
    })
}

impl HelmChart {
    /// A chart of which nothing is said.
    pub(crate) fn at(span: Span) -> HelmChart {
        HelmChart {
            span,
            name: Text::default(),
            version: Text::default(),
            repo: Text::default(),
            release_name: Text::default(),
            namespace: Text::default(),
            additional_values_files: Vec::new(),
            values_file: Text::default(),
            values_inline: None,
            values_merge: Text::default(),
            include_crds: false,
            skip_hooks: false,
            skip_tests: false,
            api_versions: Vec::new(),
            kube_version: Text::default(),
            name_template: Text::default(),
            debug: false,
            devel: false,
        }
    }
}
