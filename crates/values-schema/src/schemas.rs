//! [`Schemas`]: all that were compiled, by number and by place.

use rustc_hash::FxHashMap;

use crate::address::Place;
use crate::draft::Draft;
use crate::schema::{Id, Schema};

/// What a schema is compiled for: those of drafts check formats in all drafts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Purpose {
    Values,
    Schemas,
}

/// All schemas.
#[derive(Debug, Default)]
pub(crate) struct Schemas<'d> {
    list: Vec<Schema<'d>>,
    ids: FxHashMap<(Purpose, Place), Id>,
}

impl<'d> Schemas<'d> {
    pub(crate) fn get(&self, id: Id) -> Option<&Schema<'d>> {
        self.list.get(id)
    }

    /// The schema of a draft, if it was compiled.
    pub(crate) fn of_draft(&self, draft: Draft) -> Option<Id> {
        let place = Place { url: draft.url().to_owned(), pointer: String::new() };
        self.ids.get(&(Purpose::Schemas, place)).copied()
    }

    /// The number of the schema at a place, and whether it was given now.
    pub(crate) fn id(&mut self, purpose: Purpose, place: Place) -> (Id, bool) {
        let key = (purpose, place);
        if let Some(known) = self.ids.get(&key) {
            return (*known, false);
        }
        let id = self.list.len();
        self.list.push(Schema { place: key.1.clone(), ..Schema::default() });
        self.ids.insert(key, id);
        (id, true)
    }

    /// Puts a schema that was compiled in its place.
    pub(crate) fn set(&mut self, id: Id, schema: Schema<'d>) {
        if let Some(slot) = self.list.get_mut(id) {
            *slot = schema;
        }
    }
}
