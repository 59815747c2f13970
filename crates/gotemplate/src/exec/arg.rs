//! Arguments: evaluated and checked against the type of their parameter.

use super::state::{At, Exec, State};
use crate::parse::{Expr, ExprKind};
use crate::{Data, Error, Str, Type, Value};

impl<'t> State<'_, 't> {
    /// The value of an argument of the given type; any, if `None`. (`evalArg`)
    pub(super) fn arg(
        &mut self,
        dot: &Value,
        of: Option<Type>,
        expr: &'t Expr,
    ) -> Exec<Value> {
        self.at = At::Expr(expr);
        let value = match &expr.kind {
            ExprKind::Dot => dot.clone(),
            ExprKind::Nil => {
                return match of {
                    Some(of) if of.can_be_nil() => Ok(Value::NIL),
                    Some(of) => Err(self.fail(format!("cannot assign nil to {of}"))),
                    None => Err(self.fail("indirection through explicit nil in nil")),
                };
            }
            ExprKind::Field(_) | ExprKind::Variable { .. } | ExprKind::Chain { .. } => {
                self.access(dot, expr, &[], None)?
            }
            ExprKind::Pipe(pipe) => {
                // Go's pipeline node is the argument itself, without its parentheses.
                self.at = At::Pipe(pipe);
                self.pipeline(dot, pipe)?
            }
            ExprKind::Identifier(func) => {
                self.call(dot, func, At::Expr(expr), &[], None, None)?
            }
            _ => return self.literal(of.unwrap_or(Type::Any), expr),
        };
        match of {
            Some(of) => self.validate(value, of),
            None => Ok(value),
        }
    }

    fn literal(&mut self, of: Type, expr: &'t Expr) -> Exec<Value> {
        let expected =
            |state: &Self, what| state.fail(format!("expected {what}; found {expr}"));
        let number = match &expr.kind {
            ExprKind::Number(number) => Some(number),
            _ => None,
        };
        match (of, &expr.kind) {
            (Type::Any | Type::Reflect, ExprKind::Bool(b))
            | (Type::Bool, ExprKind::Bool(b)) => Ok(Value::from(*b)),
            (Type::Any | Type::Reflect | Type::String, ExprKind::Str { text, .. }) => {
                Ok(Value::from(Str::shared(text.clone())))
            }
            (Type::Any | Type::Reflect, ExprKind::Number(number)) => {
                self.ideal_constant(expr, number)
            }
            (Type::Bool, _) => Err(expected(self, "bool")),
            (Type::String, _) => Err(expected(self, "string")),
            (Type::Int(kind), _) => match number.and_then(|n| n.int) {
                Some(n) => Ok(Value::new(Data::Int(n, kind))),
                None => Err(expected(self, "integer")),
            },
            (Type::Uint(kind), _) => match number.and_then(|n| n.uint) {
                Some(n) => Ok(Value::new(Data::Uint(n, kind))),
                None => Err(expected(self, "unsigned integer")),
            },
            (Type::Float64, _) => match number.and_then(|n| n.float) {
                Some(n) => Ok(Value::from(n)),
                None => Err(expected(self, "float")),
            },
            (Type::Complex128, _) => match number.and_then(|n| n.complex) {
                Some(n) => Ok(Value::new(Data::Complex(Box::new(n)))),
                None => Err(expected(self, "complex")),
            },
            _ => Err(self.fail(format!("can't handle {expr} for arg of type {of}"))),
        }
    }

    /// Checks that a value may be given where `of` is wanted. (`validateType`)
    pub(super) fn validate(&self, value: Value, of: Type) -> Exec<Value> {
        if value.is_invalid() {
            return match of {
                Type::Any => Ok(value.boxed()),
                _ if of.can_be_nil() => Ok(value),
                _ => Err(self.fail_of(&value, format!("invalid value; expected {of}"))),
            };
        }
        if matches!(of, Type::Any | Type::Reflect) {
            return Ok(value);
        }
        match value.type_of() {
            Some(got) if got.assignable_to(of) => Ok(value.unboxed()),
            got => Err(self.mismatch(&value, of, got.unwrap_or(Type::Any))),
        }
    }

    fn mismatch(&self, value: &Value, of: Type, got: Type) -> Box<Error> {
        let message = format!("wrong type for value; expected {of}; got {got}");
        self.fail_of(value, message)
    }
}
