//! From merged values to what templates compute with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use gotemplate::{Data as GoData, List, Map as GoMap, MapKind, Str, Value};
use source::{OriginId, Origins, SlotId};

use crate::values::{Data, Map, MapRef, Node};

/// `.Values` of the root chart, every node with its slot as origin.
///
/// The walk is the one that numbers slots. A map that two charts share stays shared: what
/// `set` does to it is seen by both, as in Helm.
pub(super) fn to_template(
    root: &MapRef,
    of: &'static MapKind,
    origins: &Origins,
) -> Value {
    let mut walk = Walk { origins, next: 1, seen: HashMap::new() };
    let entries = walk.entries(root);
    let origin = origins.slot(SlotId(0));
    Value::from(GoMap::named(of, entries)).with_origin(origin)
}

struct Walk<'a> {
    origins: &'a Origins,
    next: u32,
    seen: HashMap<*const RefCell<Map>, Value>,
}

impl Walk<'_> {
    fn node(&mut self, node: &Node) -> Value {
        let origin = self.slot();
        let data = match &node.data {
            Data::Null => GoData::Nil,
            Data::Bool(b) => GoData::Bool(*b),
            Data::Int(n) => return Value::from(*n).with_origin(origin),
            Data::Float(n) => GoData::Float(*n),
            Data::Str(text) => GoData::Str(Str::new(text.as_bytes())),
            Data::List(list) => {
                GoData::List(List::new(list.iter().map(|item| self.node(item)).collect()))
            }
            Data::Map(map) => return self.map(map, origin),
        };
        Value::new(data).with_origin(origin)
    }

    fn map(&mut self, map: &MapRef, origin: OriginId) -> Value {
        if let Some(known) = self.seen.get(&Rc::as_ptr(map)) {
            return known.clone();
        }
        let made = Value::from(GoMap::new()).with_origin(origin);
        self.seen.insert(Rc::as_ptr(map), made.clone());
        let entries = self.entries(map);
        if let Some(table) = made.as_map() {
            table.fill(entries);
        }
        made
    }

    fn entries(&mut self, map: &MapRef) -> Vec<(Str, Value)> {
        let entries = map.borrow();
        let node = |(key, node): (&ecow::EcoString, &Node)| {
            (Str::new(key.as_bytes()), self.node(node))
        };
        entries.iter().map(node).collect()
    }

    fn slot(&mut self) -> OriginId {
        let slot = SlotId(self.next);
        self.next += 1;
        self.origins.slot(slot)
    }
}
