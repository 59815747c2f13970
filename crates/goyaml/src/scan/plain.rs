//! Plain scalars.

use super::{Scan, Scanner, TokenKind};
use crate::Style;

/// Line breaks between two parts of a scalar, folded when the next part comes.
#[derive(Default)]
pub(super) struct Fold {
    /// The first break; empty after an escaped one.
    first: &'static str,
    /// The breaks after it.
    rest: String,
}

impl Fold {
    pub(super) fn push(&mut self, line_break: &'static str, leading: bool) {
        match leading {
            true => self.first = line_break,
            false => self.rest.push_str(line_break),
        }
    }

    /// Appends what the breaks stand for.
    pub(super) fn append_to(&self, text: &mut String) {
        match (self.first, self.rest.as_str()) {
            ("\n", "") => text.push(' '),
            ("\n", rest) => text.push_str(rest),
            (first, rest) => {
                text.push_str(first);
                text.push_str(rest);
            }
        }
    }
}

/// May end a plain scalar, or needs a closer look.
const fn stops(byte: u8) -> bool {
    matches!(
        byte,
        0 | b' '
            | b'\t'
            | b'\n'
            | b'\r'
            | b':'
            | b','
            | b'?'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | 0xc2
            | 0xe2
    )
}

const STOPS: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "below 256")]
        let value = byte as u8;
        table[byte] = stops(value);
        byte += 1;
    }
    table
};

impl Scanner<'_> {
    pub(super) fn scan_plain(&mut self) -> Scan<()> {
        let start = self.mark();
        let indent = self.indent + 1;
        // Parts before the current line, joined; the current part is `part..end`.
        let mut joined = String::new();
        let mut part = self.at;
        let mut end = start;
        let mut fold: Option<Fold> = None;
        while !self.at_document_indicator() && self.byte(0) != b'#' {
            let from = self.at;
            self.skip_plain_word();
            if self.at > from {
                if let Some(fold) = fold.take() {
                    let done = end.at as usize;
                    joined.push_str(self.text.get(part..done).unwrap_or(""));
                    fold.append_to(&mut joined);
                    part = from;
                }
                self.newlines = 0;
                end = self.mark();
            }
            if !self.is_blank(0) && !self.is_break(0) {
                break;
            }
            self.skip_plain_gap(&mut fold, indent, start)?;
            if self.flow_level == 0 && self.column() < indent {
                break;
            }
        }
        let last = self.text.get(part..end.at as usize).unwrap_or("");
        let value = match joined.is_empty() && part == start.at as usize {
            true => last.into(),
            false => (joined + last).into(),
        };
        self.push(TokenKind::Scalar(value, Style::Plain), start);
        if let Some(token) = self.tokens.back_mut() {
            token.end = end;
        }
        if fold.is_some() {
            self.simple_key_allowed = true;
        }
        Ok(())
    }

    /// Steps over characters up to a blank, a break, or an indicator that ends the scalar.
    fn skip_plain_word(&mut self) {
        loop {
            while self.bytes.get(self.at).is_some_and(|b| !STOPS[usize::from(*b)]) {
                self.at += 1;
            }
            let ends = match self.byte(0) {
                0 if self.at_end() => true,
                b' ' | b'\t' | b'\n' | b'\r' => true,
                b':' => self.is_blankz(1),
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => self.flow_level > 0,
                0xc2 | 0xe2 => self.is_break(0),
                _ => false,
            };
            if ends {
                return;
            }
            self.at += 1;
        }
    }

    /// Steps over blanks and breaks.
    fn skip_plain_gap(
        &mut self,
        fold: &mut Option<Fold>,
        indent: i32,
        start: super::Mark,
    ) -> Scan<()> {
        loop {
            match self.byte(0) {
                b'\t' if fold.is_some() && self.column() < indent => {
                    let message = "found a tab character that violates indentation";
                    return Err(self.problem(Some(start), message));
                }
                b' ' | b'\t' => self.at += 1,
                _ if self.is_break(0) => {
                    let leading = fold.is_none();
                    let line_break = self.read_line();
                    fold.get_or_insert_default().push(line_break, leading);
                }
                _ => return Ok(()),
            }
        }
    }
}
