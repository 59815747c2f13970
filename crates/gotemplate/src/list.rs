//! [`List`]: a Go slice.

use std::cell::OnceCell;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use crate::{Data, Type, Value};

/// A Go slice: shared, and never changed once made.
#[derive(Clone)]
pub struct List(Rc<Items>);

struct Items {
    values: OnceCell<Vec<Value>>,
    /// The bytes of a `[]uint8` whose elements nobody asked for yet.
    raw: Option<Arc<[u8]>>,
    of: Type,
    nil: bool,
}

impl List {
    /// A `[]interface {}`.
    #[must_use]
    pub fn new(values: Vec<Value>) -> List {
        List::of(Type::Any, values)
    }

    /// A slice whose elements have the given type.
    #[must_use]
    pub fn of(of: Type, values: Vec<Value>) -> List {
        List(Rc::new(Items { values: values.into(), raw: None, of, nil: false }))
    }

    /// A `[]uint8`: the content of a file. Its elements are made when they are looked at.
    #[must_use]
    pub fn raw(bytes: Arc<[u8]>) -> List {
        let of = Type::Uint(crate::UintKind::Uint8);
        let raw = Some(bytes);
        List(Rc::new(Items { values: OnceCell::new(), raw, of, nil: false }))
    }

    /// A nil slice: empty, and `null` in JSON.
    #[must_use]
    pub fn nil(of: Type) -> List {
        let values = Vec::new().into();
        List(Rc::new(Items { values, raw: None, of, nil: true }))
    }

    /// A `[]string`.
    #[must_use]
    pub fn strings<T: Into<Value>>(texts: impl IntoIterator<Item = T>) -> List {
        List::of(Type::String, texts.into_iter().map(Into::into).collect())
    }

    /// Is it a nil slice?
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
        match self.0.of {
            Type::Any => Type::LIST,
            Type::String => Type::List(&Type::String),
            Type::Int(crate::IntKind::Int) => Type::List(&Type::INT),
            Type::Int(crate::IntKind::Int64) => Type::List(&Type::INT64),
            Type::Uint(_) => Type::List(&Type::Uint(crate::UintKind::Uint8)),
            Type::Float64 => Type::List(&Type::Float64),
            Type::Bool => Type::List(&Type::Bool),
            Type::List(_) => Type::List(&Type::LIST),
            Type::Map(_) => Type::List(&Type::MAP),
            Type::Named(_, of) => Type::List(of),
            _ => Type::LIST,
        }
    }

    /// The elements.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        self.0.values.get_or_init(|| {
            let byte =
                |b: &u8| Value::new(Data::Uint(u64::from(*b), crate::UintKind::Uint8));
            self.0.raw.iter().flat_map(|raw| raw.iter().map(byte)).collect()
        })
    }

    /// An element.
    #[must_use]
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.values().get(index)
    }

    /// Tells this list from others as long as it lives; clones are the same.
    #[must_use]
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0).addr()
    }

    /// Does something else hold the same?
    pub(crate) fn is_shared(&self) -> bool {
        Rc::strong_count(&self.0) > 1
    }

    /// How many elements it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.raw.as_ref().map_or_else(|| self.values().len(), |raw| raw.len())
    }

    /// Has it no elements?
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Are both one and the same slice?
    #[must_use]
    pub fn same(&self, other: &List) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// The bytes of a `[]uint8`; `None` for any other slice.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        if let Some(raw) = &self.0.raw {
            return Some(raw.to_vec());
        }
        if !matches!(self.0.of, Type::Uint(crate::UintKind::Uint8)) {
            return None;
        }
        let byte = |v: &Value| match v.data {
            Data::Uint(n, _) => u8::try_from(n).unwrap_or(0),
            _ => 0,
        };
        Some(self.values().iter().map(byte).collect())
    }

    pub(crate) fn into_values(self) -> Option<Vec<Value>> {
        Rc::into_inner(self.0).and_then(|mut items| items.values.take())
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        if let Some(values) = self.values.get_mut() {
            crate::teardown::teardown(values);
        }
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.type_of(), self.len())
    }
}

impl FromIterator<Value> for List {
    fn from_iter<T: IntoIterator<Item = Value>>(values: T) -> List {
        List::new(values.into_iter().collect())
    }
}
