//! An ordered set of objects, found by what they are and were called.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use source::{Diagnostic, Result, Span};

use super::{ResId, Resource};

/// The objects of a build, in the order in which they were added.
/// (upstream: `api/resmap/reswrangler.go`)
///
/// Upstream looks through the whole list for each question; here an index answers, which is
/// brought up to date for the objects that were handed out to be changed.
#[derive(Debug, Default)]
pub struct ResMap {
    list: Vec<Resource>,
    index: Index,
}

/// Objects by the hashes of their ids. Different ids may share a hash, so what is found is
/// compared; in return nothing of the ids is copied.
#[derive(Debug, Default)]
struct Index {
    current: FxHashMap<u64, Places>,
    any: FxHashMap<u64, Places>,
    /// The hashes under which each object stands, the current one last.
    keys: Vec<Keys>,
    stale: Stale,
}

/// Positions in the list, rising; most hashes have one.
#[derive(Debug)]
enum Places {
    One(usize),
    Many(Vec<usize>),
}

/// The hashes of an object's former ids, and of its present one.
#[derive(Clone, Debug, Default, PartialEq)]
struct Keys {
    former: Vec<u64>,
    current: u64,
}

#[derive(Debug, PartialEq)]
enum Stale {
    All,
    Some(Vec<usize>),
}

impl Default for Stale {
    fn default() -> Stale {
        Stale::Some(Vec::new())
    }
}

impl ResMap {
    /// An empty set.
    #[must_use]
    pub fn new() -> ResMap {
        ResMap::default()
    }

    /// How many objects there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Are there none?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The objects in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Resource> {
        self.list.iter()
    }

    /// The objects in order, to change.
    pub fn iter_mut(&mut self) -> std::slice::IterMut<'_, Resource> {
        self.index.stale = Stale::All;
        self.list.iter_mut()
    }

    /// The object at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&Resource> {
        self.list.get(at)
    }

    /// The object at a position, to change.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut Resource> {
        if let Stale::Some(stale) = &mut self.index.stale
            && stale.last() != Some(&at)
        {
            stale.push(at);
        }
        self.list.get_mut(at)
    }

    /// The objects at these positions, which rise, to change.
    pub(crate) fn select_mut(
        &mut self,
        places: &[usize],
    ) -> impl Iterator<Item = &mut Resource> {
        if let Stale::Some(stale) = &mut self.index.stale {
            stale.extend(places);
        }
        let mut wanted = places.iter().peekable();
        let all = self.list.iter_mut().enumerate();
        all.filter_map(move |(at, object)| wanted.next_if_eq(&&at).map(|_| object))
    }

    /// Adds an object; an error if one of the same id is there. (`Append`)
    pub fn append(&mut self, resource: Resource) -> Result<()> {
        self.refresh();
        let id = resource.cur_id();
        if let Some(at) = self.current(id).next() {
            let message =
                format!("may not add resource with an already registered id: {id}");
            let first = self.list.get(at).map_or(Span::NONE, |r| r.node().span);
            return Err(Diagnostic::error(resource.node().span, message)
                .label(first, "the first one is here")
                .hint("rename one of the two, or patch the first instead of adding it again"));
        }
        self.push(resource);
        Ok(())
    }

    /// Adds objects in order.
    pub fn append_all(
        &mut self,
        other: impl IntoIterator<Item = Resource>,
    ) -> Result<()> {
        other.into_iter().try_for_each(|resource| self.append(resource))
    }

    fn push(&mut self, resource: Resource) {
        let at = self.list.len();
        self.list.push(resource);
        self.index.keys.push(Keys::default());
        self.add_keys(at);
    }

    /// Puts an object in the place of the one at `at`.
    pub(crate) fn replace(&mut self, at: usize, resource: Resource) {
        if let Some(place) = self.get_mut(at) {
            *place = resource;
        }
    }

    /// Keeps the objects for which `keep` holds.
    pub fn retain(&mut self, keep: impl FnMut(&Resource) -> bool) {
        let before = self.list.len();
        self.list.retain(keep);
        if self.list.len() != before {
            self.index.stale = Stale::All;
        }
    }

    /// Drops the objects of which nothing is left. (`DropEmpties`)
    pub(crate) fn drop_empties(&mut self) {
        self.retain(|resource| !resource.is_nil_or_empty());
    }

    /// The positions of the objects that are called so. (`GetMatchingResourcesByCurrentId`)
    pub fn find_current(&mut self, id: &ResId) -> Vec<usize> {
        self.refresh();
        self.current(id).collect()
    }

    /// Is more than one object called so?
    pub(crate) fn is_ambiguous(&mut self, id: &ResId) -> bool {
        self.refresh();
        self.current(id).nth(1).is_some()
    }

    fn current(&self, id: &ResId) -> impl Iterator<Item = usize> {
        let places = places(&self.index.current, hash(id));
        let same = |at: &usize| self.list.get(*at).is_some_and(|r| r.cur_id().same(id));
        places.iter().copied().filter(same)
    }

    /// The positions of the objects that are or were called so.
    /// (`GetMatchingResourcesByAnyId`)
    pub fn find_any(&mut self, id: &ResId) -> Vec<usize> {
        self.refresh();
        let fits = |r: &Resource| {
            !r.is_nil_or_empty()
                && (r.cur_id().same(id) || r.prev_ids().any(|former| former.same(id)))
        };
        let places = places(&self.index.any, hash(id)).iter().copied();
        places.filter(|at| self.list.get(*at).is_some_and(fits)).collect()
    }

    /// The one object that is or was called so. (`GetById`)
    pub fn find_unique(&mut self, id: &ResId) -> Result<usize> {
        let found = self.find_any(id);
        let words = match found.as_slice() {
            [one] => return Ok(*one),
            [] => "no matches for Id",
            _ => "multiple matches for Id",
        };
        let message =
            format!("{words} {id}; failed to find unique target for patch {id}");
        Err(Diagnostic::error(Span::NONE, message))
    }

    /// The positions of the objects one of whose ids, former ones included, fits.
    pub fn matching_any(&self, mut fits: impl FnMut(&ResId) -> bool) -> Vec<usize> {
        let mut found = Vec::new();
        for (at, resource) in self.list.iter().enumerate() {
            if resource.is_nil_or_empty() {
                continue;
            }
            if resource.prev_ids().any(|id| fits(&id)) || fits(resource.cur_id()) {
                found.push(at);
            }
        }
        found
    }

    /// Takes all objects out.
    pub(crate) fn take(&mut self) -> Vec<Resource> {
        self.index = Index::default();
        std::mem::take(&mut self.list)
    }

    /// Puts objects in that were taken out, in another order; an error if two are called
    /// alike.
    pub(crate) fn put_back(&mut self, list: Vec<Resource>) -> Result<()> {
        let mut seen = FxHashSet::default();
        seen.reserve(list.len());
        let alike = |resource: &Resource| !seen.insert(hash(resource.cur_id()));
        if !self.list.is_empty() || list.iter().any(alike) {
            return self.append_all(list);
        }
        self.list = list;
        self.index.stale = Stale::All;
        Ok(())
    }

    /// An error if two objects are called alike: a patch may have renamed one.
    pub(crate) fn refuse_alike(&mut self) -> Result<()> {
        let mut seen = FxHashSet::default();
        seen.reserve(self.list.len());
        match self.list.iter().all(|resource| seen.insert(hash(resource.cur_id()))) {
            true => Ok(()),
            false => {
                let list = self.take();
                self.append_all(list)
            }
        }
    }

    fn refresh(&mut self) {
        match std::mem::take(&mut self.index.stale) {
            Stale::Some(stale) if stale.len() * 4 < self.list.len() + 4 => {
                for at in stale {
                    self.update_keys(at);
                }
            }
            Stale::Some(stale) if stale.is_empty() => {}
            Stale::Some(_) | Stale::All => self.rebuild(),
        }
    }

    fn rebuild(&mut self) {
        self.index = Index::default();
        self.index.keys = vec![Keys::default(); self.list.len()];
        self.index.current.reserve(self.list.len());
        self.index.any.reserve(self.list.len());
        for at in 0..self.list.len() {
            self.add_keys(at);
        }
    }

    fn update_keys(&mut self, at: usize) {
        let (Some(resource), Some(known)) = (self.list.get(at), self.index.keys.get(at))
        else {
            return;
        };
        if *known == Keys::of(resource) {
            return;
        }
        let old = self.index.keys.get_mut(at).map(std::mem::take).unwrap_or_default();
        remove(&mut self.index.current, old.current, at);
        for key in old.all() {
            remove(&mut self.index.any, key, at);
        }
        self.add_keys(at);
    }

    fn add_keys(&mut self, at: usize) {
        let Some(resource) = self.list.get(at) else { return };
        let keys = Keys::of(resource);
        insert(&mut self.index.current, keys.current, at);
        for key in keys.all() {
            insert(&mut self.index.any, key, at);
        }
        if let Some(slot) = self.index.keys.get_mut(at) {
            *slot = keys;
        }
    }
}

impl Keys {
    fn of(resource: &Resource) -> Keys {
        let former = resource.prev_ids().map(|id| hash(&id)).collect();
        Keys { former, current: hash(resource.cur_id()) }
    }

    fn all(&self) -> impl Iterator<Item = u64> {
        self.former.iter().copied().chain([self.current])
    }
}

/// Equal for ids that are the [`same`](ResId::same).
fn hash(id: &ResId) -> u64 {
    FxBuildHasher.hash_one((&id.gvk, &id.name, id.effective_namespace()))
}

fn places(map: &FxHashMap<u64, Places>, key: u64) -> &[usize] {
    match map.get(&key) {
        None => &[],
        Some(Places::One(at)) => std::slice::from_ref(at),
        Some(Places::Many(list)) => list,
    }
}

fn insert(map: &mut FxHashMap<u64, Places>, key: u64, at: usize) {
    let places = map.entry(key).or_insert(Places::One(at));
    if let Places::One(first) = *places
        && first != at
    {
        *places = Places::Many(vec![first]);
    }
    if let Places::Many(list) = places
        && let Err(place) = list.binary_search(&at)
    {
        list.insert(place, at);
    }
}

fn remove(map: &mut FxHashMap<u64, Places>, key: u64, at: usize) {
    match map.get_mut(&key) {
        Some(Places::Many(list)) => list.retain(|known| *known != at),
        Some(Places::One(known)) if *known == at => {
            map.remove(&key);
        }
        _ => {}
    }
}

impl IntoIterator for ResMap {
    type Item = Resource;
    type IntoIter = std::vec::IntoIter<Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a ResMap {
    type Item = &'a Resource;
    type IntoIter = std::slice::Iter<'a, Resource>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}
