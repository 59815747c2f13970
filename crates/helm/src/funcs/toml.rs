//! TOML. (helm: funcs.go)

use gotemplate::{Call, Func, Map, Str, Value, func};

use super::args::Text;
use super::plain::{
    Encoder, FIELD, FIRST_PLACE, Numbers, from_tree, moment_forms, to_tree,
};
use super::raw::raw_bytes;
use crate::toml::{decode, encode};

pub(super) static FUNCS: &[Func] =
    &[func!("toToml", to_toml), func!("fromToml", from_toml, Transparent)];

/// What Helm 4 has and Helm 3 has not.
pub(super) static HELM4_FUNCS: &[Func] = &[func!("mustToToml", must_to_toml)];

/// The panic of `reflect`, on which `toToml nil` runs.
const NO_TYPE: &str = "reflect: call of reflect.Value.Type on zero Value";

fn write(call: &mut Call<'_>, value: &Value) -> Result<String, String> {
    let plain = |text: &str| moment_forms(text).map(|(_, toml)| toml.to_owned());
    let text = encode(&to_tree(call, value, Encoder::Toml)?, &plain)?;
    if !text.contains(FIELD) {
        return Ok(text);
    }
    // The keys of structs were marked to keep their order, and quoted for that.
    let mark = format!("\"{FIELD}");
    let mut parts = text.split(&mark);
    let first = parts.next().unwrap_or("").to_owned();
    Ok(parts.fold(first, |text, part| {
        let (name, rest) = part.split_once('"').unwrap_or((part, ""));
        text + name.get(FIRST_PLACE.len_utf8()..).unwrap_or("") + rest
    }))
}

/// A value as TOML; a fault becomes the text. (funcs.go, `toTOML`)
fn to_toml(call: &mut Call<'_>, value: Value) -> Result<Str, &'static str> {
    if value.is_nil() {
        return Err(NO_TYPE);
    }
    Ok(bytes(write(call, &value).unwrap_or_else(|error| error)))
}

/// A value as TOML; a fault fails the render. (funcs.go, `mustToTOML`)
fn must_to_toml(call: &mut Call<'_>, value: Value) -> Result<Str, String> {
    if value.is_nil() {
        return Err(NO_TYPE.to_owned());
    }
    write(call, &value).map(bytes)
}

/// The text with the bytes that are no UTF-8.
fn bytes(text: String) -> Str {
    raw_bytes(&text).map_or_else(|| Str::from(text.as_str()), Str::from)
}

/// Reads TOML; integers stay integers; a fault is under `Error`. (funcs.go, `fromTOML`)
fn from_toml(call: &mut Call<'_>, text: Text) -> Map {
    let error = match decode(text.text.as_bytes()) {
        Ok(tree) => match from_tree(call, &tree, &text, Numbers::Kept).as_map() {
            Some(map) => return map.clone(),
            None => String::new(),
        },
        Err(error) => error,
    };
    [(Str::from("Error"), Value::from(error).with_origin(text.origin))]
        .into_iter()
        .collect()
}
