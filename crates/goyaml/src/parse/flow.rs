//! The productions of flow collections.

use super::event::{Event, EventKind};
use super::grammar::{Grammar, State};
use crate::Style;
use crate::scan::{Scan, TokenKind};

impl Grammar<'_> {
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Scan<Event> {
        if !matches!(self.scanner.peek()?.kind, TokenKind::FlowSequenceEnd) {
            if !first {
                if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry) {
                    let message = "did not find expected ',' or ']'";
                    return Err(self.collection_problem(message));
                }
                let _comma = self.scanner.next()?;
            }
            match self.scanner.peek()?.kind {
                TokenKind::Key => {
                    self.state = State::FlowSequenceEntryMappingKey;
                    let token = self.scanner.next()?;
                    let kind = EventKind::MappingStart(Style::Flow);
                    return Ok(Event::new(kind, token.start, token.end));
                }
                TokenKind::FlowSequenceEnd => {}
                _ => {
                    self.states.push(State::FlowSequenceEntry);
                    return self.node(false, false);
                }
            }
        }
        self.flow_end(EventKind::SequenceEnd)
    }

    /// `]` or `}`.
    pub(super) fn flow_end(&mut self, kind: EventKind) -> Scan<Event> {
        self.close_collection();
        let _bracket = self.scanner.peek()?;
        let (head, line, foot) = self.scanner.attached.take();
        let token = self.scanner.next()?;
        let mut event = Event::new(kind, token.start, token.end);
        event.set_comments(head, line, foot);
        Ok(event)
    }

    pub(super) fn flow_pair_key(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        if matches!(
            token.kind,
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd
        ) {
            // Upstream drops the token: `[? : b]` loses its `:`, `[?]` its bracket.
            let end = token.end;
            let _dropped = self.scanner.next()?;
            self.state = State::FlowSequenceEntryMappingValue;
            return Ok(Event::empty(end));
        }
        self.states.push(State::FlowSequenceEntryMappingValue);
        self.node(false, false)
    }

    pub(super) fn flow_pair_value(&mut self) -> Scan<Event> {
        let mut start = self.scanner.peek()?.start;
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            let _colon = self.scanner.next()?;
            let token = self.scanner.peek()?;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowSequenceEntryMappingEnd);
                return self.node(false, false);
            }
            start = token.start;
        }
        self.state = State::FlowSequenceEntryMappingEnd;
        Ok(Event::empty(start))
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Scan<Event> {
        if !matches!(self.scanner.peek()?.kind, TokenKind::FlowMappingEnd) {
            if !first {
                if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry) {
                    let message = "did not find expected ',' or '}'";
                    return Err(self.collection_problem(message));
                }
                let _comma = self.scanner.next()?;
            }
            match self.scanner.peek()?.kind {
                TokenKind::Key => {
                    let _key = self.scanner.next()?;
                    return self.flow_node_or_empty(State::FlowMappingValue);
                }
                TokenKind::FlowMappingEnd => {}
                _ => {
                    self.states.push(State::FlowMappingEmptyValue);
                    return self.node(false, false);
                }
            }
        }
        self.flow_end(EventKind::MappingEnd)
    }

    pub(super) fn flow_mapping_value(&mut self, empty: bool) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if !empty && matches!(token.kind, TokenKind::Value) {
            let _colon = self.scanner.next()?;
            let token = self.scanner.peek()?;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                self.states.push(State::FlowMappingKey);
                return self.node(false, false);
            }
            let start = token.start;
            self.state = State::FlowMappingKey;
            return Ok(Event::empty(start));
        }
        self.state = State::FlowMappingKey;
        Ok(Event::empty(start))
    }

    pub(super) fn flow_node_or_empty(&mut self, then: State) -> Scan<Event> {
        let token = self.scanner.peek()?;
        if matches!(
            token.kind,
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd
        ) {
            let start = token.start;
            self.state = then;
            return Ok(Event::empty(start));
        }
        self.states.push(then);
        self.node(false, false)
    }
}
