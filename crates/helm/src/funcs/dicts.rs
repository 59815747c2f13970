//! Dictionaries. (sprig: dict.go)

use std::collections::BTreeSet;

use gotemplate::{Call, Data, Func, FuncError, List, Map, Rest, Str, Type, Value, func};

use super::kinds::{strval, type_of};
use super::merge::{merge, merge_overwrite};

pub(super) static FUNCS: &[Func] = &[
    func!("dict", dict, Transparent),
    func!("get", get, Transparent),
    func!("set", set, Transparent),
    func!("unset", unset, Transparent),
    func!("hasKey", has_key),
    func!("pluck", pluck, Transparent),
    func!("keys", keys, Transparent),
    func!("pick", pick, Transparent),
    func!("omit", omit, Transparent),
    func!("merge", merge, Transparent),
    func!("mustMerge", merge, Transparent),
    func!("mergeOverwrite", merge_overwrite, Transparent),
    func!("mustMergeOverwrite", merge_overwrite, Transparent),
    func!("values", values, Transparent),
    func!("dig", dig, Transparent),
    func!("deepCopy", deep_copy, Transparent),
    func!("mustDeepCopy", deep_copy, Transparent),
];

/// How many values are copied at once.
const MAX_COPIED: usize = 2_000_000;

/// How deep values are copied.
const MAX_DEPTH: usize = 1000;

/// A dictionary of keys and values in turn; a last key alone has "". (dict.go, `dict`)
fn dict(parts: Rest<Value>) -> Map {
    let map = Map::new();
    let mut parts = parts.0.into_iter();
    while let Some(key) = parts.next() {
        map.set(strval(&key), parts.next().unwrap_or_else(|| Value::str("")));
    }
    map
}

/// The value of a key; "" if there is none. (dict.go, `get`)
fn get(map: Map, key: Str) -> Value {
    map.get(key).unwrap_or_else(|| Value::str(""))
}

/// Sets a key, which every alias sees, and returns the dictionary. (dict.go, `set`)
fn set(
    call: &mut Call<'_>,
    map: Map,
    key: Str,
    value: Value,
) -> Result<Map, &'static str> {
    if map.is_nil() {
        return Err("assignment to entry in nil map");
    }
    map.set(key, call.put(value));
    Ok(map)
}

/// Removes a key, which every alias sees, and returns the dictionary. (dict.go, `unset`)
fn unset(map: Map, key: Str) -> Map {
    map.remove(key);
    map
}

/// Is the key there? (dict.go, `hasKey`)
fn has_key(map: Map, key: Str) -> bool {
    map.contains(key)
}

/// The values of a key in several dictionaries. (dict.go, `pluck`)
fn pluck(key: Str, maps: Rest<Map>) -> List {
    maps.0.iter().filter_map(|map| map.get(&key)).collect()
}

/// The keys of several dictionaries; sorted here, in any order upstream. (dict.go, `keys`)
fn keys(maps: Rest<Map>) -> Value {
    Value::from(List::strings(maps.0.iter().flat_map(Map::keys)))
}

/// The values; in the order of their keys here, in any order upstream. (dict.go, `values`)
fn values(map: Map) -> List {
    map.entries().into_iter().map(|(_, value)| value).collect()
}

/// A dictionary of some keys. (dict.go, `pick`)
fn pick(map: Map, keys: Rest<Str>) -> Map {
    keys.0.into_iter().filter_map(|key| map.get(&key).map(|value| (key, value))).collect()
}

/// A dictionary without some keys. (dict.go, `omit`)
fn omit(map: Map, keys: Rest<Str>) -> Map {
    let keys: BTreeSet<Str> = keys.0.into_iter().collect();
    map.entries().into_iter().filter(|(key, _)| !keys.contains(key)).collect()
}

/// Follows keys into dictionaries; the last argument but one is for when a key is missing.
/// Going through anything else panics, `.Values` itself included, whose type has a name.
/// (dict.go, `dig`)
fn dig(call: &mut Call<'_>, mut args: Rest<Value>) -> Result<Value, String> {
    if args.0.len() < 3 {
        return Err("dig needs at least three arguments".to_owned());
    }
    let mut found = args.0.pop().unwrap_or_default();
    let default = args.0.pop().unwrap_or_default();
    let mut keys = Vec::with_capacity(args.0.len());
    as_dict(&found)?;
    for key in &args.0 {
        keys.push(key.as_str().ok_or_else(|| conversion(key, "string"))?);
    }
    for key in keys {
        let map = as_dict(&found)?;
        match map.get(key) {
            Some(value) => found = value,
            None => return Ok(call.because(default, &found)),
        }
    }
    Ok(found)
}

fn as_dict(value: &Value) -> Result<Map, String> {
    match &value.data {
        Data::Map(map) if map.type_of() == Type::MAP => Ok(map.clone()),
        _ => Err(conversion(value, "map[string]interface {}")),
    }
}

/// The panic of a type assertion.
fn conversion(value: &Value, wanted: &str) -> String {
    let got = match value.is_nil() {
        true => "nil".to_owned(),
        false => type_of(value),
    };
    format!("interface conversion: interface {{}} is {got}, not {wanted}")
}

/// A copy that shares no dictionary with the original. (mitchellh/copystructure, `Copy`)
fn deep_copy(call: &mut Call<'_>, value: Value) -> Result<Value, FuncError> {
    if value.is_nil() {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    let mut count = 0;
    let copy = copied(&value, 0, &mut count)?;
    call.charge(count as u64)?;
    Ok(copy)
}

fn copied(value: &Value, depth: usize, count: &mut usize) -> Result<Value, String> {
    if depth > MAX_DEPTH {
        return Err(format!("deepCopy error: more than {MAX_DEPTH} levels"));
    }
    *count += 1;
    if *count > MAX_COPIED {
        return Err(format!("deepCopy error: more than {MAX_COPIED} values"));
    }
    let data = match &value.data {
        Data::Map(map) if !map.is_nil() => {
            let copy = map.copy();
            for (key, item) in map.entries() {
                copy.set(key, copied(&item, depth + 1, count)?);
            }
            Data::Map(copy)
        }
        Data::List(list) if !list.is_nil() => {
            let items = list.values().iter().map(|item| copied(item, depth + 1, count));
            Data::List(List::of(list.element_type(), items.collect::<Result<_, _>>()?))
        }
        // Fields that are not exported are not copied.
        Data::Object(object) => Data::Object(object.copied().unwrap_or(object.clone())),
        other => other.clone(),
    };
    Ok(Value::new(data).with_origin(value.origin))
}
