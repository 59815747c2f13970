//! Writing a scalar in each of the five styles (`yaml_emitter_write_*_scalar`).

use std::fmt::Write;

use super::style::ScalarStyle;
use super::writer::{BEST_INDENT, Writer};
use crate::chars::{is_break, is_printable};

impl Writer {
    /// Writes a scalar; `breaks`: long lines may be folded.
    pub(super) fn write_scalar(&mut self, text: &str, style: ScalarStyle, breaks: bool) {
        match style {
            ScalarStyle::Plain => self.write_plain(text, breaks),
            ScalarStyle::SingleQuoted => self.write_single_quoted(text, breaks),
            ScalarStyle::DoubleQuoted => self.write_double_quoted(text, breaks),
            ScalarStyle::Literal => self.write_literal(text),
            ScalarStyle::Folded => self.write_folded(text),
        }
    }

    fn write_plain(&mut self, text: &str, breaks: bool) {
        self.write_flowing(text, breaks, false);
        self.set_content_end();
    }

    fn write_single_quoted(&mut self, text: &str, breaks: bool) {
        self.write_indicator("'");
        self.write_flowing(text, breaks, true);
        self.write_indicator("'");
    }

    /// The lines of a plain or single-quoted scalar, folded at spaces.
    fn write_flowing(&mut self, text: &str, breaks: bool, quoted: bool) {
        // Most scalars end before the column where folding starts.
        let room = usize::try_from(self.best_width - self.column).unwrap_or(0);
        let fits = !breaks || self.best_width == i32::MAX || text.len() <= room;
        if fits && !text.contains(is_break) && !(quoted && text.contains('\'')) {
            return self.put_str(text);
        }
        let (mut spaces, mut broken) = (false, false);
        let mut rest = text.chars().peekable();
        let mut first = true;
        while let Some(c) = rest.next() {
            let next = rest.peek();
            if c == ' ' {
                let inside = !quoted || !first && next.is_some();
                let fold = breaks
                    && !spaces
                    && self.column > self.best_width
                    && inside
                    && next != Some(&' ');
                match fold {
                    true => self.write_indent(),
                    false => self.put(' '),
                }
                spaces = true;
            } else if is_break(c) {
                if !broken && c == '\n' {
                    self.put_break();
                }
                self.write_break(c);
                self.indention = true;
                broken = true;
            } else {
                if broken {
                    self.write_indent();
                }
                if quoted && c == '\'' {
                    self.put('\'');
                }
                self.put(c);
                self.indention = false;
                (spaces, broken) = (false, false);
            }
            first = false;
        }
    }

    fn write_double_quoted(&mut self, text: &str, breaks: bool) {
        self.write_indicator("\"");
        // Upstream's `is_bom` looks at the start of the text, wherever the writer is.
        let escape_all = text.starts_with('\u{feff}');
        let mut spaces = false;
        let mut rest = text.chars().peekable();
        let mut first = true;
        while let Some(c) = rest.next() {
            let escape = escape_all || !is_printable(c) || is_break(c);
            if escape || c == '"' || c == '\\' {
                self.write_escape(c);
                spaces = false;
            } else if c == ' ' {
                let next = rest.peek();
                let inside = !first && next.is_some();
                if breaks && !spaces && self.column > self.best_width && inside {
                    self.write_indent();
                    if next == Some(&' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
            } else {
                self.put(c);
                spaces = false;
            }
            first = false;
        }
        self.write_indicator("\"");
    }

    fn write_escape(&mut self, c: char) {
        let short = match c {
            '\0' => '0',
            '\x07' => 'a',
            '\x08' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\x0b' => 'v',
            '\x0c' => 'f',
            '\r' => 'r',
            '\x1b' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{a0}' => '_',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ => return self.write_code(u32::from(c)),
        };
        self.put('\\');
        self.put(short);
    }

    fn write_code(&mut self, code: u32) {
        let start = self.text.len();
        // Writing to a string cannot fail.
        let _written = match code {
            0..=0xff => write!(self.text, "\\x{code:02X}"),
            0x100..=0xffff => write!(self.text, "\\u{code:04X}"),
            _ => write!(self.text, "\\U{code:08X}"),
        };
        self.column += i32::try_from(self.text.len() - start).unwrap_or(0);
    }

    fn write_literal(&mut self, text: &str) {
        self.write_block_header('|', text);
        let mut broken = true;
        for c in text.chars() {
            if is_break(c) {
                self.write_break(c);
                self.indention = true;
                broken = true;
            } else {
                if broken {
                    self.write_indent();
                }
                self.put(c);
                self.indention = false;
                broken = false;
            }
        }
    }

    fn write_folded(&mut self, text: &str) {
        self.write_block_header('>', text);
        let (mut broken, mut leading_spaces) = (true, true);
        let mut rest = text.chars().peekable();
        // Upstream looks at the breaks that start the text, not at those that come next.
        let after_breaks = text.chars().find(|c| !is_break(*c));
        let blank = after_breaks.is_none_or(|c| matches!(c, ' ' | '\t'));
        while let Some(c) = rest.next() {
            if is_break(c) {
                if !broken && !leading_spaces && c == '\n' && !blank {
                    self.put_break();
                }
                self.write_break(c);
                self.indention = true;
                broken = true;
                continue;
            }
            if broken {
                self.write_indent();
                leading_spaces = matches!(c, ' ' | '\t');
            }
            let single = c == ' ' && rest.peek() != Some(&' ');
            match !broken && single && self.column > self.best_width {
                true => self.write_indent(),
                false => self.put(c),
            }
            self.indention = false;
            broken = false;
        }
    }

    /// `|`, `>` with the hints for indentation and the breaks at the end.
    fn write_block_header(&mut self, indicator: char, text: &str) {
        self.put(indicator);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put_ascii(&BEST_INDENT.to_string());
        }
        let mut back = text.chars().rev();
        match (back.next(), back.next()) {
            (Some(last), before) if is_break(last) => {
                if before.is_none_or(is_break) {
                    self.put('+');
                }
            }
            _ => self.put('-'),
        }
        if self.header_comment.is_empty() {
            self.put_break();
        } else {
            let comment = std::mem::take(&mut self.header_comment);
            self.put(' ');
            self.write_comment(&comment);
        }
        self.set_line_start();
    }
}
