//! Types and kinds. (sprig: reflect.go)

use gotemplate::{Func, Str, Value, func};

use super::equal;
use super::kinds;

pub(super) static FUNCS: &[Func] = &[
    func!("typeOf", type_of),
    func!("typeIs", type_is),
    func!("typeIsLike", type_is_like),
    func!("kindOf", kind_of),
    func!("kindIs", kind_is),
    func!("deepEqual", deep_equal),
];

/// The name of a value's type. (reflect.go, `typeOf`)
fn type_of(value: Value) -> String {
    kinds::type_of(&value)
}

/// Is the value of this type? (reflect.go, `typeIs`)
fn type_is(target: Str, value: Value) -> bool {
    target == *kinds::type_of(&value)
}

/// Is the value of this type, or a pointer to it? (reflect.go, `typeIsLike`)
fn type_is_like(target: Str, value: Value) -> bool {
    let of = kinds::type_of(&value);
    target == *of || of.strip_prefix('*').is_some_and(|of| target == *of)
}

/// The name of a value's kind. (reflect.go, `kindOf`)
fn kind_of(value: Value) -> &'static str {
    kinds::kind_of(&value)
}

/// Is the value of this kind? (reflect.go, `kindIs`)
fn kind_is(target: Str, value: Value) -> bool {
    target == *kinds::kind_of(&value)
}

/// Are both of one type, with equal content? (reflect.DeepEqual)
fn deep_equal(a: Value, b: Value) -> bool {
    equal::deep_equal(&a, &b)
}
