//! Documents of schemas: their parts with identities, and what references mean. (`roots.go`, `root.go`)

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::address::{self, Place};
use crate::draft::Draft;
use crate::quoting::go_quoted;

/// A document.
#[derive(Clone, Debug)]
pub(crate) struct Root<'d> {
    pub(crate) url: String,
    pub(crate) document: &'d Value,
    /// The schemas with identities, by their pointers; the document itself is one.
    pub(crate) resources: BTreeMap<String, Resource>,
    /// The pointers of all schemas that were looked at.
    pub(crate) known: BTreeSet<String>,
}

/// A schema with an identity. (`resource`)
#[derive(Clone, Debug)]
pub(crate) struct Resource {
    pub(crate) pointer: String,
    pub(crate) id: String,
    pub(crate) draft: Draft,
    /// The pointers of named schemas.
    pub(crate) anchors: BTreeMap<String, String>,
    /// Which of them are dynamic.
    pub(crate) dynamic: Vec<String>,
}

/// Tells which draft a `$schema` means that names none of the standard.
pub(crate) type DraftOf<'f> = &'f dyn Fn(&str) -> Result<Draft, String>;

impl<'d> Root<'d> {
    pub(crate) fn new(url: &str, document: &'d Value) -> Root<'d> {
        let (resources, known) = (BTreeMap::new(), BTreeSet::new());
        Root { url: url.to_owned(), document, resources, known }
    }

    /// The resource that the schema at a pointer is part of.
    pub(crate) fn resource(&self, pointer: &str) -> Option<&Resource> {
        let mut at = pointer;
        loop {
            if let Some(found) = self.resources.get(at) {
                return Some(found);
            }
            let (above, _) = at.rsplit_once('/')?;
            at = above;
        }
    }

    fn place(&self, pointer: &str) -> Place {
        Place { url: self.url.clone(), pointer: pointer.to_owned() }
    }

    /// The place that a reference means, if it is in this document. (`resolve`)
    pub(crate) fn resolve(
        &self,
        url: &str,
        fragment: &str,
    ) -> Result<Option<Place>, String> {
        let found = match url == self.url {
            true => self.resources.get(""),
            false => self.resources.values().find(|resource| resource.id == url),
        };
        found.map(|resource| self.resolve_in(fragment, resource)).transpose()
    }

    /// The place that a fragment means in a resource. (`resolveFragmentIn`)
    fn resolve_in(&self, fragment: &str, resource: &Resource) -> Result<Place, String> {
        if fragment.is_empty() || fragment.starts_with('/') {
            return Ok(self.place(&format!("{}{fragment}", resource.pointer)));
        }
        let nowhere = || {
            let reference = format!("{}#{}", resource.id, address::encoded(fragment));
            let (reference, url) = (go_quoted(&reference), go_quoted(&self.url));
            format!("anchor in {reference} not found in schema {url}")
        };
        let found = resource.anchors.get(fragment).ok_or_else(nowhere)?;
        Ok(self.place(found))
    }

    /// Finds the resources and names in a schema and all below it. (`collectResources`)
    pub(crate) fn collect(
        &mut self,
        schema: &Value,
        base: &str,
        pointer: &str,
        fallback: Draft,
        draft_of: DraftOf<'_>,
    ) -> Result<(), String> {
        if self.known.contains(pointer) {
            return Ok(());
        }
        let Value::Object(entries) = schema else {
            if pointer.is_empty() {
                self.add(pointer, base, fallback)?;
            }
            self.known.insert(pointer.to_owned());
            return Ok(());
        };
        let (draft, id) = identity(entries, pointer, fallback, draft_of)?;
        let base = match id {
            Some(id) => address::join(base, id),
            None => base.to_owned(),
        };
        if id.is_some() || pointer.is_empty() {
            self.add(pointer, &base, draft)?;
        }
        let Some(owner) = self.resources.values().find(|owner| owner.id == base) else {
            return Ok(());
        };
        let (owner, owner_draft) = (owner.pointer.clone(), owner.draft);
        self.collect_anchors(entries, pointer, &owner)?;
        for (part, value) in draft.parts(entries) {
            let below = format!("{pointer}{part}");
            self.collect(value, &base, &below, owner_draft, draft_of)?;
        }
        self.known.insert(pointer.to_owned());
        Ok(())
    }

    fn add(&mut self, pointer: &str, id: &str, draft: Draft) -> Result<(), String> {
        let before = self.resources.values().find(|resource| resource.id == id);
        match before {
            Some(before) if before.pointer != pointer => {
                let quoted = [id, &self.url, pointer, &before.pointer].map(go_quoted);
                let [id, url, first, second] = quoted;
                return Err(format!(
                    "duplicate id {id} in {url} at {first} and {second}"
                ));
            }
            Some(_) => return Ok(()),
            None => {}
        }
        let resource = Resource {
            pointer: pointer.to_owned(),
            id: id.to_owned(),
            draft,
            anchors: BTreeMap::new(),
            dynamic: Vec::new(),
        };
        self.resources.insert(pointer.to_owned(), resource);
        Ok(())
    }

    /// The names of one schema. (`collectAnchors`)
    pub(crate) fn collect_anchors(
        &mut self,
        entries: &Map<String, Value>,
        pointer: &str,
        owner: &str,
    ) -> Result<(), String> {
        let Some(resource) = self.resources.get_mut(owner) else { return Ok(()) };
        let text = |key: &str| entries.get(key).and_then(Value::as_str);
        let mut names: Vec<String> = Vec::new();
        if resource.draft < Draft::Y2019 {
            if entries.contains_key("$ref") {
                return Ok(());
            }
            if let Some(id) = text(resource.draft.id_keyword()) {
                let place = Place { url: self.url.clone(), pointer: pointer.to_owned() };
                let place = go_quoted(&place.address());
                let (_, fragment) = address::split(id)
                    .map_err(|_| format!("error in parsing anchor at {place}"))?;
                let is_name = !fragment.is_empty() && !fragment.starts_with('/');
                names.extend(is_name.then_some(fragment));
            }
        } else {
            names.extend(text("$anchor").map(str::to_owned));
        }
        let dynamic = text("$dynamicAnchor").filter(|_| resource.draft >= Draft::Y2020);
        names.extend(dynamic.map(str::to_owned));
        for name in names {
            let before = resource.anchors.get(&name).filter(|before| *before != pointer);
            if let Some(before) = before {
                let [name, url, first, second] =
                    [&name, &self.url, before, pointer].map(go_quoted);
                return Err(format!(
                    "duplicate anchor {name} in {url} at {first} and {second}"
                ));
            }
            resource.anchors.insert(name, pointer.to_owned());
        }
        resource.dynamic.extend(dynamic.map(str::to_owned));
        Ok(())
    }
}

/// The draft of a schema, and its identity; one without is of the draft of what it is in.
fn identity<'e>(
    entries: &'e Map<String, Value>,
    pointer: &str,
    fallback: Draft,
    draft_of: DraftOf<'_>,
) -> Result<(Draft, Option<&'e str>), String> {
    let draft = match entries.get("$schema").and_then(Value::as_str) {
        Some(named) => draft_of(named)?,
        None => fallback,
    };
    match draft.id(entries) {
        None if !pointer.is_empty() => Ok((fallback, fallback.id(entries))),
        id => Ok((draft, id)),
    }
}
