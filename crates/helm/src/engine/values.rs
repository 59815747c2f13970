//! From merged values to what templates compute with.

use std::collections::HashMap;
use std::sync::Arc;

use gotemplate::{Data as GoData, List, Map as GoMap, MapKind, Str, Value};
use source::{OriginId, Origins};

use crate::values::{Frozen, FrozenData, FrozenMap};

/// `.Values` of the root chart, every node with its slot as origin.
///
/// A map that two charts share stays shared: what `set` does to it is seen by both, as in
/// Helm.
pub(super) fn to_template(
    root: &Frozen,
    of: &'static MapKind,
    origins: &Origins,
) -> Value {
    let mut walk = Walk { origins, seen: HashMap::new() };
    let entries = match &root.data {
        FrozenData::Map(map) => walk.entries(map),
        _ => Vec::new(),
    };
    Value::from(GoMap::named(of, entries)).with_origin(origins.slot(root.slot))
}

struct Walk<'a> {
    origins: &'a Origins,
    seen: HashMap<*const FrozenMap, Value>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Frozen) -> Value {
        let origin = self.origins.slot(node.slot);
        let data = match &node.data {
            FrozenData::Null => GoData::Nil,
            FrozenData::Bool(b) => GoData::Bool(*b),
            FrozenData::Int(n) => return Value::from(*n).with_origin(origin),
            FrozenData::Float(n) => GoData::Float(*n),
            FrozenData::Str(text) => GoData::Str(Str::new(text.as_bytes())),
            FrozenData::List(list) => {
                GoData::List(List::new(list.iter().map(|item| self.node(item)).collect()))
            }
            FrozenData::Map(map) => return self.map(map, origin),
        };
        Value::new(data).with_origin(origin)
    }

    fn map(&mut self, map: &Arc<FrozenMap>, origin: OriginId) -> Value {
        // Only what stands in several places is met again.
        if Arc::strong_count(map) == 1 {
            return Value::from(GoMap::from_iter(self.entries(map))).with_origin(origin);
        }
        if let Some(known) = self.seen.get(&Arc::as_ptr(map)) {
            return known.clone();
        }
        let made = Value::from(GoMap::from_iter(self.entries(map))).with_origin(origin);
        self.seen.insert(Arc::as_ptr(map), made.clone());
        made
    }

    fn entries(&mut self, map: &FrozenMap) -> Vec<(Str, Value)> {
        let node = |(key, node): (&ecow::EcoString, &Frozen)| {
            (Str::new(key.as_bytes()), self.node(node))
        };
        map.iter().map(node).collect()
    }
}
