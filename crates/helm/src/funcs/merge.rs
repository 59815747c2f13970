//! Merging dictionaries. (dario.cat/mergo v1.0.1, merge.go, `deepMerge`)
//!
//! The first dictionary is changed and returned; what it takes from others it shares with
//! them. Unset is what is missing, nil, false, 0, "", or empty.

use gotemplate::{Call, Data, Map, Rest, Type, Value};

use super::kinds::is_empty;

/// How deep dictionaries are merged.
const MAX_DEPTH: usize = 1000;

/// Fills what is unset from the others, in order. (sprig: dict.go, `merge`, `mustMerge`)
pub(super) fn merge(
    call: &mut Call<'_>,
    into: Map,
    from: Rest<Map>,
) -> Result<Map, String> {
    merge_all(call, into, &from.0, false)
}

/// Overwrites with what the others have, empty or not. (sprig: dict.go,
/// `mergeOverwrite`, `mustMergeOverwrite`)
pub(super) fn merge_overwrite(
    call: &mut Call<'_>,
    into: Map,
    from: Rest<Map>,
) -> Result<Map, String> {
    merge_all(call, into, &from.0, true)
}

/// How many entries one call may look at.
const MAX_ENTRIES: usize = 2_000_000;

fn merge_all(
    call: &mut Call<'_>,
    into: Map,
    from: &[Map],
    overwrite: bool,
) -> Result<Map, String> {
    let mut into = into;
    let mut left = MAX_ENTRIES;
    for from in from {
        if into.is_nil() && !from.is_nil() {
            into = Map::of(Type::Any, []);
        }
        merge_map(call, &into, from, overwrite, 0, &mut left)?;
    }
    Ok(into)
}

fn merge_map(
    call: &mut Call<'_>,
    into: &Map,
    from: &Map,
    overwrite: bool,
    depth: usize,
    left: &mut usize,
) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("dictionaries of more than {MAX_DEPTH} levels"));
    }
    if into.same(from) {
        return Ok(());
    }
    *left = left
        .checked_sub(from.len())
        .ok_or_else(|| format!("dictionaries of more than {MAX_ENTRIES} entries"))?;
    for (key, new) in from.entries() {
        if new.is_nil() || is_nil_container(&new) && from.element_type() != Type::Any {
            if overwrite {
                into.set(key, call.put(new));
            }
            continue;
        }
        let old = into.get(&key);
        // Lists are never merged: kept, or replaced whole.
        if let (Some(Data::Map(old)), Data::Map(new)) =
            (old.as_ref().map(|old| &old.data), &new.data)
        {
            let was_empty = old.is_empty();
            merge_map(call, old, new, overwrite, depth + 1, left)?;
            // Two empty ones: the new one takes the place, unless both are the same.
            if !(was_empty && old.is_empty()) {
                continue;
            }
        }
        if overwrite || old.as_ref().is_none_or(is_unset) {
            into.set(key, call.put(new));
        }
    }
    Ok(())
}

fn is_nil_container(value: &Value) -> bool {
    match &value.data {
        Data::List(list) => list.is_nil(),
        Data::Map(map) => map.is_nil(),
        _ => false,
    }
}

/// mergo's `isEmptyValue`: pointers are looked through, structs are never empty.
fn is_unset(value: &Value) -> bool {
    is_empty(value)
}
