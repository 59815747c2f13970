//! What changes between two compilations.

use std::collections::BTreeMap;

use similar::TextDiff;
use source::{Diagnostic, SourceMap};

use super::mask::Masker;
use crate::render::Built;
use crate::{Render, output};

/// One of the two compilations.
pub struct Side<'a> {
    /// What the revision is called.
    pub name: String,
    /// The texts that it was compiled from.
    pub sources: &'a SourceMap,
    /// What it compiled to, or why it could not be read.
    pub compiled: Result<Vec<Render>, Vec<Diagnostic>>,
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
    /// Why the earlier revision could not be read at all; then everything is unknown.
    pub unreadable: Option<String>,
}

impl Diff {
    /// Is it known that nothing changes?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.unknown.is_empty() && self.unreadable.is_none()
    }
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
    let names = |changes, unknown, unreadable| Diff {
        base: base.name.clone(),
        head: head.name.clone(),
        changes,
        unknown,
        unreadable,
    };
    let (earlier, later) = match (&base.compiled, &head.compiled) {
        (Ok(earlier), Ok(later)) => (by_target(earlier), by_target(later)),
        (Err(faults), _) | (_, Err(faults)) => {
            let why = faults.first().map(|fault| words(base.sources, fault));
            return names(Vec::new(), Vec::new(), Some(why.unwrap_or_default()));
        }
    };
    let mut found: BTreeMap<Key, Vec<String>> = BTreeMap::new();
    let mut unknown = Vec::new();
    let targets: std::collections::BTreeSet<_> =
        earlier.keys().chain(later.keys()).collect();
    for target in targets {
        let (before, after) = (earlier.get(target), later.get(target));
        if before.is_some_and(|render| render.built().is_none()) {
            unknown.push(target.clone());
            continue;
        }
        let before = before.and_then(|render| render.built()).map(|b| (b, base.sources));
        let after = after.and_then(|render| render.built()).map(|b| (b, head.sources));
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
    names(found.into_iter().map(change).collect(), unknown, None)
}

fn by_target(renders: &[Render]) -> BTreeMap<(String, String), &Render> {
    let key = |r: &Render| (r.cluster().to_owned(), r.component().to_owned());
    renders.iter().map(|render| (key(render), render)).collect()
}

/// A fault in one line: `thanos-gitops.yaml:3:1: unknown key`.
fn words(sources: &SourceMap, fault: &Diagnostic) -> String {
    match sources.location(fault.span) {
        Some(at) => format!("{}:{}:{}: {}", at.path, at.line, at.column, fault.message),
        None => fault.message.clone(),
    }
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
