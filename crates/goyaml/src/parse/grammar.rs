//! From tokens to events: libyaml's state machine (`parserc.go`).

use super::event::{Event, EventKind, Properties};
use crate::Style;
use crate::scan::{Mark, Problem, Scan, Scanner, TokenKind};

/// What is expected next. Names and meaning are libyaml's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum State {
    StreamStart,
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirstEntry,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirstKey,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirstEntry,
    FlowSequenceEntry,
    FlowSequenceEntryMappingKey,
    FlowSequenceEntryMappingValue,
    FlowSequenceEntryMappingEnd,
    FlowMappingFirstKey,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

pub(super) struct Grammar<'a> {
    pub(super) scanner: Scanner<'a>,
    pub(super) state: State,
    pub(super) states: Vec<State>,
    marks: Vec<Mark>,
    /// `%TAG` handles and their prefixes.
    handles: Vec<(String, String)>,
}

impl<'a> Grammar<'a> {
    pub(super) fn new(scanner: Scanner<'a>) -> Grammar<'a> {
        let (state, states) = (State::StreamStart, Vec::new());
        Grammar { scanner, state, states, marks: Vec::new(), handles: Vec::new() }
    }

    /// The next event.
    pub(super) fn next(&mut self) -> Scan<Event> {
        match self.state {
            State::StreamStart => {
                let _start = self.scanner.next()?;
                self.state = State::ImplicitDocumentStart;
                self.document_start(true)
            }
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(true, false),
            State::BlockSequenceFirstEntry => {
                self.open_collection()?;
                self.block_sequence_entry()
            }
            State::BlockSequenceEntry => self.block_sequence_entry(),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirstKey => {
                self.open_collection()?;
                self.block_mapping_key()
            }
            State::BlockMappingKey => self.block_mapping_key(),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirstEntry => {
                self.open_collection()?;
                self.flow_sequence_entry(true)
            }
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowSequenceEntryMappingKey => self.flow_pair_key(),
            State::FlowSequenceEntryMappingValue => self.flow_pair_value(),
            State::FlowSequenceEntryMappingEnd => {
                let at = self.scanner.peek()?.start;
                self.state = State::FlowSequenceEntry;
                Ok(Event::new(EventKind::MappingEnd, at, at))
            }
            State::FlowMappingFirstKey => {
                self.open_collection()?;
                self.flow_mapping_key(true)
            }
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(false),
            State::FlowMappingEmptyValue => self.flow_mapping_value(true),
            State::End => {
                let at = self.scanner.mark();
                Ok(Event::new(EventKind::StreamEnd, at, at))
            }
        }
    }

    fn open_collection(&mut self) -> Scan<()> {
        let token = self.scanner.next()?;
        self.marks.push(token.start);
        Ok(())
    }

    pub(super) fn pop_state(&mut self) {
        self.state = self.states.pop().unwrap_or(State::End);
    }

    pub(super) fn close_collection(&mut self) {
        self.pop_state();
        self.marks.pop();
    }

    /// A fault of the parser at the next token.
    pub(super) fn problem(
        &mut self,
        context: Option<Mark>,
        message: &str,
    ) -> Box<Problem> {
        match self.scanner.peek() {
            Ok(token) => Box::new(Problem {
                scanner: false,
                context,
                place: token.start,
                message: message.to_owned(),
            }),
            Err(problem) => problem,
        }
    }

    /// A fault in the innermost collection.
    pub(super) fn collection_problem(&mut self, message: &str) -> Box<Problem> {
        let context = self.marks.pop();
        self.problem(context, message)
    }

    fn document_start(&mut self, implicit: bool) -> Scan<Event> {
        if !implicit {
            while matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
                let _end = self.scanner.next()?;
            }
        }
        let token = self.scanner.peek()?;
        let start = token.start;
        let explicit = matches!(
            token.kind,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(_)
                | TokenKind::DocumentStart
        );
        if matches!(token.kind, TokenKind::StreamEnd) {
            self.state = State::End;
            let _end = self.scanner.next()?;
            return Ok(Event::new(EventKind::StreamEnd, start, start));
        }
        self.states.push(State::DocumentEnd);
        if implicit && !explicit {
            self.process_directives()?;
            self.state = State::BlockNode;
            let mut event = Event::new(EventKind::DocumentStart, start, start);
            event.set_head(self.scanner.attached.split_document_head());
            return Ok(event);
        }
        self.process_directives()?;
        if !matches!(self.scanner.peek()?.kind, TokenKind::DocumentStart) {
            return Err(self.problem(None, "did not find expected <document start>"));
        }
        self.state = State::DocumentContent;
        let token = self.scanner.next()?;
        Ok(Event::new(EventKind::DocumentStart, start, token.end))
    }

    fn process_directives(&mut self) -> Scan<()> {
        let mut version = false;
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::VersionDirective(major, minor) => {
                    let known = (*major, *minor) == (1, 1);
                    if std::mem::replace(&mut version, true) {
                        return Err(self.problem(None, "found duplicate %YAML directive"));
                    }
                    if !known {
                        return Err(
                            self.problem(None, "found incompatible YAML document")
                        );
                    }
                }
                TokenKind::TagDirective(directive) => {
                    let directive = (**directive).clone();
                    if self.handles.iter().any(|(handle, _)| *handle == directive.0) {
                        return Err(self.problem(None, "found duplicate %TAG directive"));
                    }
                    self.handles.push(directive);
                }
                _ => break,
            }
            let _directive = self.scanner.next()?;
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.handles.iter().any(|(known, _)| known == handle) {
                self.handles.push((handle.to_owned(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    fn document_content(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if matches!(
            token.kind,
            TokenKind::VersionDirective(..)
                | TokenKind::TagDirective(_)
                | TokenKind::DocumentStart
                | TokenKind::DocumentEnd
                | TokenKind::StreamEnd
        ) {
            self.pop_state();
            return Ok(Event::empty(start));
        }
        self.node(true, false)
    }

    fn document_end(&mut self) -> Scan<Event> {
        let token = self.scanner.peek()?;
        let (start, mut end) = (token.start, token.start);
        if matches!(token.kind, TokenKind::DocumentEnd) {
            end = self.scanner.next()?.end;
        }
        self.handles.clear();
        self.state = State::DocumentStart;
        let mut event = Event::new(EventKind::DocumentEnd, start, end);
        self.set_comments(&mut event);
        if let Some(meta) = &mut event.meta
            && meta.foot_comment.is_empty()
        {
            meta.foot_comment = std::mem::take(&mut meta.head_comment);
        }
        Ok(event)
    }

    /// A node with its anchor and tag.
    pub(super) fn node(&mut self, block: bool, indentless: bool) -> Scan<Event> {
        if matches!(self.scanner.peek()?.kind, TokenKind::Alias(_)) {
            self.pop_state();
            let (head, line, foot) = self.scanner.attached.take();
            let token = self.scanner.next()?;
            let TokenKind::Alias(name) = token.kind else {
                return Ok(Event::empty(token.start));
            };
            let mut event = Event::new(EventKind::Alias(name), token.start, token.end);
            event.set_comments(head, line, foot);
            return Ok(event);
        }
        let start = self.scanner.peek()?.start;
        let properties = self.properties(start)?;
        let token = self.scanner.peek()?;
        let (from, to) = (token.start, token.end);
        let (kind, state) = match &token.kind {
            TokenKind::BlockEntry if indentless => {
                (EventKind::SequenceStart(Style::Block), State::IndentlessSequenceEntry)
            }
            TokenKind::Scalar(..) => return self.scalar(start, properties),
            TokenKind::FlowSequenceStart => {
                (EventKind::SequenceStart(Style::Flow), State::FlowSequenceFirstEntry)
            }
            TokenKind::FlowMappingStart => {
                (EventKind::MappingStart(Style::Flow), State::FlowMappingFirstKey)
            }
            TokenKind::BlockSequenceStart if block => {
                (EventKind::SequenceStart(Style::Block), State::BlockSequenceFirstEntry)
            }
            TokenKind::BlockMappingStart if block => {
                (EventKind::MappingStart(Style::Block), State::BlockMappingFirstKey)
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                self.pop_state();
                let mut event = Event::empty(start);
                event.set_properties(properties);
                return Ok(event);
            }
            _ => {
                let message = "did not find expected node content";
                return Err(self.problem(Some(start), message));
            }
        };
        self.state = state;
        let mut event = Event::new(kind, from, to);
        event.start = start;
        event.set_properties(properties);
        match state {
            State::FlowSequenceFirstEntry | State::FlowMappingFirstKey => {
                self.set_comments(&mut event);
            }
            State::IndentlessSequenceEntry => {}
            _ => event.set_head(std::mem::take(&mut self.scanner.attached.stem)),
        }
        Ok(event)
    }

    fn scalar(&mut self, start: Mark, properties: Properties) -> Scan<Event> {
        self.pop_state();
        let (head, line, foot) = self.scanner.attached.take();
        let token = self.scanner.next()?;
        let TokenKind::Scalar(text, style) = token.kind else {
            return Ok(Event::empty(token.start));
        };
        let mut event =
            Event::new(EventKind::Scalar(text, style), token.start, token.end);
        event.start = start;
        event.set_properties(properties);
        event.set_comments(head, line, foot);
        Ok(event)
    }

    fn properties(&mut self, start: Mark) -> Scan<Properties> {
        let mut properties = Properties::default();
        loop {
            match &self.scanner.peek()?.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => {
                    properties.anchor = Some(name.clone());
                }
                TokenKind::Tag(tag) if properties.tag.is_none() => {
                    let (handle, suffix) = &**tag;
                    let known = self.handles.iter().find(|(known, _)| known == handle);
                    properties.tag = Some(match known {
                        _ if handle.is_empty() => suffix.into(),
                        Some((_, prefix)) => format!("{prefix}{suffix}").into(),
                        None => return self.undefined_handle(start),
                    });
                }
                _ => return Ok(properties),
            }
            let _property = self.scanner.next()?;
        }
    }

    /// Upstream looks at the handle after it has looked at what follows the properties.
    fn undefined_handle(&mut self, start: Mark) -> Scan<Properties> {
        let place = self.scanner.peek()?.start;
        let _tag = self.scanner.next()?;
        if matches!(self.scanner.peek()?.kind, TokenKind::Anchor(_)) {
            let _anchor = self.scanner.next()?;
            let _content = self.scanner.peek()?;
        }
        let message = "found undefined tag handle".to_owned();
        Err(Box::new(Problem { scanner: false, context: Some(start), place, message }))
    }

    pub(super) fn set_comments(&mut self, event: &mut Event) {
        let (head, line, foot) = self.scanner.attached.take();
        event.set_comments(head, line, foot);
    }

    /// The comment before an item becomes that of the collection that starts in it.
    pub(super) fn split_stem(&mut self, head_length: usize) -> Scan<()> {
        if head_length > 0
            && matches!(
                self.scanner.peek()?.kind,
                TokenKind::BlockSequenceStart | TokenKind::BlockMappingStart
            )
        {
            self.scanner.attached.split_stem(head_length);
        }
        Ok(())
    }
}
