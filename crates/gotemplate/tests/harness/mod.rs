//! Runs one template on data written as JSON, as the recorded cases and the differential
//! fuzzer want it.

use std::sync::Arc;

use gotemplate::{
    Data, Error, Executor, Funcs, IntKind, List, Map, MissingKey, Str, TemplateSet, Type,
    UintKind, Value,
};
use serde_json::Value as Json;
use source::{FileId, Origins};

/// A Go value from JSON. Whole numbers are `int`; an object with one key that begins with `$`
/// is of another type: `{"$strings": ["a"]}`.
pub(crate) fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::NIL,
        Json::Bool(b) => Value::from(*b),
        Json::Number(n) => match n.as_i64() {
            Some(n) => Value::int(n),
            None => Value::from(n.as_f64().unwrap_or(0.0)),
        },
        Json::String(text) => Value::str(text),
        Json::Array(items) => Value::from(List::new(items.iter().map(value).collect())),
        Json::Object(entries) => {
            let first = entries.iter().next();
            if let Some((name, inner)) = first.filter(|(name, _)| name.starts_with('$')) {
                return typed(name, inner);
            }
            let entries = entries.iter().map(|(k, v)| (Str::from(k.as_str()), value(v)));
            Value::from(entries.collect::<Map>())
        }
    }
}

fn typed(name: &str, inner: &Json) -> Value {
    let items = || inner.as_array().into_iter().flatten().map(value).collect::<Vec<_>>();
    match name {
        "$strings" => Value::from(List::of(Type::String, items())),
        "$ints" => Value::from(List::of(Type::INT, items())),
        "$nilstrings" => Value::from(List::nil(Type::String)),
        "$float" => Value::from(inner.as_f64().unwrap_or(0.0)),
        "$int64" => Value::new(Data::Int(inner.as_i64().unwrap_or(0), IntKind::Int64)),
        "$uint8" => Value::new(Data::Uint(inner.as_u64().unwrap_or(0), UintKind::Uint8)),
        "$uint64" => {
            Value::new(Data::Uint(inner.as_u64().unwrap_or(0), UintKind::Uint64))
        }
        "$smap" => {
            let entries = inner.as_object().into_iter().flatten();
            let entries = entries.map(|(k, v)| (Str::from(k.as_str()), value(v)));
            Value::from(Map::of(Type::String, entries))
        }
        "$bytes" => {
            let byte = |b: u8| Value::new(Data::Uint(u64::from(b), UintKind::Uint8));
            let bytes = inner.as_str().unwrap_or("").bytes().map(byte).collect();
            Value::from(List::of(Type::Uint(UintKind::Uint8), bytes))
        }
        _ => Value::NIL,
    }
}

/// Parses and executes the template `t`.
pub(crate) fn run(
    text: &[u8],
    data: &Json,
    missing: &str,
) -> Result<Vec<u8>, Box<Error>> {
    let mut set = TemplateSet::new(Arc::new(Funcs::builtins()));
    set.parse("t", text, FileId::NONE)?;
    let missing = match missing {
        "zero" => MissingKey::Zero,
        "error" => MissingKey::Error,
        _ => MissingKey::Invalid,
    };
    let exec = Executor::new(Arc::new(set), Origins::new());
    exec.with_missing_key(missing).execute("t", value(data)).map(|out| out.text)
}
