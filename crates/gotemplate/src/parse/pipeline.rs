//! Pipelines, commands and operands.

use ecow::EcoString;

use super::item::{Item, Kind};
use super::node::{Command, Expr, ExprKind, Pipe, Variable};
use super::number::Number;
use super::parser::{Parsed, Parser, range};
use super::unquote::unquote;
use crate::fmt::quote;

impl Parser<'_> {
    /// `declarations? command ('|' command)*`, up to and with `end`.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let start = self.peek_non_space().start;
        let mut pipe = Pipe {
            pos: range(start, start).start,
            range: range(start, start),
            assigns: false,
            decl: Vec::new(),
            cmds: Vec::new(),
        };
        while self.declaration(context, &mut pipe)? {}
        loop {
            let before = self.last;
            let item = self.next_non_space();
            match item.kind {
                kind if kind == end => {
                    pipe.range = range(start, before.max(start));
                    self.check(&pipe, context)?;
                    return Ok(pipe);
                }
                Kind::Bool
                | Kind::CharConstant
                | Kind::Complex
                | Kind::Dot
                | Kind::Field
                | Kind::Identifier
                | Kind::Number
                | Kind::Nil
                | Kind::RawString
                | Kind::String
                | Kind::Variable
                | Kind::LeftParen => {
                    self.backup();
                    let command = self.command()?;
                    pipe.cmds.push(command);
                }
                _ => return self.unexpected(item, context),
            }
        }
    }

    /// Reads one declared or assigned variable; `true` if another may follow.
    fn declaration(&mut self, context: &str, pipe: &mut Pipe) -> Parsed<bool> {
        let variable = self.peek_non_space();
        if variable.kind != Kind::Variable {
            return Ok(false);
        }
        self.next();
        // Three items of look-ahead, because a space is an item: in `$x foo` only `foo`
        // tells that `$x` is an argument.
        let after = self.peek();
        let next = self.peek_non_space();
        match next.kind {
            Kind::Assign | Kind::Declare => {
                pipe.assigns = next.kind == Kind::Assign;
                self.next_non_space();
                self.declare(variable, pipe);
                Ok(false)
            }
            Kind::Char if self.val(next) == b"," => {
                self.next_non_space();
                self.declare(variable, pipe);
                if context == "range" && pipe.decl.len() < 2 {
                    return match self.peek_non_space().kind {
                        Kind::Variable | Kind::RightDelim | Kind::RightParen => Ok(true),
                        _ => self.fail("range can only initialize variables"),
                    };
                }
                self.fail(format!("too many declarations in {context}"))
            }
            _ if after.kind == Kind::Space => {
                self.backup3(variable, after);
                Ok(false)
            }
            _ => {
                self.backup2(variable);
                Ok(false)
            }
        }
    }

    fn declare(&mut self, variable: Item, pipe: &mut Pipe) {
        let name = self.word(variable);
        self.state.vars.push(name.clone());
        pipe.decl.push(Variable { name });
    }

    fn check(&self, pipe: &Pipe, context: &str) -> Parsed<()> {
        if pipe.cmds.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (i, command) in pipe.cmds.iter().enumerate().skip(1) {
            let first = command.args.first().map(|arg| &arg.kind);
            if matches!(
                first,
                Some(
                    ExprKind::Bool(_)
                        | ExprKind::Dot
                        | ExprKind::Nil
                        | ExprKind::Number(_)
                        | ExprKind::Str { .. }
                )
            ) {
                let stage = i + 1;
                return self
                    .fail(format!("non executable command in pipeline stage {stage}"));
            }
        }
        Ok(())
    }

    /// `operand (space operand)*`; takes the `|` after it, leaves a delimiter.
    fn command(&mut self) -> Parsed<Command> {
        let start = self.peek_non_space().start;
        let mut args = Vec::new();
        let mut end;
        loop {
            self.peek_non_space();
            end = self.last;
            if let Some(operand) = self.operand()? {
                end = operand.range.end as usize;
                args.push(operand);
            }
            let item = self.next();
            match item.kind {
                Kind::Space => {}
                Kind::RightDelim | Kind::RightParen => {
                    self.backup();
                    break;
                }
                Kind::Pipe => break,
                _ => return self.unexpected(item, "operand"),
            }
        }
        if args.is_empty() {
            return self.fail("empty command");
        }
        let last = args.last().map_or(end, |arg| arg.range.end as usize);
        let range = range(start, last);
        Ok(Command { pos: range.start, range, args })
    }

    /// `term .Field*`
    fn operand(&mut self) -> Parsed<Option<Expr>> {
        let Some(mut node) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        if first.kind != Kind::Field {
            return Ok(Some(node));
        }
        let mut fields: Vec<EcoString> = Vec::new();
        let mut end = first.end;
        while self.peek().kind == Kind::Field {
            let item = self.next();
            end = item.end;
            fields.push(self.field_name(item));
        }
        let whole = range(node.range.start as usize, end);
        let pos = range(first.start, end).start;
        match &mut node.kind {
            ExprKind::Field(names) | ExprKind::Variable { fields: names, .. } => {
                names.extend(fields);
                node.pos = pos;
                node.range = whole;
                Ok(Some(node))
            }
            ExprKind::Bool(_)
            | ExprKind::Str { .. }
            | ExprKind::Number(_)
            | ExprKind::Nil
            | ExprKind::Dot => {
                let term = quote(node.to_string().as_bytes());
                self.fail(format!("unexpected . after term {term}"))
            }
            _ => {
                let kind = ExprKind::Chain { node: Box::new(node), fields };
                Ok(Some(Expr { pos, range: whole, kind }))
            }
        }
    }

    fn field_name(&self, item: Item) -> EcoString {
        let word = self.word(item);
        word.get(1..).unwrap_or("").into()
    }

    /// A literal, function, `.`, `.Field`, `$x` or parenthesised pipeline.
    fn term(&mut self) -> Parsed<Option<Expr>> {
        let item = self.next_non_space();
        let kind = match item.kind {
            Kind::Identifier => {
                let name = self.word(item);
                match self.funcs.get(&name) {
                    Some(func) => ExprKind::Identifier(func),
                    None => {
                        let similar = self.funcs.similar(&name);
                        let name = quote(name.as_bytes());
                        let words = format!("function {name} not defined");
                        return self.fail_at(item, words).map_err(
                            |mut error: Box<crate::Error>| {
                                error.clues.similar = similar;
                                error
                            },
                        );
                    }
                }
            }
            Kind::Dot => ExprKind::Dot,
            Kind::Nil => ExprKind::Nil,
            Kind::Variable => {
                let name = self.word(item);
                if !self.state.vars.contains(&name) {
                    let name = quote(name.as_bytes());
                    return self.fail_at(item, format!("undefined variable {name}"));
                }
                ExprKind::Variable { name, fields: Vec::new() }
            }
            Kind::Field => ExprKind::Field(vec![self.field_name(item)]),
            Kind::Bool => ExprKind::Bool(self.val(item) == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(item)?,
            Kind::LeftParen => {
                self.nest()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.depth -= 1;
                let pos = pipe.pos;
                let whole = self.range(item.start);
                let kind = ExprKind::Pipe(Box::new(pipe));
                return Ok(Some(Expr { pos, range: whole, kind }));
            }
            Kind::String | Kind::RawString => match unquote(self.val(item)) {
                Some(text) => {
                    let text = text.as_slice().into();
                    ExprKind::Str { quoted: self.word(item), text }
                }
                None => return self.fail("invalid syntax"),
            },
            _ => {
                self.backup();
                return Ok(None);
            }
        };
        let whole = range(item.start, item.end);
        Ok(Some(Expr { pos: whole.start, range: whole, kind }))
    }

    fn number(&self, item: Item) -> Parsed<ExprKind> {
        let text = self.word(item);
        let number = match item.kind {
            Kind::CharConstant => Number::char(&text),
            Kind::Complex => Number::complex(&text),
            _ => Number::parse(&text),
        };
        match number {
            Ok(number) => Ok(ExprKind::Number(Box::new(number))),
            Err(message) => self.fail(message),
        }
    }
}
