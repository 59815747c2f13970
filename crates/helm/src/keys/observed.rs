//! Which values of a document a render looked at.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use ecow::EcoString;
use goyaml::Value;
use source::{Origins, SlotId};

use crate::chart::Instance;
use crate::values::{Data, Map, MapRef, Merged, Node};

/// For each node of a document, in preorder, whether the render looked at the value at its
/// path; globals count if any chart below looked at them.
pub(crate) fn observed(
    chart: &Instance,
    merged: &Merged,
    origins: &Origins,
    documents: &[std::sync::Arc<Value>],
) -> Vec<Vec<bool>> {
    let mut walk = Walk { next: 1, seen: HashMap::new() };
    let root = Numbered { slot: 0, below: walk.map(&merged.root) };
    let find = |document: &std::sync::Arc<Value>| {
        let mut look = Look { origins, found: Vec::new() };
        look.value(document, &[&root], Some((chart, vec![&root])));
        look.found
    };
    documents.iter().map(find).collect()
}

/// A node of the merged values with its slot.
struct Numbered {
    slot: u32,
    below: Below,
}

#[derive(Clone)]
enum Below {
    Nothing,
    Map(Rc<HashMap<EcoString, Numbered>>),
    List(Rc<Vec<Numbered>>),
}

impl Numbered {
    fn get(&self, key: &str) -> Option<&Numbered> {
        match &self.below {
            Below::Map(map) => map.get(key),
            _ => None,
        }
    }

    fn item(&self, index: usize) -> Option<&Numbered> {
        match &self.below {
            Below::List(items) => items.get(index),
            _ => None,
        }
    }
}

/// The walk that numbers slots; a map that is reached twice is numbered once.
struct Walk {
    next: u32,
    seen: HashMap<*const RefCell<Map>, Below>,
}

impl Walk {
    fn node(&mut self, node: &Node) -> Numbered {
        let slot = self.next;
        self.next += 1;
        let below = match &node.data {
            Data::Map(map) => self.map(map),
            Data::List(items) => {
                Below::List(Rc::new(items.iter().map(|item| self.node(item)).collect()))
            }
            _ => Below::Nothing,
        };
        Numbered { slot, below }
    }

    fn map(&mut self, map: &MapRef) -> Below {
        if let Some(known) = self.seen.get(&Rc::as_ptr(map)) {
            return known.clone();
        }
        let entries = map.borrow();
        let below = entries.iter().map(|(key, node)| (key.clone(), self.node(node)));
        let below = Below::Map(Rc::new(below.collect()));
        self.seen.insert(Rc::as_ptr(map), below.clone());
        below
    }
}

struct Look<'a> {
    origins: &'a Origins,
    found: Vec<bool>,
}

impl Look<'_> {
    /// `at`: the nodes of the merged values that stand for the document's; `chart`: the chart
    /// whose values these are.
    fn value<'n>(
        &mut self,
        value: &Value,
        at: &[&'n Numbered],
        chart: Option<(&Instance, Vec<&'n Numbered>)>,
    ) {
        // What is not among the merged values was replaced by another document: whether it
        // would be read cannot be seen here.
        let read = at.is_empty()
            || at.iter().any(|node| self.origins.was_read(SlotId(node.slot)));
        self.found.push(read);
        match &value.data {
            goyaml::Data::Map(map) => {
                for (key, entry) in map {
                    let mut below: Vec<&Numbered> =
                        at.iter().filter_map(|node| node.get(key)).collect();
                    let mut inner = None;
                    if let Some((chart, values)) = &chart {
                        if key == "global" {
                            values.iter().for_each(|of| globals(chart, of, &mut below));
                        }
                        let subs = chart.dependencies().iter();
                        let sub = subs.into_iter().find(|sub| sub.name() == *key);
                        inner = sub.map(|sub| {
                            let of = values.iter().filter_map(|of| of.get(key));
                            (sub, of.collect())
                        });
                    }
                    self.value(&entry.value, &below, inner);
                }
            }
            goyaml::Data::Seq(items) => {
                for (i, item) in items.iter().enumerate() {
                    let below: Vec<&Numbered> =
                        at.iter().filter_map(|node| node.item(i)).collect();
                    self.value(item, &below, None);
                }
            }
            _ => {}
        }
    }
}

/// The globals of the charts below one.
fn globals<'n>(chart: &Instance, of: &'n Numbered, found: &mut Vec<&'n Numbered>) {
    for sub in chart.dependencies() {
        if let Some(of) = of.get(&sub.name()) {
            found.extend(of.get("global"));
            globals(sub, of, found);
        }
    }
}
