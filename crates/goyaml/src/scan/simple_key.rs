//! Keys without `? `: known as such only when their `:` comes.

use super::{MAX_LEVELS, Mark, Scan, Scanner, TokenKind};

/// What may turn out to be a simple key: one for each flow level.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SimpleKey {
    possible: bool,
    /// Must it be one? In a block, what starts at the block's column is a key.
    required: bool,
    /// The number of its first token.
    token_number: usize,
    mark: Mark,
}

/// A simple key ends on its line and within so many characters.
const LENGTH_LIMIT: usize = 1024;

impl Scanner<'_> {
    /// May the token at the queue's head still become a key?
    ///
    /// Upstream finds the key through a map from token numbers to levels, which forgets and
    /// keeps entries that it should not; which error comes first depends on it.
    pub(super) fn head_may_be_key(&mut self) -> Scan<bool> {
        let number = self.tokens_parsed;
        while self.key_levels.front().is_some_and(|(known, _)| *known < number) {
            self.key_levels.pop_front();
        }
        match self.key_levels.front() {
            Some((known, level)) if *known == number => self.is_valid(*level),
            _ => Ok(false),
        }
    }

    /// Notes that the key of the innermost level begins with a token.
    fn index_key(&mut self, number: usize) {
        let level = self.simple_keys.len() - 1;
        match self.key_levels.back_mut() {
            Some((known, at)) if *known == number => *at = level,
            _ => self.key_levels.push_back((number, level)),
        }
    }

    /// Forgets the key that begins with a token.
    fn forget_key(&mut self, number: usize) {
        if let Ok(at) = self.key_levels.binary_search_by_key(&number, |(known, _)| *known)
        {
            self.key_levels.remove(at);
        }
    }

    /// Can the key of a level still get its `:`?
    fn is_valid(&mut self, level: usize) -> Scan<bool> {
        let Some(key) = self.simple_keys.get(level).copied() else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < self.line || self.is_too_long(key.mark) {
            if key.required {
                return Err(self.problem(Some(key.mark), "could not find expected ':'"));
            }
            self.simple_keys[level].possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn is_too_long(&self, start: Mark) -> bool {
        let start = start.at as usize;
        if self.at - start <= LENGTH_LIMIT {
            return false;
        }
        // Characters are at most four bytes.
        self.at - start > 4 * LENGTH_LIMIT
            || self
                .text
                .get(start..self.at)
                .is_some_and(|key| key.chars().count() > LENGTH_LIMIT)
    }

    /// Notes that a simple key may start here.
    pub(super) fn save_simple_key(&mut self) -> Scan<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.column();
        self.remove_simple_key()?;
        let (token_number, mark) = (self.next_number(), self.mark());
        if let Some(key) = self.simple_keys.last_mut() {
            *key = SimpleKey { possible: true, required, token_number, mark };
        }
        self.index_key(token_number);
        Ok(())
    }

    /// What may have been a key on this level is none.
    pub(super) fn remove_simple_key(&mut self) -> Scan<()> {
        let Some(key) = self.simple_keys.last_mut() else { return Ok(()) };
        if key.possible {
            if key.required {
                let mark = key.mark;
                return Err(self.problem(Some(mark), "could not find expected ':'"));
            }
            key.possible = false;
            let number = key.token_number;
            self.forget_key(number);
        }
        Ok(())
    }

    pub(super) fn increase_flow_level(&mut self) -> Scan<()> {
        let (token_number, mark) = (self.next_number(), self.mark());
        self.simple_keys.push(SimpleKey { token_number, mark, ..SimpleKey::default() });
        self.flow_level += 1;
        if self.flow_level > MAX_LEVELS {
            let message = format!("exceeded max depth of {MAX_LEVELS}");
            return Err(self.problem(Some(mark), message));
        }
        Ok(())
    }

    pub(super) fn decrease_flow_level(&mut self) {
        if self.flow_level > 0 {
            self.flow_level -= 1;
            if let Some(closed) = self.simple_keys.pop() {
                self.forget_key(closed.token_number);
            }
        }
    }

    /// Opens a block at a column, if that is deeper than the innermost one. The token goes
    /// before the one with `number`, or to the end.
    pub(super) fn roll_indent(
        &mut self,
        at: Mark,
        number: Option<usize>,
        kind: TokenKind,
    ) -> Scan<()> {
        let column = i32::try_from(at.column).unwrap_or(i32::MAX);
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_LEVELS {
            let mark = self.simple_keys.last().map(|key| key.mark);
            let message = format!("exceeded max depth of {MAX_LEVELS}");
            return Err(self.problem(mark, message));
        }
        self.insert(number.unwrap_or(usize::MAX), kind, at);
        Ok(())
    }

    /// `: `: after a simple key, or after a key that began with `? `.
    pub(super) fn fetch_value(&mut self) -> Scan<()> {
        let level = self.simple_keys.len() - 1;
        if self.is_valid(level)? {
            let key = self.simple_keys[level];
            self.insert(key.token_number, TokenKind::Key, key.mark);
            let kind = TokenKind::BlockMappingStart;
            self.roll_indent(key.mark, Some(key.token_number), kind)?;
            self.simple_keys[level].possible = false;
            self.forget_key(key.token_number);
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    let message = "mapping values are not allowed in this context";
                    return Err(self.problem(None, message));
                }
                self.roll_indent(self.mark(), None, TokenKind::BlockMappingStart)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        let start = self.mark();
        self.skip(1);
        self.push(TokenKind::Value, start);
        Ok(())
    }
}
