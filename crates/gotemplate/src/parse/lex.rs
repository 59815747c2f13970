//! The lexer: bytes to items. (text/template/parse: `lex.go`)

use super::item::{Item, Kind};
use crate::fmt::{decode_rune, is_alphanumeric, sharp_u};

/// Splits a template into items.
#[derive(Debug)]
pub(super) struct Lexer<'s> {
    pub(super) input: &'s [u8],
    pub(super) pos: usize,
    pub(super) start: usize,
    at_eof: bool,
    paren_depth: usize,
    pub(super) line: usize,
    start_line: usize,
    inside_action: bool,
    /// What is wrong, once an item of kind [`Kind::Error`] was returned.
    pub(super) error: String,
}

pub(super) const EOF: u32 = u32::MAX;

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

    pub(super) fn rest(&self) -> &'s [u8] {
        self.input.get(self.pos..).unwrap_or(&[])
    }

    pub(super) fn next(&mut self) -> u32 {
        let (rune, width) = decode_rune(self.rest());
        if width == 0 {
            self.at_eof = true;
            return EOF;
        }
        self.pos += width;
        self.line += usize::from(rune == u32::from(b'\n'));
        rune
    }

    pub(super) fn peek(&mut self) -> u32 {
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
        let last = self.input.get(self.pos - 1);
        let width = match last.is_some_and(u8::is_ascii) {
            true => 1,
            false => (2..=4).rev().find(whole).unwrap_or(1),
        };
        self.pos -= width;
        self.line -= usize::from(self.rest().first() == Some(&b'\n'));
    }

    pub(super) fn this_item(&mut self, kind: Kind) -> Item {
        let item = Item { kind, start: self.start, end: self.pos, line: self.start_line };
        self.start = self.pos;
        self.start_line = self.line;
        item
    }

    fn count_lines(&mut self) {
        let passed = self.input.get(self.start..self.pos).unwrap_or(&[]);
        self.line += memchr::memchr_iter(b'\n', passed).count();
    }

    fn ignore(&mut self) {
        self.count_lines();
        self.start = self.pos;
        self.start_line = self.line;
    }

    pub(super) fn accept(&mut self, valid: &[u8]) -> bool {
        let accepted = self.rest().first().is_some_and(|b| valid.contains(b));
        self.pos += usize::from(accepted);
        accepted
    }

    pub(super) fn accept_run(&mut self, valid: &[u8]) {
        while self.accept(valid) {}
    }

    pub(super) fn fail(&mut self, message: String) -> Item {
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
        let passed = self.rest();
        let spaces = passed.iter().take_while(|b| is_space(**b)).count();
        let breaks = passed.iter().take(spaces).filter(|b| **b == b'\n').count();
        self.pos += spaces;
        self.line += breaks;
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
            let simple = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_';
            self.pos += self.rest().iter().take_while(simple).count();
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
}

fn find(bytes: &[u8], two: &[u8; 2]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + memchr::memchr(two[0], rest)?;
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
