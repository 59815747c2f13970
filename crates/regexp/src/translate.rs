//! From Go's syntax to the crate's. (regexp/syntax/parse.go)

use crate::class;
use crate::escape::{self, Escape};
use crate::fault::{Fault, all_readable, readable};

/// A pattern of the crate, and the names of its groups.
pub(crate) struct Translated {
    pub(crate) pattern: String,
    pub(crate) names: Vec<String>,
}

/// How deep groups may nest (`maxHeight`).
const MAX_DEPTH: usize = 1000;
/// How often a repetition may repeat, nested ones multiplied.
const MAX_REPEAT: u32 = 1000;

/// A group that is open; the outermost one is the whole expression.
#[derive(Clone, Copy, Default)]
struct Group {
    /// The last item, if something may be repeated: the product of its repetitions.
    item: Option<u32>,
    /// The greatest such product within the group.
    most: u32,
}

struct Translator<'p> {
    whole: &'p str,
    rest: &'p str,
    out: String,
    names: Vec<String>,
    groups: Vec<Group>,
    unreadable: Option<char>,
}

/// Translates a whole expression. (`parse`)
///
/// `unreadable` stands for a byte that is no UTF-8.
pub(crate) fn translate(
    whole: &str,
    unreadable: Option<char>,
) -> Result<Translated, Fault<'_>> {
    let mut translator = Translator {
        whole,
        rest: whole,
        out: String::with_capacity(whole.len() * 2),
        names: vec![String::new()],
        groups: vec![Group::default()],
        unreadable,
    };
    translator.run()?;
    Ok(Translated { pattern: translator.out, names: translator.names })
}

impl<'p> Translator<'p> {
    fn run(&mut self) -> Result<(), Fault<'p>> {
        let mut last_repeat: Option<&'p str> = None;
        while let Some(c) = self.rest.chars().next() {
            let before = self.rest;
            let mut repeat = None;
            match c {
                '(' => self.open()?,
                ')' => self.close()?,
                '|' => {
                    self.emit("|", 1);
                    self.set_item(None);
                }
                '^' | '$' | '.' => self.atom(c.encode_utf8(&mut [0; 4]), 1),
                '[' => {
                    let (text, rest) = class::translate(self.rest, self.unreadable)?;
                    self.atom(&text, self.rest.len() - rest.len());
                }
                '*' | '+' | '?' => {
                    self.rest = self.rest.get(1..).unwrap_or_default();
                    self.repeat(before, last_repeat, 1)?;
                    repeat = Some(before);
                }
                '{' => {
                    if let Some((min, max, rest)) = parse_repeat(self.rest) {
                        self.rest = rest;
                        self.counted(before, last_repeat, min, max)?;
                        repeat = Some(before);
                    } else {
                        self.atom(r"\{", 1);
                    }
                }
                '\\' => self.escape()?,
                _ => {
                    readable(before, self.unreadable)?;
                    self.literal(c, c.len_utf8());
                }
            }
            last_repeat = repeat;
        }
        match self.groups.len() {
            1 => Ok(()),
            _ => Err(Fault { code: "missing closing )", at: self.whole }),
        }
    }

    fn emit(&mut self, text: &str, consumed: usize) {
        self.out.push_str(text);
        self.rest = self.rest.get(consumed..).unwrap_or_default();
    }

    fn atom(&mut self, text: &str, consumed: usize) {
        self.emit(text, consumed);
        self.set_item(Some(1));
    }

    fn literal(&mut self, c: char, consumed: usize) {
        self.atom(&regex::escape(c.encode_utf8(&mut [0; 4])), consumed);
    }

    fn set_item(&mut self, item: Option<u32>) {
        if let Some(group) = self.groups.last_mut() {
            group.most = group.most.max(item.unwrap_or_default());
            group.item = item;
        }
    }

    /// What stands between `before` and the rest.
    fn since(&self, before: &'p str) -> &'p str {
        before.get(..before.len() - self.rest.len()).unwrap_or(before)
    }

    /// Writes a repetition operator; `self.rest` is behind it. (`parser.repeat`)
    fn repeat(
        &mut self,
        before: &'p str,
        last: Option<&'p str>,
        count: u32,
    ) -> Result<(), Fault<'p>> {
        if let Some(rest) = self.rest.strip_prefix('?') {
            self.rest = rest;
        }
        if let Some(last) = last {
            let at = self.since(last);
            return Err(Fault { code: "invalid nested repetition operator", at });
        }
        let at = self.since(before);
        let Some(item) = self.groups.last().and_then(|g| g.item) else {
            return Err(Fault { code: "missing argument to repetition operator", at });
        };
        let product = item.saturating_mul(count);
        if count > 1 && product > MAX_REPEAT {
            return Err(Fault { code: "invalid repeat count", at });
        }
        self.out.push_str(at);
        self.set_item(Some(product));
        Ok(())
    }

    fn counted(
        &mut self,
        before: &'p str,
        last: Option<&'p str>,
        min: u32,
        max: Option<u32>,
    ) -> Result<(), Fault<'p>> {
        if min > MAX_REPEAT || max.is_some_and(|max| max > MAX_REPEAT || min > max) {
            return Err(Fault { code: "invalid repeat count", at: self.since(before) });
        }
        self.repeat(before, last, max.unwrap_or(min))
    }

    fn open(&mut self) -> Result<(), Fault<'p>> {
        if self.groups.len() > MAX_DEPTH {
            return Err(Fault { code: "expression nests too deeply", at: self.whole });
        }
        if self.rest.starts_with("(?") {
            return self.open_special();
        }
        self.names.push(String::new());
        self.push_group("(", 1);
        Ok(())
    }

    fn push_group(&mut self, text: &str, consumed: usize) {
        self.emit(text, consumed);
        self.groups.push(Group::default());
    }

    fn close(&mut self) -> Result<(), Fault<'p>> {
        if self.groups.len() < 2 {
            return Err(Fault { code: "unexpected )", at: self.whole });
        }
        let group = self.groups.pop().unwrap_or_default();
        self.emit(")", 1);
        self.set_item(Some(group.most.max(1)));
        Ok(())
    }

    /// Reads `(?P<name>`, `(?<name>`, `(?flags)` or `(?flags:`. (`parsePerlFlags`)
    fn open_special(&mut self) -> Result<(), Fault<'p>> {
        let start = self.rest;
        let name = match start.get(2..) {
            Some(rest) if rest.starts_with("P<") && rest.len() > 2 => start.get(4..),
            Some(rest) if rest.starts_with('<') && rest.len() > 1 => start.get(3..),
            _ => None,
        };
        let Some(name) = name else { return self.open_flags(start) };
        let Some(len) = name.find('>') else {
            all_readable(start, self.unreadable)?;
            return Err(Fault { code: "invalid named capture", at: start });
        };
        let consumed = start.len() - name.len() + len + 1;
        let name = name.get(..len).unwrap_or_default();
        // Go quotes from the byte to the end of the name.
        all_readable(name, self.unreadable)?;
        let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
        if name.is_empty() || !name.chars().all(is_word) {
            let at = start.get(..consumed).unwrap_or(start);
            return Err(Fault { code: "invalid named capture", at });
        }
        // The crate's rules for names differ, so its groups have none.
        self.names.push(name.to_owned());
        self.push_group("(", consumed);
        Ok(())
    }

    fn open_flags(&mut self, start: &'p str) -> Result<(), Fault<'p>> {
        let mut chars = start.char_indices().skip(2);
        let (mut negated, mut seen) = (false, false);
        for (at, c) in chars.by_ref() {
            let end = at + c.len_utf8();
            let text = start.get(..end).unwrap_or(start);
            readable(start.get(at..).unwrap_or_default(), self.unreadable)?;
            match c {
                'i' | 'm' | 's' | 'U' => seen = true,
                '-' if !negated => (negated, seen) = (true, false),
                ':' if !negated || seen => {
                    self.push_group(text, end);
                    return Ok(());
                }
                // `(?)` changes nothing, and the crate refuses it.
                ')' if !negated || seen => {
                    self.emit(if text == "(?)" { "" } else { text }, end);
                    return Ok(());
                }
                _ => {
                    let code = "invalid or unsupported Perl syntax";
                    return Err(Fault { code, at: text });
                }
            }
        }
        Err(Fault { code: "missing closing )", at: self.whole })
    }

    fn escape(&mut self) -> Result<(), Fault<'p>> {
        let rest = self.rest;
        match rest.as_bytes().get(1) {
            Some(b'A') => self.atom(r"\A", 2),
            Some(b'z') => self.atom(r"\z", 2),
            Some(b'b') => self.atom(r"(?-u:\b)", 2),
            Some(b'B') => self.atom(r"(?-u:\B)", 2),
            Some(b'C') => {
                return Err(Fault { code: "invalid escape sequence", at: r"\C" });
            }
            Some(b'Q') => self.quoted()?,
            _ => match escape::parse(rest, self.unreadable)? {
                (Escape::Char(Some(c)), after) => {
                    self.literal(c, rest.len() - after.len())
                }
                // A surrogate matches no text.
                (Escape::Char(None), after) => {
                    self.atom(r"[^\s\S]", rest.len() - after.len());
                }
                (Escape::Class(text), after) => {
                    self.atom(&format!("[{text}]"), rest.len() - after.len());
                }
            },
        }
        Ok(())
    }

    /// Reads `\Q…\E`, or `\Q…` to the end.
    fn quoted(&mut self) -> Result<(), Fault<'p>> {
        let text = self.rest.get(2..).unwrap_or_default();
        let (literal, after) = text.split_once(r"\E").unwrap_or((text, ""));
        all_readable(literal, self.unreadable)?;
        for c in literal.chars() {
            self.literal(c, 0);
        }
        self.rest = after;
        Ok(())
    }
}

/// Reads `{n}`, `{n,}` or `{n,m}`; `None` if the brace is a literal. (`parseRepeat`)
fn parse_repeat(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (min, rest) = parse_int(text.strip_prefix('{')?)?;
    let Some(rest) = rest.strip_prefix(',') else {
        return Some((min, Some(min), rest.strip_prefix('}')?));
    };
    if let Some(rest) = rest.strip_prefix('}') {
        return Some((min, None, rest));
    }
    let (max, rest) = parse_int(rest)?;
    Some((min, Some(max), rest.strip_prefix('}')?))
}

fn parse_int(text: &str) -> Option<(u32, &str)> {
    let len = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(len)?;
    let leading_zero = len > 1 && digits.starts_with('0');
    (len > 0 && !leading_zero).then(|| (digits.parse().unwrap_or(u32::MAX), rest))
}
