//! Pipelines and commands.

use super::state::{At, Exec, State};
use crate::parse::{Command, Expr, ExprKind, Number, Pipe};
use crate::{Data, Str, Value};

impl<'t> State<'_, 't> {
    /// The value of a pipeline; its variables are pushed, and stay. (`evalPipeline`)
    pub(super) fn pipeline(&mut self, dot: &Value, pipe: &'t Pipe) -> Exec<Value> {
        self.at = At::Pipe(pipe);
        if !self.exec.stack.has_room() {
            return Err(self.too_deep(self.exec.depth()));
        }
        let mut value: Option<Value> = None;
        for (i, command) in pipe.cmds.iter().enumerate() {
            value = match self.command(dot, command, value) {
                Ok(value) => Some(value.unboxed()),
                Err(mut error) => {
                    let so_far = pipe.cmds.get(..=i).unwrap_or(&[]);
                    self.note_missing(&mut error, dot, so_far);
                    return Err(error);
                }
            };
        }
        let value = value.unwrap_or_default();
        for variable in &pipe.decl {
            if pipe.assigns {
                self.set_var(&variable.name, value.clone())?;
            } else {
                self.vars.push((&variable.name, value.clone()));
            }
        }
        Ok(value)
    }

    /// Sets a variable; what is set within a branch is there because of its condition.
    pub(super) fn set_var(&mut self, name: &str, value: Value) -> Exec<()> {
        let reason = self.exec.conditions();
        let value = self.exec.because(value, reason);
        match self.vars.iter_mut().rev().find(|var| var.0 == name) {
            Some(var) => {
                var.1 = value;
                Ok(())
            }
            None => Err(self.fail(format!("undefined variable: {name}"))),
        }
    }

    fn var(&self, name: &str) -> Exec<&Value> {
        let found = self.vars.iter().rev().find(|var| var.0 == name);
        found
            .map(|var| &var.1)
            .ok_or_else(|| self.fail(format!("undefined variable: {name}")))
    }

    /// The value of a command; `last` is what the command before it in the pipeline gave.
    fn command(
        &mut self,
        dot: &Value,
        command: &'t Command,
        last: Option<Value>,
    ) -> Exec<Value> {
        let Some((first, args)) = command.args.split_first() else {
            return Ok(Value::NIL);
        };
        match &first.kind {
            ExprKind::Field(_) | ExprKind::Chain { .. } | ExprKind::Variable { .. } => {
                return self.access(dot, first, args, last);
            }
            ExprKind::Identifier(func) => {
                self.at = At::Expr(first);
                return self.call(dot, func, At::Command(command), args, last, None);
            }
            ExprKind::Pipe(pipe) => {
                self.no_args(first, args, &last)?;
                return self.pipeline(dot, pipe);
            }
            _ => {}
        }
        self.at = At::Expr(first);
        self.no_args(first, args, &last)?;
        match &first.kind {
            ExprKind::Bool(b) => Ok(Value::from(*b)),
            ExprKind::Dot => Ok(dot.clone()),
            ExprKind::Number(number) => self.ideal_constant(first, number),
            ExprKind::Str { text, .. } => Ok(Value::from(Str::shared(text.clone()))),
            _ => Err(self.fail("nil is not a command")),
        }
    }

    /// `.a.b`, `$x.a.b` or `(…).a.b`, perhaps with arguments.
    pub(super) fn access(
        &mut self,
        dot: &Value,
        expr: &'t Expr,
        args: &'t [Expr],
        last: Option<Value>,
    ) -> Exec<Value> {
        self.at = At::Expr(expr);
        match &expr.kind {
            ExprKind::Field(fields) => {
                self.field_chain(dot, dot.clone(), expr, fields, args, last)
            }
            ExprKind::Variable { name, fields } => {
                let value = self.var(name)?.clone();
                if fields.is_empty() {
                    self.no_args(expr, args, &last)?;
                    return Ok(value);
                }
                self.field_chain(dot, value, expr, fields, args, last)
            }
            ExprKind::Chain { node, fields } => {
                let value = self.arg(dot, None, node)?;
                self.field_chain(dot, value, expr, fields, args, last)
            }
            _ => Ok(Value::NIL),
        }
    }

    fn no_args(&self, first: &Expr, args: &[Expr], last: &Option<Value>) -> Exec<()> {
        if args.is_empty() && last.is_none() {
            return Ok(());
        }
        let first = match &first.kind {
            ExprKind::Pipe(pipe) => pipe.to_string(),
            _ => first.to_string(),
        };
        Err(self.fail(format!("can't give argument to non-function {first}")))
    }

    /// A number where no type is asked for: its syntax tells its type. (`idealConstant`)
    pub(super) fn ideal_constant(
        &mut self,
        expr: &'t Expr,
        number: &Number,
    ) -> Exec<Value> {
        self.at = At::Expr(expr);
        let text = number.text.as_str();
        let hex = text.len() > 2
            && (text.starts_with("0x") || text.starts_with("0X"))
            && !text.contains(['p', 'P']);
        let pointed = text.contains(['.', 'e', 'E', 'p', 'P']);
        if let Some(complex) = number.complex {
            return Ok(Value::new(Data::Complex(Box::new(complex))));
        }
        match (number.float, number.int) {
            (Some(f), _) if pointed && !hex && !text.starts_with('\'') => {
                Ok(Value::from(f))
            }
            (_, Some(n)) => Ok(Value::int(n)),
            _ => Err(self.fail(format!("{text} overflows int"))),
        }
    }
}
