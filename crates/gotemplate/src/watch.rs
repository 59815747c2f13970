//! [`Watch`]: did a template change what other templates see, too?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::{Data, Value};

/// Sees changes of the maps that it watches, for any thread.
///
/// Templates share maps: what `set` does in one, those after it see. As long as that does not
/// happen, the order in which templates are executed says nothing.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<AtomicBool>);

impl Watch {
    /// Watches all maps that can be reached from a value through maps and lists.
    pub fn over(&self, value: &Value) {
        let mut open = vec![value.clone()];
        while let Some(value) = open.pop() {
            match &value.data {
                // One that is watched was met before.
                Data::Map(map) if map.watch(self) => {
                    map.each(|value| open.push(value.clone()));
                }
                Data::List(list) => open.extend(list.values().iter().cloned()),
                _ => {}
            }
        }
    }

    /// Was something changed?
    #[must_use]
    pub fn has_seen(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    pub(crate) fn changed(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Watch;
    use crate::{List, Map, Str, Value};

    fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Map {
        entries.into_iter().map(|(key, value)| (Str::from(key), value)).collect()
    }

    #[test]
    fn a_change_is_seen_at_any_depth_and_through_any_alias() {
        let inner = map([("a", Value::int(1))]);
        let list = Value::from(List::new(vec![Value::from(inner.clone())]));
        let values = Value::from(map([("list", list)]));
        let watch = Watch::default();
        watch.over(&values);
        let copy = values.as_map().unwrap().copy();
        copy.set("b", Value::int(2));
        map([]).set("c", Value::from(inner.clone()));
        assert!(!watch.has_seen());
        inner.remove("a");
        assert!(watch.has_seen());
    }

    #[test]
    fn what_the_host_sets_is_no_change() {
        let dot = map([]);
        let watch = Watch::default();
        watch.over(&Value::from(dot.clone()));
        dot.set_for_host("Template", Value::int(1));
        assert!(!watch.has_seen());
        assert!(dot.contains("Template"));
        dot.set("Template", Value::int(2));
        assert!(watch.has_seen());
    }

    #[test]
    fn a_map_inside_itself_is_watched_once() {
        let map = map([]);
        map.set("self", Value::from(map.clone()));
        let watch = Watch::default();
        watch.over(&Value::from(map.clone()));
        map.remove("self");
        assert!(watch.has_seen());
    }
}
