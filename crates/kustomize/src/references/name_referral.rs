//! Who may be meant by a name.

use ecow::EcoString;
use goyaml::Node;
use rustc_hash::{FxHashMap, FxHashSet};
use source::{Diagnostic, Place, Result};

use crate::resource::{Gvk, NOT_A_NAMESPACE, ResId, ResMap, Resource};

/// What is known of an object that may be referred to.
pub(super) struct Candidate {
    pub(super) id: ResId,
    org_namespace: EcoString,
    previous: Vec<ResId>,
    /// Where its name comes from.
    pub(super) name_place: Option<Place>,
    /// Where its namespace comes from.
    pub(super) namespace_place: Option<Place>,
}

/// All objects, found by the names that they had.
pub(super) struct Candidates {
    list: Vec<Candidate>,
    resources: Vec<Resource>,
    by_former_name: FxHashMap<EcoString, Vec<usize>>,
    /// Of those read in a namespace, one for each namespace that they are in now: whether one
    /// of them could be meant depends on nothing else.
    by_org_namespace: FxHashMap<EcoString, Vec<usize>>,
}

/// A name in a field.
#[derive(Clone, Copy)]
pub(super) struct Reference<'a> {
    /// The kind that the field names.
    pub(super) target: &'a Gvk,
    /// The name as it stands there.
    pub(super) name: &'a str,
    /// The namespace that stands beside it.
    pub(super) namespace: Option<&'a str>,
    /// Must objects that fit agree in their namespace too, and not in their name alone?
    pub(super) whole: bool,
    /// Does `roleRef` of the referrer say more about the kind?
    pub(super) role_ref: bool,
}

/// The object whose field is looked at.
pub(super) struct Referrer {
    pub(super) id: ResId,
    identity: Resource,
    /// Namespaces of service accounts that a role binding names.
    binding_namespaces: Vec<EcoString>,
    role_ref: Option<Gvk>,
    /// Where its namespace comes from.
    pub(super) namespace_place: Option<Place>,
}

impl Candidates {
    /// Takes a picture of all objects before references change.
    pub(super) fn of(resources: &ResMap) -> Candidates {
        let mut candidates = Candidates {
            list: Vec::new(),
            resources: Vec::new(),
            by_former_name: FxHashMap::default(),
            by_org_namespace: FxHashMap::default(),
        };
        let mut seen = FxHashSet::default();
        for (at, resource) in resources.iter().enumerate() {
            let candidate = Candidate::of(resource);
            let mut names: Vec<&EcoString> =
                candidate.previous.iter().map(|id| &id.name).collect();
            names.sort();
            names.dedup();
            for name in names {
                candidates.by_former_name.entry(name.clone()).or_default().push(at);
            }
            let id = &candidate.id;
            let moved = (candidate.org_namespace.clone(), id.namespace.clone());
            if seen.insert((moved, id.cluster_scoped)) {
                let namespace = candidate.org_namespace.clone();
                candidates.by_org_namespace.entry(namespace).or_default().push(at);
            }
            candidates.list.push(candidate);
            candidates.resources.push(resource.without_tree());
        }
        candidates
    }

    /// The object that a name means, if it is one. (upstream: `Filter.selectReferral`)
    pub(super) fn select(
        &self,
        referrer: &Referrer,
        reference: &Reference<'_>,
    ) -> Result<Option<&Candidate>> {
        let &Reference { target, name, namespace, whole, role_ref } = reference;
        let Some(named) = self.by_former_name.get(name) else { return Ok(None) };
        let role_ref = referrer.role_ref.as_ref().filter(|_| role_ref);
        let namespaces = namespace.map(|ns| (ns, self.is_org_namespace(referrer, ns)));
        let mut found: Vec<usize> = named
            .iter()
            .copied()
            .filter(|at| {
                self.list.get(*at).is_some_and(|candidate| {
                    candidate.was_selected(target)
                        && role_ref.is_none_or(|gvk| candidate.was_selected(gvk))
                        && referrer.could_mean(candidate)
                        && referrer.shares_namespace(candidate)
                        && candidate.stands_in(namespaces)
                })
            })
            .collect();
        if found.len() != 1 {
            self.keep_same_affixes(&mut found, referrer, true);
            if found.len() > 1 {
                self.keep_same_affixes(&mut found, referrer, false);
            }
        }
        let chosen: Vec<&Candidate> =
            found.iter().filter_map(|at| self.list.get(*at)).collect();
        let Some(first) = chosen.first() else { return Ok(None) };
        let same = |other: &&Candidate| {
            other.id.name == first.id.name
                && (!whole || other.id.namespace == first.id.namespace)
        };
        match chosen.iter().all(same) {
            true => Ok(Some(first)),
            false => Err(ambiguous(referrer, &chosen)),
        }
    }

    fn is_org_namespace(&self, referrer: &Referrer, namespace: &str) -> bool {
        let there = self.by_org_namespace.get(namespace).map(Vec::as_slice);
        namespace != NOT_A_NAMESPACE
            && there
                .unwrap_or(&[])
                .iter()
                .any(|at| self.list.get(*at).is_some_and(|c| referrer.could_mean(c)))
    }

    fn keep_same_affixes(
        &self,
        found: &mut Vec<usize>,
        referrer: &Referrer,
        allow_empty: bool,
    ) {
        found.retain(|at| {
            self.resources.get(*at).is_some_and(|candidate| {
                candidate.prefixes_suffixes_equal(&referrer.identity, allow_empty)
            })
        });
    }
}

impl Candidate {
    fn of(resource: &Resource) -> Candidate {
        let metadata = resource.node().get("metadata");
        Candidate {
            id: resource.cur_id().clone(),
            org_namespace: resource.org_id().effective_namespace().into(),
            previous: resource.prev_ids().collect(),
            name_place: metadata.and_then(|m| m.get("name")).map(Node::place),
            namespace_place: namespace_place(resource),
        }
    }

    fn was_selected(&self, gvk: &Gvk) -> bool {
        self.previous.iter().any(|id| id.gvk.is_selected(gvk))
    }

    /// `namespaces` is a namespace, and whether it is one that objects were read in.
    fn stands_in(&self, namespaces: Option<(&str, bool)>) -> bool {
        match namespaces {
            None => true,
            Some((_, _)) if self.id.cluster_scoped => false,
            Some((namespace, true)) => self.org_namespace == namespace,
            Some((namespace, false)) => self.id.effective_namespace() == namespace,
        }
    }
}

impl Referrer {
    /// The referrer and what it says about others.
    pub(super) fn of(resource: &Resource) -> Result<Referrer> {
        let id = resource.cur_id().clone();
        Ok(Referrer {
            binding_namespaces: binding_namespaces(resource)?,
            role_ref: role_ref(resource.node()),
            identity: resource.without_tree(),
            namespace_place: namespace_place(resource),
            id,
        })
    }

    /// (upstream: `SubsetThatCouldBeReferencedByResource`)
    fn could_mean(&self, candidate: &Candidate) -> bool {
        self.id.cluster_scoped
            || candidate.id.cluster_scoped
            || candidate.id.is_ns_equals(&self.id)
            || self.binding_namespaces.contains(&candidate.id.namespace)
    }

    /// (upstream: `sameCurrentNamespaceAsReferrer`)
    fn shares_namespace(&self, candidate: &Candidate) -> bool {
        self.id.cluster_scoped
            || candidate.id.cluster_scoped
            || candidate.id.gvk.kind == "ServiceAccount"
            || candidate.id.is_ns_equals(&self.id)
    }
}

fn namespace_place(resource: &Resource) -> Option<Place> {
    resource.node().get("metadata")?.get("namespace").map(Node::place)
}

/// (upstream: `getNamespacesForRoleBinding`)
fn binding_namespaces(resource: &Resource) -> Result<Vec<EcoString>> {
    let mut namespaces = Vec::new();
    let id = resource.cur_id();
    if id.gvk.kind != "RoleBinding" {
        return Ok(namespaces);
    }
    let subjects = resource.node().get("subjects").and_then(Node::items);
    for subject in subjects.unwrap_or(&[]) {
        let Some(namespace) = subject.get("namespace") else { continue };
        if subject.get("kind").and_then(Node::text) != Some("ServiceAccount") {
            continue;
        }
        match namespace.as_str() {
            Some(text) => namespaces.push(text.into()),
            None => {
                let message =
                    format!("Invalid Input: namespace is blank for resource \"{id}\"");
                return Err(Diagnostic::error(namespace.span, message)
                    .hint("write the service account's namespace, or drop the field"));
            }
        }
    }
    Ok(namespaces)
}

/// (upstream: `getRoleRefGvk`)
fn role_ref(object: &Node) -> Option<Gvk> {
    let role_ref = object.get("roleRef")?;
    let group = role_ref.get("apiGroup")?.text()?;
    let kind = role_ref.get("kind")?.text()?;
    Some(Gvk::new(group, "", kind))
}

fn ambiguous(referrer: &Referrer, chosen: &[&Candidate]) -> Box<Diagnostic> {
    let ids: Vec<String> = chosen.iter().map(|c| c.id.to_string()).collect();
    let message = format!(
        "found multiple possible referrals: {} (the referrer is {})",
        ids.join(", "),
        referrer.id
    );
    let mut error = Diagnostic::error(source::Span::NONE, message).hint(
        "give the objects different names, or put them into namespaces of their own",
    );
    for candidate in chosen {
        if let Some(Place::Span(span)) = candidate.name_place {
            error = error.label(span, "this one may be meant");
        }
    }
    error
}
