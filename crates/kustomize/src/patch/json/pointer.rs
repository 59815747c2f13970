//! Finding the container that a path ends in.

use ecow::EcoString;
use goyaml::{Data, Entry, Map, Value};
use source::Span;

use crate::resource::PartStep;

const INVALID_INDEX: &str = "invalid index referenced";

/// A mapping or list inside of a document.
pub(super) enum Container<'a> {
    /// `{…}`
    Map(&'a mut Map),
    /// `[…]`
    List(&'a mut Vec<Value>),
}

/// The container of a path, and the last part of the path. (upstream: `findObject`)
pub(super) fn find<'a>(
    document: &'a mut Value,
    path: &str,
) -> Option<(Container<'a>, EcoString)> {
    let (_, path) = path.split_once('/')?;
    let (parents, key) = match path.rsplit_once('/') {
        Some((parents, key)) => (Some(parents), key),
        None => (None, path),
    };
    let mut at = document;
    for part in parents.into_iter().flat_map(|parents| parents.split('/')) {
        at = match &mut at.data {
            Data::Map(map) => &mut map.get_mut(unescape(part).as_str())?.value,
            Data::Seq(items) => {
                let index = index(&unescape(part), items.len()).ok()?;
                items.get_mut(index)?
            }
            _ => return None,
        };
    }
    let container = match &mut at.data {
        Data::Map(map) => Container::Map(map),
        Data::Seq(items) => Container::List(items),
        _ => return None,
    };
    Some((container, unescape(key)))
}

/// The steps of a path as far as there is something, for those who tell of it later.
pub(super) fn steps(document: &Value, path: &str) -> Vec<PartStep> {
    let (mut at, mut steps) = (document, Vec::new());
    for part in path.split('/').skip(1) {
        let (step, next) = match &at.data {
            Data::Map(map) => {
                let key = unescape(part);
                let next = map.get(key.as_str()).map(|entry| &entry.value);
                (PartStep::Key(key), next)
            }
            Data::Seq(items) => {
                let at = index(part, items.len()).ok();
                let item = at.and_then(|at| Some((at, items.get(at)?)));
                let Some((at, item)) = item else { break };
                (PartStep::Item { at, named: name(item) }, Some(item))
            }
            _ => break,
        };
        steps.push(step);
        let Some(next) = next else { break };
        at = next;
    }
    steps
}

/// What tells an item from the others, if it has a name.
fn name(item: &Value) -> Option<(EcoString, EcoString)> {
    let Data::Map(map) = &item.data else { return None };
    match &map.get("name")?.value.data {
        Data::Str(name) => Some(("name".into(), name.clone())),
        _ => None,
    }
}

/// `~1` is `/`, `~0` is `~`.
fn unescape(part: &str) -> EcoString {
    match part.contains('~') {
        true => part.replace("~1", "/").replace("~0", "~").into(),
        false => part.into(),
    }
}

impl Container<'_> {
    /// The value of a key or at an index; a key that is not there has none.
    pub(super) fn get(&self, key: &str) -> Result<Option<&Value>, String> {
        match self {
            Container::Map(map) => Ok(map.get(key).map(|entry| &entry.value)),
            Container::List(items) => Ok(items.get(index(key, items.len())?)),
        }
    }

    /// Puts a value where one is, or at a new key.
    pub(super) fn set(
        &mut self,
        key: &str,
        value: Value,
        at: Span,
    ) -> Result<(), String> {
        match self {
            Container::Map(map) => insert(map, key, value, at),
            Container::List(items) => {
                let index = index(key, items.len())?;
                if let Some(slot) = items.get_mut(index) {
                    *slot = value;
                }
            }
        }
        Ok(())
    }

    /// Adds a value at a key, before an index, or (`-`) at the end.
    pub(super) fn add(
        &mut self,
        key: &str,
        value: Value,
        at: Span,
    ) -> Result<(), String> {
        match self {
            Container::Map(map) => insert(map, key, value, at),
            Container::List(items) if key == "-" => items.push(value),
            Container::List(items) => {
                let number = number(key).map_err(|e| {
                    format!("value was not a proper array index: '{key}': {e}")
                })?;
                items.insert(within(number, items.len() + 1)?, value);
            }
        }
        Ok(())
    }

    /// Takes the value of a key or at an index out.
    pub(super) fn remove(&mut self, key: &str) -> Result<Value, String> {
        match self {
            Container::Map(map) => {
                let removed = map.swap_remove(key).map(|entry| entry.value);
                removed.ok_or_else(|| {
                    format!("Unable to remove nonexistent key: {key}: missing value")
                })
            }
            Container::List(items) => {
                let index = index(key, items.len())?;
                Ok(items.remove(index))
            }
        }
    }
}

fn insert(map: &mut Map, key: &str, value: Value, at: Span) {
    match map.get_mut(key) {
        Some(entry) => entry.value = value,
        None => {
            map.insert(key.into(), Entry { key_span: at, value });
        }
    }
}

fn index(key: &str, length: usize) -> Result<usize, String> {
    within(number(key)?, length)
}

/// As `strconv.Atoi` reads it.
fn number(key: &str) -> Result<i64, String> {
    key.parse().map_err(|_| format!("strconv.Atoi: parsing {key:?}: invalid syntax"))
}

/// The position for an index; negative ones count from the end.
fn within(number: i64, length: usize) -> Result<usize, String> {
    let invalid = || format!("Unable to access invalid index: {number}: {INVALID_INDEX}");
    let length = i64::try_from(length).map_err(|_| invalid())?;
    let from_start = if number < 0 { number.saturating_add(length) } else { number };
    match (0..length).contains(&from_start) {
        true => usize::try_from(from_start).map_err(|_| invalid()),
        false => Err(invalid()),
    }
}
