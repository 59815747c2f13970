//! Bytes, blanks and line breaks.

use super::Scanner;

impl Scanner<'_> {
    /// The byte `ahead` of the next one; 0 past the end.
    #[inline]
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// How many bytes the line break has that starts `ahead`; 0 if none does.
    #[inline]
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        break_length(self.bytes, self.at + ahead)
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_length(ahead) > 0
    }

    /// A line break or the end of the text?
    pub(super) fn is_breakz(&self, ahead: usize) -> bool {
        self.at + ahead >= self.bytes.len() || self.is_break(ahead)
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.byte(ahead), b' ' | b'\t')
    }

    /// A blank, a line break or the end of the text?
    pub(super) fn is_blankz(&self, ahead: usize) -> bool {
        self.is_blank(ahead) || self.is_breakz(ahead)
    }

    /// A letter, digit, `_` or `-`?
    pub(super) fn is_alpha(&self) -> bool {
        let byte = self.byte(0);
        byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
    }

    /// Steps over `count` bytes that are no line breaks.
    pub(super) fn skip(&mut self, count: usize) {
        self.at += count;
        self.newlines = 0;
    }

    /// Steps over spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        while self.is_blank(0) {
            self.at += 1;
        }
    }

    /// Steps over everything up to the line break.
    pub(super) fn skip_to_break(&mut self) {
        self.at += line_length(&self.bytes[self.at.min(self.bytes.len())..]);
        self.newlines = 0;
    }

    /// Steps over a line break, if one is here.
    pub(super) fn skip_line(&mut self) {
        let length = self.break_length(0);
        if length > 0 {
            self.at += length;
            self.line += 1;
            self.line_start = self.at;
            self.newlines += 1;
        }
    }

    /// Steps over a line break; returns what it stands for in a scalar.
    pub(super) fn read_line(&mut self) -> &'static str {
        let text = match (self.byte(0), self.byte(2)) {
            (0xe2, 0xa8) => "\u{2028}",
            (0xe2, _) => "\u{2029}",
            _ => "\n",
        };
        self.skip_line();
        text
    }

    /// Do `---` or `...` stand alone at the start of this line?
    pub(super) fn at_document_indicator(&self) -> bool {
        self.at == self.line_start
            && matches!(self.bytes.get(self.at..self.at + 3), Some(b"---" | b"..."))
            && self.is_blankz(3)
    }
}

#[inline]
fn break_length(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at) {
        Some(b'\n') => 1,
        Some(b'\r') => 1 + usize::from(bytes.get(at + 1) == Some(&b'\n')),
        Some(0xc2) if bytes.get(at + 1) == Some(&0x85) => 2,
        Some(0xe2)
            if bytes.get(at + 1) == Some(&0x80)
                && matches!(bytes.get(at + 2), Some(0xa8 | 0xa9)) =>
        {
            3
        }
        _ => 0,
    }
}

/// How many bytes stand before the first line break or the end.
pub(super) fn line_length(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if matches!(byte, b'\n' | b'\r' | 0xc2 | 0xe2) && break_length(bytes, at) > 0 {
            break;
        }
        at += 1;
    }
    at
}
