//! Which token comes next.

use super::{Mark, Scan, Scanner, TokenKind};
use crate::{Dialect, Style};

impl Scanner<'_> {
    /// Fetches one token (and the tokens that it implies).
    pub(super) fn fetch_next_token(&mut self) -> Scan<()> {
        self.steps += 1;
        if !self.started {
            self.started = true;
            let start = self.mark();
            self.push(TokenKind::StreamStart, start);
            return Ok(());
        }
        let scan_mark = self.mark();
        self.scan_to_next_token(scan_mark)?;
        self.unroll_indent(self.column(), scan_mark);
        if self.at_end() {
            return self.fetch_stream_end();
        }
        if self.at == self.line_start && self.byte(0) == b'%' {
            return self.fetch_directive();
        }
        if self.at_document_indicator() {
            return self.fetch_document_indicator();
        }
        let comment_mark = self.comment_mark();
        self.fetch_content()?;
        if self.dialect == Dialect::V3 {
            self.line_comment_after_token(comment_mark);
        }
        Ok(())
    }

    fn fetch_content(&mut self) -> Scan<()> {
        let next_blank = self.is_blankz(1);
        let flow = self.flow_level > 0;
        match self.byte(0) {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if next_blank => self.fetch_block_entry(),
            b'?' if flow || next_blank => self.fetch_key(),
            b':' if flow || next_blank => self.fetch_value(),
            b'*' => self.fetch_property(|s| s.scan_anchor(TokenKind::Alias)),
            b'&' => self.fetch_property(|s| s.scan_anchor(TokenKind::Anchor)),
            b'!' => self.fetch_property(Scanner::scan_tag),
            b'|' if !flow => self.fetch_block_scalar(Style::Literal),
            b'>' if !flow => self.fetch_block_scalar(Style::Folded),
            b'\'' => self.fetch_property(|s| s.scan_quoted(Style::SingleQuoted)),
            b'"' => self.fetch_property(|s| s.scan_quoted(Style::DoubleQuoted)),
            // A line break never gets here; a blank does only where tabs are not skipped.
            b'\t' | b' ' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                Err(self.problem(None, "found character that cannot start any token"))
            }
            _ => self.fetch_property(Scanner::scan_plain),
        }
    }

    /// Fetches what may be a simple key, and what no other simple key can follow.
    fn fetch_property(&mut self, scan: fn(&mut Self) -> Scan<()>) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        scan(self)
    }

    fn fetch_block_scalar(&mut self, style: Style) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.scan_block_scalar(style)
    }

    /// Closes the blocks that are deeper than a column.
    fn unroll_indent(&mut self, column: i32, scan_mark: Mark) {
        if self.flow_level > 0 {
            return;
        }
        let mut block_mark = match self.dialect {
            Dialect::V2 => self.mark(),
            Dialect::V3 => Mark { at: scan_mark.at.saturating_sub(1), ..scan_mark },
        };
        while self.indent > column {
            if self.dialect == Dialect::V3 {
                block_mark = self.before_foot_comments(block_mark);
            }
            let number = self.next_number();
            self.insert(number, TokenKind::BlockEnd, block_mark);
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn fetch_stream_end(&mut self) -> Scan<()> {
        if self.at != self.line_start {
            self.line += 1;
            self.line_start = self.at;
        }
        self.reset_blocks()?;
        let start = self.mark();
        self.push(TokenKind::StreamEnd, start);
        Ok(())
    }

    /// All blocks end here, and no simple key is possible.
    fn reset_blocks(&mut self) -> Scan<()> {
        self.unroll_indent(-1, self.mark());
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Scan<()> {
        self.reset_blocks()?;
        self.scan_directive()
    }

    fn fetch_document_indicator(&mut self) -> Scan<()> {
        self.reset_blocks()?;
        let kind = match self.byte(0) {
            b'-' => TokenKind::DocumentStart,
            _ => TokenKind::DocumentEnd,
        };
        let start = self.mark();
        self.skip(3);
        self.push(kind, start);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind) -> Scan<()> {
        self.save_simple_key()?;
        self.increase_flow_level()?;
        self.simple_key_allowed = true;
        self.fetch_indicator(kind)
    }

    fn fetch_flow_end(&mut self, kind: TokenKind) -> Scan<()> {
        self.remove_simple_key()?;
        self.decrease_flow_level();
        self.simple_key_allowed = false;
        self.fetch_indicator(kind)
    }

    fn fetch_flow_entry(&mut self) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.fetch_indicator(TokenKind::FlowEntry)
    }

    fn fetch_block_entry(&mut self) -> Scan<()> {
        // In a flow collection the parser reports it, with its context.
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let message = "block sequence entries are not allowed in this context";
                return Err(self.problem(None, message));
            }
            self.roll_indent(self.mark(), None, TokenKind::BlockSequenceStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.fetch_indicator(TokenKind::BlockEntry)
    }

    fn fetch_key(&mut self) -> Scan<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                let message = "mapping keys are not allowed in this context";
                return Err(self.problem(None, message));
            }
            self.roll_indent(self.mark(), None, TokenKind::BlockMappingStart)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.fetch_indicator(TokenKind::Key)
    }

    fn fetch_indicator(&mut self, kind: TokenKind) -> Scan<()> {
        let start = self.mark();
        self.skip(1);
        self.push(kind, start);
        Ok(())
    }

    /// Steps over blanks, comments and line breaks.
    fn scan_to_next_token(&mut self, scan_mark: Mark) -> Scan<()> {
        loop {
            let tabs = self.flow_level > 0 || !self.simple_key_allowed;
            while self.byte(0) == b' ' || tabs && self.byte(0) == b'\t' {
                self.at += 1;
            }
            if self.dialect == Dialect::V3 {
                self.line_comment_to_head();
            }
            if self.byte(0) == b'#' {
                match self.dialect {
                    Dialect::V2 => self.skip_comment(),
                    Dialect::V3 => self.scan_comments(scan_mark),
                }
            }
            if !self.is_break(0) {
                return Ok(());
            }
            self.skip_line();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }
}
