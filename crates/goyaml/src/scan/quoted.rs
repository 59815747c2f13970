//! Single- and double-quoted scalars.

use super::plain::Fold;
use super::{Mark, Scan, Scanner, TokenKind};
use crate::Style;

/// What was read of a quoted scalar: `done`, then the bytes from `part` on.
struct Quoted {
    start: Mark,
    style: Style,
    done: String,
    part: usize,
}

impl Scanner<'_> {
    pub(super) fn scan_quoted(&mut self, style: Style) -> Scan<()> {
        let start = self.mark();
        self.skip(1);
        let quote = if style == Style::SingleQuoted { b'\'' } else { b'"' };
        let mut quoted = Quoted { start, style, done: String::new(), part: self.at };
        loop {
            self.check_line_start(start)?;
            let escaped_break = self.scan_quoted_words(&mut quoted, quote)?;
            if !escaped_break && self.byte(0) == quote {
                break;
            }
            self.scan_quoted_gap(&mut quoted, escaped_break);
        }
        let last = self.text.get(quoted.part..self.at).unwrap_or("");
        let value = match quoted.done.is_empty() {
            true => last.into(),
            false => (quoted.done + last).into(),
        };
        self.skip(1);
        self.push(TokenKind::Scalar(value, style), start);
        Ok(())
    }

    fn check_line_start(&self, start: Mark) -> Scan<()> {
        if self.at_document_indicator() {
            return Err(self.problem(Some(start), "found unexpected document indicator"));
        }
        if self.at_end() {
            return Err(self.problem(Some(start), "found unexpected end of stream"));
        }
        Ok(())
    }

    /// Reads up to a blank, a break or the closing quote. Returns whether it ended with an
    /// escaped line break.
    fn scan_quoted_words(&mut self, quoted: &mut Quoted, quote: u8) -> Scan<bool> {
        loop {
            let byte = self.byte(0);
            if byte == quote {
                if quoted.style == Style::DoubleQuoted || self.byte(1) != b'\'' {
                    return Ok(false);
                }
                // `''`: the first stays, the second is dropped.
                self.skip(1);
                self.flush(quoted);
                self.skip(1);
                quoted.part = self.at;
            } else if byte == b'\\' && quoted.style == Style::DoubleQuoted {
                self.flush(quoted);
                if self.is_break(1) {
                    self.skip(1);
                    self.skip_line();
                    quoted.part = self.at;
                    return Ok(true);
                }
                let c = self.scan_escape(quoted.start)?;
                quoted.done.push(c);
                quoted.part = self.at;
            } else if self.is_blankz(0) {
                return Ok(false);
            } else {
                self.at += 1;
                self.newlines = 0;
            }
        }
    }

    /// Moves the bytes read so far to `done`.
    fn flush(&self, quoted: &mut Quoted) {
        quoted.done.push_str(self.text.get(quoted.part..self.at).unwrap_or(""));
        quoted.part = self.at;
    }

    /// Steps over blanks and breaks; folds the breaks, keeps blanks within a line.
    fn scan_quoted_gap(&mut self, quoted: &mut Quoted, escaped_break: bool) {
        let mut fold = escaped_break.then(Fold::default);
        let blanks_from = self.at;
        loop {
            if self.is_blank(0) {
                self.at += 1;
            } else if self.is_break(0) {
                let leading = fold.is_none();
                if leading {
                    let words = self.text.get(quoted.part..blanks_from);
                    quoted.done.push_str(words.unwrap_or(""));
                }
                let line_break = self.read_line();
                fold.get_or_insert_default().push(line_break, leading);
            } else {
                break;
            }
        }
        if let Some(fold) = fold {
            fold.append_to(&mut quoted.done);
            quoted.part = self.at;
        }
    }

    /// Reads an escape, from its backslash.
    fn scan_escape(&mut self, start: Mark) -> Scan<char> {
        let width = match self.byte(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                let Some(c) = short_escape(byte) else {
                    let message = "found unknown escape character";
                    return Err(self.problem(Some(start), message));
                };
                self.skip(2);
                return Ok(c);
            }
        };
        self.skip(2);
        let mut code = 0u32;
        for ahead in 0..width {
            let Some(digit) = char::from(self.byte(ahead)).to_digit(16) else {
                let message = "did not find expected hexdecimal number";
                return Err(self.problem(Some(start), message));
            };
            code = code.wrapping_shl(4) | digit;
        }
        let Some(c) = char::from_u32(code) else {
            let message = "found invalid Unicode character escape code";
            return Err(self.problem(Some(start), message));
        };
        self.skip(width);
        Ok(c)
    }
}

fn short_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\x07',
        b'b' => '\x08',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\x0b',
        b'f' => '\x0c',
        b'r' => '\r',
        b'e' => '\x1b',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{a0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
