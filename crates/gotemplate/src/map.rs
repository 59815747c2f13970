//! [`Map`]: a Go map with string keys, held by reference.

use std::cell::{Cell, OnceCell, RefCell};
use std::fmt;
use std::rc::Rc;

use crate::sorted::Hint;
use crate::{Func, SortedMap, Str, Type, Value};

/// A named type of maps, and its methods.
pub struct MapKind {
    /// Its name: `common.Values`.
    pub name: &'static str,
    /// Its methods. The map itself is the first parameter of each.
    pub methods: &'static [Func],
}

/// A Go `map[string]T`: a reference, so that a change is seen through every alias.
///
/// No method lends out what is inside, so a template may change the map that it ranges over.
/// Keys are in order of their bytes, as Go prints and ranges maps.
#[derive(Clone)]
pub struct Map(Rc<Table>, Option<&'static MapKind>);

struct Table {
    made: OnceCell<RefCell<SortedMap<Str, Value>>>,
    /// Makes the entries when someone asks for them.
    later: Cell<Option<Box<dyn FnOnce() -> Map>>>,
    /// Who is told of changes.
    of: Type,
    nil: bool,
}

impl Table {
    fn entries(&self) -> &RefCell<SortedMap<Str, Value>> {
        self.made.get_or_init(|| {
            let made = self.later.take().map(|make| make());
            RefCell::new(made.and_then(Map::into_entries).unwrap_or_default())
        })
    }
}

impl Map {
    /// An empty `map[string]interface {}`.
    #[must_use]
    pub fn new() -> Map {
        Map::of(Type::Any, [])
    }

    /// A map whose elements have the given type.
    #[must_use]
    pub fn of(of: Type, entries: impl IntoIterator<Item = (Str, Value)>) -> Map {
        Map::make(of, None, false, entries)
    }

    /// A `map[string]interface {}` of a named type.
    #[must_use]
    pub fn named(
        kind: &'static MapKind,
        entries: impl IntoIterator<Item = (Str, Value)>,
    ) -> Map {
        Map::make(Type::Any, Some(kind), false, entries)
    }

    /// A `map[string]interface {}` that `make` makes when someone looks into it.
    #[must_use]
    pub fn deferred(make: impl FnOnce() -> Map + 'static) -> Map {
        let later = Cell::new(Some(Box::new(make) as Box<_>));
        let made = OnceCell::new();
        Map(Rc::new(Table { made, later, of: Type::Any, nil: false }), None)
    }

    /// The same map as a value of a named type.
    #[must_use]
    pub fn with_kind(&self, kind: &'static MapKind) -> Map {
        Map(self.0.clone(), Some(kind))
    }

    /// Its named type; `None` for a plain `map[string]T`.
    #[must_use]
    pub fn kind(&self) -> Option<&'static MapKind> {
        self.1
    }

    /// The method of this name, which is found before the entry of this name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&'static Func> {
        self.1?.methods.iter().find(|func| func.name == name)
    }

    /// A nil map: empty, `null` in JSON, and it cannot be written to.
    #[must_use]
    pub fn nil(of: Type) -> Map {
        Map::make(of, None, true, [])
    }

    fn make(
        of: Type,
        kind: Option<&'static MapKind>,
        nil: bool,
        entries: impl IntoIterator<Item = (Str, Value)>,
    ) -> Map {
        let made = RefCell::new(entries.into_iter().collect()).into();
        Map(Rc::new(Table { made, later: Cell::new(None), of, nil }), kind)
    }

    /// Is it a nil map?
    #[must_use]
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// The type of its elements.
    #[must_use]
    pub fn element_type(&self) -> Type {
        self.0.of
    }

    /// Its own type.
    #[must_use]
    pub fn type_of(&self) -> Type {
        let plain: &'static Type = match self.0.of {
            Type::String => &Type::Map(&Type::String),
            Type::Bool => &Type::Map(&Type::Bool),
            Type::Int(crate::IntKind::Int) => &Type::Map(&Type::INT),
            Type::Int(_) => &Type::Map(&Type::INT64),
            Type::Float64 => &Type::Map(&Type::Float64),
            Type::List(Type::String) => &Type::Map(&Type::List(&Type::String)),
            Type::List(_) => &Type::Map(&Type::LIST),
            Type::Map(_) => &Type::Map(&Type::MAP),
            _ => &Type::MAP,
        };
        self.1.map_or(*plain, |kind| Type::Named(kind.name, plain))
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.0.entries().borrow().get(key.as_ref()).cloned()
    }

    /// The value of a key that was in such a map before.
    pub(crate) fn get_near(&self, key: &[u8], hint: &Hint) -> Option<Value> {
        self.0.entries().borrow().get_near(key, hint).cloned()
    }

    /// Is the key there?
    #[must_use]
    pub fn contains(&self, key: impl AsRef<[u8]>) -> bool {
        self.0.entries().borrow().get(key.as_ref()).is_some()
    }

    /// Sets a key; nothing happens to a nil map, whose callers answer as Go does:
    /// `assignment to entry in nil map`.
    pub fn set(&self, key: impl Into<Str>, value: Value) {
        if !self.0.nil {
            self.0.entries().borrow_mut().insert(key.into(), value.unboxed());
        }
    }

    /// Removes a key.
    pub fn remove(&self, key: impl AsRef<[u8]>) -> Option<Value> {
        self.0.entries().borrow_mut().remove(key.as_ref())
    }

    /// The keys, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<Str> {
        self.0.entries().borrow().keys().cloned().collect()
    }

    /// The entries as they are at this moment, sorted by key.
    #[must_use]
    pub fn entries(&self) -> Vec<(Str, Value)> {
        self.0.entries().borrow().iter().map(|(k, v)| (k.clone(), v.clone())).collect()
    }

    /// A new map of the same type with the same entries.
    #[must_use]
    pub fn copy(&self) -> Map {
        Map::make(self.0.of, self.1, false, self.entries())
    }

    /// Does something else hold the same?
    pub(crate) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }

    /// How many entries it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.entries().borrow().len()
    }

    /// Has it no entries?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.entries().borrow().is_empty()
    }

    /// Is it empty? Of one whose entries nobody has asked for it is not known.
    pub(crate) fn is_known_empty(&self) -> bool {
        self.0.made.get().is_some_and(|made| made.borrow().is_empty())
    }

    /// Tells this map from others as long as it lives.
    #[must_use]
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Shows every value; the map must not be changed meanwhile.
    pub(crate) fn each(&self, see: impl FnMut(&Value)) {
        self.0.entries().borrow().values().for_each(see);
    }

    /// Are both one and the same map?
    #[must_use]
    pub fn same(&self, other: &Map) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn into_values(self) -> Option<Vec<Value>> {
        Some(self.into_entries()?.into_iter().map(|(_, value)| value).collect())
    }

    /// The entries that were made, if nothing else holds the map.
    fn into_entries(self) -> Option<SortedMap<Str, Value>> {
        let mut table = Rc::into_inner(self.0)?;
        Some(table.made.take().map(RefCell::into_inner).unwrap_or_default())
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if let Some(made) = self.made.take() {
            let mut values: Vec<Value> =
                made.into_inner().into_iter().map(|(_, value)| value).collect();
            crate::teardown::teardown(&mut values);
        }
    }
}

impl Default for Map {
    fn default() -> Map {
        Map::new()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.type_of(), self.len())
    }
}

impl FromIterator<(Str, Value)> for Map {
    fn from_iter<T: IntoIterator<Item = (Str, Value)>>(entries: T) -> Map {
        Map::of(Type::Any, entries)
    }
}
