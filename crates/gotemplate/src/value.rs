//! [`Value`]: what templates compute with.

use source::OriginId;

use crate::{Func, IntKind, List, Map, Object, Str, Type, UintKind};

/// A Go value and where it came from. It lives in one thread, for one render.
#[derive(Clone, Debug, Default)]
pub struct Value {
    /// The value.
    pub data: Data,
    /// Where it came from; a marked string knows better.
    pub origin: OriginId,
    /// Does Go see it through an `interface {}`? Only error texts and nil differ: a boxed nil
    /// is a nil interface, any other nil is no value at all.
    pub(crate) boxed: bool,
}

/// The value without its origin.
#[derive(Clone, Debug, Default)]
pub enum Data {
    /// `nil`, or nothing.
    #[default]
    Nil,
    /// `true`.
    Bool(bool),
    /// `int`, `int64`, ….
    Int(i64, IntKind),
    /// `uint`, `uint8`, ….
    Uint(u64, UintKind),
    /// `float64`.
    Float(f64),
    /// `complex128`: real and imaginary part.
    Complex(Box<(f64, f64)>),
    /// `string`.
    Str(Str),
    /// `[]interface {}`, `[]string`, ….
    List(List),
    /// `map[string]interface {}`, `map[string]string`, ….
    Map(Map),
    /// A foreign object with fields and methods.
    Object(Object),
    /// A function value.
    Func(&'static Func),
}

impl Value {
    /// Nil.
    pub const NIL: Value =
        Value { data: Data::Nil, origin: OriginId::NONE, boxed: false };

    /// A value of no known origin.
    #[must_use]
    pub fn new(data: Data) -> Value {
        Value { data, origin: OriginId::NONE, boxed: false }
    }

    /// A Go `int`.
    #[must_use]
    pub fn int(n: i64) -> Value {
        Value::new(Data::Int(n, IntKind::Int))
    }

    /// A string.
    #[must_use]
    pub fn str(text: impl AsRef<[u8]>) -> Value {
        Value::new(Data::Str(Str::new(text)))
    }

    /// The same value with another origin.
    #[must_use]
    pub fn with_origin(mut self, origin: OriginId) -> Value {
        self.origin = origin;
        self
    }

    /// The same value as it is seen through an `interface {}`.
    pub(crate) fn boxed(mut self) -> Value {
        self.boxed = true;
        self
    }

    /// The same value out of its `interface {}`.
    pub(crate) fn unboxed(mut self) -> Value {
        self.boxed = false;
        self
    }

    /// An element of a container: boxed if the container holds `interface {}`, and of the
    /// container's origin if it has none of its own.
    pub(crate) fn element(mut self, of: Type, container: OriginId) -> Value {
        self.boxed = matches!(of, Type::Any);
        if self.origin.is_none() && !self.is_marked() {
            self.origin = container;
        }
        self
    }

    /// No value at all (reflect: the zero `Value`).
    pub(crate) fn is_invalid(&self) -> bool {
        !self.boxed && matches!(self.data, Data::Nil)
    }

    /// Is it nil?
    #[must_use]
    pub fn is_nil(&self) -> bool {
        matches!(self.data, Data::Nil)
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&Str> {
        if let Data::Str(text) = &self.data { Some(text) } else { None }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&List> {
        if let Data::List(list) = &self.data { Some(list) } else { None }
    }

    /// The map, if it is one.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        if let Data::Map(map) = &self.data { Some(map) } else { None }
    }

    /// The foreign object of this type, if it is one.
    #[must_use]
    pub fn downcast<T: crate::Foreign>(&self) -> Option<&T> {
        if let Data::Object(object) = &self.data { object.downcast() } else { None }
    }

    /// Its Go type; `None` for nil, which has none.
    #[must_use]
    pub fn type_of(&self) -> Option<Type> {
        Some(match &self.data {
            Data::Nil => return None,
            Data::Bool(_) => Type::Bool,
            Data::Int(_, kind) => Type::Int(*kind),
            Data::Uint(_, kind) => Type::Uint(*kind),
            Data::Float(_) => Type::Float64,
            Data::Complex(_) => Type::Complex128,
            Data::Str(_) => Type::String,
            Data::List(list) => list.type_of(),
            Data::Map(map) => map.type_of(),
            Data::Object(object) => Type::Object(object.type_name()),
            Data::Func(func) => Type::Func(&func.signature),
        })
    }

    /// Is it true, as `if` sees it? (text/template: `IsTrue`)
    #[must_use]
    pub fn truth(&self) -> bool {
        match &self.data {
            Data::Nil => false,
            Data::Bool(b) => *b,
            Data::Int(n, _) => *n != 0,
            Data::Uint(n, _) => *n != 0,
            Data::Float(n) => *n != 0.0,
            Data::Complex(n) => n.0 != 0.0 || n.1 != 0.0,
            Data::Str(text) => !text.is_empty(),
            Data::List(list) => !list.is_empty(),
            Data::Map(map) => !map.is_empty(),
            Data::Object(object) => object.truth(),
            Data::Func(_) => true,
        }
    }

    /// The marks of a string; none for anything else.
    #[must_use]
    pub fn marks(&self) -> &[source::Mark] {
        if let Data::Str(text) = &self.data { text.marks() } else { &[] }
    }

    /// Is it a string with marks?
    #[must_use]
    pub fn is_marked(&self) -> bool {
        self.as_str().is_some_and(Str::is_marked)
    }

    /// All origins that had a part in it: its own, and those of its marks.
    pub fn origins(&self) -> impl Iterator<Item = OriginId> + '_ {
        std::iter::once(self.origin).chain(self.marks().iter().map(|m| m.origin))
    }
}

impl From<Data> for Value {
    fn from(data: Data) -> Value {
        Value::new(data)
    }
}

macro_rules! from {
    ($($of:ty => $data:expr;)*) => {
        $(impl From<$of> for Value {
            fn from(it: $of) -> Value {
                Value::new($data(it))
            }
        })*
    };
}

from! {
    bool => Data::Bool;
    f64 => Data::Float;
    Str => Data::Str;
    &str => |text| Data::Str(Str::from(text));
    String => |text| Data::Str(Str::from(text));
    List => Data::List;
    Map => Data::Map;
    Object => Data::Object;
    i64 => |n| Data::Int(n, IntKind::Int64);
}
