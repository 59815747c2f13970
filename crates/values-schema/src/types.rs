//! [`Types`]: what `type` says.

use serde_json::Value;

/// The names of types, in the order in which they are told.
const TYPES: &[&str] =
    &["null", "boolean", "number", "integer", "string", "array", "object"];

/// A set of types. (`Types`)
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Types(u8);

impl Types {
    pub(crate) fn new(value: Option<&Value>) -> Types {
        let one = |name: &Value| {
            let at = TYPES.iter().position(|known| Some(*known) == name.as_str());
            at.map_or(0, |at| 1 << at)
        };
        Types(match value {
            Some(Value::Array(names)) => names.iter().map(one).fold(0, |all, t| all | t),
            Some(name) => one(name),
            None => 0,
        })
    }

    pub(crate) fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub(crate) fn contains(self, name: &str) -> bool {
        TYPES
            .iter()
            .position(|known| *known == name)
            .is_some_and(|at| self.0 >> at & 1 == 1)
    }

    pub(crate) fn names(self) -> Vec<&'static str> {
        TYPES.iter().copied().filter(|name| self.contains(name)).collect()
    }
}
