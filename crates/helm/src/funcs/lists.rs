//! Lists. (sprig: list.go)

use gotemplate::{Call, Data, Func, List, Rest, Type, Value, func};

use super::cast::{to_int64, truncate};
use super::equal::{Seen, deep_equal};
use super::kinds::{
    BAD_LENGTH, NIL_DEREFERENCE, as_list, is_empty, kind_of, strval, want_list,
};
use super::strings::{is_nil_strings, strslice};

pub(super) static FUNCS: &[Func] = &[
    func!("list", list, Transparent),
    func!("tuple", list, Transparent),
    func!("append", push, Transparent),
    func!("push", push, Transparent),
    func!("mustAppend", push, Transparent),
    func!("mustPush", push, Transparent),
    func!("prepend", prepend, Transparent),
    func!("mustPrepend", prepend, Transparent),
    func!("first", first, Transparent),
    func!("mustFirst", first, Transparent),
    func!("rest", rest, Transparent),
    func!("mustRest", rest, Transparent),
    func!("last", last, Transparent),
    func!("mustLast", last, Transparent),
    func!("initial", initial, Transparent),
    func!("mustInitial", initial, Transparent),
    func!("reverse", reverse, Transparent),
    func!("mustReverse", reverse, Transparent),
    func!("uniq", uniq, Transparent),
    func!("mustUniq", uniq, Transparent),
    func!("without", without, Transparent),
    func!("mustWithout", without, Transparent),
    func!("has", has),
    func!("mustHas", has),
    func!("slice", slice, Transparent),
    func!("mustSlice", slice, Transparent),
    func!("concat", concat, Transparent),
    func!("chunk", chunk, Transparent),
    func!("mustChunk", chunk, Transparent),
    func!("compact", compact, Transparent),
    func!("mustCompact", compact, Transparent),
    func!("sortAlpha", sort_alpha, Transparent),
];

/// The elements, each with an origin: its own, or that of the list.
fn items(value: &Value, list: &List) -> Vec<Value> {
    let inherit = |item: &Value| match item.origin.is_none() && !item.is_marked() {
        true => item.clone().with_origin(value.origin),
        false => item.clone(),
    };
    list.values().iter().map(inherit).collect()
}

/// The list's elements; or the error of a function that cannot `verb` anything else.
fn want(value: &Value, verb: &str) -> Result<Vec<Value>, String> {
    want_list(value, verb).map(|list| items(value, &list))
}

fn new_list(items: Vec<Value>) -> Value {
    Value::from(List::new(items))
}

/// A list of its arguments. (list.go, `list`)
fn list(values: Rest<Value>) -> Value {
    new_list(values.0)
}

/// The list with one more at the end; the list itself stays. (list.go, `mustPush`)
fn push(call: &mut Call<'_>, list: Value, item: Value) -> Result<Value, String> {
    let mut items = want(&list, "push on")?;
    items.push(call.put(item));
    Ok(new_list(items))
}

/// The list with one more in front. (list.go, `mustPrepend`)
fn prepend(call: &mut Call<'_>, list: Value, item: Value) -> Result<Value, String> {
    let rest = want(&list, "prepend on")?;
    Ok(new_list(std::iter::once(call.put(item)).chain(rest).collect()))
}

/// The first element; nil of an empty list. (list.go, `mustFirst`)
fn first(list: Value) -> Result<Value, String> {
    let items = want(&list, "find first on")?;
    Ok(items.into_iter().next().unwrap_or_default())
}

/// The last element; nil of an empty list. (list.go, `mustLast`)
fn last(list: Value) -> Result<Value, String> {
    Ok(want(&list, "find last on")?.pop().unwrap_or_default())
}

/// All but the first; a nil list of an empty one. (list.go, `mustRest`)
fn rest(list: Value) -> Result<Value, String> {
    let items = want(&list, "find rest on")?;
    Ok(match items.is_empty() {
        true => Value::from(List::nil(Type::Any)),
        false => new_list(items.into_iter().skip(1).collect()),
    })
}

/// All but the last; a nil list of an empty one. (list.go, `mustInitial`)
fn initial(list: Value) -> Result<Value, String> {
    let mut items = want(&list, "find initial on")?;
    Ok(match items.pop() {
        None => Value::from(List::nil(Type::Any)),
        Some(_) => new_list(items),
    })
}

/// The list backwards. (list.go, `mustReverse`)
fn reverse(list: Value) -> Result<Value, String> {
    let mut items = want(&list, "find reverse on")?;
    items.reverse();
    Ok(new_list(items))
}

/// The list without repetitions. (list.go, `mustUniq`)
fn uniq(list: Value) -> Result<Value, String> {
    let mut items = want(&list, "find uniq on")?;
    let mut seen = Seen::default();
    items.retain(|item| seen.insert(item));
    Ok(new_list(items))
}

/// The list without some elements. (list.go, `mustWithout`)
fn without(list: Value, omitted: Rest<Value>) -> Result<Value, String> {
    let mut items = want(&list, "find without on")?;
    let mut seen = Seen::default();
    for item in &omitted.0 {
        seen.insert(item);
    }
    items.retain(|item| !seen.contains(item));
    Ok(new_list(items))
}

/// Is there such an element? Nil holds none. (list.go, `mustHas`)
fn has(needle: Value, haystack: Value) -> Result<bool, String> {
    if haystack.is_nil() {
        return Ok(false);
    }
    let list = want_list(&haystack, "find has on")?;
    Ok(list.values().iter().any(|item| deep_equal(&needle, item)))
}

/// The elements from an index, up to another. (list.go, `mustSlice`)
fn slice(list: Value, indices: Rest<Value>) -> Result<Value, String> {
    let Some(all) = as_list(&list) else {
        return Err(match list.is_nil() {
            true => NIL_DEREFERENCE.to_owned(),
            false => {
                format!("list should be type of slice or array but {}", kind_of(&list))
            }
        });
    };
    if all.is_empty() {
        return Ok(Value::NIL);
    }
    let index = |n: usize| indices.0.get(n).map(|v| usize::try_from(to_int64(v)));
    let start = index(0).unwrap_or(Ok(0));
    let end = index(1).unwrap_or(Ok(all.len()));
    let range = start.and_then(|start| end.map(|end| start..end));
    let range = range.ok().filter(|r| r.start <= r.end && r.end <= all.len());
    if let (Data::Object(object), Some(range)) = (&list.data, &range)
        && let Some(cut) = object.slice(range.clone())
    {
        return Ok(cut);
    }
    let items = items(&list, &all);
    let cut = range.and_then(|range| items.get(range).map(<[Value]>::to_vec));
    match cut {
        Some(cut) => Ok(Value::from(List::of(all.element_type(), cut))),
        None => Err("reflect.Value.Slice: slice index out of bounds".to_owned()),
    }
}

/// How many elements a list of lists together may have.
const MAX_ELEMENTS: usize = 5_000_000;

/// All lists as one. (list.go, `concat`)
fn concat(lists: Rest<Value>) -> Result<Value, String> {
    let mut all = Vec::new();
    for value in &lists.0 {
        let Some(list) = as_list(value) else {
            return Err(match value.is_nil() {
                true => NIL_DEREFERENCE.to_owned(),
                false => format!("Cannot concat type {} as list", kind_of(value)),
            });
        };
        all.extend(items(value, &list));
        if all.len() > MAX_ELEMENTS {
            return Err(format!("a list of more than {MAX_ELEMENTS} elements"));
        }
    }
    Ok(match all.is_empty() {
        true => Value::from(List::nil(Type::Any)),
        false => new_list(all),
    })
}

/// Lists of so many elements each; odd sizes fail as upstream's arithmetic does.
/// (list.go, `mustChunk`)
fn chunk(size: isize, list: Value) -> Result<Value, String> {
    let items = want(&list, "chunk")?;
    let chunks = truncate(((items.len() as f64 - 1.0) / size as f64).floor() + 1.0);
    let chunks = usize::try_from(chunks).map_err(|_| BAD_LENGTH)?;
    let Ok(size @ 1..) = usize::try_from(size) else {
        // A negative size gives one chunk, if the list is shorter than that.
        let fits = chunks == 1 && items.len() % size.unsigned_abs().max(1) != 0;
        return match chunks {
            0 => Ok(Value::from(List::of(Type::LIST, Vec::new()))),
            1 if fits => Ok(Value::from(List::of(Type::LIST, vec![new_list(items)]))),
            _ => Err(BAD_LENGTH.to_owned()),
        };
    };
    let chunks = items.chunks(size).map(|chunk| new_list(chunk.to_vec())).collect();
    Ok(Value::from(List::of(Type::LIST, chunks)))
}

/// The list without empty elements. (list.go, `mustCompact`)
fn compact(list: Value) -> Result<Value, String> {
    let mut items = want(&list, "compact on")?;
    items.retain(|item| !is_empty(item));
    Ok(new_list(items))
}

/// The texts of a list's elements, sorted by bytes; of anything else, its text.
/// (list.go, `sortAlpha`)
fn sort_alpha(list: Value) -> Value {
    if is_nil_strings(&list) {
        return list;
    }
    let mut texts = match as_list(&list) {
        Some(_) => strslice(&list),
        None => vec![Value::from(strval(&list)).with_origin(list.origin)],
    };
    texts.sort_by(|a, b| a.as_str().cmp(&b.as_str()));
    Value::from(List::strings(texts))
}
