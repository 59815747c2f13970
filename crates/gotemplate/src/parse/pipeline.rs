//! Pipelines, commands and operands.

use super::item::{Item, Kind};
use super::node::{Command, Expr, ExprKind, Name, Pipe, Variable};
use super::number::Number;
use super::parser::{Parsed, Parser, range, taken};
use super::unquote::unquote;
use crate::fmt::quote;
use crate::sorted::Hint;

impl Parser<'_> {
    /// `declarations? command ('|' command)*`, up to and with `end`.
    pub(super) fn pipeline(&mut self, context: &str, end: Kind) -> Parsed<Pipe> {
        let start = self.peek_non_space().start;
        let (mut decl, mut assigns) = (Vec::new(), false);
        while self.declaration(context, &mut decl, &mut assigns)? {}
        let from = self.lists.commands.len();
        loop {
            let before = self.last;
            let item = self.next_non_space();
            match item.kind {
                kind if kind == end => {
                    let range = range(start, before.max(start));
                    let cmds = taken(&mut self.lists.commands, from);
                    self.check(&cmds, context)?;
                    return Ok(Pipe { range, assigns, decl: decl.into(), cmds });
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
                    self.lists.commands.push(command);
                }
                _ => return self.unexpected(item, context),
            }
        }
    }

    /// Reads one declared or assigned variable; `true` if another may follow.
    fn declaration(
        &mut self,
        context: &str,
        decl: &mut Vec<Variable>,
        assigns: &mut bool,
    ) -> Parsed<bool> {
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
                *assigns = next.kind == Kind::Assign;
                self.next_non_space();
                self.declare(variable, decl);
                Ok(false)
            }
            Kind::Char if self.val(next) == b"," => {
                self.next_non_space();
                self.declare(variable, decl);
                if context == "range" && decl.len() < 2 {
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

    fn declare(&mut self, variable: Item, decl: &mut Vec<Variable>) {
        let name = self.word(variable);
        self.state.vars.push(name.clone());
        decl.push(Variable { name });
    }

    fn check(&self, commands: &[Command], context: &str) -> Parsed<()> {
        if commands.is_empty() {
            return self.fail(format!("missing value for {context}"));
        }
        for (i, command) in commands.iter().enumerate().skip(1) {
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
        let from = self.lists.operands.len();
        let mut end;
        loop {
            self.peek_non_space();
            end = self.last;
            if let Some(operand) = self.operand()? {
                end = operand.range.end as usize;
                self.lists.operands.push(operand);
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
        let args = taken(&mut self.lists.operands, from);
        if args.is_empty() {
            return self.fail("empty command");
        }
        let last = args.last().map_or(end, |arg| arg.range.end as usize);
        let range = range(start, last);
        Ok(Command { range, args })
    }

    /// `term .Field*`
    fn operand(&mut self) -> Parsed<Option<Expr>> {
        let from = self.lists.names.len();
        let Some(mut node) = self.term()? else {
            return Ok(None);
        };
        let first = self.peek();
        let mut end = first.end;
        while self.peek().kind == Kind::Field {
            let item = self.next();
            end = item.end;
            self.field_name(item);
        }
        let fields = taken(&mut self.lists.names, from);
        let goes_on = first.kind == Kind::Field;
        let whole = range(node.range.start as usize, end);
        let pos = range(first.start, end).start;
        match &mut node.kind {
            ExprKind::Field(names) | ExprKind::Variable { fields: names, .. } => {
                *names = fields;
                if goes_on {
                    (node.pos, node.range) = (pos, whole);
                }
                Ok(Some(node))
            }
            _ if !goes_on => Ok(Some(node)),
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

    /// Puts the name of `.Field` on the list of names.
    fn field_name(&mut self, item: Item) {
        let text = self.word(Item { start: item.start + 1, ..item });
        self.lists.names.push(Name { text, hint: Hint::default() });
    }

    /// A literal, function, `.`, `.Field`, `$x` or parenthesised pipeline. The name of
    /// `.Field` is on the list of names, as those that follow it will be.
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
                ExprKind::Variable { name, fields: Box::default() }
            }
            Kind::Field => {
                self.field_name(item);
                ExprKind::Field(Box::default())
            }
            Kind::Bool => ExprKind::Bool(self.val(item) == b"true"),
            Kind::CharConstant | Kind::Complex | Kind::Number => self.number(item)?,
            Kind::LeftParen => {
                self.nest()?;
                let pipe = self.pipeline("parenthesized pipeline", Kind::RightParen)?;
                self.depth -= 1;
                let pos = pipe.range.start;
                let whole = self.range(item.start);
                let kind = ExprKind::Pipe(Box::new(pipe));
                return Ok(Some(Expr { pos, range: whole, kind }));
            }
            Kind::String | Kind::RawString => match unquote(self.val(item)) {
                Some(text) => {
                    ExprKind::Str { quoted: self.word(item), text: text.as_ref().into() }
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
