//! [`Object`]: values of foreign Go types, such as `*semver.Version` or `.Files`.

use std::any::Any;
use std::fmt;
use std::ops::Range;
use std::rc::Rc;

use crate::{Func, Type, Value};

/// What kind of Go type a foreign type is; it decides what templates may do with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A struct, or a pointer to one: an unknown field is an error.
    Struct,
    /// A map: an unknown field is a missing key.
    Map,
    /// A slice.
    List,
    /// A string type with methods.
    String,
    /// An integer type with methods: `time.Duration`.
    Int,
}

/// A Go type that this crate does not know.
pub trait Foreign: Any {
    /// Its Go type: `*semver.Version`.
    fn type_name(&self) -> &'static str;

    /// What kind of type it is.
    fn kind(&self) -> Kind {
        Kind::Struct
    }

    /// A field of a struct, or the entry of a map.
    fn field(&self, name: &str) -> Option<Value> {
        let _ = name;
        None
    }

    /// The type of the elements of a map or slice; the zero value of it stands for a key that
    /// is missing.
    fn element(&self) -> Type {
        Type::Any
    }

    /// Its methods. The object itself is the first parameter of each ([`This`]).
    ///
    /// [`This`]: crate::This
    fn methods(&self) -> &'static [Func] {
        &[]
    }

    /// Is it true, as `if` sees it? Structs always are.
    fn truth(&self) -> bool {
        true
    }

    /// Its length, if it has one.
    fn length(&self) -> Option<usize> {
        None
    }

    /// What `index` finds; `None` if it has no such thing.
    fn index(&self, key: &Value) -> Option<Value> {
        let _ = key;
        None
    }

    /// A part of a slice, of the same type; `None` if it is none, or its parts are plain lists.
    fn slice(&self, range: Range<usize>) -> Option<Value> {
        let _ = range;
        None
    }

    /// What `range` runs over: key and element, in order; `None` if it cannot be ranged over.
    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        None
    }

    /// What its `String` or `Error` method returns; `None` if it has neither.
    fn string(&self) -> Option<String> {
        None
    }

    /// How `%v` prints it if it has no `String` method; a struct: `{a b}`. If it is empty,
    /// the plain value is printed.
    fn print(&self) -> String {
        String::new()
    }

    /// The fields of a struct, in order, as `fmt` prints them for verbs that are not the
    /// text's.
    fn fields(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// Is it a nil pointer?
    fn is_nil(&self) -> bool {
        false
    }

    /// What a function gets that takes anything: the same, unless its `String` method is
    /// found only where the value lies (a pointer receiver of Go's).
    fn detached(&self) -> Option<Object> {
        None
    }

    /// A copy that reflection makes, if that is not the same thing: fields that are not
    /// exported are empty in it.
    fn copied(&self) -> Option<Object> {
        None
    }

    /// What its `GoString` method says, if it has one.
    fn go_string(&self) -> Option<String> {
        None
    }

    /// How `%#v` prints it.
    fn go_syntax(&self) -> String {
        self.go_string().unwrap_or_else(|| self.print())
    }

    /// The fields that `encoding/json` writes of a struct, in its order.
    fn json_fields(&self) -> Option<Vec<(&'static str, Value)>> {
        None
    }

    /// The same thing as a plain value, for comparison and for functions that look inside: a
    /// `VersionSet` as a list, a `time.Duration` as an integer.
    fn plain(&self) -> Option<Value> {
        None
    }
}

/// A shared value of a foreign type.
#[derive(Clone)]
pub struct Object(Rc<dyn Foreign>);

impl Object {
    /// Wraps a value of a foreign type.
    #[must_use]
    pub fn new(of: impl Foreign) -> Object {
        Object(Rc::new(of))
    }

    /// The value inside, if it is of this type.
    #[must_use]
    pub fn downcast<T: Foreign>(&self) -> Option<&T> {
        let any: &dyn Any = &*self.0;
        any.downcast_ref()
    }

    /// The shared value inside, if it is of this type.
    #[must_use]
    pub fn share<T: Foreign>(&self) -> Option<Rc<T>> {
        let any: Rc<dyn Any> = self.0.clone();
        any.downcast().ok()
    }

    /// See [`Foreign::slice`].
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Option<Value> {
        self.0.slice(range)
    }

    /// Are both one and the same object?
    #[must_use]
    pub fn same(&self, other: &Object) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// Is it a pointer, a map or a slice, all of which lie somewhere?
    pub(crate) fn is_reference(&self) -> bool {
        self.type_name().starts_with('*') || matches!(self.kind(), Kind::Map | Kind::List)
    }

    /// The method of this name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&'static Func> {
        self.0.methods().iter().find(|func| func.name == name)
    }
}

impl std::ops::Deref for Object {
    type Target = dyn Foreign;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.type_name())
    }
}
