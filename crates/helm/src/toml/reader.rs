//! A document while it is read: how far, and where an error is. (lex.go)

use gotemplate::fmt::quote;

/// What reading a part gives: an error is upstream's message.
pub(super) type Read<T> = Result<T, String>;

/// A document, and how far it is read.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
    /// The table that keys belong to.
    pub(super) context: Vec<String>,
    /// The key whose value is read.
    pub(super) key: String,
    /// Is the error about something that should stand here?
    pub(super) is_missing: bool,
    /// Does something that is no text follow?
    pub(super) is_cut: bool,
}

/// A character as `%q` shows it; nothing is the character 0.
pub(super) fn shown_rune(c: Option<char>) -> String {
    match c {
        None => "'\\x00'".to_owned(),
        Some('\'') => "'\\''".to_owned(),
        Some('"') => "'\"'".to_owned(),
        Some(c) => {
            let quoted = quote(c.to_string().as_bytes());
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}

impl<'t> Reader<'t> {
    pub(super) fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    pub(super) fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !skipped(c)).unwrap_or(rest.len());
    }

    pub(super) fn blanks(&mut self) {
        self.skip(|c| c == ' ' || c == '\t');
    }

    /// Skips blanks, line breaks and comments.
    pub(super) fn space(&mut self) {
        loop {
            self.skip(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.peek() != Some('#') {
                return;
            }
            self.skip(|c| c != '\n' && c != '\r');
        }
    }

    /// An error about what should stand here.
    pub(super) fn missing(&mut self, words: impl Into<String>) -> String {
        self.is_missing = true;
        words.into()
    }

    /// The line that an error is on: what is missing at the end is missing on the last one.
    pub(super) fn line(&self) -> usize {
        let before = self.text.get(..self.at).unwrap_or(self.text);
        let cut = before.strip_suffix('\n');
        let at_end = self.is_missing && self.peek().is_none();
        let before = cut.filter(|_| at_end).unwrap_or(before);
        before.matches('\n').count() + 1
    }
}
