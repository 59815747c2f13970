//! The merged values as nothing changes them any more, with a number for every node.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use ecow::EcoString;
use gotemplate::SortedMap;
use sha2::{Digest, Sha256};
use source::{Layer, SlotId, SlotTable};

use super::tree::{Data, Map, MapRef, Node};

/// Merged values: the tree, who set each node, and what identifies the data.
///
/// Slots are numbered in preorder, a map's entries in the order of their keys. A map that is
/// reached twice (globals are shared between charts) is numbered once.
pub(crate) struct Merged {
    pub(crate) root: Frozen,
    pub(crate) slots: SlotTable,
    pub(crate) digest: [u8; 32],
}

/// A node of merged values, for any thread.
#[derive(Clone, Debug)]
pub(crate) struct Frozen {
    /// The number of the place that it has; a map that has several knows them all.
    pub(crate) slot: SlotId,
    pub(crate) data: FrozenData,
}

/// The value of a [`Frozen`] node.
#[derive(Clone, Debug)]
pub(crate) enum FrozenData {
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(EcoString),
    List(Arc<[Frozen]>),
    /// The same one for each place of a map that is reached twice.
    Map(Arc<FrozenMap>),
}

/// The entries of a map, in the order of their keys.
pub(crate) type FrozenMap = SortedMap<EcoString, Frozen>;

impl Merged {
    /// Numbers a merged tree.
    pub(crate) fn new(root: &MapRef) -> Merged {
        let mut walk = Walk::default();
        walk.slots.push(Vec::new());
        let root = Frozen { slot: SlotId(0), data: FrozenData::Map(walk.map(root)) };
        let slots = SlotTable { layers: walk.slots };
        Merged { root, slots, digest: Sha256::digest(&walk.bytes).into() }
    }

    /// How many slots there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.slots.layers.len()).unwrap_or(u32::MAX)
    }
}

#[derive(Default)]
struct Walk {
    slots: Vec<Vec<Layer>>,
    seen: HashMap<*const RefCell<Map>, (u64, Arc<FrozenMap>)>,
    /// The lists that lost against those around the node.
    lost: Vec<Layer>,
    /// What is hashed.
    bytes: Vec<u8>,
}

impl Walk {
    fn node(&mut self, node: &Node) -> Frozen {
        let slot = SlotId(u32::try_from(self.slots.len()).unwrap_or(u32::MAX));
        let layers = self.lost.iter().chain(&node.shadowed).chain([&node.layer]);
        self.slots.push(layers.filter(|l| !l.span.is_none()).copied().collect());
        let data = match &node.data {
            Data::Null => {
                self.bytes.push(0);
                FrozenData::Null
            }
            Data::Bool(b) => {
                self.bytes.extend([1, u8::from(*b)]);
                FrozenData::Bool(*b)
            }
            Data::Int(n) => {
                self.bytes.push(2);
                self.bytes.extend(n.to_le_bytes());
                FrozenData::Int(*n)
            }
            Data::Float(n) => {
                self.bytes.push(3);
                self.bytes.extend(n.to_bits().to_le_bytes());
                FrozenData::Float(*n)
            }
            Data::Str(text) => {
                self.bytes.push(4);
                self.text(text);
                FrozenData::Str(text.clone())
            }
            Data::List(list) => {
                self.bytes.push(5);
                self.bytes.extend((list.len() as u64).to_le_bytes());
                // A list is replaced as a whole, whatever is in it.
                let around = self.lost.len();
                self.lost.extend(node.shadowed.iter().copied());
                let items = list.iter().map(|item| self.node(item)).collect();
                self.lost.truncate(around);
                FrozenData::List(items)
            }
            Data::Map(map) => FrozenData::Map(self.map(map)),
        };
        Frozen { slot, data }
    }

    fn map(&mut self, map: &MapRef) -> Arc<FrozenMap> {
        if let Some((first, known)) = self.seen.get(&Rc::as_ptr(map)) {
            self.bytes.push(7);
            self.bytes.extend(first.to_le_bytes());
            return known.clone();
        }
        let number = self.seen.len() as u64;
        // A map inside itself ends there.
        self.seen.insert(Rc::as_ptr(map), (number, Arc::default()));
        let entries = map.borrow();
        self.bytes.push(6);
        self.bytes.extend((entries.len() as u64).to_le_bytes());
        let entry = |(key, value): (&EcoString, &Node)| {
            self.text(key);
            (key.clone(), self.node(value))
        };
        let frozen = Arc::new(entries.iter().map(entry).collect::<FrozenMap>());
        self.seen.insert(Rc::as_ptr(map), (number, frozen.clone()));
        frozen
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}
