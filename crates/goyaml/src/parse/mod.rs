//! Reading YAML: [`parse()`] for everything, [`parse_first`] for what `Unmarshal` sees.

mod block;
mod compose;
mod event;
mod flow;
mod grammar;
#[cfg(test)]
mod hostile;
mod text;

use std::ops::Range;

use ecow::EcoString;
use source::{FileId, Span};

use crate::fault::{Fault, FaultKind};
use crate::scan::{Mark, Problem, Scanner};
use crate::{Dialect, Node};

use compose::Composer;
use grammar::Grammar;
pub use text::read_text;

/// How deep a tree may be.
///
/// go-yaml allows 10,000 levels. We allow fewer, so that everything that walks a tree may
/// recurse without a thought of the stack.
pub const MAX_DEPTH: usize = 300;

/// One document of a text.
#[derive(Clone, Debug)]
pub struct Document {
    /// Its content; a null without a place in the text if it has none.
    pub root: Node,
    /// From the `---` or the first token to the `...` or the next document.
    pub span: Span,
    /// The comment above it, parted from its content by an empty line (v3 only).
    pub head_comment: EcoString,
    /// The comment at its end (v3 only).
    pub foot_comment: EcoString,
    /// Every comment in it and before it, in the order of the text.
    pub comments: Vec<Comment>,
}

/// A comment, from its `#` to the end of its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its bytes.
    pub range: Range<usize>,
    /// Does it stand alone on its line?
    pub own_line: bool,
}

impl Comment {
    /// Where it is.
    #[must_use]
    pub fn span(&self, file: FileId) -> Span {
        Span::new(file, self.range.start, self.range.end)
    }

    /// Its text, from the `#`.
    #[must_use]
    pub fn text<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.range.clone()).unwrap_or("")
    }
}

/// Reads all documents of a text, and says what is wrong with it.
///
/// A fault ends the reading, as upstream's does; what was read of the document that it
/// stands in is the last one of the list. Duplicate keys and the like are no faults of the
/// text: [`decode()`](crate::decode()) reports them.
#[must_use]
pub fn parse(text: &str, file: FileId, dialect: Dialect) -> (Vec<Document>, Vec<Fault>) {
    let mut documents = Documents::new(text, file, dialect);
    let mut found = Vec::new();
    let mut faults = Vec::new();
    while let Some(next) = documents.next() {
        match next {
            Ok(document) => found.push(document),
            Err(fault) => {
                faults.push(fault);
                found.extend(documents.partial());
            }
        }
    }
    (found, faults)
}

/// Reads the first document, as `yaml.Unmarshal` does: what follows it is not looked at.
///
/// `None` if the text holds nothing but blanks and comments.
pub fn parse_first(
    text: &str,
    file: FileId,
    dialect: Dialect,
) -> Result<Option<Document>, Fault> {
    Documents::new(text, file, dialect).next().transpose()
}

/// The documents of a text, one by one, as a `yaml.Decoder` reads them.
pub struct Documents<'a> {
    file: FileId,
    dialect: Dialect,
    composer: Composer<'a>,
    /// Where upstream would stumble over a character that may not be there.
    unreadable: Option<Unreadable>,
    done: bool,
}

/// A character that YAML does not allow.
#[derive(Clone, Debug)]
struct Unreadable {
    range: Range<usize>,
    /// Upstream reads by blocks: it knows nothing from here on.
    limit: usize,
}

/// The size of upstream's blocks.
const BLOCK: usize = 512;

impl<'a> Documents<'a> {
    /// The documents of `text`.
    #[must_use]
    pub fn new(text: &'a str, file: FileId, dialect: Dialect) -> Documents<'a> {
        let unreadable = text::first_unreadable(text).map(|range| {
            let mut limit = range.start / BLOCK * BLOCK;
            while !text.is_char_boundary(limit) {
                limit -= 1;
            }
            Unreadable { range, limit }
        });
        let readable = match &unreadable {
            Some(unreadable) => text.get(..unreadable.limit).unwrap_or(""),
            None => text,
        };
        let scanner = Scanner::new(readable, dialect);
        let composer = Composer::new(Grammar::new(scanner), file, dialect);
        Documents { file, dialect, composer, unreadable, done: false }
    }

    /// What was read of the document that a fault stands in.
    pub fn partial(&mut self) -> Option<Document> {
        self.composer.partial()
    }

    /// How many steps scanning took: grows with the length of the text.
    #[cfg(test)]
    pub(crate) fn steps(&self) -> usize {
        self.composer.steps()
    }

    fn fault(&self, problem: &Problem) -> Fault {
        if let Some(unreadable) = &self.unreadable
            && problem.place.at as usize + 4 >= unreadable.limit
        {
            return self.unreadable_fault(unreadable);
        }
        let start = problem.place.at as usize;
        let text = self.composer.text();
        let rest = text.get(start..).unwrap_or("");
        let width = rest.chars().next().map_or(0, char::len_utf8);
        let span = Span::new(self.file, start, start + width);
        let line = printed_line(problem, self.dialect);
        let mut fault = Fault::syntax(span, line, problem.message.clone());
        let context = problem.context.filter(|mark| mark.at as usize != start);
        fault.other = context
            .map(|mark| Span::new(self.file, mark.at as usize, mark.at as usize + 1));
        if problem.message.starts_with("yaml: ") {
            fault.kind = FaultKind::Limit;
        }
        fault
    }

    fn unreadable_fault(&self, unreadable: &Unreadable) -> Fault {
        let Range { start, end } = unreadable.range;
        let span = Span::new(self.file, start, end);
        Fault::syntax(span, 0, "control characters are not allowed")
    }
}

impl Iterator for Documents<'_> {
    type Item = Result<Document, Fault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let result = self.composer.next();
        if let (Some(unreadable), Ok(_)) = (&self.unreadable, &result)
            && self.composer.at() >= unreadable.limit
        {
            self.done = true;
            return Some(Err(self.unreadable_fault(unreadable)));
        }
        match result {
            Ok(Some(document)) => Some(Ok(document)),
            Ok(None) => {
                self.done = true;
                None
            }
            Err(problem) => {
                self.done = true;
                Some(Err(self.fault(&problem)))
            }
        }
    }
}

/// The line that `fail` of upstream's `decode.go` prints: of the scanner's problems the true
/// one, of the parser's the one above it, none if that is the first; v3 prefers the line
/// where the broken construct begins.
fn printed_line(problem: &Problem, dialect: Dialect) -> u32 {
    let scanner = u32::from(problem.scanner);
    let place = problem.place.line;
    let context = problem.context.map_or(0, |mark: Mark| mark.line);
    match dialect {
        Dialect::V3 if context != 0 => context + scanner,
        _ if place != 0 => place + scanner,
        Dialect::V2 => context,
        Dialect::V3 => 0,
    }
}
