//! `index`, `slice`, `len`.

use crate::exec::zero;
use crate::{Data, FuncError, Kind, List, Reflect, Rest, Type, UintKind, Value};

/// An index into something with room for `most`. (`indexArg`)
fn index_arg(index: &Value, most: usize) -> Result<usize, FuncError> {
    let n = match index.data {
        // `slice` does not look inside interfaces, as `index` does.
        _ if index.boxed => {
            return Err("cannot index slice/array with type interface {}".into());
        }
        Data::Int(n, _) => n,
        Data::Uint(n, _) => n as i64,
        Data::Nil => return Err("cannot index slice/array with nil".into()),
        _ => {
            let of = index.type_of().unwrap_or(Type::Any);
            return Err(format!("cannot index slice/array with type {of}").into());
        }
    };
    let index = usize::try_from(n).ok().filter(|index| *index <= most);
    index.ok_or_else(|| format!("index out of range: {n}").into())
}

pub(super) fn index(item: Reflect, indexes: Rest<Reflect>) -> Result<Reflect, FuncError> {
    let mut item = item.0.unboxed();
    if item.is_nil() {
        return Err("index of untyped nil".into());
    }
    for Reflect(index) in indexes.0 {
        let index = &index.unboxed();
        let origin = item.origin;
        item = match &item.data {
            Data::Nil => return Err("index of nil pointer".into()),
            Data::Str(text) => {
                let at = index_arg(index, text.len())?;
                let byte = text.as_bytes().get(at);
                let byte = byte.ok_or("reflect: string index out of range")?;
                Value::new(Data::Uint(u64::from(*byte), UintKind::Uint8))
                    .with_origin(origin)
            }
            Data::List(list) => {
                let at = index_arg(index, list.len())?;
                let found = list.get(at).ok_or("reflect: slice index out of range")?;
                found.clone().element(list.element_type(), origin)
            }
            Data::Map(map) => {
                let key = super::prepare_arg(index.clone(), Type::String)?;
                let found = key.as_str().and_then(|key| map.get(key));
                match found {
                    Some(value) => value.element(map.element_type(), origin),
                    None => zero(map.element_type()),
                }
            }
            Data::Object(object) => match object.index(index) {
                Some(value) => value.element(object.element(), origin),
                None if object.kind() == Kind::Map => zero(object.element()),
                None => return Err(not_indexed(&item)),
            },
            _ => return Err(not_indexed(&item)),
        };
    }
    Ok(Reflect::new(item))
}

fn not_indexed(item: &Value) -> FuncError {
    format!("can't index item of type {}", pointee(item)).into()
}

pub(super) fn slice(item: Reflect, indexes: Rest<Reflect>) -> Result<Reflect, FuncError> {
    let (item, indexes) = (item.0.unboxed(), indexes.0);
    if item.is_nil() {
        return Err("slice of untyped nil".into());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let length = match &item.data {
        Data::Str(_) if indexes.len() == 3 => {
            return Err("cannot 3-index slice a string".into());
        }
        Data::Str(text) => text.len(),
        Data::List(list) => list.len(),
        _ => {
            let of = item.type_of().unwrap_or(Type::Any);
            return Err(format!("can't slice item of type {of}").into());
        }
    };
    let mut at = [0, length, length];
    for (place, index) in at.iter_mut().zip(&indexes) {
        *place = index_arg(&index.0, length)?;
    }
    let [from, to, most] = at;
    if from > to {
        return Err(format!("invalid slice index: {from} > {to}").into());
    }
    if indexes.len() == 3 && to > most {
        return Err(format!("invalid slice index: {to} > {most}").into());
    }
    let cut = match &item.data {
        Data::Str(text) => Value::from(text.slice(from..to)),
        Data::List(list) => {
            let values = list.values().get(from..to).unwrap_or(&[]).to_vec();
            Value::from(List::of(list.element_type(), values))
        }
        _ => Value::NIL,
    };
    Ok(Reflect::new(cut.with_origin(item.origin)))
}

pub(super) fn len(item: Reflect) -> Result<isize, FuncError> {
    let item = item.0;
    let length = match &item.data {
        Data::Nil if item.is_invalid() => {
            return Err("reflect: call of reflect.Value.Type on zero Value".into());
        }
        Data::Nil => return Err("len of nil pointer".into()),
        Data::Str(text) => Some(text.len()),
        Data::List(list) => Some(list.len()),
        Data::Map(map) => Some(map.len()),
        Data::Object(object) => object.length(),
        _ => None,
    };
    match length.and_then(|length| isize::try_from(length).ok()) {
        Some(length) => Ok(length),
        None => Err(format!("len of type {}", pointee(&item)).into()),
    }
}

/// The type of a value, of what it points at if it is a pointer.
fn pointee(value: &Value) -> String {
    let of = value.type_of().unwrap_or(Type::Any).to_string();
    of.strip_prefix('*').map(str::to_owned).unwrap_or(of)
}
