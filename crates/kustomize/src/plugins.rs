//! Builtin plugins that are configured through `generators`, `transformers`, `validators`.
//!
//! A config is an object of `apiVersion: builtin`; its kind says which plugin. Unknown fields
//! are passed over, as upstream does. Exec and container plugins are refused: a build runs
//! nothing.

use goyaml::{Content, Data, Node, Tag};
use source::{Diagnostic, Result};

use crate::NoteKind;
use crate::context::Context;
use crate::generators::{
    DataGenerator, DataKind, Generator, HelmChartInflation, IamPolicy,
};
use crate::kustomization::{
    Decoder, GeneratorOptions, Mode, Text, closest, decode_field_spec, decode_helm_chart,
    decode_helm_globals, decode_image, decode_patch, decode_replacement_field,
    decode_replica, decode_selector, generator_args,
};
use crate::load::{Folder, document};
use crate::patch;
use crate::print::{spell_as_printed, typed};
use crate::resource::{FieldSpec, ResMap, Resource, read_nodes};
use crate::transformer::Transformer;
use crate::transformers::{
    Affix, Annotations, ImageTag, Labels, NameAffix, Namespace, ReplicaCount,
    SubjectMode, ValueAdd, ValueAddTarget, add_hashes,
};
use crate::upstream::Upstream;

/// The configs that stand in an entry itself; none if the entry is a path.
pub(crate) fn inline_configs(
    context: &Context<'_>,
    entry: &Text,
) -> Option<Vec<Resource>> {
    let span = crate::patch::inline_span(context, entry);
    let nodes = read_nodes(entry.as_str(), span).ok()?;
    let mut set = ResMap::new();
    set.append_all(nodes.into_iter().map(Resource::new)).ok()?;
    Some(set.into_iter().collect())
}

/// The config as its plugin reads it.
///
/// Upstream prints the config as JSON and reads that: dates become times. What cannot be printed
/// is a fault.
fn printed(config: &Resource) -> Result<Node> {
    check_builtin(config)?;
    let mut node = config.node().clone();
    spell_as_printed(&mut node);
    spell_times(&mut node).and_then(|()| typed(&node)).map_err(|error| {
        error.within(format!("marshalling yaml from res {}", config.org_id()))
    })?;
    Ok(node)
}

fn spell_times(node: &mut Node) -> Result<()> {
    if node.tag == Tag::Timestamp
        && let Data::Str(text) = typed(node)?.data
    {
        node.tag = Tag::Str;
        node.content = Content::Scalar(text);
    }
    match &mut node.content {
        Content::Mapping(entries) => {
            entries.iter_mut().try_for_each(|e| spell_times(&mut e.1))
        }
        Content::Sequence(items) => items.iter_mut().try_for_each(spell_times),
        Content::Scalar(_) | Content::Alias(_) => Ok(()),
    }
}

fn check_builtin(config: &Resource) -> Result<()> {
    let gvk = &config.cur_id().gvk;
    if gvk.group.is_empty() && gvk.version == "builtin" {
        return Ok(());
    }
    let message = format!(
        "external plugins disabled; unable to load external plugin '{}'",
        config.org_id().gvk.kind
    );
    Err(Diagnostic::error(config.node().span, message).hint(
        "a build runs no programs and no containers: use a builtin plugin, \
         or run it yourself and commit what it prints",
    ))
}

/// No builtin plugin of that kind does that; `role` is what it should do.
fn unknown(config: &Resource, role: &str) -> Box<Diagnostic> {
    let gvk = &config.cur_id().gvk;
    let kind = gvk.kind.as_str();
    let (own, others) = match role {
        "generator" => (GENERATORS, TRANSFORMERS),
        _ => (TRANSFORMERS, GENERATORS),
    };
    if others.contains(&kind) {
        let message = format!("plugin {} not a {role}", config.org_id());
        return Diagnostic::error(config.node().span, message).hint(match role {
            "generator" => "list it under `transformers:`",
            _ => "list it under `generators:`",
        });
    }
    let error =
        Diagnostic::error(config.node().span, format!("unable to load builtin {gvk}"));
    match closest(kind, own.iter().copied()) {
        Some(near) => error.hint(format!("did you mean `{near}`?")),
        None => error.hint(format!("builtin {role}s are: {}", own.join(", "))),
    }
}

/// The kinds of the builtin generators.
const GENERATORS: &[&str] = &[
    "ConfigMapGenerator",
    "HelmChartInflationGenerator",
    "IAMPolicyGenerator",
    "SecretGenerator",
];

/// The kinds of the builtin transformers.
const TRANSFORMERS: &[&str] = &[
    "AnnotationsTransformer",
    "HashTransformer",
    "ImageTagTransformer",
    "LabelTransformer",
    "NamespaceTransformer",
    "PatchJson6902Transformer",
    "PatchStrategicMergeTransformer",
    "PatchTransformer",
    "PrefixSuffixTransformer",
    "PrefixTransformer",
    "ReplacementTransformer",
    "ReplicaCountTransformer",
    "SuffixTransformer",
    "ValueAddTransformer",
];

fn failed(config: &Resource) -> impl FnOnce(Box<Diagnostic>) -> Box<Diagnostic> {
    let (id, span) = (config.org_id(), config.node().span);
    let step = format!("plugin {id} fails configuration");
    move |error| error.at(span).within(&step).trace(span, step)
}

/// Configures a generator. (upstream: `LoadGenerator`)
pub(crate) fn generator(
    context: &mut Context<'_>,
    folder: &Folder,
    config: &Resource,
) -> Result<Box<dyn Generator>> {
    let node = printed(config)?;
    let mut decoder = Decoder::new(&node, Mode::Plugin)?;
    let d = &mut decoder;
    let made: Result<Box<dyn Generator>> = match config.cur_id().gvk.kind.as_str() {
        "ConfigMapGenerator" => data(d, folder, DataKind::ConfigMap),
        "SecretGenerator" => data(d, folder, DataKind::Secret),
        "IAMPolicyGenerator" => iam_policy(d),
        "HelmChartInflationGenerator" => helm_chart(context, d, folder),
        _ => return Err(unknown(config, "generator")),
    };
    let made = made.map_err(failed(config))?;
    note_unknown(context, config, &decoder);
    Ok(made)
}

/// Notes the fields that upstream passes over.
fn note_unknown(context: &mut Context<'_>, config: &Resource, decoder: &Decoder<'_>) {
    let kind = config.cur_id().gvk.kind.clone();
    for field in decoder.unknown_fields() {
        let text = format!("{kind} has no field `{}`", field.path);
        let hint = field.near.map(|near| format!("did you mean `{near}`?"));
        let hint = hint.unwrap_or_else(|| "remove it: it has no effect".to_owned());
        context.note_with(NoteKind::PluginField, field.span, text, hint);
    }
}

fn data(
    d: &mut Decoder<'_>,
    folder: &Folder,
    kind: DataKind,
) -> Result<Box<dyn Generator>> {
    let mut args = generator_args(d)?;
    let metadata =
        d.object("metadata", |m| Ok((m.text("name")?, m.text("namespace")?)))?;
    let (name, namespace) = metadata.unwrap_or_default();
    if args.name.is_empty() {
        args.name = name;
    }
    if args.namespace.is_empty() {
        args.namespace = namespace;
    }
    let options = GeneratorOptions::merged(args.options.as_ref(), None);
    Ok(Box::new(DataGenerator { kind, folder: folder.clone(), args, options }))
}

fn iam_policy(d: &mut Decoder<'_>) -> Result<Box<dyn Generator>> {
    let kubernetes = d.object("kubernetesService", |service| {
        Ok((service.text("name")?, service.text("namespace")?))
    })?;
    let account = d.object("serviceAccount", |account| {
        Ok((account.text("name")?, account.text("projectId")?))
    })?;
    let (kubernetes_name, namespace) = kubernetes.unwrap_or_default();
    let (name, project_id) = account.unwrap_or_default();
    let cloud = d.text("cloud")?;
    Ok(Box::new(IamPolicy { cloud, kubernetes_name, namespace, name, project_id }))
}

fn helm_chart(
    context: &Context<'_>,
    d: &mut Decoder<'_>,
    folder: &Folder,
) -> Result<Box<dyn Generator>> {
    let globals = decode_helm_globals(d)?;
    let chart = decode_helm_chart(d)?;
    Ok(Box::new(HelmChartInflation::configure(context, folder, chart, globals)?))
}

/// Configures a transformer. (upstream: `LoadTransformer`)
pub(crate) fn transformer(
    context: &mut Context<'_>,
    folder: &Folder,
    config: &Resource,
) -> Result<Box<dyn Transformer>> {
    let node = printed(config)?;
    let mut decoder = Decoder::new(&node, Mode::Plugin)?;
    let d = &mut decoder;
    let made: Result<Box<dyn Transformer>> = match config.cur_id().gvk.kind.as_str() {
        "AnnotationsTransformer" => annotations(d),
        "HashTransformer" => Ok(Box::new(Hash)),
        "ImageTagTransformer" => image_tag(d),
        "LabelTransformer" => labels(d),
        "NamespaceTransformer" => namespace(d),
        "PatchJson6902Transformer" => json_patch(context, folder, d),
        "PatchStrategicMergeTransformer" => strategic_merge(context, folder, d),
        "PatchTransformer" => patch(context, folder, d),
        "PrefixSuffixTransformer" => prefix_suffix(d),
        "PrefixTransformer" => affix(d, Affix::Prefix),
        "SuffixTransformer" => affix(d, Affix::Suffix),
        "ReplacementTransformer" => replacements(context, folder, d),
        "ReplicaCountTransformer" => replica_count(d),
        "ValueAddTransformer" => value_add(context, folder, d),
        _ => return Err(unknown(config, "transformer")),
    };
    let made = made.map_err(failed(config))?;
    note_unknown(context, config, &decoder);
    Ok(made)
}

fn fields(d: &Decoder<'_>) -> Result<Vec<FieldSpec>> {
    d.list("fieldSpecs", decode_field_spec)
}

fn annotations(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    let annotations = d.text_map("annotations")?;
    Ok(Box::new(Annotations { annotations, fields: fields(d)? }))
}

fn labels(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    let labels = d.text_map("labels")?;
    Ok(Box::new(Labels { by: "labels", labels, fields: fields(d)?, wider: None }))
}

fn image_tag(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    let Some(image) = d.object("imageTag", decode_image)? else {
        d.has("fieldSpecs");
        return Ok(Box::new(Nothing));
    };
    Ok(Box::new(ImageTag::new(image, fields(d)?)?))
}

fn replica_count(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    let Some(replica) = d.object("replica", decode_replica)? else {
        return Err(Diagnostic::error(
            d.span(),
            "resource with name  does not match a config",
        ));
    };
    Ok(Box::new(ReplicaCount { replica, fields: fields(d)? }))
}

fn namespace(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    let namespace = d.object("metadata", |m| m.text("namespace"))?.unwrap_or_default();
    let mode = d.text("setRoleBindingSubjects")?;
    let subjects = match mode.as_str() {
        "" | "defaultOnly" => SubjectMode::DefaultOnly,
        "allServiceAccounts" => SubjectMode::AllServiceAccounts,
        "none" => SubjectMode::Nobody,
        other => {
            let message = format!(
                "invalid value \"{other}\" for setRoleBindingSubjects: must be one of \
                 \"defaultOnly\", \"none\" or \"allServiceAccounts\""
            );
            return Err(Diagnostic::error(mode.span, message).hint("write one of these"));
        }
    };
    let unset_only = d.bool("unsetOnly")?;
    Ok(Box::new(Namespace { namespace, fields: fields(d)?, unset_only, subjects }))
}

fn affix(d: &mut Decoder<'_>, affix: Affix) -> Result<Box<dyn Transformer>> {
    Ok(Box::new(name_affix(d, affix)?))
}

fn name_affix(d: &mut Decoder<'_>, affix: Affix) -> Result<NameAffix> {
    let text = match affix {
        Affix::Prefix => d.text("prefix")?,
        Affix::Suffix => d.text("suffix")?,
    };
    if !d.has("fieldSpecs") {
        return Err(Diagnostic::error(d.span(), "fieldSpecs is not expected to be nil")
            .hint("add `fieldSpecs:`, for names a list with `path: metadata/name`"));
    }
    Ok(NameAffix { affix, text, fields: fields(d)? })
}

fn prefix_suffix(d: &mut Decoder<'_>) -> Result<Box<dyn Transformer>> {
    Ok(Box::new(Both(name_affix(d, Affix::Prefix)?, name_affix(d, Affix::Suffix)?)))
}

fn json_patch(
    context: &mut Context<'_>,
    folder: &Folder,
    d: &mut Decoder<'_>,
) -> Result<Box<dyn Transformer>> {
    let mut entry = decode_patch(d, context.options.compat)?;
    entry.patch = d.text("jsonOp")?;
    patch::configure_json6902(context, folder, &entry)
}

fn strategic_merge(
    context: &mut Context<'_>,
    folder: &Folder,
    d: &mut Decoder<'_>,
) -> Result<Box<dyn Transformer>> {
    let (paths, inline) = (d.texts("paths")?, d.text("patches")?);
    let inline = Some(&inline).filter(|text| !text.is_empty());
    patch::configure_strategic_merge(context, folder, &paths, inline)
}

fn patch(
    context: &mut Context<'_>,
    folder: &Folder,
    d: &mut Decoder<'_>,
) -> Result<Box<dyn Transformer>> {
    let entry = decode_patch(d, context.options.compat)?;
    patch::configure_patch(context, folder, &entry)
}

fn replacements(
    context: &mut Context<'_>,
    folder: &Folder,
    d: &mut Decoder<'_>,
) -> Result<Box<dyn Transformer>> {
    let entries = d.list("replacements", decode_replacement_field)?;
    patch::configure_replacements(context, folder, &entries)
}

fn value_add(
    context: &mut Context<'_>,
    folder: &Folder,
    d: &mut Decoder<'_>,
) -> Result<Box<dyn Transformer>> {
    let mut value = d.text("value")?;
    value.value = value.value.trim().into();
    if value.is_empty() {
        value.value = folder.root.name().into();
    }
    let mut targets = d.list("targets", target)?;
    let path = d.text("targetFilePath")?;
    if !path.is_empty() {
        let loaded = folder.load(context, &path)?;
        if let Some(node) = document(context, loaded.file)? {
            targets.extend(Decoder::new(&node, Mode::Plugin)?.list("targets", target)?);
        }
    }
    if targets.is_empty() {
        return Err(Diagnostic::error(d.span(), "must specify at least one target")
            .hint("add `targets:` or `targetFilePath:`"));
    }
    Ok(Box::new(ValueAdd { value, targets }))
}

fn target(d: &mut Decoder<'_>) -> Result<ValueAddTarget> {
    let field_path = d.text("fieldPath")?;
    if field_path.is_empty() {
        return Err(Diagnostic::error(d.span(), "fieldPath cannot be empty")
            .hint("add `fieldPath:`, parts joined by `/`"));
    }
    let position = d.int("filePathPosition")?;
    let Ok(file_path_position) = usize::try_from(position) else {
        let message =
            format!("value of FilePathPosition ({position}) cannot be negative");
        return Err(Diagnostic::error(d.span(), message)
            .hint("count the parts of the path from 1, or write 0 for all of it"));
    };
    let selector = d.object("selector", decode_selector)?;
    Ok(ValueAddTarget { selector, field_path, file_path_position })
}

/// Two transformers that share a config.
struct Both(NameAffix, NameAffix);

impl Transformer for Both {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        self.0.transform(context, resources)?;
        self.1.transform(context, resources)
    }
}

/// The hash of generated objects, before its time.
struct Hash;

impl Transformer for Hash {
    fn transform(&self, context: &mut Context<'_>, resources: &mut ResMap) -> Result<()> {
        add_hashes(context, resources)
    }
}

/// A config that asks for nothing.
struct Nothing;

impl Transformer for Nothing {
    fn transform(&self, _: &mut Context<'_>, _: &mut ResMap) -> Result<()> {
        Ok(())
    }
}
