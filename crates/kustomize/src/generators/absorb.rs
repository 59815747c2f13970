//! How generated objects join those that are there.

use goyaml::Node;
use source::{Diagnostic, Result};

use crate::Compat;
use crate::context::Context;
use crate::generators::data::data_value;
use crate::provenance::Provenance;
use crate::resource::{
    Behavior, ResId, ResMap, Resource, annotations, is_nil_or_empty, labels, metadata,
    set_annotations, set_field, set_map_field, set_text_map,
};
use crate::upstream::Upstream;

/// Adds the objects, or puts them in place of, or merges them into, those of the same id.
/// (upstream: `resWrangler.AbsorbAll`)
pub(crate) fn absorb_all(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    generated: Vec<Resource>,
) -> Result<()> {
    generated.into_iter().try_for_each(|resource| absorb(context, resources, resource))
}

fn absorb(
    context: &mut Context<'_>,
    resources: &mut ResMap,
    mut resource: Resource,
) -> Result<()> {
    let id = resource.cur_id().clone();
    let span = resource.node().span;
    let behavior = resource.behavior();
    let found = resources.find_any(&id);
    let at = match found.as_slice() {
        [] => {
            if matches!(behavior, Behavior::Merge | Behavior::Replace) {
                let message = format!("id {id} does not exist; cannot merge or replace");
                let words = format!(
                    "id {} does not exist; cannot merge or replace",
                    go_syntax(&id)
                );
                return Err(Diagnostic::error(span, message).says(words).hint(
                    "the object to change must come from `resources:` or a generator",
                ));
            }
            return resources.append(resource);
        }
        [at] => *at,
        _ => {
            let message =
                format!("found multiple objects that could accept merge of {id}");
            return Err(Diagnostic::error(span, message));
        }
    };
    let Some(old) = resources.get(at) else { return Ok(()) };
    match behavior {
        Behavior::Replace => copy_metadata(&mut resource, old),
        Behavior::Merge => {
            let origin = Provenance::of(old)?;
            copy_metadata(&mut resource, old);
            for field in ["data", "binaryData"] {
                merge_data(context, &mut resource, old, field);
            }
            if let Some(origin) = origin {
                origin.annotate(&mut resource);
            }
        }
        Behavior::Unspecified | Behavior::Create => {
            let named = match context.options.compat {
                Compat::V5_7 => String::new(),
                Compat::V5_8 => format!("can not use behavior: '{}', ", behavior.word()),
            };
            let message =
                format!("id {id} exists; {named}behavior must be merge or replace");
            let words = message.replacen(&id.to_string(), &go_syntax(&id), 1);
            return Err(Diagnostic::error(span, message)
                .says(words)
                .label(old.node().span, "the object that exists")
                .hint(match resource.is_helm_generated() {
                    true => "name the release differently, or render the chart once",
                    false => "add `behavior: merge` or `behavior: replace` to this entry",
                }));
        }
    }
    resources.replace(at, resource);
    Ok(())
}

/// An id as Go prints its struct. (`%#v`)
fn go_syntax(id: &ResId) -> String {
    format!(
        "resid.ResId{{Gvk:resid.Gvk{{Group:{:?}, Version:{:?}, Kind:{:?}, \
         isClusterScoped:{}}}, Name:{:?}, Namespace:{:?}}}",
        id.gvk.group.as_str(),
        id.gvk.version.as_str(),
        id.gvk.kind.as_str(),
        id.cluster_scoped,
        id.name.as_str(),
        id.namespace.as_str()
    )
}

/// (upstream: `CopyMergeMetaDataFieldsFrom`)
fn copy_metadata(resource: &mut Resource, old: &Resource) {
    let mut all_labels = labels(old.node());
    all_labels.extend(labels(resource.node()));
    let mut all_annotations = annotations(old.node());
    all_annotations.extend(annotations(resource.node()));
    let former = metadata(old.node());
    let text = |field| former.and_then(|m| m.get(field)).filter(|n| !is_nil_or_empty(n));
    let nothing = Node::untagged("");
    let (name, namespace) = (text("name").unwrap_or(&nothing), text("namespace"));
    resource.take_history(old);
    resource.edit(|node| {
        set_text_map(node, "labels", &all_labels);
        set_annotations(node, &all_annotations);
        let Some(metadata) = node.get_mut("metadata") else { return };
        set_map_field(metadata, "name", name);
        match namespace.filter(|node| node.text() != Some("")) {
            Some(namespace) => set_map_field(metadata, "namespace", namespace),
            None => {
                metadata.remove("namespace");
            }
        }
    });
    if resource.has_history() {
        resource.make_annotations();
    }
}

/// Puts the old entries under the new ones; all become strings.
/// (upstream: `MergeDataMapFrom`)
fn merge_data(
    context: &mut Context<'_>,
    resource: &mut Resource,
    old: &Resource,
    field: &'static str,
) {
    let pairs = |node: &Node| -> Vec<(Node, Node)> {
        let entries = node.get(field).and_then(Node::entries).unwrap_or(&[]);
        entries.to_vec()
    };
    let (own, former) = (pairs(resource.node()), pairs(old.node()));
    let mut map = Node::mapping(Vec::new()).at(resource.node().span);
    let mut editor = context.editor("behavior", resource.node().span.head());
    for (key, value) in former {
        let text = value.text().filter(|_| !value.is_null());
        let mut text = data_value(text.unwrap_or(""));
        (text.span, text.origin) = (value.span, value.origin);
        set_field(&mut map, key.text().unwrap_or(""), text);
    }
    for (key, value) in own {
        editor.set_node(&mut map, key.text().unwrap_or(""), value);
    }
    resource.edit(|node| {
        node.remove(field);
        if map.entries().is_some_and(|entries| !entries.is_empty()) {
            node.set(field, map);
        }
    });
}
