//! The transformers, in the order in which a kustomization applies them.
//!
//! One file each, its default field specs beside it. A transformer is *configured* first
//! (files are read, arguments checked) and *run* after all others were configured, as
//! upstream does; [`TABLE`] is the order. Patches and replacements live in `patch/`.

mod annotations;
mod hash;
mod images;
mod labels;
mod managed_by;
mod name_affix;
mod namespace;
mod replicas;
mod setup;
mod sort_order;
mod value_add;

use goyaml::Node;
use source::Result;

pub(crate) use annotations::{Annotations, COMMON_ANNOTATIONS};
pub(crate) use hash::add_hashes;
pub(crate) use images::{IMAGES, ImageTag};
pub(crate) use labels::{COMMON_LABELS, Labels, TEMPLATE_LABELS};
pub(crate) use managed_by::add_managed_by_label;
pub(crate) use name_affix::{Affix, NAME_PREFIX, NAME_SUFFIX, NameAffix};
pub(crate) use namespace::{NAMESPACE, Namespace, SubjectMode};
pub(crate) use replicas::{REPLICAS, ReplicaCount};
pub(crate) use setup::Setup;
pub(crate) use sort_order::sort;
pub(crate) use value_add::{ValueAdd, ValueAddTarget};

use crate::kustomization::{Patch, ReplacementField};
use crate::patch;
use crate::transformer::Configured;
use crate::upstream::{put_text, trouble};

type Configure = fn(&mut Setup<'_, '_>) -> Result<Configured>;

/// The transformers of a kustomization's own fields, in order, under upstream's names.
/// (upstream: `kusttarget_configplugin.go`, `configureBuiltinTransformers`)
pub(crate) const TABLE: &[(&str, Configure)] = &[
    ("PatchStrategicMergeTransformer", strategic_merge_patches),
    ("PatchTransformer", patches),
    ("NamespaceTransformer", namespace::configure),
    ("PrefixTransformer", name_affix::configure_prefix),
    ("SuffixTransformer", name_affix::configure_suffix),
    ("LabelTransformer", labels::configure),
    ("AnnotationsTransformer", annotations::configure),
    ("PatchJson6902Transformer", json_patches),
    ("ReplicaCountTransformer", replicas::configure),
    ("ImageTagTransformer", images::configure),
    ("ReplacementTransformer", replacements),
];

fn strategic_merge_patches(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let paths = &setup.kustomization.patches_strategic_merge;
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let mut list = Node::mapping(Vec::new());
    let texts = paths.iter().map(|path| Node::string(path.value.clone()));
    list.set("paths", Node::sequence(texts.collect()));
    let made = patch::configure_strategic_merge(setup.context, setup.folder, paths, None);
    Ok(vec![
        made.map_err(|error| trouble(error, "PatchStrategicMergeTransformer", &list))?,
    ])
}

fn patches(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let mut configured = Vec::new();
    for entry in &setup.kustomization.patches {
        let made = patch::configure_patch(setup.context, setup.folder, entry);
        let config = || patch_config(entry, "patch");
        configured.push(made.map_err(|e| trouble(e, "PatchTransformer", &config()))?);
    }
    Ok(configured)
}

fn json_patches(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let mut configured = Vec::new();
    for entry in &setup.kustomization.patches_json6902 {
        let made = patch::configure_json6902(setup.context, setup.folder, entry);
        let config = || patch_config(entry, "jsonOp");
        configured
            .push(made.map_err(|e| trouble(e, "PatchJson6902Transformer", &config()))?);
    }
    Ok(configured)
}

fn replacements(setup: &mut Setup<'_, '_>) -> Result<Configured> {
    let entries = &setup.kustomization.replacements;
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let made = patch::configure_replacements(setup.context, setup.folder, entries);
    let config = || {
        let entry = |entry: &ReplacementField| {
            let mut node = Node::mapping(Vec::new());
            put_text(&mut node, "path", &entry.path);
            node
        };
        let list = Node::sequence(entries.iter().map(entry).collect());
        let mut config = Node::mapping(Vec::new());
        config.set("Replacements", list);
        config
    };
    Ok(vec![made.map_err(|e| trouble(e, "ReplacementTransformer", &config()))?])
}

/// The config of a patch transformer, as upstream makes it of an entry.
fn patch_config(entry: &Patch, inline: &'static str) -> Node {
    let mut config = Node::mapping(Vec::new());
    put_text(&mut config, "path", &entry.path);
    put_text(&mut config, inline, &entry.patch);
    if let Some(target) = &entry.target {
        let mut node = Node::mapping(Vec::new());
        put_text(&mut node, "group", &target.group);
        put_text(&mut node, "version", &target.version);
        put_text(&mut node, "kind", &target.kind);
        put_text(&mut node, "name", &target.name);
        put_text(&mut node, "namespace", &target.namespace);
        put_text(&mut node, "annotationSelector", &target.annotation_selector);
        put_text(&mut node, "labelSelector", &target.label_selector);
        config.set("target", node);
    }
    config
}
