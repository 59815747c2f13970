//! Go's types, as far as templates can see them: in `%T`, in error texts, in what may be
//! passed to which parameter.

use std::fmt;

use crate::Signature;

/// The width of a signed Go integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum IntKind {
    /// `int`.
    #[default]
    Int,
    /// `int8`.
    Int8,
    /// `int16`.
    Int16,
    /// `int32`, also called `rune`.
    Int32,
    /// `int64`.
    Int64,
}

/// The width of an unsigned Go integer.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UintKind {
    /// `uint`.
    #[default]
    Uint,
    /// `uint8`, also called `byte`.
    Uint8,
    /// `uint16`.
    Uint16,
    /// `uint32`.
    Uint32,
    /// `uint64`.
    Uint64,
    /// `uintptr`.
    Uintptr,
}

/// A Go type. [`Display`](fmt::Display) writes it as Go's `reflect.Type.String` does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Type {
    /// `interface {}`: anything, nil included.
    Any,
    /// `reflect.Value`: anything, seen before Go unpacks its interface. Builtins take it.
    Reflect,
    /// `bool`.
    Bool,
    /// `int`, `int64`, ….
    Int(IntKind),
    /// `uint`, `uint8`, ….
    Uint(UintKind),
    /// `float64`.
    Float64,
    /// `complex128`.
    Complex128,
    /// `string`.
    String,
    /// `[]T`.
    List(&'static Type),
    /// `map[string]T`.
    Map(&'static Type),
    /// A named type and what it is made of: `common.Values`, a `map[string]interface {}`.
    Named(&'static str, &'static Type),
    /// A foreign type, by its full name: `*semver.Version`.
    Object(&'static str),
    /// A function value: `func(string) string`.
    Func(&'static Signature),
}

impl Type {
    /// `int`.
    pub const INT: Type = Type::Int(IntKind::Int);
    /// `int64`.
    pub const INT64: Type = Type::Int(IntKind::Int64);
    /// `[]interface {}`.
    pub const LIST: Type = Type::List(&Type::Any);
    /// `map[string]interface {}`.
    pub const MAP: Type = Type::Map(&Type::Any);

    /// What a named type is made of; any other type itself.
    #[must_use]
    pub fn underlying(self) -> Type {
        match self {
            Type::Named(_, of) => of.underlying(),
            other => other,
        }
    }

    /// May a value of this type be given where `to` is wanted? (reflect: `AssignableTo`)
    #[must_use]
    pub fn assignable_to(self, to: Type) -> bool {
        if matches!(to, Type::Any) || self == to {
            return true;
        }
        let named = |t: Type| matches!(t, Type::Named(..));
        let literal = |t: Type| matches!(t, Type::List(_) | Type::Map(_));
        match (named(self), named(to)) {
            (true, true) => false,
            (false, false) => false,
            _ => literal(self.underlying()) && self.underlying() == to.underlying(),
        }
    }

    /// May nil be given where this type is wanted? (text/template: `canBeNil`)
    #[must_use]
    pub fn can_be_nil(self) -> bool {
        match self.underlying() {
            Type::Any | Type::Reflect | Type::List(_) | Type::Map(_) | Type::Func(_) => {
                true
            }
            Type::Object(name) => name.starts_with('*'),
            _ => false,
        }
    }
}

impl fmt::Display for IntKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            IntKind::Int => "int",
            IntKind::Int8 => "int8",
            IntKind::Int16 => "int16",
            IntKind::Int32 => "int32",
            IntKind::Int64 => "int64",
        })
    }
}

impl fmt::Display for UintKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            UintKind::Uint => "uint",
            UintKind::Uint8 => "uint8",
            UintKind::Uint16 => "uint16",
            UintKind::Uint32 => "uint32",
            UintKind::Uint64 => "uint64",
            UintKind::Uintptr => "uintptr",
        })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("func(")?;
        for (i, param) in self.params.iter().enumerate() {
            let comma = if i > 0 { ", " } else { "" };
            let last = i + 1 == self.params.len();
            let dots = if last && self.variadic { "..." } else { "" };
            write!(f, "{comma}{dots}{param}")?;
        }
        write!(f, ") {}", self.returns)
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Any => f.write_str("interface {}"),
            Type::Reflect => f.write_str("reflect.Value"),
            Type::Bool => f.write_str("bool"),
            Type::Int(kind) => kind.fmt(f),
            Type::Uint(kind) => kind.fmt(f),
            Type::Float64 => f.write_str("float64"),
            Type::Complex128 => f.write_str("complex128"),
            Type::String => f.write_str("string"),
            Type::List(of) => write!(f, "[]{of}"),
            Type::Map(of) => write!(f, "map[string]{of}"),
            Type::Named(name, _) | Type::Object(name) => f.write_str(name),
            Type::Func(signature) => signature.fmt(f),
        }
    }
}
