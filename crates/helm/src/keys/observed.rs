//! Which values of a document a render looked at.

use goyaml::Value;
use source::Origins;

use crate::instance::Instance;
use crate::values::{Frozen, FrozenData, Merged};

/// For each node of a document, in preorder, whether the render looked at the value at its
/// path; globals count if any chart below looked at them.
pub(crate) fn observed(
    chart: &Instance,
    merged: &Merged,
    origins: &Origins,
    documents: &[std::sync::Arc<Value>],
) -> Vec<Vec<bool>> {
    let root = &merged.root;
    let find = |document: &std::sync::Arc<Value>| {
        let mut look = Look { origins, found: Vec::new() };
        look.value(document, &[root], Some((chart, vec![root])));
        look.found
    };
    documents.iter().map(find).collect()
}

impl Frozen {
    fn get(&self, key: &str) -> Option<&Frozen> {
        match &self.data {
            FrozenData::Map(map) => map.get(key),
            _ => None,
        }
    }

    fn item(&self, index: usize) -> Option<&Frozen> {
        match &self.data {
            FrozenData::List(items) => items.get(index),
            _ => None,
        }
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
        at: &[&'n Frozen],
        chart: Option<(&Instance, Vec<&'n Frozen>)>,
    ) {
        // What is not among the merged values was replaced by another document: whether it
        // would be read cannot be seen here.
        let read =
            at.is_empty() || at.iter().any(|node| self.origins.was_read(node.slot));
        self.found.push(read);
        match &value.data {
            goyaml::Data::Map(map) => {
                for (key, entry) in map {
                    let mut below: Vec<&Frozen> =
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
                    let below: Vec<&Frozen> =
                        at.iter().filter_map(|node| node.item(i)).collect();
                    self.value(item, &below, None);
                }
            }
            _ => {}
        }
    }
}

/// The globals of the charts below one.
fn globals<'n>(chart: &Instance, of: &'n Frozen, found: &mut Vec<&'n Frozen>) {
    for sub in chart.dependencies() {
        if let Some(of) = of.get(&sub.name()) {
            found.extend(of.get("global"));
            globals(sub, of, found);
        }
    }
}
