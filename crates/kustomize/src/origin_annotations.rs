//! `buildMetadata: [originAnnotations, transformerAnnotations]`.
//!
//! Annotations that say which file an object came from and what changed it. They are kept on
//! the objects during a build that asks for any metadata, as upstream does, and dropped at
//! its end if they were not asked for.

use std::collections::BTreeMap;

use ecow::EcoString;
use goyaml::{Kind, Node, Style, Tag};
use source::{Result, Span};

use crate::Compat;
use crate::context::Context;
use crate::provenance::{ORIGIN, Provenance, own, read_origin};
use crate::resource::{ResMap, Resource, annotations, new_key, set_annotations};

/// What changed it.
pub(crate) const TRANSFORMATIONS: &str = "alpha.config.kubernetes.io/transformations";

/// Annotations of kyaml's own that never reach the output.
const INTERNAL: &[&str] = &[
    "internal.config.kubernetes.io/previousKinds",
    "internal.config.kubernetes.io/previousNames",
    "internal.config.kubernetes.io/prefixes",
    "internal.config.kubernetes.io/suffixes",
    "internal.config.kubernetes.io/previousNamespaces",
    "internal.config.kubernetes.io/allowNameChange",
    "internal.config.kubernetes.io/allowKindChange",
    "internal.config.kubernetes.io/refBy",
    "internal.config.kubernetes.io/generatorBehavior",
    "internal.config.kubernetes.io/needsHashSuffix",
    "internal.config.kubernetes.io/path",
    "internal.config.kubernetes.io/index",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/annotations-migration-resource-id",
    "config.kubernetes.io/path",
    "config.kubernetes.io/index",
    "config.k8s.io/id",
];

/// The one that came with v5.8.
const HELM_GENERATED: &str = "internal.config.kubernetes.io/helm-generated";

impl Provenance {
    /// Sets the annotation that says where an object came from; all become strings.
    pub(crate) fn annotate(&self, resource: &mut Resource) {
        set(resource, ORIGIN, self.text());
    }

    /// Adds the annotation to an object that was read from a file; the others stay as they
    /// are. (`AnnotateAll`)
    pub(crate) fn annotate_read(&self, resource: &mut Resource) {
        resource.make_annotations();
        resource.edit(|node| {
            let metadata = node.get_mut("metadata");
            if let Some(map) = metadata.and_then(|m| m.get_mut("annotations")) {
                map.set(ORIGIN, Node::string(self.text()));
            }
        });
    }
}

fn set(resource: &mut Resource, key: &str, text: String) {
    let mut map = annotations(resource.node());
    map.insert(key.into(), text.into());
    resource.edit(|node| set_annotations(node, &map));
}

/// Says of objects that have no origin where they came from. (`AddOriginAnnotation`)
pub(crate) fn add_origin(resources: &mut [Resource], provenance: &Provenance) {
    for resource in resources {
        if !annotations(resource.node()).contains_key(ORIGIN) {
            provenance.annotate(resource);
        }
    }
}

/// Notes a transformer on all objects; it made those that have no origin.
/// (`AddTransformerAnnotation`)
pub(crate) fn add_transformation(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    provenance: &Provenance,
) -> Result<()> {
    // Most objects say the same.
    let (mut good, mut last) = (None, None);
    for resource in resources.iter_mut() {
        resource.unshare_annotations(&mut context.editor("buildMetadata", Span::NONE));
        let mut map = annotations(resource.node());
        let Some(origin) = map.remove(ORIGIN) else {
            provenance.annotate(resource);
            continue;
        };
        if good.as_ref() != Some(&origin) {
            read_origin(&origin).map_err(|words| own(resource, ORIGIN, words))?;
            good = Some(origin);
        }
        let known = map.remove(TRANSFORMATIONS).unwrap_or_default();
        let text = match last.take().filter(|(before, _)| *before == known) {
            Some((_, text)) => text,
            None => provenance
                .added_to(&known)
                .map_err(|words| own(resource, TRANSFORMATIONS, words))?,
        };
        set(resource, TRANSFORMATIONS, text.clone());
        last = Some((known, text));
    }
    Ok(())
}

/// Drops what does not belong into the output, and writes annotations as upstream leaves
/// them: sorted strings, no empty map.
/// (upstream: `RemoveBuildAnnotations`, `RemoveOriginAnnotations`,
/// `RemoveTransformerAnnotations`)
pub(crate) fn clean(
    resources: &mut ResMap,
    compat: Compat,
    keep_origin: bool,
    keep_transformations: bool,
) {
    let mut internal = INTERNAL.to_vec();
    if compat == Compat::V5_8 {
        internal.push(HELM_GENERATED);
    }
    for resource in resources.iter_mut() {
        if written(resource.node()).nth(1).is_some() {
            let kept = [(ORIGIN, keep_origin), (TRANSFORMATIONS, keep_transformations)];
            clean_repeated(resource, &internal, kept);
            continue;
        }
        let mut map = annotations(resource.node());
        let had = !map.is_empty() || resource.has_history();
        for key in &internal {
            map.remove(*key);
        }
        if !keep_origin {
            map.remove(ORIGIN);
        }
        if !keep_transformations {
            map.remove(TRANSFORMATIONS);
        }
        if had || !keep_origin || !keep_transformations {
            resource.edit(|node| write(node, &map));
        }
    }
}

/// All that is written as `metadata.annotations`: a template may say it more than once.
fn written(node: &Node) -> impl Iterator<Item = &Node> {
    let metadata = node.get("metadata").and_then(Node::entries).unwrap_or(&[]);
    let named = metadata.iter().filter(|(key, _)| key.text() == Some("annotations"));
    named.map(|(_, value)| value)
}

/// Cleans annotations that are written more than once, a step each as upstream does, because
/// each makes one of the first two; what is still there twice then is an error when printed.
fn clean_repeated(
    resource: &mut Resource,
    internal: &[&str],
    kept: [(&'static str, bool); 2],
) {
    let mapping = |next: &Node| next.is_null() || next.kind() == Kind::Mapping;
    if !resource.has_history() && !written(resource.node()).nth(1).is_some_and(mapping) {
        // Upstream panics.
        return;
    }
    let dropped = kept.iter().filter(|(_, kept)| !kept).map(|(key, _)| [*key]);
    let dropped: Vec<[&str; 1]> = dropped.collect();
    let steps = dropped.iter().map(<[&str; 1]>::as_slice);
    for (at, step) in std::iter::once(internal).chain(steps).enumerate() {
        let mut map = annotations(resource.node());
        if at == 0 && map.is_empty() && !resource.has_history() {
            continue;
        }
        for key in step {
            map.remove(*key);
        }
        // Upstream adds entries to a null, which stays one unless it is written once more.
        let lost = written(resource.node()).nth(1).filter(|next| next.is_null()).cloned();
        resource.edit(|node| {
            set_annotations(node, &map);
            if let (Some(null), false, true) = (lost, map.is_empty(), at == dropped.len())
            {
                let metadata = node.get_mut("metadata");
                if let Some(value) = metadata.and_then(|m| m.get_mut("annotations")) {
                    *value = null;
                }
            }
        });
    }
}

fn write(node: &mut Node, map: &BTreeMap<EcoString, EcoString>) {
    let current = node.get("metadata").and_then(|m| m.get("annotations"));
    let unchanged = current.and_then(Node::entries).is_some_and(|entries| {
        entries.len() == map.len()
            && !map.is_empty()
            && entries.iter().all(|(key, value)| {
                let key = key.text().map(new_key);
                // A folded text may not stay as it is where it is printed and read again.
                value.tag == Tag::Str
                    && value.style != Style::Folded
                    && key.is_some_and(|key| key.tag == Tag::Str)
            })
    });
    let no_metadata = node.get("metadata").is_none();
    if !unchanged && (current.is_some() || !map.is_empty() || no_metadata) {
        set_annotations(node, map);
    }
}
