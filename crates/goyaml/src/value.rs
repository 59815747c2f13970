//! Typed values: what Helm's values become, and what is written as YAML or JSON.

use ecow::{EcoString, eco_format};
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use source::{OriginId, Place, Span};

use crate::{Scalar, format_float};

/// A typed tree whose map keys are strings.
///
/// Two values are equal (`==`) if their data is: spans and origins do not count.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// Where it is written; [`Span::NONE`] for made-up values.
    pub span: Span,
    /// Who set it, if an edit did; [`OriginId::NONE`]: the span is the origin.
    pub origin: OriginId,
}

/// What a [`Value`] is.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Data {
    /// `null`
    #[default]
    Null,
    /// `true`
    Bool(bool),
    /// `1`
    Int(i64),
    /// An integer that needs 64 bits without a sign: `18446744073709551615`.
    Uint(u64),
    /// `1.5`
    Float(f64),
    /// `a`
    Str(EcoString),
    /// `[a]`
    Seq(Vec<Value>),
    /// `{a: b}`
    Map(Map),
}

/// The entries of a map in insertion order.
pub type Map = IndexMap<EcoString, Entry, FxBuildHasher>;

/// The value of a map's key, and where the key is written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

impl Value {
    /// A value that no text holds.
    pub fn new(data: impl Into<Data>) -> Value {
        Value { data: data.into(), span: Span::NONE, origin: OriginId::NONE }
    }

    /// `null`
    #[must_use]
    pub fn null() -> Value {
        Value::new(Data::Null)
    }

    /// The same value, said to be at `span`.
    #[must_use]
    pub fn at(mut self, span: Span) -> Value {
        self.span = span;
        self
    }

    /// Where it came from.
    #[must_use]
    pub fn place(&self) -> Place {
        Place::of(self.span, self.origin)
    }

    /// Is it null?
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self.data, Data::Null)
    }

    /// The text of a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.data {
            Data::Str(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a boolean.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.data {
            Data::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// The items of a sequence.
    #[must_use]
    pub fn as_seq(&self) -> Option<&[Value]> {
        match &self.data {
            Data::Seq(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&Map> {
        match &self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The entries of a map, to change.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.data {
            Data::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The value of a map's key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key).map(|entry| &entry.value)
    }

    /// Turns every integer into a float: what `encoding/json` makes of numbers in an
    /// `interface{}`, and so what Helm's templates see.
    pub fn integers_to_floats(&mut self) {
        match &mut self.data {
            #[expect(clippy::cast_precision_loss, reason = "float64(n), as Go does")]
            Data::Int(n) => self.data = Data::Float(*n as f64),
            #[expect(clippy::cast_precision_loss, reason = "float64(n), as Go does")]
            Data::Uint(n) => self.data = Data::Float(*n as f64),
            Data::Seq(items) => items.iter_mut().for_each(Value::integers_to_floats),
            Data::Map(map) => {
                map.values_mut().for_each(|entry| entry.value.integers_to_floats());
            }
            Data::Null | Data::Bool(_) | Data::Float(_) | Data::Str(_) => {}
        }
    }

    /// The scalar to hand to an [`Emitter`](crate::Emitter); `None` for maps and sequences.
    #[must_use]
    pub fn scalar(&self) -> Option<Scalar<'_>> {
        Some(match &self.data {
            Data::Null => Scalar::Null,
            Data::Bool(value) => Scalar::Bool(*value),
            Data::Int(value) => Scalar::Int(*value),
            Data::Uint(value) => Scalar::Uint(*value),
            Data::Float(value) => Scalar::Float(*value),
            Data::Str(text) => Scalar::Str(text),
            Data::Seq(_) | Data::Map(_) => return None,
        })
    }
}

impl Data {
    /// What `encoding/json` calls it when it does not fit: `cannot unmarshal string into …`.
    /// (Go: `json.UnmarshalTypeError.Value`)
    #[must_use]
    pub fn json_kind(&self) -> &'static str {
        match self {
            Data::Null => "null",
            Data::Bool(_) => "bool",
            Data::Int(_) | Data::Uint(_) | Data::Float(_) => "number",
            Data::Str(_) => "string",
            Data::Seq(_) => "array",
            Data::Map(_) => "object",
        }
    }

    /// What a Go field of type `string` is given: a scalar's text, nothing of a null; `None`
    /// for what does not fit. (sigs.k8s.io/yaml: `convertToJSONableObject`)
    #[must_use]
    pub fn json_string(&self) -> Option<EcoString> {
        Some(match self {
            Data::Null => EcoString::new(),
            Data::Bool(value) => eco_format!("{value}"),
            Data::Int(value) => eco_format!("{value}"),
            Data::Uint(value) => eco_format!("{value}"),
            Data::Float(value) => format_float(*value).into(),
            Data::Str(text) => text.clone(),
            Data::Seq(_) | Data::Map(_) => return None,
        })
    }
}

impl Default for Value {
    fn default() -> Value {
        Value::null()
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Value) -> bool {
        self.data == other.data
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.value == other.value
    }
}

impl From<Value> for Entry {
    fn from(value: Value) -> Entry {
        Entry { key_span: Span::NONE, value }
    }
}

impl From<bool> for Data {
    fn from(value: bool) -> Data {
        Data::Bool(value)
    }
}

impl From<i64> for Data {
    fn from(value: i64) -> Data {
        Data::Int(value)
    }
}

impl From<f64> for Data {
    fn from(value: f64) -> Data {
        Data::Float(value)
    }
}

impl From<&str> for Data {
    fn from(text: &str) -> Data {
        Data::Str(text.into())
    }
}

impl From<EcoString> for Data {
    fn from(text: EcoString) -> Data {
        Data::Str(text)
    }
}

impl From<Vec<Value>> for Data {
    fn from(items: Vec<Value>) -> Data {
        Data::Seq(items)
    }
}

impl From<Map> for Data {
    fn from(map: Map) -> Data {
        Data::Map(map)
    }
}
