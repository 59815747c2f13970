//! What changes between two compilations.

use std::collections::BTreeMap;

use similar::TextDiff;
use source::SourceMap;

use super::mask::Masker;
use crate::render::Built;
use crate::{Render, output};

/// One of the two compilations.
pub struct Side<'a> {
    /// What the revision is called.
    pub name: String,
    /// The texts that it was compiled from.
    pub sources: &'a SourceMap,
    /// What it compiled to.
    pub renders: Vec<Render>,
}

/// What changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The name of the earlier revision.
    pub base: String,
    /// The name of the later one.
    pub head: String,
    /// The changes, by component and object; equal ones of several clusters are one.
    pub changes: Vec<Change>,
    /// Clusters and components that did not compile at the earlier revision.
    pub unknown: Vec<(String, String)>,
}

/// A change of one object, the same in one or more clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The clusters, sorted.
    pub clusters: Vec<String>,
    /// The component.
    pub component: String,
    /// The object: `apps/Deployment monitoring/query`.
    pub object: String,
    /// What happened to it.
    pub kind: ChangeKind,
    /// The change as unified text, secrets masked.
    pub text: String,
}

/// What happened to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeKind {
    /// It is there only later.
    Added,
    /// It is there only earlier.
    Removed,
    /// It differs.
    Changed,
}

/// What a change has in common with equal ones of other clusters.
type Key = (String, String, ChangeKind, String);

/// Compares two compilations. The targets of `head` have all compiled.
#[must_use]
pub fn compare(base: &Side<'_>, head: &Side<'_>) -> Diff {
    let by_target = |side: &'_ Side<'_>| -> BTreeMap<(String, String), usize> {
        let key = |r: &Render| (r.cluster().to_owned(), r.component().to_owned());
        side.renders.iter().enumerate().map(|(n, r)| (key(r), n)).collect()
    };
    let (earlier, later) = (by_target(base), by_target(head));
    let mut found: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let targets: std::collections::BTreeSet<_> =
        earlier.keys().chain(later.keys()).collect();
    for target in targets {
        let before = earlier.get(target).and_then(|n| base.renders.get(*n));
        let after = later.get(target).and_then(|n| head.renders.get(*n));
        if before.is_some_and(|render| render.built().is_none()) {
            unknown.push(target.clone());
            continue;
        }
        let before = before.and_then(Render::built).map(|b| (b, base.sources));
        let after = after.and_then(Render::built).map(|b| (b, head.sources));
        for (object, kind, text) in objects(before, after) {
            let key = (target.1.clone(), object, kind, text);
            found.entry(key).or_default().push(target.0.clone());
        }
    }
    let change = |((component, object, kind, text), clusters)| Change {
        clusters,
        component,
        object,
        kind,
        text,
    };
    let changes = found.into_iter().map(change).collect();
    Diff { base: base.name.clone(), head: head.name.clone(), changes, unknown }
}

type Half<'a> = Option<(&'a Built, &'a SourceMap)>;

/// The objects of one target that differ.
fn objects(before: Half<'_>, after: Half<'_>) -> Vec<(String, ChangeKind, String)> {
    let resources = |half: Half<'_>| {
        let (built, _) = half?;
        let key = |r: &kustomize::Resource| output::object_name(r.cur_id());
        Some(built.resources.iter().map(move |r| (key(r), r.clone())).collect())
    };
    let earlier: BTreeMap<String, kustomize::Resource> =
        resources(before).unwrap_or_default();
    let later: BTreeMap<String, kustomize::Resource> =
        resources(after).unwrap_or_default();
    let names: std::collections::BTreeSet<_> =
        earlier.keys().chain(later.keys()).collect();
    let mut found = Vec::new();
    for name in names {
        let (old, new) = (earlier.get(name), later.get(name));
        let kind = match (old, new) {
            (Some(old), Some(new)) if old.node() == new.node() => continue,
            (Some(_), Some(_)) => ChangeKind::Changed,
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
        };
        let (old, secrets) = shown(before, old, None);
        let (new, _) = shown(after, new, Some(&secrets));
        let text = unified(&old, &new);
        if !text.is_empty() {
            found.push((name.clone(), kind, text));
        }
    }
    found
}

/// The text of a manifest with its secrets masked; empty if there is none.
fn shown(
    half: Half<'_>,
    resource: Option<&kustomize::Resource>,
    earlier: Option<&super::mask::Secrets>,
) -> (String, super::mask::Secrets) {
    let (Some((built, sources)), Some(resource)) = (half, resource) else {
        return Default::default();
    };
    let masker = Masker { sources, origins: &built.origins };
    let (node, secrets) = masker.mask(resource.node(), earlier);
    let text = kustomize::print_one(&kustomize::Resource::new(node));
    (text.unwrap_or_default(), secrets)
}

fn unified(old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).to_string()
}
