//! Between Go values and Rust's: [`FromArg`], [`IntoValue`].
//!
//! Rust's `isize` stands for Go's `int`, `usize` for `uint`; `i64` is `int64`, and so on.

use std::rc::Rc;
use std::vec::IntoIter;

use crate::{
    Data, Foreign, FuncError, IntKind, List, Map, Object, Str, Type, UintKind, Value,
};

/// A Rust type that can be a parameter of a template function.
pub trait FromArg: Sized {
    /// The Go type of the parameter; of its elements, if it is variadic.
    const TYPE: Type;
    /// Does it take all arguments that are left?
    const VARIADIC: bool = false;

    /// Converts an argument. The evaluator has checked its type, except for nil, which
    /// is the zero value of a type that can be nil.
    ///
    /// # Errors
    /// `wrong type for value; expected …; got …`
    fn from_value(value: Value) -> Result<Self, FuncError>;

    /// Takes what it needs from the arguments.
    ///
    /// # Errors
    /// As [`FromArg::from_value`].
    fn take(args: &mut IntoIter<Value>) -> Result<Self, FuncError> {
        Self::from_value(args.next().unwrap_or_default())
    }
}

/// All arguments that are left: a Go variadic parameter.
#[derive(Clone, Debug, Default)]
pub struct Rest<T>(pub Vec<T>);

/// An argument as a builtin sees it: a nil interface and no value at all differ.
#[derive(Clone, Debug, Default)]
pub struct Reflect(pub(crate) Value);

impl Reflect {
    pub(crate) fn new(value: Value) -> Reflect {
        Reflect(value)
    }

    /// The value.
    #[must_use]
    pub fn into_inner(self) -> Value {
        self.0.unboxed()
    }
}

/// A result that is a string and knows its origin: what a [`StrBuilder`](crate::StrBuilder)
/// made, declared as Go's `string` and not as `interface {}`.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Value);

/// The object whose method is called.
#[derive(Debug)]
pub struct This<T>(pub Rc<T>);

fn mismatch(expected: Type, got: &Value) -> FuncError {
    match got.type_of() {
        None => FuncError::from(format!("invalid value; expected {expected}")),
        Some(got) => FuncError::from(format!(
            "wrong type for value; expected {expected}; got {got}"
        )),
    }
}

impl<T: FromArg> FromArg for Rest<T> {
    const TYPE: Type = T::TYPE;
    const VARIADIC: bool = true;

    fn from_value(value: Value) -> Result<Self, FuncError> {
        Ok(Rest(vec![T::from_value(value)?]))
    }

    fn take(args: &mut IntoIter<Value>) -> Result<Self, FuncError> {
        args.map(T::from_value).collect::<Result<_, _>>().map(Rest)
    }
}

impl FromArg for Value {
    const TYPE: Type = Type::Any;

    fn from_value(value: Value) -> Result<Self, FuncError> {
        Ok(value.unboxed())
    }
}

impl FromArg for Reflect {
    const TYPE: Type = Type::Reflect;

    fn from_value(value: Value) -> Result<Self, FuncError> {
        Ok(Reflect(value))
    }
}

impl<T: Foreign> FromArg for This<T> {
    const TYPE: Type = Type::Any;

    fn from_value(value: Value) -> Result<Self, FuncError> {
        match &value.data {
            Data::Object(object) => object.share().map(This),
            _ => None,
        }
        .ok_or_else(|| mismatch(Type::Object(std::any::type_name::<T>()), &value))
    }
}

macro_rules! from_arg {
    ($($of:ty: $go:expr, $($data:pat => $it:expr),+;)*) => {
        $(impl FromArg for $of {
            const TYPE: Type = $go;

            fn from_value(value: Value) -> Result<Self, FuncError> {
                match value.data {
                    $($data => Ok($it),)+
                    _ => Err(mismatch(<Self as FromArg>::TYPE, &value)),
                }
            }
        })*
    };
}

from_arg! {
    Str: Type::String, Data::Str(text) => text;
    String: Type::String, Data::Str(text) => text.to_str().into_owned();
    bool: Type::Bool, Data::Bool(b) => b;
    f64: Type::Float64, Data::Float(n) => n;
    isize: Type::INT, Data::Int(n, IntKind::Int) => n as isize;
    i64: Type::INT64, Data::Int(n, IntKind::Int64) => n;
    i32: Type::Int(IntKind::Int32), Data::Int(n, IntKind::Int32) => n as i32;
    usize: Type::Uint(UintKind::Uint), Data::Uint(n, UintKind::Uint) => n as usize;
    u64: Type::Uint(UintKind::Uint64), Data::Uint(n, UintKind::Uint64) => n;
    u8: Type::Uint(UintKind::Uint8), Data::Uint(n, UintKind::Uint8) => n as u8;
    List: Type::LIST, Data::List(list) => list, Data::Nil => List::nil(Type::Any);
    Map: Type::MAP, Data::Map(map) => map, Data::Nil => Map::nil(Type::Any);
}

/// A Rust type that can be the result of a template function.
pub trait IntoValue {
    /// The Go type of the result.
    const TYPE: Type;

    /// Converts the result.
    ///
    /// # Errors
    /// What the function failed with.
    fn into_value(self) -> Result<Value, FuncError>;
}

impl<T: IntoValue, E: Into<FuncError>> IntoValue for Result<T, E> {
    const TYPE: Type = T::TYPE;

    fn into_value(self) -> Result<Value, FuncError> {
        self.map_err(Into::into)?.into_value()
    }
}

impl IntoValue for Reflect {
    const TYPE: Type = Type::Reflect;

    fn into_value(self) -> Result<Value, FuncError> {
        Ok(self.0)
    }
}

macro_rules! into_value {
    ($($of:ty: $go:expr, $it:expr;)*) => {
        $(impl IntoValue for $of {
            const TYPE: Type = $go;

            fn into_value(self) -> Result<Value, FuncError> {
                Ok($it(self))
            }
        })*
    };
}

into_value! {
    Value: Type::Any, |value| value;
    Text: Type::String, |text: Text| text.0;
    Str: Type::String, Value::from;
    String: Type::String, Value::from;
    &str: Type::String, Value::from;
    bool: Type::Bool, Value::from;
    f64: Type::Float64, Value::from;
    isize: Type::INT, |n| Value::new(Data::Int(n as i64, IntKind::Int));
    i64: Type::INT64, Value::from;
    i32: Type::Int(IntKind::Int32), |n| Value::new(Data::Int(i64::from(n), IntKind::Int32));
    usize: Type::Uint(UintKind::Uint), |n| Value::new(Data::Uint(n as u64, UintKind::Uint));
    u64: Type::Uint(UintKind::Uint64), |n| Value::new(Data::Uint(n, UintKind::Uint64));
    u8: Type::Uint(UintKind::Uint8), |n| Value::new(Data::Uint(u64::from(n), UintKind::Uint8));
    List: Type::LIST, Value::from;
    Map: Type::MAP, Value::from;
    Object: Type::Object("*object"), Value::from;
}
