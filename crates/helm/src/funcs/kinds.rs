//! What Go's `reflect` says of values, and the panics that sprig runs into.

use gotemplate::{Data, Kind, List, Str, Type, Value};

/// The panic of `reflect.TypeOf(nil).Kind()`, on which sprig's list functions rely.
pub(super) const NIL_DEREFERENCE: &str =
    "runtime error: invalid memory address or nil pointer dereference";

/// The panic of `make` with a negative length.
pub(super) const BAD_LENGTH: &str = "runtime error: makeslice: len out of range";

/// `reflect.ValueOf(v).Kind().String()`.
pub(super) fn kind_of(value: &Value) -> &'static str {
    match &value.data {
        Data::Object(object) if object.type_name().starts_with('*') => "ptr",
        Data::Object(object) => match object.kind() {
            Kind::Struct => "struct",
            Kind::Map => "map",
            Kind::List => "slice",
            Kind::String => "string",
            Kind::Int => "int",
        },
        _ => match value.type_of().map(Type::underlying) {
            None => "invalid",
            Some(Type::Bool) => "bool",
            Some(Type::Int(kind)) => match kind {
                gotemplate::IntKind::Int => "int",
                gotemplate::IntKind::Int8 => "int8",
                gotemplate::IntKind::Int16 => "int16",
                gotemplate::IntKind::Int32 => "int32",
                gotemplate::IntKind::Int64 => "int64",
            },
            Some(Type::Uint(kind)) => match kind {
                gotemplate::UintKind::Uint => "uint",
                gotemplate::UintKind::Uint8 => "uint8",
                gotemplate::UintKind::Uint16 => "uint16",
                gotemplate::UintKind::Uint32 => "uint32",
                gotemplate::UintKind::Uint64 => "uint64",
                gotemplate::UintKind::Uintptr => "uintptr",
            },
            Some(Type::Float64) => "float64",
            Some(Type::Complex128) => "complex128",
            Some(Type::String) => "string",
            Some(Type::List(_)) => "slice",
            Some(Type::Map(_)) => "map",
            Some(Type::Func(_)) => "func",
            Some(_) => "interface",
        },
    }
}

/// `fmt.Sprintf("%T", v)`.
pub(super) fn type_of(value: &Value) -> String {
    value.type_of().map_or_else(|| "<nil>".to_owned(), |of| of.to_string())
}

/// The elements of whatever Go holds for a slice.
pub(super) fn as_list(value: &Value) -> Option<List> {
    match &value.data {
        Data::List(list) => Some(list.clone()),
        Data::Object(object) if object.kind() == Kind::List => {
            object.plain().and_then(|plain| plain.as_list().cloned())
        }
        _ => None,
    }
}

/// The list; or the error of a function that cannot `verb` anything else.
pub(super) fn want_list(value: &Value, verb: &str) -> Result<List, String> {
    match as_list(value) {
        Some(list) => Ok(list),
        None if value.is_nil() => Err(NIL_DEREFERENCE.to_owned()),
        None => Err(format!("Cannot {verb} type {}", kind_of(value))),
    }
}

/// Is it the zero value of its type? Structs never are. (sprig: defaults.go, `empty`)
pub(super) fn is_empty(value: &Value) -> bool {
    match &value.data {
        Data::Object(object) if object.type_name().starts_with('*') => false,
        Data::Object(object) => match object.kind() {
            Kind::Struct => false,
            _ => object.length().map_or(!object.truth(), |len| len == 0),
        },
        _ => !value.truth(),
    }
}

/// Its text, as sprig sees it: strings and byte slices as they are, what has a `String`
/// method by that, the rest as `%v` prints it. (sprig: strings.go, `strval`)
pub(super) fn strval(value: &Value) -> Str {
    match &value.data {
        Data::Str(text) => text.clone(),
        Data::List(list) => match list.bytes() {
            Some(bytes) => Str::from(bytes),
            None => show(value),
        },
        _ => show(value),
    }
}

/// `fmt.Sprintf("%v", v)`.
pub(super) fn show(value: &Value) -> Str {
    let mut out = Vec::new();
    gotemplate::fmt::print(&mut out, value);
    Str::from(out)
}
