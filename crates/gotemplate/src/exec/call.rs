//! Calls of functions and methods.

use source::{Origin, OriginId};

use super::reasons::Parts;
use super::state::{At, Exec, State};
use crate::parse::Expr;
use crate::{Call, Data, Effect, Func, Type, Value, builtins};

impl<'t> State<'_, 't> {
    /// Calls a function, or a method of `receiver`. (`evalCall`)
    ///
    /// `node` is where an error of the function itself is reported.
    pub(super) fn call(
        &mut self,
        dot: &Value,
        func: &'static Func,
        node: At<'t>,
        args: &'t [Expr],
        last: Option<Value>,
        receiver: Option<Value>,
    ) -> Exec<Value> {
        let skip = usize::from(receiver.is_some());
        let params = func.signature.params.get(skip..).unwrap_or(&[]);
        self.check_count(func, params, args, last.is_some())?;
        if func.effect == Effect::Special && func.name != "call" {
            return self.short_circuit(dot, func.name == "or", args, last);
        }
        let mut values = Vec::with_capacity(skip + args.len() + 1);
        values.extend(receiver);
        for (i, arg) in args.iter().enumerate() {
            let of = params.get(i).or(params.last()).copied();
            let value = self.arg(dot, of, arg)?;
            values.push(detached(value, of));
        }
        if let Some(last) = last {
            let of = params.get(args.len()).or(params.last()).copied();
            let last = self.validate(last, of.unwrap_or(Type::Any))?;
            values.push(detached(last, of));
        }
        let span_at = self.at;
        self.at = node;
        let span = self.span_of_at();
        self.at = span_at;
        if func.effect == Effect::Special {
            let name = match args.first() {
                Some(first) => first.to_string(),
                None => values.first().map(reflect_string).unwrap_or_default(),
            };
            let done = self.call_value(&name, values, span);
            return done.map_err(|error| {
                self.at = node;
                self.fail_func(func.name, error)
            });
        }
        match self.apply(func, values, span) {
            Ok(value) => Ok(value),
            Err(error) => {
                self.at = node;
                Err(self.fail_func(func.name, error))
            }
        }
    }

    fn check_count(
        &self,
        func: &Func,
        params: &[Type],
        args: &[Expr],
        last: bool,
    ) -> Exec<()> {
        let (name, given) = (func.name, args.len() + usize::from(last));
        if func.signature.variadic {
            let fixed = params.len().saturating_sub(1);
            if given < fixed {
                let got = args.len();
                return Err(self.fail(format!(
                    "wrong number of args for {name}: want at least {fixed} got {got}"
                )));
            }
        } else if given != params.len() {
            let want = params.len();
            return Err(self.fail(format!(
                "wrong number of args for {name}: want {want} got {given}"
            )));
        }
        Ok(())
    }

    /// `and` and `or`, which evaluate no more than they need.
    fn short_circuit(
        &mut self,
        dot: &Value,
        until: bool,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Exec<Value> {
        let mut reasons: Vec<OriginId> = Vec::new();
        let mut value = Value::NIL;
        let mut before: Option<Value> = None;
        for arg in args {
            reasons.extend(before.iter().map(|value| self.exec.origin_of(value)));
            value = self.arg(dot, Some(Type::Reflect), arg)?;
            if value.truth() == until {
                return Ok(self.chosen(value, reasons));
            }
            before = Some(value.clone());
        }
        if let Some(last) = last {
            reasons.extend(before.iter().map(|value| self.exec.origin_of(value)));
            value = self.validate(last, Type::Reflect)?;
        }
        Ok(self.chosen(value, reasons))
    }

    fn chosen(&mut self, value: Value, reasons: Vec<OriginId>) -> Value {
        let reason = self.exec.origins.union(reasons);
        self.exec.because(value, reason)
    }

    /// The builtin `call`: calls a function value.
    fn call_value(
        &mut self,
        name: &str,
        mut values: Vec<Value>,
        span: source::Span,
    ) -> Result<Value, crate::FuncError> {
        let args = values.split_off(1.min(values.len()));
        let callee = values.pop().unwrap_or_default();
        let func = match &callee.data {
            Data::Func(func) => *func,
            Data::Nil => return Err("call of nil".into()),
            _ => {
                let of = callee.type_of().unwrap_or(Type::Any);
                return Err(format!("non-function {name} of type {of}").into());
            }
        };
        let args = builtins::prepare_args(name, func, args)?;
        self.apply(func, args, span)
    }

    /// Runs a function on checked arguments, and gives its result an origin.
    fn apply(
        &mut self,
        func: &'static Func,
        values: Vec<Value>,
        span: source::Span,
    ) -> Result<Value, crate::FuncError> {
        let parts = self.inputs(func, &values);
        let chosen = self.why_containers(func, &values);
        self.exec.charge(values.iter().map(crate::limits::cost).sum())?;
        self.exec.look_at_arguments(func, &values);
        let mut call = Call { exec: self.exec, name: func.name, span };
        let mut value = match (func.run)(&mut call, values) {
            Ok(value) => value,
            Err(mut error) => {
                error.origin = self.exec.origins.union(parts.origins());
                return Err(error);
            }
        };
        self.exec.charge(crate::limits::cost(&value))?;
        self.exec.made = self.exec.made.saturating_add(crate::limits::weight(&value)?);
        let most = self.exec.limits.memory;
        if self.exec.made > most {
            let words = format!("functions make values of more than {most} bytes");
            return Err(words.into());
        }
        if func.effect == Effect::Drawn {
            let drawn = Origin::Drawn { by: func.name, at: span };
            let drawn = self.exec.origins.add(drawn);
            value.origin = self.exec.origins.union(parts.origins().chain([drawn]));
        }
        self.exec.look_at_result(&value);
        let container = matches!(value.data, Data::List(_) | Data::Map(_));
        let known = !value.origin.is_none()
            || value.is_marked()
            || container && func.effect == Effect::Transparent;
        if func.effect == Effect::Counting {
            let reason = self.exec.origins.union(parts.origins());
            value = self.exec.because(value, reason);
        } else if !known && matches!(value.data, Data::Bool(_)) {
            // It decides, and is hardly ever printed.
            value.origin = self.exec.origins.union(parts.origins());
        } else if !known {
            // Of what is in a container this is no part: that has origins of its own.
            value.origin = self.exec.origins.union(parts.scalars());
            let reason = self.exec.origins.union(parts.containers());
            value = self.exec.because(value, reason);
        }
        if matches!(func.effect, Effect::Opaque | Effect::Drawn) {
            // It depends on what was left out of a text, too.
            let reason = self.exec.conditions_of(&parts.frames);
            value = self.exec.because(value, reason);
        }
        if !chosen.is_none()
            && !value.is_marked()
            && self.exec.reason_of(value.origin) != chosen
        {
            value = self.exec.because(value, chosen);
        }
        match func.signature.returns {
            Type::Reflect => Ok(value),
            Type::Any => Ok(value.boxed()),
            _ => Ok(value.unboxed()),
        }
    }

    /// Why the containers were chosen from which a function takes its result.
    fn why_containers(&mut self, func: &Func, values: &[Value]) -> OriginId {
        if func.effect != Effect::Transparent {
            return OriginId::NONE;
        }
        let container =
            |value: &&Value| matches!(value.data, Data::List(_) | Data::Map(_));
        let containers = values.iter().filter(container);
        let reasons: Vec<OriginId> =
            containers.map(|value| self.exec.reason_of(value.origin)).collect();
        self.exec.origins.union(reasons)
    }

    /// What has a part in the result of a function.
    fn inputs(&self, func: &Func, values: &[Value]) -> Parts {
        let mut parts = Parts::default();
        if func.effect == Effect::Silent {
            return parts;
        }
        for value in values {
            parts.add(value);
            let container = matches!(value.data, Data::List(_) | Data::Map(_));
            let whole = matches!(func.effect, Effect::Opaque | Effect::Drawn);
            if container && whole && self.exec.sees_all(func) {
                parts.add_inside(value);
            }
        }
        parts
    }
}

/// An argument as a parameter of this type holds it.
fn detached(mut value: Value, of: Option<Type>) -> Value {
    if let (Data::Object(object), Some(Type::Any)) = (&value.data, of)
        && let Some(object) = object.detached()
    {
        value.data = Data::Object(object);
    }
    value
}

/// What Go calls a value where it has no text for it. (reflect: `Value.String`)
fn reflect_string(value: &Value) -> String {
    match (value.as_str(), value.type_of()) {
        (Some(text), _) => text.to_string(),
        (None, Some(of)) => format!("<{of} Value>"),
        (None, None) => "<invalid Value>".to_owned(),
    }
}
