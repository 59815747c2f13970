//! Defaults and decisions. (sprig: defaults.go)
//!
//! What a decision chose came from where it came from, *because of* what decided.

use gotemplate::{Call, Func, Rest, Value, func};

use super::args::Flag;
use super::kinds::is_empty;

pub(super) static FUNCS: &[Func] = &[
    func!("default", default, Transparent),
    func!("empty", empty),
    func!("coalesce", coalesce, Transparent),
    func!("all", all),
    func!("any", any),
    func!("ternary", ternary, Transparent),
];

/// The given value, or if it is empty, the default. (defaults.go, `dfault`)
fn default(call: &mut Call<'_>, default: Value, given: Rest<Value>) -> Value {
    match given.0.into_iter().next() {
        None => default,
        Some(given) if is_empty(&given) => call.because(default, &given),
        Some(given) => given,
    }
}

/// Is it the zero value of its type? (defaults.go, `empty`)
fn empty(value: Value) -> bool {
    is_empty(&value)
}

/// The first value that is not empty; nil if all are. (defaults.go, `coalesce`)
fn coalesce(call: &mut Call<'_>, values: Rest<Value>) -> Value {
    let mut passed = Vec::new();
    for value in values.0 {
        if !is_empty(&value) {
            return passed
                .iter()
                .rev()
                .fold(value, |value, reason| call.because(value, reason));
        }
        passed.push(value);
    }
    Value::NIL
}

/// Is no value empty? (defaults.go, `all`)
fn all(values: Rest<Value>) -> bool {
    !values.0.iter().any(is_empty)
}

/// Is a value not empty? (defaults.go, `any`)
fn any(values: Rest<Value>) -> bool {
    !values.0.iter().all(is_empty)
}

/// The first value if the last is true, else the second. (defaults.go, `ternary`)
fn ternary(call: &mut Call<'_>, yes: Value, no: Value, which: Flag) -> Value {
    let value = if which.is_true { yes } else { no };
    call.because(value, &which.value)
}
