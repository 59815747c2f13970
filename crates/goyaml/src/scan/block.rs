//! Literal and folded block scalars.

use super::blanks::line_length;
use super::{Mark, Scan, Scanner, TokenKind};
use crate::{Dialect, Style};

/// What becomes of the line breaks at the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomp {
    /// `|-`
    Strip,
    /// `|`
    Clip,
    /// `|+`
    Keep,
}

impl Scanner<'_> {
    pub(super) fn scan_block_scalar(&mut self, style: Style) -> Scan<()> {
        let start = self.mark();
        self.skip(1);
        let (chomp, increment) = self.scan_block_header(start)?;
        let mut indent = match increment {
            0 => 0,
            increment => self.indent.max(0) + increment,
        };
        let header_end = self.mark();
        self.skip_line();
        let mut breaks = String::new();
        self.scan_block_breaks(&mut indent, &mut breaks, start)?;
        let mut value = String::new();
        let mut leading_break = "";
        let mut leading_blank = false;
        let mut end = header_end;
        while self.column() == indent && !self.at_end() {
            let blank = self.is_blank(0);
            let fold = style == Style::Folded && !leading_blank && !blank;
            if fold && leading_break == "\n" {
                if breaks.is_empty() {
                    value.push(' ');
                }
            } else {
                value.push_str(leading_break);
            }
            value.push_str(&breaks);
            breaks.clear();
            leading_blank = blank;
            let length = line_length(&self.bytes[self.at..]);
            value.push_str(self.text.get(self.at..self.at + length).unwrap_or(""));
            self.at += length;
            self.newlines = 0;
            end = self.mark();
            leading_break = if self.is_break(0) { self.read_line() } else { "" };
            self.scan_block_breaks(&mut indent, &mut breaks, start)?;
        }
        if chomp != Chomp::Strip {
            value.push_str(leading_break);
        }
        if chomp == Chomp::Keep {
            value.push_str(&breaks);
        }
        self.push(TokenKind::Scalar(value.into(), style), start);
        if let Some(token) = self.tokens.back_mut() {
            token.end = end;
        }
        Ok(())
    }

    /// Reads `+`, `-` and a digit in either order, and the comment.
    fn scan_block_header(&mut self, start: Mark) -> Scan<(Chomp, i32)> {
        let mut chomp = self.scan_chomp();
        let mut increment = 0;
        if self.byte(0).is_ascii_digit() {
            if self.byte(0) == b'0' {
                let message = "found an indentation indicator equal to 0";
                return Err(self.problem(Some(start), message));
            }
            increment = i32::from(self.byte(0) - b'0');
            self.skip(1);
            chomp = chomp.or_else(|| self.scan_chomp());
        }
        self.skip_blanks();
        if self.byte(0) == b'#' {
            match self.dialect {
                Dialect::V2 => self.skip_comment(),
                Dialect::V3 => self.scan_line_comment(start),
            }
        }
        if !self.is_breakz(0) {
            let message = "did not find expected comment or line break";
            return Err(self.problem(Some(start), message));
        }
        Ok((chomp.unwrap_or(Chomp::Clip), increment))
    }

    fn scan_chomp(&mut self) -> Option<Chomp> {
        let chomp = match self.byte(0) {
            b'+' => Chomp::Keep,
            b'-' => Chomp::Strip,
            _ => return None,
        };
        self.skip(1);
        Some(chomp)
    }

    /// Steps over indentation and empty lines; finds the indentation if it is 0.
    fn scan_block_breaks(
        &mut self,
        indent: &mut i32,
        breaks: &mut String,
        start: Mark,
    ) -> Scan<()> {
        let mut deepest = 0;
        loop {
            while (*indent == 0 || self.column() < *indent) && self.byte(0) == b' ' {
                self.at += 1;
            }
            deepest = deepest.max(self.column());
            if (*indent == 0 || self.column() < *indent) && self.byte(0) == b'\t' {
                let message =
                    "found a tab character where an indentation space is expected";
                return Err(self.problem(Some(start), message));
            }
            if !self.is_break(0) {
                break;
            }
            breaks.push_str(self.read_line());
        }
        if *indent == 0 {
            *indent = deepest.max(self.indent + 1).max(1);
        }
        Ok(())
    }
}
