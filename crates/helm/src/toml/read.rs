//! Reading. (decode.go, parse.go, lex.go)
//!
//! TOML 1.0. Dates and times become texts that [`moment`](super::moment) knows; integers
//! stay integers.

use ecow::EcoString;
use goyaml::{Data, Entry, Map, Value};
use source::{FileId, Span};

/// How deep arrays and inline tables may nest.
const MAX_DEPTH: usize = 500;

/// Reads a document; the error names the line, as upstream's. (`Unmarshal`)
pub(crate) fn decode(bytes: &[u8]) -> Result<Value, String> {
    let valid = bytes.utf8_chunks().next();
    let text = valid.as_ref().map_or("", std::str::Utf8Chunk::valid);
    let bad = bytes.get(text.len());
    let mut reader = Reader { text, at: 0, last_key: String::new() };
    let mut result = reader.document();
    if let (Some(byte), true) = (bad, result.is_ok() || reader.peek().is_none()) {
        result = Err(format!("invalid UTF-8 byte: 0x{byte:02x}"));
    }
    result.map_err(|message| {
        let before = text.get(..reader.at.min(text.len())).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        match reader.last_key.as_str() {
            "" => format!("toml: line {line}: {message}"),
            key => format!("toml: line {line} (last key \"{key}\"): {message}"),
        }
    })
}

type Read<T> = Result<T, String>;

/// How a table came to be; it decides what may be added.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// `[a]`, or a part of its name.
    Header,
    /// `a.b = 1`
    Dotted,
    /// `a = {}`
    Inline,
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    last_key: String,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    fn skip(&mut self, skipped: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !skipped(c)).unwrap_or(rest.len());
    }

    fn blanks(&mut self) {
        self.skip(|c| c == ' ' || c == '\t');
    }

    /// Skips blanks, line breaks and comments.
    fn space(&mut self) {
        loop {
            self.skip(|c| matches!(c, ' ' | '\t' | '\n' | '\r'));
            if self.peek() != Some('#') {
                return;
            }
            self.skip(|c| c != '\n');
        }
    }

    fn unexpected(&self, wanted: &str) -> String {
        match self.peek() {
            None => format!("unexpected EOF; expected {wanted}"),
            Some(c) => format!("expected {wanted}, but got {c:?} instead"),
        }
    }

    fn document(&mut self) -> Read<Value> {
        let mut tree = Tree::default();
        self.eat("\u{feff}");
        let mut path: Vec<String> = Vec::new();
        loop {
            self.space();
            if self.peek().is_none() {
                return Ok(tree.root);
            }
            if self.eat("[[") {
                path = self.header("]]")?;
                tree.push_table(&path)?;
            } else if self.eat("[") {
                path = self.header("]")?;
                tree.open_table(&path)?;
            } else {
                let (key, value) = self.pair(0)?;
                tree.assign(&path, &key, value)?;
            }
            self.last_key.clear();
            self.blanks();
            if !matches!(self.peek(), None | Some('\n' | '\r' | '#')) {
                let wanted = "a top-level item to end with a newline, comment, or EOF";
                return Err(self.unexpected(wanted));
            }
        }
    }

    fn header(&mut self, close: &str) -> Read<Vec<String>> {
        self.blanks();
        let path = self.key()?;
        self.blanks();
        match self.eat(close) {
            true => Ok(path),
            false => Err(self.unexpected("'.' or ']' to end table name")),
        }
    }

    /// Reads `a."b c".d`.
    fn key(&mut self) -> Read<Vec<String>> {
        let mut path = Vec::new();
        loop {
            self.blanks();
            path.push(match self.peek() {
                Some('"') => self.basic_string()?,
                Some('\'') => self.literal_string()?,
                _ => {
                    let start = self.at;
                    self.skip(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
                    let bare = self.text.get(start..self.at).unwrap_or_default();
                    if bare.is_empty() {
                        return Err(self.no_key());
                    }
                    bare.to_owned()
                }
            });
            self.blanks();
            if !self.eat(".") {
                return Ok(path);
            }
        }
    }

    /// Why there is no key here.
    fn no_key(&self) -> String {
        match self.peek() {
            Some('=') => "unexpected '=': key name appears blank".to_owned(),
            Some('.') => "unexpected '.': keys cannot start with a '.'".to_owned(),
            _ => self.unexpected("'.' or '='"),
        }
    }

    fn pair(&mut self, depth: usize) -> Read<(Vec<String>, Value)> {
        let key = self.key()?;
        self.blanks();
        if !self.eat("=") {
            return Err(match self.peek() {
                None => self.unexpected("key separator '='"),
                Some(_) => self.unexpected("'.' or '='"),
            });
        }
        self.last_key = key.join(".");
        self.blanks();
        Ok((key, self.value(depth)?))
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > MAX_DEPTH {
            return Err(format!("more than {MAX_DEPTH} levels"));
        }
        let start = self.at;
        let data = match self.peek() {
            Some('"') if self.rest().starts_with("\"\"\"") => {
                self.long_basic()?.into_data()
            }
            Some('"') => self.basic_string()?.into_data(),
            Some('\'') if self.rest().starts_with("'''") => {
                self.long_literal()?.into_data()
            }
            Some('\'') => self.literal_string()?.into_data(),
            Some('[') => self.array(depth)?,
            Some('{') => self.inline_table(depth)?,
            Some(_) => self.word()?,
            None => return Err(self.unexpected("value")),
        };
        Ok(Value::new(data).at(Span::new(FileId::NONE, start, self.at)))
    }

    fn array(&mut self, depth: usize) -> Read<Data> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.space();
            if self.eat("]") {
                return Ok(Data::Seq(items));
            }
            items.push(self.value(depth + 1)?);
            self.space();
            if self.eat("]") {
                return Ok(Data::Seq(items));
            }
            if !self.eat(",") {
                return Err(self.unexpected("a comma (',') or array terminator (']')"));
            }
        }
    }

    fn inline_table(&mut self, depth: usize) -> Read<Data> {
        self.at += 1;
        let mut tree = Tree::default();
        self.blanks();
        while !self.eat("}") {
            let (key, value) = self.pair(depth + 1)?;
            tree.assign(&[], &key, value)?;
            self.blanks();
            if self.eat(",") {
                self.blanks();
                continue;
            }
            if self.peek() != Some('}') {
                let wanted = "a comma or an inline table terminator '}'";
                return Err(self.unexpected(wanted));
            }
        }
        Ok(tree.root.data)
    }

    /// Reads what is not quoted: a boolean, a number, a date.
    fn word(&mut self) -> Read<Data> {
        let start = self.at;
        let ends =
            |c: char| matches!(c, ',' | ']' | '}' | '#' | '\n' | '\r' | '\t' | ' ');
        self.skip(|c| !ends(c));
        let mut word = self.text.get(start..self.at).unwrap_or_default();
        // A date and a time may have a blank between.
        let is_date = word.len() == 10 && word.as_bytes().get(4) == Some(&b'-');
        if is_date && self.rest().starts_with(' ') {
            let time = self.rest().get(1..).unwrap_or_default();
            if time.starts_with(|c: char| c.is_ascii_digit()) {
                self.at += 1;
                self.skip(|c| !ends(c));
                word = self.text.get(start..self.at).unwrap_or_default();
            }
        }
        let found = gotemplate::fmt::quote(word.as_bytes());
        if looks_like_date(word) {
            return super::date::date(word).map(IntoData::into_data);
        }
        scalar(word).ok_or_else(|| format!("expected value but found {found} instead"))
    }

    fn basic_string(&mut self) -> Read<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            match self.peek() {
                Some('"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some('\\') => out.push(self.escape()?),
                Some('\n') => return Err("strings cannot contain newlines".to_owned()),
                Some(c) => {
                    out.push(c);
                    self.at += c.len_utf8();
                }
                None => return Err("unexpected EOF; expected '\"'".to_owned()),
            }
        }
    }

    fn literal_string(&mut self) -> Read<String> {
        self.at += 1;
        let rest = self.rest();
        let end = rest.find(['\'', '\n']).unwrap_or(rest.len());
        let text = rest.get(..end).unwrap_or_default().to_owned();
        self.at += end;
        match self.peek() {
            Some('\'') => {
                self.at += 1;
                Ok(text)
            }
            Some(_) => Err("strings cannot contain newlines".to_owned()),
            None => Err("unexpected EOF; expected \"'\"".to_owned()),
        }
    }

    fn long_literal(&mut self) -> Read<String> {
        self.at += 3;
        let _ = self.eat("\r\n") || self.eat("\n");
        let rest = self.rest();
        let Some(end) = rest.find("'''") else {
            return Err("unexpected EOF; expected \"'''\"".to_owned());
        };
        // Up to two more quotes belong to the text.
        let tail = rest.get(end + 3..).unwrap_or_default();
        let more = tail.chars().take(2).take_while(|&c| c == '\'').count();
        let text = rest.get(..end + more).unwrap_or_default().replace("\r\n", "\n");
        self.at += end + more + 3;
        Ok(text)
    }

    fn long_basic(&mut self) -> Read<String> {
        self.at += 3;
        let _ = self.eat("\r\n") || self.eat("\n");
        let mut out = String::new();
        loop {
            if self.eat("\"\"\"") {
                for _ in 0..2 {
                    if self.eat("\"") {
                        out.push('"');
                    }
                }
                return Ok(out);
            }
            match self.peek() {
                Some('\\') if self.at_line_end() => {
                    self.at += 1;
                    self.skip(char::is_whitespace);
                }
                Some('\\') => out.push(self.escape()?),
                Some(c) => {
                    if !self.rest().starts_with("\r\n") {
                        out.push(c);
                    }
                    self.at += c.len_utf8();
                }
                None => return Err("unexpected EOF; expected '\"\"\"'".to_owned()),
            }
        }
    }

    /// Does nothing but blanks follow the backslash on this line?
    fn at_line_end(&self) -> bool {
        let after = self.rest().get(1..).unwrap_or_default();
        let after = after.trim_start_matches([' ', '\t', '\r']);
        after.starts_with('\n')
    }

    fn escape(&mut self) -> Read<char> {
        self.at += 1;
        let c = self.peek();
        self.at += c.map_or(0, char::len_utf8);
        let digits = match c {
            Some('b') => return Ok('\u{8}'),
            Some('t') => return Ok('\t'),
            Some('n') => return Ok('\n'),
            Some('f') => return Ok('\u{c}'),
            Some('r') => return Ok('\r'),
            Some('e') => return Ok('\u{1b}'),
            Some(c @ ('"' | '\\')) => return Ok(c),
            Some('x') => 2,
            Some('u') => 4,
            Some('U') => 8,
            _ => {
                let c = c.map(String::from).unwrap_or_default();
                return Err(format!("invalid escape in string '\\{c}'"));
            }
        };
        let hex = self.rest().get(..digits).unwrap_or_default();
        let code = u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        let c = code.ok_or_else(|| format!("expected {digits} hexadecimal digits"))?;
        self.at += digits;
        Ok(c)
    }
}

trait IntoData {
    fn into_data(self) -> Data;
}

impl IntoData for String {
    fn into_data(self) -> Data {
        Data::Str(self.into())
    }
}

/// A boolean, a number, a date or a time.
fn scalar(word: &str) -> Option<Data> {
    match word {
        "true" => return Some(Data::Bool(true)),
        "false" => return Some(Data::Bool(false)),
        "inf" | "+inf" => return Some(Data::Float(f64::INFINITY)),
        "-inf" => return Some(Data::Float(f64::NEG_INFINITY)),
        "nan" | "+nan" | "-nan" => return Some(Data::Float(f64::NAN)),
        _ => {}
    }
    let first = word.chars().next()?;
    if !first.is_ascii_digit() && first != '-' && first != '+' {
        return None;
    }
    number(word)
}

/// Do digits come first, and then what stands in dates alone?
fn looks_like_date(word: &str) -> bool {
    let digits = word.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0 && matches!(word.as_bytes().get(digits), Some(b'-' | b':'))
}

fn number(word: &str) -> Option<Data> {
    let between_digits =
        |part: &str| part.split('_').all(|p| !p.is_empty()) || !part.contains('_');
    if !between_digits(word.trim_start_matches(['+', '-'])) {
        return None;
    }
    let plain = word.replace('_', "");
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] {
        if let Some(digits) = plain.strip_prefix(prefix) {
            return i64::from_str_radix(digits, radix).ok().map(Data::Int);
        }
    }
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(&plain);
    let leading_zero = unsigned.len() > 1
        && unsigned.starts_with('0')
        && unsigned.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    if leading_zero || !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Ok(n) = plain.parse() {
        return Some(Data::Int(n));
    }
    let is_float = plain.contains(['.', 'e', 'E'])
        && !plain.ends_with('.')
        && !plain.contains(".e")
        && !plain.contains(".E");
    is_float.then(|| plain.parse().ok().map(Data::Float)).flatten()
}

/// The document as it grows.
struct Tree {
    root: Value,
    /// The tables that were made, by their path, and how.
    made: std::collections::BTreeMap<Vec<String>, Made>,
}

impl Default for Tree {
    fn default() -> Tree {
        Tree { root: Value::new(Map::default()), made: std::collections::BTreeMap::new() }
    }
}

impl Tree {
    /// The table at a path, made if need be; of an array of tables, the last.
    fn table(&mut self, path: &[String], made: Made) -> Read<&mut Map> {
        let mut at = &mut self.root;
        for (n, part) in path.iter().enumerate() {
            let Data::Map(map) = &mut at.data else {
                return Err(defined(path.get(..n).unwrap_or(path)));
            };
            let entry = map
                .entry(EcoString::from(part.as_str()))
                .or_insert_with(|| Entry::from(Value::new(Map::default())));
            let so_far = path.get(..=n).unwrap_or(path).to_vec();
            if self.made.get(&so_far) == Some(&Made::Inline) {
                return Err(defined(&so_far));
            }
            if made == Made::Dotted {
                self.made.entry(so_far).or_insert(made);
            }
            at = match entry.value {
                Value { data: Data::Seq(ref mut items), .. } => {
                    items.last_mut().ok_or_else(|| defined(path))?
                }
                ref mut value => value,
            };
        }
        match &mut at.data {
            Data::Map(map) => Ok(map),
            _ => Err(defined(path)),
        }
    }

    fn open_table(&mut self, path: &[String]) -> Read<()> {
        if self.made.contains_key(path) {
            return Err(defined(path));
        }
        self.table(path, Made::Header)?;
        self.made.insert(path.to_vec(), Made::Header);
        Ok(())
    }

    fn push_table(&mut self, path: &[String]) -> Read<()> {
        let Some((last, parents)) = path.split_last() else { return Ok(()) };
        let map = self.table(parents, Made::Header)?;
        let entry = map
            .entry(EcoString::from(last.as_str()))
            .or_insert_with(|| Entry::from(Value::new(Vec::new())));
        let Data::Seq(items) = &mut entry.value.data else { return Err(defined(path)) };
        items.push(Value::new(Map::default()));
        // The new table is empty: what stood below the path belongs to the one before.
        self.made.retain(|made, _| !made.starts_with(path));
        Ok(())
    }

    fn assign(&mut self, table: &[String], key: &[String], value: Value) -> Read<()> {
        let Some((last, parents)) = key.split_last() else { return Ok(()) };
        let path = [table, parents].concat();
        let is_inline = matches!(value.data, Data::Map(_) | Data::Seq(_));
        let made = if parents.is_empty() { Made::Header } else { Made::Dotted };
        let map = self.table(&path, made)?;
        let whole = [path.as_slice(), std::slice::from_ref(last)].concat();
        if map.contains_key(last.as_str()) {
            return Err(defined(&whole));
        }
        map.insert(EcoString::from(last.as_str()), Entry::from(value));
        if is_inline {
            self.made.insert(whole, Made::Inline);
        }
        Ok(())
    }
}

fn defined(path: &[String]) -> String {
    format!("Key '{}' has already been defined.", path.join("."))
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
