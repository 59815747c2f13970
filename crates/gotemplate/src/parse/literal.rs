//! Literals in the lexer: strings, characters and numbers.

use super::item::{Item, Kind};
use super::lex::{EOF, Lexer};
use crate::fmt::{is_alphanumeric, quote};

impl Lexer<'_> {
    /// Reads up to the closing quote; `false` if a line or the input ends before it.
    fn quoted(&mut self, close: u8) -> bool {
        loop {
            let rest = self.rest();
            let plain = memchr::memchr3(close, b'\\', b'\n', rest);
            self.pos += plain.unwrap_or(rest.len());
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

    pub(super) fn char(&mut self) -> Item {
        match self.quoted(b'\'') {
            true => self.this_item(Kind::CharConstant),
            false => self.fail("unterminated character constant".to_owned()),
        }
    }

    pub(super) fn quote(&mut self) -> Item {
        match self.quoted(b'"') {
            true => self.this_item(Kind::String),
            false => self.fail("unterminated quoted string".to_owned()),
        }
    }

    pub(super) fn raw_quote(&mut self) -> Item {
        let rest = self.rest();
        let end = memchr::memchr(b'`', rest).unwrap_or(rest.len());
        let inside = rest.get(..end).unwrap_or(rest);
        self.line += memchr::memchr_iter(b'\n', inside).count();
        self.pos += end;
        match self.next() {
            EOF => self.fail("unterminated raw quoted string".to_owned()),
            _ => self.this_item(Kind::RawString),
        }
    }

    pub(super) fn number(&mut self) -> Item {
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
