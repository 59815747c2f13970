//! Strings. (lex.go, `lexString` and its kin; parse.go, `replaceEscapes`)

use gotemplate::fmt::quote;

use super::reader::{Read, Reader};

impl Reader<'_> {
    pub(super) fn basic_string(&mut self) -> Read<String> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some('"') => {
                    let text = self.unescaped(self.since(start), start)?;
                    self.at += 1;
                    return Ok(text);
                }
                Some('\\') => self.escape(start)?,
                Some('\r' | '\n') => {
                    return Err("strings cannot contain newlines".to_owned());
                }
                Some(c) => self.at += c.len_utf8(),
                None => return Err(self.missing("unexpected EOF; expected '\"'")),
            }
        }
    }

    pub(super) fn literal_string(&mut self) -> Read<String> {
        self.at += 1;
        let start = self.at;
        self.skip(|c| !matches!(c, '\'' | '\r' | '\n'));
        let text = self.since(start).to_owned();
        match self.peek() {
            Some('\'') => {
                self.at += 1;
                Ok(text)
            }
            Some(_) => Err("strings cannot contain newlines".to_owned()),
            None => Err(self.missing("unexpected EOF; expected \"'\"")),
        }
    }

    pub(super) fn long_literal(&mut self) -> Read<String> {
        self.at += 3;
        let start = self.at;
        loop {
            if self.closes("'''", start)? {
                let text = without_first_break(self.since(start)).to_owned();
                self.at += 3;
                return Ok(text);
            }
            match self.peek() {
                Some(c) => self.at += c.len_utf8(),
                None => return Err(self.missing("unexpected EOF; expected \"'''\"")),
            }
        }
    }

    pub(super) fn long_basic(&mut self) -> Read<String> {
        self.at += 3;
        let start = self.at;
        loop {
            if self.closes("\"\"\"", start)? {
                let raw = joined_lines(without_first_break(self.since(start)));
                let text = self.unescaped(&raw, start)?;
                self.at += 3;
                return Ok(text);
            }
            match self.peek() {
                Some('\\') if self.rest().starts_with("\\\r\n") => self.at += 3,
                Some('\\') if self.rest().starts_with("\\\n") => self.at += 2,
                Some('\\') => self.escape(start)?,
                Some(c) => self.at += c.len_utf8(),
                None => return Err(self.missing("unexpected EOF; expected '\"\"\"'")),
            }
        }
    }

    /// Do three quotes end the string here? Up to two before them belong to it.
    fn closes(&self, quotes: &str, start: usize) -> Read<bool> {
        if !self.rest().starts_with(quotes) {
            return Ok(false);
        }
        let quote = quotes.chars().next();
        if self.rest().chars().nth(3) != quote {
            return Ok(true);
        }
        let two = quotes.get(..2).unwrap_or(quotes);
        let before = self.since(start).strip_suffix(two);
        match before {
            Some(before) if quote == Some('\'') || !before.ends_with('\\') => {
                Err(match quote {
                    Some('"') => format!("unexpected '{quotes}{quotes}'"),
                    _ => format!("unexpected \"{quotes}{quotes}\""),
                })
            }
            _ => Ok(false),
        }
    }

    /// Passes an escape, which must be one.
    fn escape(&mut self, start: usize) -> Read<()> {
        self.at += 1;
        let c = self.peek();
        self.at += c.map_or(0, char::len_utf8);
        let (digits, count, letter) = match c {
            Some('e' | 'b' | 't' | 'n' | 'f' | 'r' | '"' | ' ' | '\t' | '\\') => {
                return Ok(());
            }
            Some(c @ 'x') => (2, "two", c),
            Some(c @ 'u') => (4, "four", c),
            Some(c @ 'U') => (8, "eight", c),
            _ => {
                let c = c.unwrap_or('\0');
                return Err(format!("invalid escape in string '\\{c}'"));
            }
        };
        for _ in 0..digits {
            let c = self.peek();
            self.at += c.map_or(0, char::len_utf8);
            if !c.is_some_and(|c| c.is_ascii_hexdigit()) {
                let found = quote(self.since(start).as_bytes());
                return Err(format!(
                    "expected {count} hexadecimal digits after '\\{letter}', but got \
                     {found} instead"
                ));
            }
        }
        Ok(())
    }

    /// The text that a string stands for; a fault in it is found where it starts.
    fn unescaped(&mut self, raw: &str, start: usize) -> Read<String> {
        let end = std::mem::replace(&mut self.at, start);
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((before, after)) = rest.split_once('\\') {
            out.push_str(before);
            let mut after = after.chars();
            let c = after.next().unwrap_or('\\');
            rest = after.as_str();
            let digits = match c {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                ' ' | '\t' => return Err(format!("invalid escape: '\\{c}'")),
                _ => {
                    out.push(control(c));
                    continue;
                }
            };
            let hex = rest.get(..digits).unwrap_or(rest);
            let code = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
            let invalid = || format!("Escaped character '\\u{hex}' is not valid UTF-8.");
            out.push(code.ok_or_else(invalid)?);
            rest = rest.get(digits..).unwrap_or_default();
        }
        out.push_str(rest);
        self.at = end;
        Ok(out)
    }
}

/// What a letter after a backslash is.
fn control(c: char) -> char {
    match c {
        'b' => '\u{8}',
        't' => '\t',
        'n' => '\n',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        c => c,
    }
}

fn without_first_break(text: &str) -> &str {
    text.strip_prefix('\n').or_else(|| text.strip_prefix("\r\n")).unwrap_or(text)
}

/// Without the backslashes that end lines, and the blanks after them.
/// (`stripEscapedNewlines`)
fn joined_lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let word = after.trim_start_matches([' ', '\t', '\r', '\n']);
        let blanks = after.get(..after.len() - word.len()).unwrap_or_default();
        if blanks.contains('\n') {
            rest = word;
        } else if let Some(after) = after.strip_prefix('\\') {
            out.push_str("\\\\");
            rest = after;
        } else {
            out.push('\\');
            rest = after;
        }
    }
    out + rest
}
