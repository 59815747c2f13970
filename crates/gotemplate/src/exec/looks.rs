//! What a render looks at: the slots whose values had a part in something.
//!
//! Looking up an entry looks at that entry; a map that is passed on is not looked into. What
//! is printed, or given to a function that sees all of its arguments, is looked at as a whole.

use rustc_hash::FxHashSet;
use source::Origins;

use super::Executor;
use crate::{Data, Func, Look, Map, Value};

/// Maps inside each other are followed this far: no YAML is deeper.
const MAX_DEPTH: usize = 128;

impl Executor {
    /// Notes that a value was looked at, and if it is a container, all in it.
    pub(super) fn look_whole(&mut self, value: &Value) {
        match &value.data {
            Data::Map(_) | Data::List(_) => {
                let mut seen = FxHashSet::default();
                whole(&mut self.origins, value, &mut seen, 0);
            }
            _ => self.origins.read(value.origin),
        }
    }

    /// Notes what a function looks at of its arguments.
    pub(super) fn look_at_arguments(&mut self, func: &Func, values: &[Value]) {
        for (i, value) in values.iter().enumerate() {
            match &value.data {
                Data::Map(map) => match (self.look)(func.name) {
                    Look::Whole | Look::Print | Look::Printf => {
                        self.look_whole(value);
                    }
                    Look::Keys => look_at_entries(&mut self.origins, map),
                    Look::HasKey => {
                        let key = values.get(i + 1).and_then(Value::as_str);
                        let found = key.and_then(|key| map.get(key));
                        self.origins.read(found.unwrap_or_default().origin);
                    }
                    _ => self.origins.read(value.origin),
                },
                Data::List(_) => match (self.look)(func.name) {
                    Look::Whole | Look::Print | Look::Printf => {
                        self.look_whole(value);
                    }
                    _ => self.origins.read(value.origin),
                },
                _ => self.origins.read(value.origin),
            }
        }
    }

    /// Does a function see all that is in its arguments?
    pub(super) fn sees_all(&self, func: &Func) -> bool {
        let look = (self.look)(func.name);
        matches!(look, Look::Whole | Look::Print | Look::Printf)
    }

    /// Notes what a function found.
    pub(super) fn look_at_result(&mut self, value: &Value) {
        self.origins.read(value.origin);
        if let Data::List(list) = &value.data {
            list.values().iter().for_each(|item| self.origins.read(item.origin));
        }
    }
}

fn look_at_entries(origins: &mut Origins, map: &Map) {
    map.entries().iter().for_each(|(_, value)| origins.read(value.origin));
}

fn whole(
    origins: &mut Origins,
    value: &Value,
    seen: &mut FxHashSet<usize>,
    depth: usize,
) {
    origins.read(value.origin);
    if depth > MAX_DEPTH {
        return;
    }
    match &value.data {
        Data::Map(map) if seen.insert(map.address()) => {
            map.each(|value| whole(origins, value, seen, depth + 1));
        }
        // Lists may hold one list many times, too.
        Data::List(list) if seen.insert(list.address()) => {
            list.values().iter().for_each(|item| whole(origins, item, seen, depth + 1));
        }
        _ => {}
    }
}
