//! Which objects are meant, and what to say if none is.

use std::collections::BTreeSet;

use super::Gone;
use super::path::{FieldPath, Stuck};
use crate::Render;
use crate::config::{did_you_mean, listed};
use crate::fleet::Object;

/// Which objects and fields to explain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The kind, in any case; its plural and short name will do.
    pub kind: String,
    /// The API group, if one is said: `Ingress.networking.k8s.io`.
    pub group: Option<String>,
    /// The name.
    pub name: String,
    /// The namespace; any if `None`.
    pub namespace: Option<String>,
    /// The field; all if empty.
    pub path: FieldPath,
}

/// kubectl's short names of the kinds that people type.
const SHORT: &[(&str, &str)] = &[
    ("cj", "CronJob"),
    ("cm", "ConfigMap"),
    ("crd", "CustomResourceDefinition"),
    ("deploy", "Deployment"),
    ("ds", "DaemonSet"),
    ("ep", "Endpoints"),
    ("hpa", "HorizontalPodAutoscaler"),
    ("ing", "Ingress"),
    ("netpol", "NetworkPolicy"),
    ("ns", "Namespace"),
    ("pdb", "PodDisruptionBudget"),
    ("po", "Pod"),
    ("pv", "PersistentVolume"),
    ("pvc", "PersistentVolumeClaim"),
    ("sa", "ServiceAccount"),
    ("sts", "StatefulSet"),
    ("svc", "Service"),
];

impl Query {
    /// Reads `Deployment/query`, with the namespace after a dot or before a second slash:
    /// `Deployment/query.monitoring`, `Deployment/monitoring/query`.
    pub fn parse(object: &str, path: &str) -> Result<Query, String> {
        let parts: Vec<&str> = object.split('/').collect();
        let (kind, namespace, name) = match parts.as_slice() {
            [kind, name] => (*kind, None, *name),
            [kind, namespace, name] => (*kind, Some((*namespace).to_owned()), *name),
            _ => return Err(format!("`{object}` is no KIND/NAME")),
        };
        if kind.is_empty() || name.is_empty() {
            return Err(format!("`{object}` is no KIND/NAME"));
        }
        let (kind, group) = match kind.split_once('.') {
            Some((kind, group)) => (kind, Some(group.to_owned())),
            None => (kind, None),
        };
        let path = FieldPath::parse(path)?;
        let (kind, name) = (kind.to_owned(), name.to_owned());
        Ok(Query { kind, group, name, namespace, path })
    }

    fn means_kind(&self, kind: &str, of: &str) -> bool {
        let wanted = self.kind.as_str();
        let group = self.group.as_deref();
        let short = SHORT.iter().find(|(short, _)| short.eq_ignore_ascii_case(wanted));
        let same = kind.eq_ignore_ascii_case(wanted)
            || short.is_some_and(|(_, long)| *long == kind)
            || plurals(kind).any(|plural| plural.eq_ignore_ascii_case(wanted));
        same && group.is_none_or(|group| of.eq_ignore_ascii_case(group))
    }

    /// Does it mean an object that is called `name`?
    ///
    /// A name may hold dots; so `query.monitoring` is tried as a whole first, and then as
    /// name and namespace.
    fn means_name(&self, name: &str, namespace: &str) -> bool {
        if name == self.name {
            return self.namespace.as_deref().is_none_or(|n| n == namespace);
        }
        self.namespace.is_none() && self.name.rsplit_once('.') == Some((name, namespace))
    }
}

fn plurals(kind: &str) -> impl Iterator<Item = String> {
    let y = kind.strip_suffix('y').map(|stem| format!("{stem}ies"));
    [Some(format!("{kind}s")), Some(format!("{kind}es")), y].into_iter().flatten()
}

/// The objects that a query means: one, or the same one of several components.
///
/// Names as they were before prefixes, suffixes and hashes are understood as well. `Err` is
/// what to say, and what to do.
pub fn find<'r>(
    cluster: &str,
    objects: &[Object<'r>],
    query: &Query,
) -> Result<Vec<Object<'r>>, (String, String)> {
    let of_kind = |o: &&Object<'r>| query.means_kind(o.kind(), o.group());
    let of_kind: Vec<Object<'r>> = objects.iter().filter(of_kind).copied().collect();
    let called = |name: &dyn Fn(&Object<'r>) -> String| -> Vec<Object<'r>> {
        let fits = |o: &&Object<'r>| query.means_name(&name(o), o.namespace());
        of_kind.iter().filter(fits).copied().collect()
    };
    let mut found = called(&|object| object.name().to_owned());
    if found.is_empty() {
        found = called(&|object| object.resource.org_id().name.to_string());
    }
    if found.is_empty() {
        return Err(nothing(cluster, objects, &of_kind, query));
    }
    let named: BTreeSet<String> = found.iter().map(spelt).collect();
    if named.len() > 1 {
        let words = format!("`{}/{}` is ambiguous in {cluster}", query.kind, query.name);
        let named: Vec<String> = named.into_iter().collect();
        return Err((words, format!("write one of: {}", listed(&named))));
    }
    Ok(found)
}

/// The objects that a query means and that patches took away.
#[must_use]
pub fn find_gone<'r>(renders: &'r [Render], query: &Query) -> Vec<Gone<'r>> {
    let of_kind = |gone: &Gone<'_>| {
        let gvk = &gone.deleted.id.gvk;
        query.means_kind(&gvk.kind, &gvk.group)
    };
    let named = |gone: &Gone<'_>| {
        [&gone.deleted.id, &gone.deleted.org_id].into_iter().any(|id| {
            let namespace = match id.namespace.as_str() {
                "" => "default",
                namespace => namespace,
            };
            query.means_name(&id.name, namespace)
        })
    };
    let found: Vec<Gone<'r>> = Gone::of(renders).filter(of_kind).collect();
    match found.iter().any(named) {
        true => found.into_iter().filter(named).collect(),
        // It went before it could get its prefix, suffix and namespace.
        false => {
            let would_be =
                |gone: &Gone<'_>| is_affixed(&query.name, &gone.deleted.id.name);
            found.into_iter().filter(would_be).collect()
        }
    }
}

/// Is `name` the other one with something before or after it?
fn is_affixed(name: &str, bare: &str) -> bool {
    let name = name.split_once('.').map_or(name, |(name, _)| name);
    let mut places = name.match_indices(bare);
    let ends = |text: &str, at: Option<char>| text.is_empty() || at == Some('-');
    !bare.is_empty()
        && places.any(|(at, _)| {
            let (before, after) = (&name[..at], &name[at + bare.len()..]);
            ends(before, before.chars().next_back()) && ends(after, after.chars().next())
        })
}

/// An object as a query spells it so that no other is meant.
fn spelt(object: &Object<'_>) -> String {
    let id = object.resource.cur_id();
    let kind = match object.group() {
        "" => object.kind().to_owned(),
        group => format!("{}.{group}", object.kind()),
    };
    match id.namespace.as_str() {
        "" => format!("{kind}/{}", object.name()),
        namespace => format!("{kind}/{namespace}/{}", object.name()),
    }
}

fn nothing(
    cluster: &str,
    objects: &[Object<'_>],
    of_kind: &[Object<'_>],
    query: &Query,
) -> (String, String) {
    if of_kind.is_empty() {
        let words = format!("no object of kind `{}` in {cluster}", query.kind);
        let kinds: BTreeSet<&str> = objects.iter().map(|object| object.kind()).collect();
        let hint = match did_you_mean(&query.kind, kinds.iter().copied()) {
            Some(kind) => format!("did you mean `{kind}/{}`?", query.name),
            None => {
                let kinds: Vec<String> = kinds.into_iter().map(str::to_owned).collect();
                format!("there are: {}", listed(&kinds))
            }
        };
        return (words, hint);
    }
    let words = format!("no {} `{}` in {cluster}", query.kind, query.name);
    let names: BTreeSet<String> =
        of_kind.iter().map(|object| object.name().to_owned()).collect();
    let called = |object: &&Object<'_>| object.name() == query.name;
    // In another namespace, or of another kind.
    let elsewhere = of_kind.iter().find(called).or_else(|| objects.iter().find(called));
    let hint = match (elsewhere, near(&query.name, &names)) {
        (Some(object), _) => format!("did you mean `{}`?", spelt(object)),
        (None, Some(name)) => format!("did you mean `{}/{name}`?", query.kind),
        (None, None) => {
            let names: Vec<String> = names.into_iter().collect();
            format!("there are: {}", listed(&names))
        }
    };
    (words, hint)
}

/// The name that is meant: misspelt, or without what stands around it.
fn near<'a>(name: &str, names: &'a BTreeSet<String>) -> Option<&'a str> {
    let all = || names.iter().map(String::as_str);
    let plain = name.rsplit_once('.').map_or(name, |(name, _)| name);
    did_you_mean(name, all()).or_else(|| {
        let mut within = all().filter(|known| known.contains(plain));
        within.next().filter(|_| within.next().is_none())
    })
}

/// Says that a path leads nowhere, and what is there instead.
pub(super) fn no_field(object: &Object<'_>, stuck: &Stuck) -> (String, String) {
    let (at, missing) = (&stuck.at, &stuck.missing);
    let words = match at.is_empty() {
        true => format!("{} has no field `{missing}`", object.label()),
        false => format!("`{at}` of {} has no `{missing}`", object.label()),
    };
    let full = |step: &str| match at.is_empty() || step.starts_with('[') {
        true => format!("{at}{step}"),
        false => format!("{at}.{step}"),
    };
    let hint = match did_you_mean(missing, stuck.known.iter().map(String::as_str)) {
        Some(close) => format!("did you mean `{}`?", full(close)),
        None if stuck.known.is_empty() => {
            "it is no mapping or list: leave the rest of the path out".to_owned()
        }
        None => format!("there are: {}", listed(&stuck.known)),
    };
    (words, hint)
}
