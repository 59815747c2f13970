//! TOML. (helm: funcs.go)

use gotemplate::{Call, Func, Map, Str, Value, func};

use super::args::Text;
use super::pieces::mended;
use super::plain::{Encoder, Numbers, from_tree, to_tree};
use crate::toml::{decode, encode};

pub(super) static FUNCS: &[Func] =
    &[func!("toToml", to_toml), func!("fromToml", from_toml, Transparent)];

/// What Helm 4 has and Helm 3 has not.
pub(super) static HELM4_FUNCS: &[Func] = &[func!("mustToToml", must_to_toml)];

/// The panic of `reflect`, on which `toToml nil` runs.
const NO_TYPE: &str = "reflect: call of reflect.Value.Type on zero Value";

fn write(call: &mut Call<'_>, value: &Value) -> Result<String, String> {
    encode(&to_tree(call, value, Encoder::Go)?)
}

/// A value as TOML; a fault becomes the text. (funcs.go, `toTOML`)
fn to_toml(call: &mut Call<'_>, value: Value) -> Result<String, &'static str> {
    if value.is_nil() {
        return Err(NO_TYPE);
    }
    Ok(write(call, &value).unwrap_or_else(|error| error))
}

/// A value as TOML; a fault fails the render. (funcs.go, `mustToTOML`)
fn must_to_toml(call: &mut Call<'_>, value: Value) -> Result<String, String> {
    if value.is_nil() {
        return Err(NO_TYPE.to_owned());
    }
    write(call, &value)
}

/// Reads TOML; integers stay integers; a fault is under `Error`. (funcs.go, `fromTOML`)
fn from_toml(call: &mut Call<'_>, text: Text) -> Map {
    let error = match decode(&mended(text.text.as_bytes())) {
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
