//! The productions of block collections.

use super::event::{Event, EventKind};
use super::grammar::{Grammar, State};
use crate::scan::{Mark, Scan, TokenKind};

impl Grammar<'_> {
    pub(super) fn block_sequence_entry(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        match token.kind {
            TokenKind::BlockEntry => {
                let end = self.take_entry()?;
                match self.scanner.peek()?.kind {
                    TokenKind::BlockEntry | TokenKind::BlockEnd => {
                        self.state = State::BlockSequenceEntry;
                        Ok(Event::empty(end))
                    }
                    _ => {
                        self.states.push(State::BlockSequenceEntry);
                        self.node(true, false)
                    }
                }
            }
            TokenKind::BlockEnd => {
                self.close_collection();
                let _end = self.scanner.next()?;
                Ok(Event::new(EventKind::SequenceEnd, start, start))
            }
            _ => Err(self.collection_problem("did not find expected '-' indicator")),
        }
    }

    /// Takes the `- ` of an item; returns where it ends.
    pub(super) fn take_entry(&mut self) -> Scan<Mark> {
        let head_length = self.scanner.attached.head.len();
        let end = self.scanner.next()?.end;
        self.split_stem(head_length)?;
        Ok(end)
    }

    pub(super) fn indentless_sequence_entry(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if !matches!(token.kind, TokenKind::BlockEntry) {
            self.pop_state();
            return Ok(Event::new(EventKind::SequenceEnd, start, start));
        }
        let end = self.take_entry()?;
        if matches!(
            self.scanner.peek()?.kind,
            TokenKind::BlockEntry
                | TokenKind::Key
                | TokenKind::Value
                | TokenKind::BlockEnd
        ) {
            self.state = State::IndentlessSequenceEntry;
            return Ok(Event::empty(end));
        }
        self.states.push(State::IndentlessSequenceEntry);
        self.node(true, false)
    }

    pub(super) fn block_mapping_key(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        match token.kind {
            TokenKind::Key => {
                let end = self.scanner.next()?.end;
                self.node_or_empty(State::BlockMappingValue, end)
            }
            TokenKind::BlockEnd => {
                self.close_collection();
                let mut event = Event::new(EventKind::MappingEnd, start, start);
                self.set_comments(&mut event);
                let _end = self.scanner.next()?;
                Ok(event)
            }
            _ => Err(self.collection_problem("did not find expected key")),
        }
    }

    pub(super) fn block_mapping_value(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if !matches!(token.kind, TokenKind::Value) {
            self.state = State::BlockMappingKey;
            return Ok(Event::empty(start));
        }
        let end = self.scanner.next()?.end;
        self.node_or_empty(State::BlockMappingKey, end)
    }

    /// What follows `? ` or `: ` in a block mapping.
    pub(super) fn node_or_empty(&mut self, then: State, end: Mark) -> Scan<Event> {
        if matches!(
            self.scanner.peek()?.kind,
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd
        ) {
            self.state = then;
            return Ok(Event::empty(end));
        }
        self.states.push(then);
        self.node(true, true)
    }
}
