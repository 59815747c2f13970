//! Lints about values of charts: which had an effect, which could have one, and which not.
//!
//! `given.rs` gathers the values that people wrote for charts, with what the renders of all
//! clusters read of them; `status.rs` judges every key; `suggest.rs` looks for the key that
//! was meant; `moved.rs` knows keys that charts have moved.

pub(super) mod dead_values_key;
mod given;
pub(super) mod inactive_value;
pub(super) mod list_override_drops_base;
mod moved;
pub(super) mod moved_or_renamed_key;
mod status;
mod suggest;
pub(super) mod value_changes_nothing;
pub(super) mod values_type_mismatch;

use goyaml::{Data, Value};

/// `a.b[0].c`, as people write the path of a value.
fn dotted(path: &[&str]) -> String {
    let mut out = String::new();
    for key in path {
        match key.strip_prefix('[') {
            Some(_) => {}
            None if out.is_empty() => {}
            None => out.push('.'),
        }
        out.push_str(key);
    }
    out
}

/// What kind of value it is, in words.
fn kind(value: &Value) -> &'static str {
    match &value.data {
        Data::Null => "null",
        Data::Bool(_) => "a boolean",
        Data::Int(_) | Data::Uint(_) | Data::Float(_) => "a number",
        Data::Str(_) => "a string",
        Data::Seq(_) => "a list",
        Data::Map(_) => "a map",
    }
}

/// Do both say the same? Numbers do if they are equal as numbers.
fn same(a: &Value, b: &Value) -> bool {
    match (&a.data, &b.data) {
        (Data::Map(a), Data::Map(b)) => {
            a.len() == b.len()
                && a.iter().all(|(key, entry)| {
                    b.get(key).is_some_and(|other| same(&entry.value, &other.value))
                })
        }
        (Data::Seq(a), Data::Seq(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (a, b) => match (number(a), number(b)) {
            (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
            _ => a == b,
        },
    }
}

#[expect(clippy::cast_precision_loss, reason = "Helm makes floats of all numbers")]
fn number(data: &Data) -> Option<f64> {
    match data {
        Data::Int(n) => Some(*n as f64),
        Data::Uint(n) => Some(*n as f64),
        Data::Float(n) => Some(*n),
        _ => None,
    }
}
