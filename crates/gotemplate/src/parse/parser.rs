//! The parser's state and its way through items. (text/template/parse: `parse.go`)
//!
//! A `define` has a state of its own (variables, look-ahead) but shares the lexer, as in Go:
//! which line an error names depends on it.

use std::sync::Arc;

use ecow::EcoString;
use rustc_hash::FxHashMap;

use super::item::{Item, Kind};
use super::lex::Lexer;
use super::node::{Command, Expr, Name, Node, Range, Source, Tree, is_empty};
use super::unquote::unquote;
use crate::fmt::quote;
use crate::{Clues, Error, Funcs};

/// How deep blocks and parentheses may nest. Go allows 10,000 parentheses and any number
/// of blocks; a person writes ten.
const MAX_DEPTH: usize = 200;

pub(super) type Parsed<T> = Result<T, Box<Error>>;

/// The trees of a text, in the order in which they end; the text's own comes last.
pub(crate) fn parse(source: &Arc<Source>, funcs: &Funcs) -> Parsed<Vec<Tree>> {
    let mut parser = Parser {
        source,
        funcs,
        lexer: Lexer::new(&source.text),
        state: State::new(),
        trees: Vec::new(),
        lists: Lists::default(),
        names: FxHashMap::default(),
        depth: 0,
        last: 0,
        action: 0,
    };
    let root = parser.file()?;
    parser.add(source.name.clone(), root)?;
    Ok(parser.trees)
}

pub(super) struct Parser<'s> {
    pub(super) source: &'s Arc<Source>,
    pub(super) funcs: &'s Funcs,
    lexer: Lexer<'s>,
    pub(super) state: State,
    trees: Vec<Tree>,
    pub(super) lists: Lists,
    /// Where in `trees` a name is.
    names: FxHashMap<Arc<str>, usize>,
    pub(super) depth: usize,
    /// Where the item that was taken last ends.
    pub(super) last: usize,
    /// Where the action that was read last begins.
    action: usize,
}

/// The lists that are being read, each above the one around it; [`taken`] ends one.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) nodes: Vec<Node>,
    pub(super) commands: Vec<Command>,
    pub(super) operands: Vec<Expr>,
    /// The names of `.a.b.c`.
    pub(super) names: Vec<Name>,
}

/// Takes off what was put on a stack since it had `from`: a box that is no larger.
pub(super) fn taken<T>(stack: &mut Vec<T>, from: usize) -> Box<[T]> {
    stack.drain(from.min(stack.len())..).collect()
}

/// What a template being parsed has for itself.
pub(super) struct State {
    token: [Item; 3],
    peek_count: usize,
    /// The names of the variables in scope.
    pub(super) vars: Vec<EcoString>,
    /// The line of the action that is being read; 0 outside.
    pub(super) action_line: usize,
    pub(super) range_depth: usize,
}

impl State {
    pub(super) fn new() -> State {
        let nothing = Item { kind: Kind::Eof, start: 0, end: 0, line: 0 };
        State {
            token: [nothing; 3],
            peek_count: 0,
            vars: vec!["$".into()],
            action_line: 0,
            range_depth: 0,
        }
    }
}

/// What a list of nodes ended with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// `{{ end }}`
    End,
    /// `{{ else }}`, or `{{ else` before `if` or `with`.
    Else,
}

impl End {
    pub(super) fn text(self) -> &'static str {
        match self {
            End::End => "{{end}}",
            End::Else => "{{else}}",
        }
    }
}

impl Parser<'_> {
    pub(super) fn next(&mut self) -> Item {
        if self.state.peek_count > 0 {
            self.state.peek_count -= 1;
        } else {
            self.state.token[0] = self.lexer.next_item();
        }
        let item = self.state.token[self.state.peek_count];
        self.last = item.end;
        item
    }

    pub(super) fn backup(&mut self) {
        self.state.peek_count += 1;
    }

    pub(super) fn backup2(&mut self, first: Item) {
        self.state.token[1] = first;
        self.state.peek_count = 2;
    }

    pub(super) fn backup3(&mut self, first: Item, second: Item) {
        self.state.token[1] = second;
        self.state.token[2] = first;
        self.state.peek_count = 3;
    }

    pub(super) fn peek(&mut self) -> Item {
        if self.state.peek_count == 0 {
            self.state.peek_count = 1;
            self.state.token[0] = self.lexer.next_item();
        }
        self.state.token[self.state.peek_count - 1]
    }

    pub(super) fn next_non_space(&mut self) -> Item {
        loop {
            let item = self.next();
            if item.kind != Kind::Space {
                return item;
            }
        }
    }

    pub(super) fn peek_non_space(&mut self) -> Item {
        let item = self.next_non_space();
        self.backup();
        item
    }

    /// The text of an item.
    pub(super) fn val(&self, item: Item) -> &[u8] {
        self.source.text.get(item.start..item.end).unwrap_or(&[])
    }

    /// The text of an item of letters, digits and ASCII, which is UTF-8.
    pub(super) fn word(&self, item: Item) -> EcoString {
        let word = self.val(item);
        // Checking first is several times as fast.
        match std::str::from_utf8(word) {
            Ok(word) => word.into(),
            Err(_) => String::from_utf8_lossy(word).as_ref().into(),
        }
    }

    pub(super) fn range(&self, start: usize) -> Range {
        range(start, self.last.max(start))
    }

    pub(super) fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        let at = self.state.token[0];
        let start = at.start.min(self.source.text.len());
        Err(Box::new(Error {
            name: self.source.name.clone(),
            line: at.line,
            executing: None,
            message: message.into(),
            span: self.source.span(range(start, at.end.max(start))),
            origin: self.source.origin,
            within: Vec::new(),
            cause: None,
            clues: Clues::default(),
        }))
    }

    pub(super) fn expect(&mut self, kind: Kind, context: &str) -> Parsed<Item> {
        let item = self.next_non_space();
        if item.kind == kind { Ok(item) } else { self.unexpected(item, context) }
    }

    pub(super) fn unexpected<T>(&self, item: Item, context: &str) -> Parsed<T> {
        if item.kind != Kind::Error {
            return self.fail(format!("unexpected {} in {context}", self.show(item)));
        }
        let message = &self.lexer.error;
        let line = self.state.action_line;
        if line == 0 || line == item.line {
            return self.fail(message.clone());
        }
        let again = if message.ends_with(" action") { "" } else { " in action" };
        self.unclosed(format!("{message}{again} started at {}:{line}", self.source.name))
    }

    /// A fault of the action that was read last, told where it is noticed.
    fn unclosed<T>(&self, message: impl Into<String>) -> Parsed<T> {
        self.fail(message).map_err(|mut error: Box<Error>| {
            let rest = self.source.text.get(self.action..).unwrap_or(&[]);
            let line = rest.iter().position(|b| *b == b'\n').unwrap_or(rest.len());
            let closed = rest.windows(2).position(|two| two == b"}}").map(|at| at + 2);
            let len = closed.unwrap_or(line).min(line);
            let opened = range(self.action, self.action + len);
            error.clues.opened = Some(self.source.span(opened));
            error
        })
    }

    /// The same fault at an item that is not the one that was read last.
    pub(super) fn fail_at<T>(&self, item: Item, message: String) -> Parsed<T> {
        self.fail(message).map_err(|mut error: Box<Error>| {
            error.span = self.source.span(range(item.start, item.end));
            error
        })
    }

    /// An item as error texts show it.
    fn show(&self, item: Item) -> String {
        let val = self.val(item);
        match item.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.lexer.error.clone(),
            kind if kind.is_keyword() => format!("<{}>", String::from_utf8_lossy(val)),
            _ if val.len() > 10 => {
                let mut end = 0;
                for _ in 0..10 {
                    end += crate::fmt::decode_rune(val.get(end..).unwrap_or(&[])).1;
                }
                format!("{}...", quote(val.get(..end).unwrap_or(val)))
            }
            _ => quote(val),
        }
    }

    /// Enters one level of nesting; whoever calls leaves it with `depth -= 1`.
    pub(super) fn nest(&mut self) -> Parsed<()> {
        if self.depth >= MAX_DEPTH {
            return self.fail("max expression depth exceeded");
        }
        self.depth += 1;
        Ok(())
    }

    /// A whole text. (`Tree.parse`)
    fn file(&mut self) -> Parsed<Box<[Node]>> {
        loop {
            let item = self.peek();
            if item.kind == Kind::Eof {
                return Ok(taken(&mut self.lists.nodes, 0));
            }
            if item.kind == Kind::LeftDelim {
                let delim = self.next();
                self.action = delim.start;
                if self.next_non_space().kind == Kind::Define {
                    self.define()?;
                    continue;
                }
                self.backup2(delim);
            }
            if let Some(end) = self.text_or_action()? {
                return self.fail(format!("unexpected {}", end.text()));
            }
        }
    }

    fn define(&mut self) -> Parsed<()> {
        const CONTEXT: &str = "define clause";
        let outer = std::mem::replace(&mut self.state, State::new());
        let item = self.next_non_space();
        let name = self.template_name(item, CONTEXT)?;
        self.expect(Kind::RightDelim, CONTEXT)?;
        let (root, end) = self.item_list()?;
        if end != End::End {
            return self.fail(format!("unexpected {} in {CONTEXT}", end.text()));
        }
        self.add(Arc::from(name.as_str()), root)?;
        self.state = outer;
        Ok(())
    }

    pub(super) fn template_name(
        &mut self,
        item: Item,
        context: &str,
    ) -> Parsed<EcoString> {
        if !matches!(item.kind, Kind::String | Kind::RawString) {
            return self.unexpected(item, context);
        }
        match unquote(self.val(item)) {
            Some(name) => Ok(String::from_utf8_lossy(&name).as_ref().into()),
            None => self.fail("invalid syntax"),
        }
    }

    /// Adds a tree, unless an earlier one of its name says something and this one does not.
    pub(super) fn add(&mut self, name: Arc<str>, root: Box<[Node]>) -> Parsed<()> {
        let earlier = self.names.get(&name).copied();
        if let Some(tree) = earlier.and_then(|at| self.trees.get_mut(at)) {
            if is_empty(&tree.root, self.source) {
                tree.root = root.into();
            } else if !is_empty(&root, self.source) {
                let name = quote(name.as_bytes());
                return self
                    .fail(format!("template: multiple definition of template {name}"));
            }
            return Ok(());
        }
        self.names.insert(name.clone(), self.trees.len());
        let (source, root) = (self.source.clone(), root.into());
        self.trees.push(Tree { name, source, root });
        Ok(())
    }

    /// Nodes up to `end` or `else`.
    pub(super) fn item_list(&mut self) -> Parsed<(Box<[Node]>, End)> {
        self.nest()?;
        let block = self.action;
        let from = self.lists.nodes.len();
        while self.peek_non_space().kind != Kind::Eof {
            if let Some(end) = self.text_or_action()? {
                self.depth -= 1;
                return Ok((taken(&mut self.lists.nodes, from), end));
            }
        }
        self.action = block;
        self.unclosed("unexpected EOF")
    }

    /// Reads a node onto the list of nodes, or what ends it.
    fn text_or_action(&mut self) -> Parsed<Option<End>> {
        let item = self.next_non_space();
        match item.kind {
            Kind::Text => {
                self.lists.nodes.push(Node::Text(range(item.start, item.end)));
                Ok(None)
            }
            Kind::LeftDelim => {
                self.state.action_line = item.line;
                self.action = item.start;
                let end = self.action(item.start)?;
                self.state.action_line = 0;
                Ok(end)
            }
            _ => self.unexpected(item, "input"),
        }
    }
}

pub(super) fn range(start: usize, end: usize) -> Range {
    let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Range { start: narrow(start), end: narrow(end) }
}
