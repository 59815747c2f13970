//! Parameters that keep the origin of their argument, or that gotemplate does not know.

use gotemplate::{Data, FromArg, FuncError, Str, Type, UintKind, Value};
use source::OriginId;

use super::kinds::type_of;

fn mismatch(wanted: Type, value: &Value) -> FuncError {
    let got = type_of(value);
    FuncError::from(format!("wrong type for value; expected {wanted}; got {got}"))
}

/// A string, and where it came from.
#[derive(Clone)]
pub(super) struct Text {
    pub(super) text: Str,
    pub(super) origin: OriginId,
}

impl Text {
    /// The string as a value again.
    pub(super) fn into_value(self) -> Value {
        Value::from(self.text).with_origin(self.origin)
    }
}

impl FromArg for Text {
    const TYPE: Type = Type::String;

    fn from_value(value: Value) -> Result<Text, FuncError> {
        match value.as_str() {
            Some(text) => Ok(Text { text: text.clone(), origin: value.origin }),
            None => Err(mismatch(Type::String, &value)),
        }
    }
}

/// A boolean, and the value that it was.
pub(super) struct Flag {
    pub(super) is_true: bool,
    pub(super) value: Value,
}

impl FromArg for Flag {
    const TYPE: Type = Type::Bool;

    fn from_value(value: Value) -> Result<Flag, FuncError> {
        match value.data {
            Data::Bool(is_true) => Ok(Flag { is_true, value }),
            _ => Err(mismatch(Type::Bool, &value)),
        }
    }
}

/// A `uint32`.
pub(super) struct Uint32(pub(super) u32);

impl FromArg for Uint32 {
    const TYPE: Type = Type::Uint(UintKind::Uint32);

    fn from_value(value: Value) -> Result<Uint32, FuncError> {
        match value.data {
            Data::Uint(n, UintKind::Uint32) => Ok(Uint32(u32::try_from(n).unwrap_or(0))),
            _ => Err(mismatch(Self::TYPE, &value)),
        }
    }
}
