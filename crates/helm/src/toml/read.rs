//! Reading. (decode.go, parse.go, lex.go)
//!
//! TOML 1.1, as upstream reads it. Dates and times become texts that
//! [`moment`](super::moment) knows; integers stay integers.

use gotemplate::fmt::quote;
use goyaml::{Data, Value};
use source::{FileId, Span};

use super::number::{self, Number};
use super::reader::{Read, Reader, shown_rune};
use super::tree::{Tree, defined, shown_path};

/// How deep arrays and inline tables may nest.
const MAX_DEPTH: usize = 500;

/// Reads a document; the error names the line, as upstream's. (`Unmarshal`)
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, String> {
    let marks: [&[u8]; 3] = [b"\xff\xfe", b"\xfe\xff", "\u{feff}".as_bytes()];
    let unmarked = marks.iter().find_map(|mark| bytes.strip_prefix(*mark));
    let bytes = unmarked.unwrap_or(bytes);
    if bytes.iter().take(6).any(|b| *b == 0) {
        let words = "files cannot contain NULL bytes; probably using UTF-16; TOML files \
                     must be UTF-8";
        return Err(format!("toml: line 1: {words}"));
    }
    let (text, bad) = readable(bytes);
    let mut reader = Reader {
        text,
        at: 0,
        context: Vec::new(),
        key: String::new(),
        is_missing: false,
        is_cut: bad.is_some(),
    };
    let mut result = reader.document();
    if let (Some(words), true) = (bad, result.is_ok() || reader.peek().is_none()) {
        result = Err(words);
        reader.is_missing = false;
    }
    result.map_err(|message| {
        let line = reader.line();
        match reader.current().as_str() {
            "" => format!("toml: line {line}: {message}"),
            key => {
                let key = quote(key.as_bytes());
                format!("toml: line {line} (last key {key}): {message}")
            }
        }
    })
}

/// The text up to the first byte that may not be there, and what is wrong with that.
fn readable(bytes: &[u8]) -> (&str, Option<String>) {
    let valid = bytes.utf8_chunks().next();
    let text = valid.as_ref().map_or("", std::str::Utf8Chunk::valid);
    let control = text.char_indices().find(|(at, c)| match c {
        '\t' | '\n' => false,
        '\r' => !text.get(at + 1..).is_some_and(|rest| rest.starts_with('\n')),
        c => c.is_ascii_control(),
    });
    if let Some((at, c)) = control {
        let code = u32::from(c);
        let words =
            format!("TOML files cannot contain control characters: '0x{code:02x}'");
        return (text.get(..at).unwrap_or(text), Some(words));
    }
    let bad = bytes.get(text.len());
    (text, bad.map(|byte| format!("invalid UTF-8 byte: 0x{byte:02x}")))
}

impl Reader<'_> {
    /// The name of the key at hand. (`parser.current`)
    fn current(&self) -> String {
        let name = shown_path(&self.context);
        match (name.is_empty(), self.key.is_empty()) {
            (_, true) => name,
            (true, false) => self.key.clone(),
            (false, false) => name + "." + &self.key,
        }
    }

    fn document(&mut self) -> Read<Value> {
        let mut tree = Tree::default();
        loop {
            self.space();
            if self.peek().is_none() {
                return Ok(tree.root);
            }
            self.item(&mut tree)?;
            self.blanks();
            if !matches!(self.peek(), None | Some('\n' | '\r' | '#')) {
                let found = shown_rune(self.peek());
                return Err(format!(
                    "expected a top-level item to end with a newline, comment, or EOF, \
                     but got {found} instead"
                ));
            }
        }
    }

    /// Reads the head of a table, or a key and its value.
    fn item(&mut self, tree: &mut Tree) -> Read<()> {
        let start = self.at;
        let placed = if self.eat("[[") {
            let path = self.header(true)?;
            let placed = tree.push_table(&path);
            self.enter(path, placed.is_ok());
            placed
        } else if self.eat("[") {
            let path = self.header(false)?;
            let placed = tree.open_table(&path);
            self.enter(path, placed.is_ok());
            placed
        } else {
            let outer = self.context.clone();
            let (key, value) = self.pair(0)?;
            let placed = tree.assign(&outer, &key, value);
            if placed.is_ok() {
                (self.context, self.key) = (outer, String::new());
            }
            placed
        };
        if placed.is_err() {
            self.at = start;
        }
        placed
    }

    /// What follows belongs to this table; a fault of its head is one of its parent.
    fn enter(&mut self, mut path: Vec<String>, placed: bool) {
        if !placed {
            path.pop();
        }
        self.context = path;
    }

    /// Reads the name of a table, and what ends it.
    fn header(&mut self, array: bool) -> Read<Vec<String>> {
        let mut path = Vec::new();
        loop {
            self.blanks();
            let empty = "(table names cannot be empty)";
            path.push(match self.peek() {
                None | Some(']') => {
                    let words = format!("unexpected end of table name {empty}");
                    return Err(self.missing(words));
                }
                Some('.') => {
                    return Err(format!("unexpected table separator {empty}"));
                }
                _ => self.name()?,
            });
            self.blanks();
            if self.eat(".") {
                continue;
            }
            let wanted = match (self.eat("]"), array) {
                (false, _) => "expected '.' or ']' to end table name",
                (true, true) if !self.eat("]") => {
                    "expected end of table array name delimiter ']'"
                }
                (true, _) => return Ok(path),
            };
            let found = shown_rune(self.peek());
            return Err(self.missing(format!("{wanted}, but got {found} instead")));
        }
    }

    /// A part of a key: empty if nothing that belongs to one stands here.
    fn name(&mut self) -> Read<String> {
        match self.peek() {
            Some('"') => self.basic_string(),
            Some('\'') => self.literal_string(),
            _ => {
                let start = self.at;
                self.skip(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                Ok(self.since(start).to_owned())
            }
        }
    }

    /// Reads `a."b c".d =`.
    fn key(&mut self) -> Read<Vec<String>> {
        self.blanks();
        match self.peek() {
            None | Some('=') => {
                return Err(self.missing("unexpected '=': key name appears blank"));
            }
            Some('.') => {
                return Err("unexpected '.': keys cannot start with a '.'".to_owned());
            }
            _ => {}
        }
        let mut path = Vec::new();
        loop {
            self.blanks();
            match self.peek() {
                None | Some('=') => return Err(self.missing("unexpected '='")),
                Some('.') => return Err("unexpected '.'".to_owned()),
                _ => path.push(self.name()?),
            }
            self.blanks();
            if self.eat(".") {
                continue;
            }
            if self.eat("=") {
                return Ok(path);
            }
            return Err(match self.peek() {
                None => self.missing("unexpected EOF; expected key separator '='"),
                found => {
                    let found = shown_rune(found);
                    format!("expected '.' or '=', but got {found} instead")
                }
            });
        }
    }

    /// Reads a key and its value; both stay the current ones.
    fn pair(&mut self, depth: usize) -> Read<(Vec<String>, Value)> {
        let path = self.key()?;
        if let Some((last, parents)) = path.split_last() {
            self.context.extend_from_slice(parents);
            self.key.clone_from(last);
        }
        let value = self.value(depth)?;
        Ok((path, value))
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} levels"));
        }
        self.blanks();
        let start = self.at;
        let data = match self.peek() {
            Some('0'..='9' | '+' | '-') => self.number()?,
            Some('[') => self.array(depth)?,
            Some('{') => self.inline_table(depth)?,
            Some('"' | '\'') => Data::Str(self.string()?.into()),
            Some('.') => return Err("floats must start with a digit, not '.'".to_owned()),
            Some(c) if c.is_alphabetic() => self.word()?,
            None => return Err(self.missing("unexpected EOF; expected value")),
            found => {
                let found = shown_rune(found);
                return Err(format!("expected value but found {found} instead"));
            }
        };
        Ok(Value::new(data).at(Span::new(FileId::NONE, start, self.at)))
    }

    fn string(&mut self) -> Read<String> {
        let rest = self.rest();
        match rest.starts_with('"') {
            true if rest.starts_with("\"\"\"") => self.long_basic(),
            true => self.basic_string(),
            false if rest.starts_with("'''") => self.long_literal(),
            false => self.literal_string(),
        }
    }

    fn number(&mut self) -> Read<Data> {
        let scanned = number::scan(self.rest());
        let (of, length) = scanned.map_err(|(words, read)| {
            self.at += read;
            self.missing(words)
        })?;
        let word = self.rest().get(..length).unwrap_or_default();
        self.whole(length)?;
        let data = match of {
            Number::Integer => number::integer(word)?,
            Number::Float => number::float(word)?,
            Number::Date => Data::Str(super::date::date(word.trim())?.into()),
        };
        self.at += length;
        Ok(data)
    }

    /// A word whose end is not seen is not read.
    fn whole(&mut self, length: usize) -> Read<()> {
        if self.is_cut && length == self.rest().len() {
            self.at += length;
            return Err(String::new());
        }
        Ok(())
    }

    /// Reads what is not quoted: a boolean, `inf`, `nan`.
    fn word(&mut self) -> Read<Data> {
        // Upstream takes the letters of the two words for each other's.
        let floats = ["inf", "inan", "nf", "nan"];
        let float = floats.into_iter().find(|word| self.rest().starts_with(word));
        if let Some(float) = float {
            let data = number::float(float)?;
            self.at += float.len();
            return Ok(data);
        }
        // What it took for the beginning of one, it does not show.
        let begun = ["ina", "in", "na"];
        let begun = begun.into_iter().find(|word| self.rest().starts_with(word));
        self.at += begun.map_or(0, |word| word.len() - 1);
        let start = self.at;
        self.skip(char::is_alphabetic);
        match self.since(start) {
            "true" => Ok(Data::Bool(true)),
            "false" => Ok(Data::Bool(false)),
            found => {
                let found = quote(found.as_bytes());
                Err(self.missing(format!("expected value but found {found} instead")))
            }
        }
    }

    fn array(&mut self, depth: usize) -> Read<Data> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat("]") {
                return Ok(Data::Seq(items));
            }
            if self.peek() == Some(',') {
                return Err("unexpected comma".to_owned());
            }
            items.push(self.value(depth + 1)?);
            self.space();
            if self.eat("]") {
                return Ok(Data::Seq(items));
            }
            if !self.eat(",") {
                let found = shown_or_end(self.peek());
                return Err(self.missing(format!(
                    "expected a comma (',') or array terminator (']'), but got {found}"
                )));
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Read<Data> {
        self.at += 1;
        let mut tree = Tree::default();
        let outer = (self.context.clone(), std::mem::take(&mut self.key));
        self.context.push(outer.1.clone());
        let inner = self.context.clone();
        self.space();
        while !self.eat("}") {
            if self.peek() == Some(',') {
                return Err("unexpected comma".to_owned());
            }
            let start = self.at;
            let (key, value) = self.pair(depth + 1)?;
            if tree.assign(&[], &key, value).is_err() {
                self.at = start;
                return Err(defined(&[inner.as_slice(), &key].concat()));
            }
            self.context.clone_from(&inner);
            self.space();
            if self.eat(",") {
                self.space();
                continue;
            }
            if self.peek() != Some('}') {
                let found = shown_or_end(self.peek());
                return Err(self.missing(format!(
                    "expected a comma or an inline table terminator '}}', but got \
                     {found} instead"
                )));
            }
        }
        (self.context, self.key) = outer;
        Ok(tree.root.data)
    }
}

fn shown_or_end(c: Option<char>) -> String {
    c.map_or_else(|| "end of file".to_owned(), |c| format!("'{c}'"))
}

#[cfg(test)]
mod tests {
    use goyaml::{Html, to_json};

    use super::decode;

    #[test]
    fn reads_documents() {
        let text =
            "a = 1\n[t.u]\nb.c = 'x' # no\nd = [1, {e = 2.5}]\n[[l]]\nn=0x1F\n[[l]]\n";
        let tree = decode(text.as_bytes()).unwrap();
        assert_eq!(
            to_json(&tree, Html::Raw).unwrap(),
            r#"{"a":1,"l":[{"n":31},{}],"t":{"u":{"b":{"c":"x"},"d":[1,{"e":2.5}]}}}"#
        );
        assert!(
            decode(b"a = 1\na = 2").unwrap_err().contains("has already been defined")
        );
        assert!(decode(b"a = ").is_err());
    }
}
