//! The lexer: bytes to items. (text/template/parse: `lex.go`)

use crate::fmt::{decode_rune, is_alphanumeric, quote, sharp_u};

/// What an item is. The comments show the input that makes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// What is no item; the lexer keeps the message.
    Error,
    /// `true`
    Bool,
    /// `,`
    Char,
    /// `'a'`
    CharConstant,
    /// `1+2i`
    Complex,
    /// `=`
    Assign,
    /// `:=`
    Declare,
    /// The end of the input.
    Eof,
    /// `.field`
    Field,
    /// `printf`
    Identifier,
    /// `{{`
    LeftDelim,
    /// `(`
    LeftParen,
    /// `0x1p-2`
    Number,
    /// `|`
    Pipe,
    /// `` `raw` ``
    RawString,
    /// `}}`
    RightDelim,
    /// `)`
    RightParen,
    /// A run of spaces inside an action.
    Space,
    /// `"text"`
    String,
    /// Text outside actions.
    Text,
    /// `$x`
    Variable,
    /// `block`
    Block,
    /// `break`
    Break,
    /// `continue`
    Continue,
    /// `.`
    Dot,
    /// `define`
    Define,
    /// `else`
    Else,
    /// `end`
    End,
    /// `if`
    If,
    /// `nil`
    Nil,
    /// `range`
    Range,
    /// `template`
    Template,
    /// `with`
    With,
}

impl Kind {
    /// The kind of a word that is no plain identifier.
    fn keyword(word: &[u8]) -> Option<Kind> {
        Some(match word {
            b"block" => Kind::Block,
            b"break" => Kind::Break,
            b"continue" => Kind::Continue,
            b"define" => Kind::Define,
            b"else" => Kind::Else,
            b"end" => Kind::End,
            b"if" => Kind::If,
            b"range" => Kind::Range,
            b"nil" => Kind::Nil,
            b"template" => Kind::Template,
            b"with" => Kind::With,
            b"true" | b"false" => Kind::Bool,
            _ => return None,
        })
    }

    pub(super) fn is_keyword(self) -> bool {
        use Kind::{Block, Break, Continue, Define, Dot, Else, End, If, Nil, Range};
        matches!(
            self,
            Block
                | Break
                | Continue
                | Dot
                | Define
                | Else
                | End
                | If
                | Nil
                | Range
                | Kind::Template
                | Kind::With
        )
    }
}

/// A token: `start..end` of the input, and the line on which it starts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: usize,
}

/// Splits a template into items.
#[derive(Debug)]
pub(super) struct Lexer<'s> {
    input: &'s [u8],
    pos: usize,
    start: usize,
    at_eof: bool,
    paren_depth: usize,
    line: usize,
    start_line: usize,
    inside_action: bool,
    /// What is wrong, once an item of kind [`Kind::Error`] was returned.
    pub(super) error: String,
}

const EOF: u32 = u32::MAX;

/// What a lexing step came to.
type Step = Option<Item>;

impl<'s> Lexer<'s> {
    pub(super) fn new(input: &'s [u8]) -> Lexer<'s> {
        Lexer {
            input,
            pos: 0,
            start: 0,
            at_eof: false,
            paren_depth: 0,
            line: 1,
            start_line: 1,
            inside_action: false,
            error: String::new(),
        }
    }

    /// The next item; after the end, always the end.
    pub(super) fn next_item(&mut self) -> Item {
        if self.inside_action {
            return self.inside_action();
        }
        loop {
            if let Some(item) = self.text() {
                return item;
            }
        }
    }

    fn rest(&self) -> &'s [u8] {
        self.input.get(self.pos..).unwrap_or(&[])
    }

    fn next(&mut self) -> u32 {
        let (rune, width) = decode_rune(self.rest());
        if width == 0 {
            self.at_eof = true;
            return EOF;
        }
        self.pos += width;
        self.line += usize::from(rune == u32::from(b'\n'));
        rune
    }

    fn peek(&mut self) -> u32 {
        let (rune, width) = decode_rune(self.rest());
        if width == 0 {
            self.at_eof = true;
            return EOF;
        }
        rune
    }

    fn backup(&mut self) {
        if self.at_eof || self.pos == 0 {
            return;
        }
        let whole = |width: &usize| {
            let from = self.pos.checked_sub(*width);
            let bytes = from.and_then(|from| self.input.get(from..self.pos));
            bytes.is_some_and(|bytes| decode_rune(bytes).1 == *width)
        };
        let width = (2..=4).rev().find(whole).unwrap_or(1);
        self.pos -= width;
        self.line -= usize::from(self.rest().first() == Some(&b'\n'));
    }

    fn this_item(&mut self, kind: Kind) -> Item {
        let item = Item { kind, start: self.start, end: self.pos, line: self.start_line };
        self.start = self.pos;
        self.start_line = self.line;
        item
    }

    fn count_lines(&mut self) {
        let passed = self.input.get(self.start..self.pos).unwrap_or(&[]);
        self.line += passed.iter().filter(|b| **b == b'\n').count();
    }

    fn ignore(&mut self) {
        self.count_lines();
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn accept(&mut self, valid: &[u8]) -> bool {
        let rune = self.next();
        if u8::try_from(rune).is_ok_and(|b| valid.contains(&b)) {
            return true;
        }
        self.backup();
        false
    }

    fn accept_run(&mut self, valid: &[u8]) {
        while self.accept(valid) {}
    }

    fn fail(&mut self, message: String) -> Item {
        let item = Item {
            kind: Kind::Error,
            start: self.start,
            end: self.start,
            line: self.start_line,
        };
        self.error = message;
        self.input = &[];
        (self.start, self.pos) = (0, 0);
        item
    }

    /// Text up to the next action; `None` after a comment.
    fn text(&mut self) -> Step {
        let Some(length) = find(self.rest(), b"{{") else {
            self.pos = self.input.len();
            if self.pos > self.start {
                self.count_lines();
                return Some(self.this_item(Kind::Text));
            }
            return Some(self.this_item(Kind::Eof));
        };
        if length > 0 {
            self.pos += length;
            let mut trim = 0;
            if has_left_trim(self.input.get(self.pos + 2..).unwrap_or(&[])) {
                let text = self.input.get(self.start..self.pos).unwrap_or(&[]);
                trim = text.iter().rev().take_while(|b| is_space(**b)).count();
            }
            self.pos -= trim;
            self.count_lines();
            let item = self.this_item(Kind::Text);
            self.pos += trim;
            self.ignore();
            if item.start < item.end {
                return Some(item);
            }
        }
        self.left_delim()
    }

    fn left_delim(&mut self) -> Step {
        self.pos += 2;
        let after_marker = if has_left_trim(self.rest()) { 2 } else { 0 };
        if self.rest().get(after_marker..).is_some_and(|r| r.starts_with(b"/*")) {
            self.pos += after_marker;
            self.ignore();
            return self.comment();
        }
        let item = self.this_item(Kind::LeftDelim);
        self.inside_action = true;
        self.pos += after_marker;
        self.ignore();
        self.paren_depth = 0;
        Some(item)
    }

    fn comment(&mut self) -> Step {
        self.pos += 2;
        let Some(length) = find(self.rest(), b"*/") else {
            return Some(self.fail("unclosed comment".to_owned()));
        };
        self.pos += length + 2;
        let Some(trim) = self.at_right_delim() else {
            return Some(self.fail("comment ends before closing delimiter".to_owned()));
        };
        self.pos += if trim { 4 } else { 2 };
        if trim {
            self.skip_spaces();
        }
        self.ignore();
        None
    }

    fn skip_spaces(&mut self) {
        self.pos += self.rest().iter().take_while(|b| is_space(**b)).count();
    }

    /// `Some(trims)` before a right delimiter.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        if has_right_trim(rest) && rest.get(2..).is_some_and(|r| r.starts_with(b"}}")) {
            return Some(true);
        }
        rest.starts_with(b"}}").then_some(false)
    }

    fn right_delim(&mut self) -> Item {
        let trim = self.at_right_delim() == Some(true);
        if trim {
            self.pos += 2;
            self.ignore();
        }
        self.pos += 2;
        let item = self.this_item(Kind::RightDelim);
        if trim {
            self.skip_spaces();
            self.ignore();
        }
        self.inside_action = false;
        item
    }

    fn inside_action(&mut self) -> Item {
        if self.at_right_delim().is_some() {
            if self.paren_depth == 0 {
                return self.right_delim();
            }
            return self.fail("unclosed left paren".to_owned());
        }
        let rune = self.next();
        if rune == EOF {
            return self.fail("unclosed action".to_owned());
        }
        let Ok(byte) = u8::try_from(rune) else {
            return self.wide(rune);
        };
        match byte {
            b' ' | b'\t' | b'\r' | b'\n' => {
                self.backup();
                self.space()
            }
            b'=' => self.this_item(Kind::Assign),
            b':' => match self.next() == u32::from(b'=') {
                true => self.this_item(Kind::Declare),
                false => self.fail("expected :=".to_owned()),
            },
            b'|' => self.this_item(Kind::Pipe),
            b'"' => self.quote(),
            b'`' => self.raw_quote(),
            b'$' => self.field_or_variable(Kind::Variable),
            b'\'' => self.char(),
            b'.' if !self.rest().first().is_none_or(u8::is_ascii_digit) => {
                self.field_or_variable(Kind::Field)
            }
            b'.' | b'+' | b'-' | b'0'..=b'9' => {
                self.backup();
                self.number()
            }
            b'(' => {
                self.paren_depth += 1;
                self.this_item(Kind::LeftParen)
            }
            b')' if self.paren_depth == 0 => {
                self.fail("unexpected right paren".to_owned())
            }
            b')' => {
                self.paren_depth -= 1;
                self.this_item(Kind::RightParen)
            }
            _ => self.wide(rune),
        }
    }

    fn wide(&mut self, rune: u32) -> Item {
        if is_alphanumeric(rune) {
            self.backup();
            return self.identifier();
        }
        if (0x20..0x7f).contains(&rune) {
            return self.this_item(Kind::Char);
        }
        self.fail(format!("unrecognized character in action: {}", sharp_u(rune)))
    }

    fn space(&mut self) -> Item {
        let mut spaces = 0;
        while self.rest().first().is_some_and(|b| is_space(*b)) {
            self.next();
            spaces += 1;
        }
        self.peek();
        // A trimming right delimiter begins with a space.
        let last = self.input.get(self.pos.saturating_sub(1)..).unwrap_or(&[]);
        if has_right_trim(last) && last.get(2..).is_some_and(|r| r.starts_with(b"}}")) {
            self.backup();
            if spaces == 1 {
                return self.right_delim();
            }
        }
        self.this_item(Kind::Space)
    }

    fn alphanumerics(&mut self) -> u32 {
        loop {
            let rune = self.next();
            if rune == EOF || !is_alphanumeric(rune) {
                self.backup();
                return rune;
            }
        }
    }

    fn identifier(&mut self) -> Item {
        let after = self.alphanumerics();
        let word = self.input.get(self.start..self.pos).unwrap_or(&[]);
        if !self.at_terminator() {
            return self.bad_character(after);
        }
        self.this_item(Kind::keyword(word).unwrap_or(Kind::Identifier))
    }

    fn bad_character(&mut self, rune: u32) -> Item {
        self.fail(format!("bad character {}", sharp_u(rune)))
    }

    fn field_or_variable(&mut self, kind: Kind) -> Item {
        if self.at_terminator() {
            let bare = if kind == Kind::Variable { kind } else { Kind::Dot };
            return self.this_item(bare);
        }
        let after = self.alphanumerics();
        if !self.at_terminator() {
            return self.bad_character(after);
        }
        self.this_item(kind)
    }

    /// Is what follows allowed to follow an identifier? It breaks `.X.Y` into two pieces.
    fn at_terminator(&mut self) -> bool {
        if self.peek() == EOF || self.rest().starts_with(b"}}") {
            return true;
        }
        let ends = |b: &u8| is_space(*b) || b".,|:)(".contains(b);
        self.rest().first().is_some_and(ends)
    }

    /// Reads up to the closing quote; `false` if a line or the input ends before it.
    fn quoted(&mut self, close: u8) -> bool {
        loop {
            let mut rune = self.next();
            if rune == u32::from(b'\\') {
                rune = self.next();
                if rune != EOF && rune != u32::from(b'\n') {
                    continue;
                }
            }
            if rune == EOF || rune == u32::from(b'\n') {
                return false;
            }
            if rune == u32::from(close) {
                return true;
            }
        }
    }

    fn char(&mut self) -> Item {
        match self.quoted(b'\'') {
            true => self.this_item(Kind::CharConstant),
            false => self.fail("unterminated character constant".to_owned()),
        }
    }

    fn quote(&mut self) -> Item {
        match self.quoted(b'"') {
            true => self.this_item(Kind::String),
            false => self.fail("unterminated quoted string".to_owned()),
        }
    }

    fn raw_quote(&mut self) -> Item {
        loop {
            let rune = self.next();
            if rune == EOF {
                return self.fail("unterminated raw quoted string".to_owned());
            }
            if rune == u32::from(b'`') {
                return self.this_item(Kind::RawString);
            }
        }
    }

    fn number(&mut self) -> Item {
        if !self.scan_number() {
            return self.bad_number();
        }
        let sign = self.peek();
        if sign == u32::from(b'+') || sign == u32::from(b'-') {
            let complex =
                self.scan_number() && self.input.get(self.pos - 1) == Some(&b'i');
            return if complex {
                self.this_item(Kind::Complex)
            } else {
                self.bad_number()
            };
        }
        self.this_item(Kind::Number)
    }

    fn bad_number(&mut self) -> Item {
        let text = quote(self.input.get(self.start..self.pos).unwrap_or(&[]));
        self.fail(format!("bad number syntax: {text}"))
    }

    fn scan_number(&mut self) -> bool {
        self.accept(b"+-");
        let mut digits: &[u8] = b"0123456789_";
        if self.accept(b"0") {
            if self.accept(b"xX") {
                digits = b"0123456789abcdefABCDEF_";
            } else if self.accept(b"oO") {
                digits = b"01234567_";
            } else if self.accept(b"bB") {
                digits = b"01_";
            }
        }
        self.accept_run(digits);
        if self.accept(b".") {
            self.accept_run(digits);
        }
        let exponent: &[u8] = match digits.len() {
            11 => b"eE",
            23 => b"pP",
            _ => b"",
        };
        if !exponent.is_empty() && self.accept(exponent) {
            self.accept(b"+-");
            self.accept_run(b"0123456789_");
        }
        self.accept(b"i");
        let after = self.peek();
        if after != EOF && is_alphanumeric(after) {
            self.next();
            return false;
        }
        true
    }
}

fn find(bytes: &[u8], two: &[u8; 2]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + rest.iter().position(|b| *b == two[0])?;
        if bytes.get(at + 1) == Some(&two[1]) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn has_left_trim(rest: &[u8]) -> bool {
    matches!(rest, [b'-', space, ..] if is_space(*space))
}

fn has_right_trim(rest: &[u8]) -> bool {
    matches!(rest, [space, b'-', ..] if is_space(*space))
}
