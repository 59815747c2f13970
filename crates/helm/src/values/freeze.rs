//! The merged values with a number for every node.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use sha2::{Digest, Sha256};
use source::{Layer, SlotTable};

use super::tree::{Data, Map, MapRef, Node};

/// Merged values: the tree, who set each node, and what identifies the data.
///
/// Slots are numbered in preorder, a map's entries in the order of their keys. A map that is
/// reached twice (globals are shared between charts) is numbered once.
pub(crate) struct Merged {
    pub(crate) root: MapRef,
    pub(crate) slots: SlotTable,
    pub(crate) digest: [u8; 32],
}

impl Merged {
    /// Numbers a merged tree.
    pub(crate) fn new(root: MapRef) -> Merged {
        let mut walk = Walk::default();
        walk.slots.push(Vec::new());
        walk.map(&root);
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
    seen: HashMap<*const RefCell<Map>, u64>,
    /// The lists that lost against those around the node.
    lost: Vec<Layer>,
    /// What is hashed.
    bytes: Vec<u8>,
}

impl Walk {
    fn node(&mut self, node: &Node) {
        let layers = self.lost.iter().chain(&node.shadowed).chain([&node.layer]);
        self.slots.push(layers.filter(|l| !l.span.is_none()).copied().collect());
        match &node.data {
            Data::Null => self.bytes.push(0),
            Data::Bool(b) => self.bytes.extend([1, u8::from(*b)]),
            Data::Int(n) => {
                self.bytes.push(2);
                self.bytes.extend(n.to_le_bytes());
            }
            Data::Float(n) => {
                self.bytes.push(3);
                self.bytes.extend(n.to_bits().to_le_bytes());
            }
            Data::Str(text) => {
                self.bytes.push(4);
                self.text(text);
            }
            Data::List(list) => {
                self.bytes.push(5);
                self.bytes.extend((list.len() as u64).to_le_bytes());
                // A list is replaced as a whole, whatever is in it.
                let around = self.lost.len();
                self.lost.extend(node.shadowed.iter().copied());
                list.iter().for_each(|item| self.node(item));
                self.lost.truncate(around);
            }
            Data::Map(map) => self.map(map),
        }
    }

    fn map(&mut self, map: &MapRef) {
        let number = self.seen.len() as u64;
        if let Some(first) = self.seen.get(&Rc::as_ptr(map)) {
            self.bytes.push(7);
            self.bytes.extend(first.to_le_bytes());
            return;
        }
        self.seen.insert(Rc::as_ptr(map), number);
        let entries = map.borrow();
        self.bytes.push(6);
        self.bytes.extend((entries.len() as u64).to_le_bytes());
        for (key, value) in entries.iter() {
            self.text(key);
            self.node(value);
        }
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend((text.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }
}
