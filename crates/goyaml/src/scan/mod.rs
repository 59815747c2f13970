//! From text to tokens: libyaml's scanner as go-yaml has it (`scannerc.go`).
//!
//! [`Scanner::peek`] and [`Scanner::next`] are the interface. A simple key (`a: b`) is known
//! only at its `:`; so tokens wait in a queue until the token at its head cannot be one.

mod blanks;
mod block;
mod comments;
mod fetch;
mod plain;
mod property;
mod quoted;
mod simple_key;
mod token;

use std::collections::VecDeque;

use crate::{Comment, Dialect};

pub(crate) use comments::Attached;
use comments::PendingComment;
use simple_key::SimpleKey;
pub(crate) use token::{Mark, Problem, Scan, Token, TokenKind};

/// go-yaml's own limit of flow levels and of indentation levels.
const MAX_LEVELS: usize = 10_000;

pub(crate) struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    dialect: Dialect,
    /// The next byte to read.
    at: usize,
    line: u32,
    line_start: usize,
    /// Line breaks since the last character that is not blank.
    newlines: u32,
    tokens: VecDeque<Token>,
    /// The last tokens that left the queue: comments look back at them.
    gone: [Option<(comments::Before, Mark)>; 2],
    /// How many tokens left the queue.
    tokens_parsed: usize,
    /// Is the token at the queue's head known to be no simple key?
    ready: bool,
    started: bool,
    /// The column of the innermost block; -1 outside.
    indent: i32,
    indents: Vec<i32>,
    flow_level: usize,
    simple_key_allowed: bool,
    simple_keys: Vec<SimpleKey>,
    /// Numbers of tokens that may begin a key, ascending, and the key's level.
    key_levels: VecDeque<(usize, usize)>,
    /// Comments that were found but belong to tokens that were not handed out yet.
    pending: VecDeque<PendingComment>,
    /// Every comment, in the order of the text.
    pub(crate) comments: Vec<Comment>,
    /// What go-yaml v3 attaches to the next node.
    pub(crate) attached: Attached,
    /// Steps taken, for tests of linearity.
    pub(crate) steps: usize,
}

impl<'a> Scanner<'a> {
    pub(crate) fn new(text: &'a str, dialect: Dialect) -> Scanner<'a> {
        // A byte order mark at the start is not part of the first line.
        // Upstream passes over a second one as well, as one column.
        let (start, line_start) = match text.strip_prefix('\u{feff}') {
            Some(rest) if rest.starts_with('\u{feff}') => (6, 5),
            Some(_) => (3, 3),
            None => (0, 0),
        };
        Scanner {
            text,
            bytes: text.as_bytes(),
            dialect,
            at: start,
            line: 0,
            line_start,
            newlines: 0,
            tokens: VecDeque::new(),
            gone: [None; 2],
            tokens_parsed: 0,
            ready: false,
            started: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![SimpleKey::default()],
            key_levels: VecDeque::new(),
            pending: VecDeque::new(),
            comments: Vec::new(),
            attached: Attached::default(),
            steps: 0,
        }
    }

    /// The next token, which stays.
    pub(crate) fn peek(&mut self) -> Scan<&Token> {
        if !self.ready {
            self.fetch_more_tokens()?;
        }
        if let Some(head) = self.tokens.front() {
            let (start, block_end) =
                (head.start, matches!(head.kind, TokenKind::BlockEnd));
            self.unfold_comments(start, block_end);
        }
        match self.tokens.front() {
            Some(token) => Ok(token),
            None => Err(self.problem(None, "did not find expected <stream-start>")),
        }
    }

    /// Takes the next token.
    pub(crate) fn next(&mut self) -> Scan<Token> {
        let _head = self.peek()?;
        self.ready = false;
        self.tokens_parsed += 1;
        let Some(token) = self.tokens.pop_front() else {
            return Err(self.problem(None, "did not find expected <stream-start>"));
        };
        self.gone =
            [self.gone[1], Some((comments::Before::of(&token.kind), token.start))];
        Ok(token)
    }

    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// Where the scanner is.
    pub(crate) fn mark(&self) -> Mark {
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let column = narrow(self.at - self.line_start);
        Mark { at: narrow(self.at), line: self.line, column }
    }

    fn column(&self) -> i32 {
        i32::try_from(self.at - self.line_start).unwrap_or(i32::MAX)
    }

    /// A fault of the scanner; `context` is where the broken construct begins.
    fn problem(&self, context: Option<Mark>, message: impl Into<String>) -> Box<Problem> {
        Box::new(Problem {
            scanner: true,
            context: Some(context.unwrap_or_else(|| self.mark())),
            place: self.mark(),
            message: message.into(),
        })
    }

    /// Fetches until the token at the head of the queue is final.
    fn fetch_more_tokens(&mut self) -> Scan<()> {
        // v3 keeps two more tokens in the queue, for the comments between them.
        let ahead = if self.dialect == Dialect::V3 { 2 } else { 0 };
        while self.tokens.len() <= ahead || self.head_may_be_key()? {
            self.fetch_next_token()?;
        }
        self.ready = true;
        Ok(())
    }

    fn push(&mut self, kind: TokenKind, start: Mark) {
        let end = self.mark();
        self.tokens.push_back(Token { kind, start, end });
    }

    /// Inserts an empty token before the one with this number; at the end if that token
    /// left the queue already.
    fn insert(&mut self, number: usize, kind: TokenKind, at: Mark) {
        let end = self.tokens.len();
        let index = number.checked_sub(self.tokens_parsed).map_or(end, |at| at.min(end));
        self.tokens.insert(index, Token { kind, start: at, end: at });
    }

    /// The number that the next token at the queue's end gets.
    fn next_number(&self) -> usize {
        self.tokens_parsed + self.tokens.len()
    }
}
