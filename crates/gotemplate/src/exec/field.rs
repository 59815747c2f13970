//! Fields and methods.

use super::state::{At, Exec, State};
use crate::parse::{Expr, Name};
use crate::sorted::Hint;
use crate::{Data, Kind, Map, MissingKey, Type, Value};

impl<'t> State<'_, 't> {
    /// Walks `.a.b.c` from a receiver; the last name gets the arguments. (`evalFieldChain`)
    pub(super) fn field_chain(
        &mut self,
        dot: &Value,
        mut receiver: Value,
        expr: &'t Expr,
        fields: &'t [Name],
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Exec<Value> {
        let Some((name, before)) = fields.split_last() else {
            return Ok(receiver);
        };
        for name in before {
            receiver = self.field(dot, receiver, expr, name, &[], None)?;
        }
        self.field(dot, receiver, expr, name, args, last)
    }

    /// A method of the receiver, its field, or its entry. (`evalField`)
    fn field(
        &mut self,
        dot: &Value,
        receiver: Value,
        expr: &'t Expr,
        Name { text: name, hint }: &Name,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Exec<Value> {
        let has_args = !args.is_empty() || last.is_some();
        match &receiver.data {
            Data::Nil if !receiver.boxed => {
                if self.exec.missing_key == MissingKey::Error {
                    let name = crate::fmt::quote(name.as_bytes());
                    return Err(self.fail(format!("nil data; no entry for key {name}")));
                }
                Ok(Value::NIL.with_origin(receiver.origin))
            }
            Data::Nil => Err(self.fail_of(
                &receiver,
                format!("nil pointer evaluating interface {{}}.{name}"),
            )),
            Data::Map(map) => {
                if let Some(method) = map.method(name) {
                    let receiver = Some(receiver.clone().unboxed());
                    return self.call(dot, method, At::Expr(expr), args, last, receiver);
                }
                if has_args {
                    return Err(self.has_args(name));
                }
                self.entry(map, &receiver, name, hint)
            }
            Data::Object(object) => {
                if let Some(method) = object.method(name) {
                    let receiver = Some(receiver.clone().unboxed());
                    return self.call(dot, method, At::Expr(expr), args, last, receiver);
                }
                let found = object.field(name);
                match object.kind() {
                    Kind::Map if has_args => Err(self.has_args(name)),
                    Kind::Map => match found {
                        Some(value) => {
                            Ok(value.element(object.element(), receiver.origin))
                        }
                        None => self.missing(object.element(), name),
                    },
                    Kind::Struct => match found {
                        Some(_) if has_args => Err(self.fail(format!(
                            "{name} has arguments but cannot be invoked as function"
                        ))),
                        Some(value) if value.is_nil() => Ok(value.boxed()),
                        Some(value) => Ok(value.element(Type::String, receiver.origin)),
                        None => Err(self.no_field(&receiver, name)),
                    },
                    _ => Err(self.no_field(&receiver, name)),
                }
            }
            _ => Err(self.no_field(&receiver, name)),
        }
    }

    fn has_args(&self, name: &str) -> Box<crate::Error> {
        self.fail(format!("{name} is not a method but has arguments"))
    }

    fn no_field(&self, receiver: &Value, name: &str) -> Box<crate::Error> {
        let of = match receiver.type_of() {
            Some(of) if !receiver.boxed => of,
            _ => Type::Any,
        };
        self.fail_of(receiver, format!("can't evaluate field {name} in type {of}"))
    }

    fn entry(
        &mut self,
        map: &Map,
        receiver: &Value,
        name: &str,
        hint: &Hint,
    ) -> Exec<Value> {
        match map.get_near(name.as_bytes(), hint) {
            Some(value) => {
                self.exec.origins.read(value.origin);
                let value = value.element(map.element_type(), receiver.origin);
                Ok(self.exec.inside(value, receiver.origin))
            }
            None => self.missing(map.element_type(), name),
        }
    }

    fn missing(&self, of: Type, name: &str) -> Exec<Value> {
        match self.exec.missing_key {
            MissingKey::Invalid => Ok(Value::NIL),
            MissingKey::Zero => Ok(zero(of)),
            MissingKey::Error => {
                let name = crate::fmt::quote(name.as_bytes());
                Err(self.fail(format!("map has no entry for key {name}")))
            }
        }
    }
}

/// The zero value of a type. (reflect: `Zero`)
pub(crate) fn zero(of: Type) -> Value {
    match of.underlying() {
        Type::Bool => Value::from(false),
        Type::Int(kind) => Value::new(Data::Int(0, kind)),
        Type::Uint(kind) => Value::new(Data::Uint(0, kind)),
        Type::Float64 => Value::from(0.0),
        Type::Complex128 => Value::new(Data::Complex(Box::new((0.0, 0.0)))),
        Type::String => Value::str(""),
        Type::List(of) => Value::from(crate::List::nil(*of)),
        Type::Map(of) => Value::from(Map::nil(*of)),
        _ => Value::NIL.boxed(),
    }
}
