//! Dropping deep values without recursion: a template can nest lists a million deep.

use crate::{Data, Value};

/// Drops `values` and all that only they hold, one level at a time.
pub(crate) fn teardown(values: &mut Vec<Value>) {
    let nested = |v: &Value| matches!(v.data, Data::List(_) | Data::Map(_));
    if !values.iter().any(nested) {
        return;
    }
    let mut rest = std::mem::take(values);
    while let Some(value) = rest.pop() {
        match value.data {
            Data::List(list) => rest.extend(list.into_values().unwrap_or_default()),
            Data::Map(map) => rest.extend(map.into_values().unwrap_or_default()),
            _ => {}
        }
    }
}
