//! Where each field of a final manifest came from, and where each written value goes.
//!
//! [`find()`] looks the objects up that a [`Query`] means, [`explain()`] finds for each of their
//! scalars the lines that had a part in it. The other way round, [`reach()`] tells for each
//! scalar of a file which fields it sets or decides.
//!
//! What a patch took away is remembered (`removed.rs`) and explained as what is there; what a
//! null in values took away is found by building without it (`nulls.rs`).
//!
//! `rows.rs` turns causes into what is shown; `text.rs`, `whole.rs` and `json.rs` arrange
//! that; `path.rs` reads field paths.

mod find;
mod json;
mod named;
mod nulls;
mod path;
mod reach;
mod reach_report;
mod removed;
mod rows;
mod text;
mod whole;

use goyaml::{Node, Step};
use source::{
    Cause, Mark, OriginId, Origins, Place, Role, SourceMap, Span, is_secret_key,
};

use crate::fleet::Object;
use crate::mask::Mask;

pub use find::{Query, find, find_gone};
pub use json::{document, gone_document, json_schema};
pub use named::name_files;
pub use nulls::{Without, reach_nulls, without_null};
pub use path::FieldPath;
pub use reach::{
    Files, Reach, Reached, ReachedField, Target, Unreached, reach, targets, unheld,
};
pub use reach_report::{reach_document, reach_schema, write_reach};
pub use removed::Gone;
pub use text::{write, write_gone};
pub use whole::write_whole;

/// The answer for one object.
pub struct Explanation<'r> {
    /// The object.
    pub object: Object<'r>,
    /// Its fields, in the order of the manifest.
    pub fields: Vec<Field>,
}

/// One scalar and what made it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Where it is in the object.
    pub path: FieldPath,
    /// Its text as it may be shown; `None` if it is secret.
    pub value: Option<String>,
    /// Its text, for comparisons only: it may be secret.
    pub text: String,
    /// What must not be shown of it, or of what it was before.
    pub(crate) mask: Mask,
    /// The lines that had a part in it, nearest first.
    pub causes: Vec<Cause>,
    /// What the object's arena knows it by.
    pub place: Place,
    /// What took it away, if it is not there.
    pub removed: Option<Removed>,
}

/// What took something away.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Removed {
    /// A patch: the edit that records it.
    Edit(OriginId),
    /// A null in values.
    Null(Span),
}

/// Explains an object at and below `path`; `Err` says where the path leads nowhere.
pub fn explain<'r>(
    sources: &SourceMap,
    object: Object<'r>,
    path: &FieldPath,
) -> Result<Explanation<'r>, (String, String)> {
    let mut at = FieldPath::default();
    match path.resolve(object.node(), &mut at) {
        Ok(node) => {
            let fields = below(sources, &object, at, node);
            Ok(Explanation { object, fields })
        }
        Err(stuck) => match removed::fields(sources, &object, path) {
            fields if fields.is_empty() => Err(find::no_field(&object, &stuck)),
            fields => Ok(Explanation { object, fields }),
        },
    }
}

/// The scalars of an object at or below `path`.
#[must_use]
pub fn fields(sources: &SourceMap, object: &Object<'_>, path: &FieldPath) -> Vec<Field> {
    let mut at = FieldPath::default();
    match path.resolve(object.node(), &mut at) {
        Ok(node) => below(sources, object, at, node),
        Err(_) => Vec::new(),
    }
}

fn below(
    sources: &SourceMap,
    object: &Object<'_>,
    mut at: FieldPath,
    node: &Node,
) -> Vec<Field> {
    let mut fields = Vec::new();
    let origins = &object.built.origins;
    let keys = at.keys(object.node()).into_iter();
    let keys = keys.flat_map(|key| of_key(sources, origins, key.place())).collect();
    Leaves { sources, object, fields: &mut fields, keys }.node(&mut at, node);
    fields
}

/// What named the key at `place` of a mapping, if more than a template's own text did: the
/// reasons for which everything below it is there.
#[must_use]
pub fn of_key(sources: &SourceMap, origins: &Origins, place: Place) -> Vec<Cause> {
    let Place::Span(span) = place else { return Vec::new() };
    let file = sources.file(span.file);
    let Some(rendered) = &file.rendered else { return Vec::new() };
    let made = |mark: &Mark| !mark.origin.is_none();
    if !rendered.marks_in(span.range()).iter().any(made) {
        return Vec::new();
    }
    let mut causes = sources.causes(origins, place);
    causes.retain(|cause| matches!(cause.role, Role::Data | Role::Value(_)));
    causes.iter_mut().for_each(|cause| cause.role = Role::Reason);
    causes
}

struct Leaves<'a> {
    sources: &'a SourceMap,
    object: &'a Object<'a>,
    fields: &'a mut Vec<Field>,
    /// What named the keys that lead here.
    keys: Vec<Cause>,
}

impl Leaves<'_> {
    fn node(&mut self, at: &mut FieldPath, node: &Node) {
        for (key, value) in node.entries().unwrap_or_default() {
            let before = self.keys.len();
            let origins = &self.object.built.origins;
            self.keys.extend(of_key(self.sources, origins, key.place()));
            at.push(Step::Key(key.text().unwrap_or("")));
            self.node(at, value);
            at.pop();
            self.keys.truncate(before);
        }
        for (index, item) in node.items().unwrap_or_default().iter().enumerate() {
            at.push(Step::Index(index));
            self.node(at, item);
            at.pop();
        }
        let is_empty = |n: &Node| {
            n.entries().is_some_and(<[_]>::is_empty)
                || n.items().is_some_and(<[_]>::is_empty)
        };
        if node.text().is_some() || is_empty(node) {
            self.leaf(at, node);
        }
    }

    fn leaf(&mut self, at: &FieldPath, node: &Node) {
        let place = node.place();
        let mut causes = self.sources.causes(&self.object.built.origins, place);
        let known = |causes: &[Cause], key: &Cause| {
            causes.iter().any(|cause| cause.span == key.span)
        };
        for key in &self.keys {
            if !known(&causes, key) {
                causes.push(*key);
            }
        }
        let text = match node.entries() {
            Some(_) => "{}",
            None => node.text().unwrap_or("[]"),
        };
        let mask = Mask::of(self.sources, &causes, is_secret(self.object, at));
        let value = mask.shown(text);
        let (path, text) = (at.clone(), text.to_owned());
        let removed = None;
        self.fields.push(Field { path, value, text, mask, causes, place, removed });
    }
}

/// Does its place say that a field is secret?
fn is_secret(object: &Object<'_>, at: &FieldPath) -> bool {
    object.is("", "Secret") && at.starts_with_any(&["data", "stringData"])
        || at.last_key().is_some_and(is_secret_key)
}
