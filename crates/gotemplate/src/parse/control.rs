//! Actions: `if`, `range`, `template` and the others.

use super::item::{Item, Kind};
use super::node::{Action, Branch, Node, Template};
use super::parser::{End, Parsed, Parser, State};

impl Parser<'_> {
    /// What follows a left delimiter at `start`.
    pub(super) fn action(&mut self, start: usize) -> Parsed<Option<End>> {
        let item = self.next_non_space();
        let node = match item.kind {
            Kind::Block => self.block(start)?,
            Kind::Break => self.loop_control(item, "{{break}}", Node::Break)?,
            Kind::Continue => self.loop_control(item, "{{continue}}", Node::Continue)?,
            Kind::Else => return self.else_control().map(Some),
            Kind::End => {
                self.expect(Kind::RightDelim, "end")?;
                return Ok(Some(End::End));
            }
            Kind::If | Kind::With | Kind::Range => self.branch(start, item.kind)?,
            Kind::Template => self.template(start)?,
            _ => {
                self.backup();
                let first = self.peek();
                let pipe = self.pipeline("command", Kind::RightDelim)?;
                let pos = self.range(first.start).start;
                Node::Action(Box::new(Action { pos, range: self.range(start), pipe }))
            }
        };
        self.lists.nodes.push(node);
        Ok(None)
    }

    fn loop_control(&mut self, _: Item, text: &str, node: Node) -> Parsed<Node> {
        let item = self.next_non_space();
        if item.kind != Kind::RightDelim {
            return self.unexpected(item, text);
        }
        if self.state.range_depth == 0 {
            return self.fail(format!("{text} outside {{{{range}}}}"));
        }
        Ok(node)
    }

    /// `else` before `if` or `with` leaves that word for [`Parser::branch`].
    fn else_control(&mut self) -> Parsed<End> {
        if !matches!(self.peek_non_space().kind, Kind::If | Kind::With) {
            self.expect(Kind::RightDelim, "else")?;
        }
        Ok(End::Else)
    }

    fn branch(&mut self, start: usize, kind: Kind) -> Parsed<Node> {
        self.nest()?;
        let vars = self.state.vars.len();
        let context = match kind {
            Kind::If => "if",
            Kind::With => "with",
            _ => "range",
        };
        let pipe = self.pipeline(context, Kind::RightDelim)?;
        let range = self.range(start);
        self.state.range_depth += usize::from(kind == Kind::Range);
        let (list, end) = self.item_list()?;
        self.state.range_depth -= usize::from(kind == Kind::Range);
        let else_list = match end {
            End::End => None,
            End::Else => Some(self.else_list(kind)?),
        };
        self.state.vars.truncate(vars);
        self.depth -= 1;
        let nodes = list.iter().chain(else_list.iter().flatten());
        let assigned = Branch::assigned(nodes);
        let branch = Box::new(Branch { range, pipe, list, else_list, assigned });
        Ok(match kind {
            Kind::If => Node::If(branch),
            Kind::With => Node::With(branch),
            _ => Node::Range(branch),
        })
    }

    fn else_list(&mut self, kind: Kind) -> Parsed<Box<[Node]>> {
        if matches!(kind, Kind::If | Kind::With) && self.peek().kind == kind {
            // `{{else if b}}` stands for `{{else}}{{if b}}`, and shares its end.
            let item = self.next();
            return Ok([self.branch(item.start, kind)?].into());
        }
        let (list, end) = self.item_list()?;
        match end {
            End::End => Ok(list),
            End::Else => self.fail(format!("expected end; found {}", end.text())),
        }
    }

    fn block(&mut self, start: usize) -> Parsed<Node> {
        const CONTEXT: &str = "block clause";
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        let pipe = self.pipeline(CONTEXT, Kind::RightDelim)?;
        let range = self.range(start);
        let outer = std::mem::replace(&mut self.state, State::new());
        let (root, end) = self.item_list()?;
        if end != End::End {
            // Go reports it at the line where the block begins: that state is the outer one.
            self.state = outer;
            return self.fail(format!("unexpected {} in {CONTEXT}", end.text()));
        }
        self.add(name.as_str().into(), root)?;
        self.state = outer;
        let pos = self.range(item.start).start;
        let template = Template { pos, range, name, pipe: Some(pipe) };
        Ok(Node::Template(Box::new(template)))
    }

    fn template(&mut self, start: usize) -> Parsed<Node> {
        const CONTEXT: &str = "template clause";
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        let mut pipe = None;
        if self.next_non_space().kind != Kind::RightDelim {
            self.backup();
            pipe = Some(self.pipeline(CONTEXT, Kind::RightDelim)?);
        }
        let pos = self.range(item.start).start;
        let template = Template { pos, range: self.range(start), name, pipe };
        Ok(Node::Template(Box::new(template)))
    }
}
