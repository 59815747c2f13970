//! Comments: every one's place, and for v3 the node that go-yaml attaches it to.
//!
//! go-yaml v3 decides while it scans whether a comment is the head of what follows, the
//! foot of what came before, or belongs to its line. The rules are upstream's
//! (`yaml_parser_scan_comments` and its neighbours), oddities included: only 512 bytes of
//! blanks are looked through, and a CR LF counts as an empty line between two comments.

use ecow::EcoString;

use super::{Mark, Scanner, TokenKind};
use crate::Comment;

/// Comments for the next node.
#[derive(Debug, Default)]
pub(crate) struct Attached {
    pub(crate) head: String,
    pub(crate) line: String,
    pub(crate) foot: String,
    /// The head of a sequence's item, moved aside for the collection in it.
    pub(crate) stem: EcoString,
}

impl Attached {
    /// Takes head, line and foot for a node.
    pub(crate) fn take(&mut self) -> (EcoString, EcoString, EcoString) {
        let take = |text: &mut String| match text.is_empty() {
            true => EcoString::new(),
            false => EcoString::from(std::mem::take(text)),
        };
        let Attached { head, line, foot, stem } = self;
        *stem = EcoString::new();
        (take(head), take(line), take(foot))
    }

    /// Takes the part of the head before its last empty line: it is the document's.
    pub(crate) fn split_document_head(&mut self) -> EcoString {
        let (at, rest) = match self.head.rfind("\n\n") {
            _ if self.head.len() > 1 && self.head.ends_with('\n') => {
                (self.head.len() - 1, self.head.len())
            }
            Some(at) => (at, at + 2),
            None => return EcoString::new(),
        };
        let document = EcoString::from(self.head.get(..at).unwrap_or(""));
        self.head.drain(..rest);
        document
    }

    /// Moves the first bytes of the head aside.
    pub(crate) fn split_stem(&mut self, length: usize) {
        self.stem = self.head.get(..length).unwrap_or("").into();
        // A line break parts it from the rest.
        self.head.drain(..self.head.len().min(length + 1));
    }
}

/// What rules about comments ask of the token before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Before {
    BlockEntry,
    BlockSequenceStart,
    FlowEntry,
    Value,
    Other,
}

impl Before {
    pub(super) fn of(kind: &TokenKind) -> Before {
        match kind {
            TokenKind::BlockEntry => Before::BlockEntry,
            TokenKind::BlockSequenceStart => Before::BlockSequenceStart,
            TokenKind::FlowEntry => Before::FlowEntry,
            TokenKind::Value => Before::Value,
            _ => Before::Other,
        }
    }
}

/// A comment that waits for its token.
#[derive(Debug)]
pub(super) struct PendingComment {
    /// Where the search for it began.
    scan: Mark,
    /// It belongs to the first token that starts here or later.
    token: Mark,
    start: Mark,
    end: Mark,
    place: Place,
    text: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Place {
    Head,
    Line,
    Foot,
}

/// How far upstream looks for the next comment.
const LOOK_AHEAD: usize = 512;

impl Scanner<'_> {
    /// The token `back` before the last one that was fetched.
    fn last_token(&self, back: usize) -> Option<(Before, Mark)> {
        match self.tokens.len().checked_sub(back + 1) {
            Some(at) => self.tokens.get(at).map(|t| (Before::of(&t.kind), t.start)),
            None => *self.gone.get((1 + self.tokens.len()).checked_sub(back)?)?,
        }
    }

    /// Steps over a comment and notes where it is.
    pub(super) fn skip_comment(&mut self) {
        let start = self.at;
        self.skip_to_break();
        self.note_comment(start);
    }

    fn note_comment(&mut self, start: usize) {
        let before = self.text.get(self.line_start..start).unwrap_or("");
        let own_line = before.trim_start_matches([' ', '\t']).is_empty();
        self.comments.push(Comment { range: start..self.at, own_line });
    }

    /// The token that a comment after the next token belongs to.
    pub(super) fn comment_mark(&self) -> Mark {
        let indicator = if self.flow_level > 0 { b',' } else { b':' };
        match self.last_token(0) {
            Some((_, start)) if self.byte(0) == indicator => start,
            _ => self.mark(),
        }
    }

    /// Looks for a comment behind the token that was just fetched.
    pub(super) fn line_comment_after_token(&mut self, token: Mark) {
        // What stands behind `- ` is the head of what follows.
        if self.last_token(0).is_none_or(|(kind, _)| kind != Before::BlockEntry) {
            self.scan_line_comment(token);
        }
    }

    pub(super) fn scan_line_comment(&mut self, token: Mark) {
        if self.newlines > 0 {
            return;
        }
        let blanks = (0..LOOK_AHEAD).take_while(|ahead| self.is_blank(*ahead)).count();
        if blanks == LOOK_AHEAD || self.byte(blanks) != b'#' {
            return;
        }
        self.at += blanks;
        let start = self.mark();
        self.skip_to_break();
        self.note_comment(start.at as usize);
        let text = self.text.get(start.at as usize..self.at).unwrap_or("").to_owned();
        let (scan, end, place) = (Mark::default(), Mark::default(), Place::Line);
        self.pending.push_back(PendingComment { scan, token, start, end, place, text });
    }

    /// `- # comment` before deeper content is the content's head.
    pub(super) fn line_comment_to_head(&mut self) {
        let entry = |token: Option<(Before, Mark)>| token.map(|(kind, _)| kind);
        if self.pending.is_empty()
            || entry(self.last_token(1)) != Some(Before::BlockSequenceStart)
            || entry(self.last_token(0)) != Some(Before::BlockEntry)
            || self.is_break(0)
        {
            return;
        }
        let mark = self.mark();
        if let Some(comment) = self.pending.back_mut()
            && comment.place == Place::Line
        {
            comment.place = Place::Head;
            if comment.start.line + 1 == mark.line {
                comment.token = mark;
            }
        }
    }

    /// Reads the comments here and below, up to something else.
    pub(super) fn scan_comments(&mut self, scan: Mark) {
        let last = self.last_token(0);
        let last = match last {
            Some((Before::FlowEntry, _)) => self.last_token(1).or(last),
            last => last,
        };
        let (kind, token) = last.unwrap_or((Before::Other, Mark::default()));
        let mut foot_line = None;
        if scan.line > 0 {
            let below = u32::from(self.newlines == 0 && self.column() > 1);
            foot_line = Some((self.line + 1 + below).saturating_sub(self.newlines));
        }
        let block = CommentBlock {
            scan,
            token,
            after_value: kind == Before::Value,
            foot_line,
            first_empty: self.newlines <= 1,
            recent_empty: false,
            line: self.line,
            column: self.mark().column,
            peek: 0,
            start: Mark::default(),
            text: String::new(),
        };
        block.read(self);
    }

    /// Moves the end of a block before comments that are its foot.
    pub(super) fn before_foot_comments(&self, mut block_mark: Mark) -> Mark {
        let mut stop = block_mark.at;
        for comment in self.pending.iter().rev() {
            if comment.end.at < stop {
                break;
            }
            if i64::from(comment.start.column) == i64::from(self.indent) + 1 {
                block_mark = comment.start;
            }
            stop = comment.scan.at;
        }
        block_mark
    }

    /// Hands out the comments that belong to a token or to one before it.
    pub(super) fn unfold_comments(&mut self, token: Mark, block_end: bool) {
        while let Some(comment) = self.pending.front() {
            // A head is never that of a block's end: it is kept for what follows.
            if token.at < comment.token.at || comment.place == Place::Head && block_end {
                return;
            }
            let Some(comment) = self.pending.pop_front() else { return };
            let text = match comment.place {
                Place::Head => &mut self.attached.head,
                Place::Line => &mut self.attached.line,
                Place::Foot => &mut self.attached.foot,
            };
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&comment.text);
        }
    }
}

/// Comments that follow each other, while they are read.
struct CommentBlock {
    scan: Mark,
    token: Mark,
    after_value: bool,
    /// The line on which a comment is still a foot.
    foot_line: Option<u32>,
    /// Was there no empty line yet?
    first_empty: bool,
    /// Was the line before this one empty?
    recent_empty: bool,
    line: u32,
    /// Counts from 1 for the character that is looked at.
    column: u32,
    peek: usize,
    start: Mark,
    text: String,
}

impl CommentBlock {
    fn read(mut self, scanner: &mut Scanner<'_>) {
        while self.peek < LOOK_AHEAD {
            self.column += 1;
            if scanner.is_blank(self.peek) {
                self.peek += 1;
                continue;
            }
            let c = scanner.byte(self.peek);
            let close_flow = scanner.flow_level > 0 && (c == b']' || c == b'}');
            if close_flow || scanner.is_breakz(self.peek) {
                self.line_end(scanner, close_flow);
                if !scanner.is_break(self.peek) {
                    break;
                }
                self.first_empty = false;
                self.recent_empty = true;
                self.column = 0;
                self.line += 1;
                self.peek += 1;
                continue;
            }
            let dedented = self.is_dedented(scanner, self.column);
            if !self.text.is_empty() && dedented && self.column != self.start.column {
                self.push_foot(scanner);
            }
            if c != b'#' {
                break;
            }
            self.comment_line(scanner);
        }
        if !self.text.is_empty() {
            let end = Mark {
                at: self.here(scanner).at.saturating_sub(1),
                ..self.here(scanner)
            };
            let (scan, start, text) = (self.scan, self.start, self.text);
            let place = Place::Head;
            let token = start;
            scanner.pending.push_back(PendingComment {
                scan,
                token,
                start,
                end,
                place,
                text,
            });
        }
    }

    /// Where the look ahead is.
    fn here(&self, scanner: &Scanner<'_>) -> Mark {
        let at = u32::try_from(scanner.at + self.peek).unwrap_or(u32::MAX);
        Mark { at, line: self.line, column: self.column }
    }

    fn is_dedented(&self, scanner: &Scanner<'_>, column: u32) -> bool {
        i64::from(column) - 1 < i64::from(scanner.indent.max(0))
    }

    /// An empty line, the end of a flow collection or of the text.
    fn line_end(&mut self, scanner: &mut Scanner<'_>, close_flow: bool) {
        if self.recent_empty && !close_flow {
            return;
        }
        let dedented = self.is_dedented(scanner, self.start.column);
        let below = Some(self.start.line) == self.foot_line && !self.after_value;
        if close_flow || self.first_empty && (below || dedented) {
            if !self.text.is_empty() {
                if dedented {
                    self.token = self.start;
                }
                self.push_foot(scanner);
            }
        } else if !self.text.is_empty() && scanner.byte(self.peek) != 0 {
            self.text.push('\n');
        }
    }

    fn push_foot(&mut self, scanner: &mut Scanner<'_>) {
        let end = self.here(scanner);
        scanner.pending.push_back(PendingComment {
            scan: self.scan,
            token: self.token,
            start: self.start,
            end,
            place: Place::Foot,
            text: std::mem::take(&mut self.text),
        });
        self.scan = end;
        self.token = end;
    }

    /// Takes one line that is a comment.
    fn comment_line(&mut self, scanner: &mut Scanner<'_>) {
        if self.text.is_empty() {
            self.start = self.here(scanner);
        } else {
            self.text.push('\n');
        }
        self.recent_empty = false;
        let seen = scanner.at + self.peek;
        while scanner.at < seen {
            match scanner.is_break(0) {
                true => scanner.skip_line(),
                false if scanner.is_blank(0) => scanner.at += 1,
                false => scanner.skip(1),
            }
        }
        scanner.skip_to_break();
        scanner.note_comment(seen);
        self.text.push_str(scanner.text.get(seen..scanner.at).unwrap_or(""));
        // Upstream's loop steps over the line break that ends the comment.
        self.peek = 1;
        self.column = 0;
        self.line = scanner.line;
    }
}
