//! `eq`, `ne`, `lt`, `le`, `gt`, `ge`.

use crate::fmt::sprintf;
use crate::{Data, FuncError, Kind, Object, Reflect, Rest, Type, Value};

/// What two values must share to be compared. (`basicKind`)
#[derive(Clone, Copy, PartialEq, Eq)]
enum Basic {
    None,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn basic(value: &Value) -> Basic {
    match &value.data {
        Data::Bool(_) => Basic::Bool,
        Data::Complex(_) => Basic::Complex,
        Data::Int(..) => Basic::Int,
        Data::Float(_) => Basic::Float,
        Data::Str(_) => Basic::String,
        Data::Uint(..) => Basic::Uint,
        _ => Basic::None,
    }
}

/// A named basic type compares as what it is made of.
fn plain(value: Value) -> Value {
    match &value.data {
        Data::Object(object) if matches!(object.kind(), Kind::Int | Kind::String) => {
            object.plain().unwrap_or(value)
        }
        _ => value,
    }
}

fn type_name(value: &Value) -> Type {
    value.type_of().unwrap_or(Type::Any)
}

fn incompatible(a: &Value, b: &Value) -> FuncError {
    let (a, b) = (type_name(a), type_name(b));
    format!("incompatible types for comparison: {a} and {b}").into()
}

const BAD_TYPE: &str = "invalid type for comparison";

pub(super) fn eq(first: Reflect, others: Rest<Reflect>) -> Result<bool, FuncError> {
    if others.0.is_empty() {
        return Err("missing argument for comparison".into());
    }
    let first = plain(first.0);
    for other in others.0 {
        if equal(&first, &plain(other.0))? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(super) fn ne(a: Reflect, b: Reflect) -> Result<bool, FuncError> {
    equal(&plain(a.0), &plain(b.0)).map(|equal| !equal)
}

fn equal(a: &Value, b: &Value) -> Result<bool, FuncError> {
    match (&a.data, &b.data) {
        (Data::Bool(a), Data::Bool(b)) => Ok(a == b),
        (Data::Complex(a), Data::Complex(b)) => Ok(a == b),
        (Data::Int(a, _), Data::Int(b, _)) => Ok(a == b),
        (Data::Uint(a, _), Data::Uint(b, _)) => Ok(a == b),
        (Data::Float(a), Data::Float(b)) => Ok(a == b),
        (Data::Str(a), Data::Str(b)) => Ok(a == b),
        (Data::Int(a, _), Data::Uint(b, _)) | (Data::Uint(b, _), Data::Int(a, _)) => {
            Ok(u64::try_from(*a).is_ok_and(|a| a == *b))
        }
        _ if basic(a) != basic(b) => match a.is_nil() || b.is_nil() {
            true => Ok(false),
            false => Err(incompatible(a, b)),
        },
        _ => equal_references(a, b),
    }
}

fn is_nil(value: &Value) -> bool {
    match &value.data {
        Data::Nil => true,
        Data::List(list) => list.is_nil(),
        Data::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// Equality of what is neither number, string nor bool.
fn equal_references(a: &Value, b: &Value) -> Result<bool, FuncError> {
    let show = |value: &Value| {
        let text = sprintf(b"%s", std::slice::from_ref(value));
        String::from_utf8_lossy(&text).into_owned()
    };
    let same_kind = match (&a.data, &b.data) {
        (Data::Object(a), Data::Object(b)) => a.kind() == b.kind(),
        (Data::Object(o), Data::Map(_)) | (Data::Map(_), Data::Object(o)) => {
            o.kind() == Kind::Map
        }
        (Data::Object(o), Data::List(_)) | (Data::List(_), Data::Object(o)) => {
            o.kind() == Kind::List
        }
        (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
    };
    if !same_kind && !a.is_nil() && !b.is_nil() {
        let (of_a, of_b) = (type_name(a), type_name(b));
        let (a, b) = (show(a), crate::fmt::to_text(b));
        return Err(format!("non-comparable types {a}: {of_a}, {of_b}: {b}").into());
    }
    if is_nil(a) || is_nil(b) {
        return Ok(is_nil(a) && is_nil(b));
    }
    match (&a.data, &b.data) {
        (Data::Object(x), Data::Object(y)) if x.kind() == Kind::Struct => {
            Ok(x.same(y) || same_fields(x, y))
        }
        _ => Err(format!("non-comparable type {}: {}", show(b), type_name(b)).into()),
    }
}

/// Are two structs equal, field by field? Pointers in them are if both are nil, or print as
/// the same thing.
fn same_fields(a: &Object, b: &Object) -> bool {
    let (Some(a_fields), Some(b_fields)) = (a.fields(), b.fields()) else { return false };
    let equal = |(a, b): (&(&str, Value), &(&str, Value))| match (&a.1.data, &b.1.data) {
        (Data::Object(a), Data::Object(b)) => {
            let (x, y) = (a.print(), b.print());
            a.is_nil() && b.is_nil() || !x.is_empty() && x == y
        }
        _ => equal(&a.1, &b.1).unwrap_or(false),
    };
    a.type_name() == b.type_name() && a_fields.iter().zip(&b_fields).all(equal)
}

pub(super) fn lt(a: Reflect, b: Reflect) -> Result<bool, FuncError> {
    less(&plain(a.0), &plain(b.0))
}

pub(super) fn le(a: Reflect, b: Reflect) -> Result<bool, FuncError> {
    let (a, b) = (plain(a.0), plain(b.0));
    Ok(less(&a, &b)? || equal(&a, &b)?)
}

pub(super) fn gt(a: Reflect, b: Reflect) -> Result<bool, FuncError> {
    le(a, b).map(|le| !le)
}

pub(super) fn ge(a: Reflect, b: Reflect) -> Result<bool, FuncError> {
    lt(a, b).map(|lt| !lt)
}

fn less(a: &Value, b: &Value) -> Result<bool, FuncError> {
    if basic(a) == Basic::None || basic(b) == Basic::None {
        return Err(BAD_TYPE.into());
    }
    match (&a.data, &b.data) {
        (Data::Int(a, _), Data::Int(b, _)) => Ok(a < b),
        (Data::Uint(a, _), Data::Uint(b, _)) => Ok(a < b),
        (Data::Float(a), Data::Float(b)) => Ok(a < b),
        (Data::Str(a), Data::Str(b)) => Ok(a < b),
        (Data::Int(a, _), Data::Uint(b, _)) => {
            Ok(u64::try_from(*a).is_ok_and(|a| a < *b) || *a < 0)
        }
        (Data::Uint(a, _), Data::Int(b, _)) => {
            Ok(u64::try_from(*b).is_ok_and(|b| *a < b))
        }
        _ if basic(a) != basic(b) => Err(incompatible(a, b)),
        _ => Err(BAD_TYPE.into()),
    }
}
