//! Reading JSON with spans, with the errors of `encoding/json`.

use ecow::EcoString;
use source::{FileId, OriginId, Span};

use crate::fault::{Fault, FaultKind};
use crate::parse::MAX_DEPTH;
use crate::value::{Data, Entry, Map, Value};

/// Reads one JSON value, as `json.Unmarshal` into an `interface{}`.
///
/// Numbers without fraction and exponent that fit 64 bits stay integers
/// ([`Value::integers_to_floats`] makes what Go would hold); the last of equal keys wins.
pub fn parse_json(text: &str, file: FileId) -> Result<Value, Fault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), file, at: 0, depth: 0 };
    reader.blanks();
    let value = reader.value()?;
    reader.blanks();
    match reader.at < text.len() {
        true => Err(reader.invalid("after top-level value")),
        false => Ok(value),
    }
}

/// Reads one JSON value at the start of a text, as the `json.Decoder` does, and tells where
/// it ends.
pub fn parse_json_prefix(text: &str, file: FileId) -> Result<(Value, usize), Fault> {
    let mut reader = Reader { text, bytes: text.as_bytes(), file, at: 0, depth: 0 };
    reader.blanks();
    let value = reader.value()?;
    Ok((value, reader.at))
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    file: FileId,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn span(&self, start: usize) -> Span {
        Span::new(self.file, start, self.at)
    }

    /// `invalid character 'x' looking for beginning of value`, or the end of the text.
    fn invalid(&self, context: &str) -> Fault {
        let Some(c) = self.text.get(self.at..).and_then(|rest| rest.chars().next())
        else {
            let span = Span::new(self.file, self.at, self.at);
            // Within a literal Go reads the end as a blank, which cannot stand there.
            let inside =
                context.starts_with("in ") || context.starts_with("after decimal");
            let message = match inside {
                true => format!("invalid character ' ' {context}"),
                false => "unexpected end of JSON input".to_owned(),
            };
            return Fault::plain(FaultKind::Json, span, message);
        };
        // Go looks at bytes: of a character beyond ASCII it shows the first byte's code.
        let byte = char::from(self.bytes.get(self.at).copied().unwrap_or(0));
        let shown = match byte {
            '\'' => "'\\''".to_owned(),
            '"' => "'\"'".to_owned(),
            byte => quote_char(byte),
        };
        let span = Span::new(self.file, self.at, self.at + c.len_utf8());
        Fault::plain(
            FaultKind::Json,
            span,
            format!("invalid character {shown} {context}"),
        )
    }

    fn value(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        let data = match self.peek() {
            Some(b'{') => self.nested(Reader::object)?,
            Some(b'[') => self.nested(Reader::array)?,
            Some(b'"') => Data::Str(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Data::Bool(true))?,
            Some(b'f') => self.word("false", Data::Bool(false))?,
            Some(b'n') => self.word("null", Data::Null)?,
            _ => return Err(self.invalid("looking for beginning of value")),
        };
        Ok(Value { data, span: self.span(start), origin: OriginId::NONE })
    }

    fn nested(
        &mut self,
        read: fn(&mut Self) -> Result<Data, Fault>,
    ) -> Result<Data, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let message = "exceeded max depth";
            return Err(Fault::plain(FaultKind::Limit, self.span(self.at), message));
        }
        self.at += 1;
        self.blanks();
        let data = read(self)?;
        self.depth -= 1;
        Ok(data)
    }

    fn array(&mut self) -> Result<Data, Fault> {
        let mut items = Vec::new();
        if self.eat(b']') {
            return Ok(Data::Seq(items));
        }
        loop {
            self.blanks();
            items.push(self.value()?);
            self.blanks();
            if self.eat(b']') {
                return Ok(Data::Seq(items));
            }
            if !self.eat(b',') {
                return Err(self.invalid("after array element"));
            }
        }
    }

    fn object(&mut self) -> Result<Data, Fault> {
        let mut map = Map::default();
        if self.eat(b'}') {
            return Ok(Data::Map(map));
        }
        loop {
            self.blanks();
            let start = self.at;
            if self.peek() != Some(b'"') {
                return Err(self.invalid("looking for beginning of object key string"));
            }
            let key = self.string()?;
            let key_span = self.span(start);
            self.blanks();
            if !self.eat(b':') {
                return Err(self.invalid("after object key"));
            }
            self.blanks();
            let value = self.value()?;
            map.insert(key, Entry { key_span, value });
            self.blanks();
            if self.eat(b'}') {
                return Ok(Data::Map(map));
            }
            if !self.eat(b',') {
                return Err(self.invalid("after object key:value pair"));
            }
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn word(&mut self, word: &'static str, data: Data) -> Result<Data, Fault> {
        for expected in word.bytes() {
            if !self.eat(expected) {
                let expected = char::from(expected);
                let context = format!("in literal {word} (expecting '{expected}')");
                return Err(self.invalid(&context));
            }
        }
        Ok(data)
    }

    fn number(&mut self) -> Result<Data, Fault> {
        let start = self.at;
        if self.eat(b'-') && !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.invalid("in numeric literal"));
        }
        if !self.eat(b'0') {
            self.digits();
        }
        let mut integer = true;
        if self.eat(b'.') {
            integer = false;
            if self.digits() == 0 {
                return Err(self.invalid("after decimal point in numeric literal"));
            }
        }
        if self.eat(b'e') || self.eat(b'E') {
            integer = false;
            let _sign = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return Err(self.invalid("in exponent of numeric literal"));
            }
        }
        let text = self.text.get(start..self.at).unwrap_or("");
        // `-0` is a float, or it would lose its sign.
        let integer = integer && text != "-0";
        if integer && let Ok(value) = text.parse() {
            return Ok(Data::Int(value));
        }
        if integer && let Ok(value) = text.parse() {
            return Ok(Data::Uint(value));
        }
        crate::number::parse_float(text).map(Data::Float).ok_or_else(|| {
            let message = format!(
                "json: cannot unmarshal number {text} into Go value of type float64"
            );
            Fault::plain(FaultKind::Json, self.span(start), message)
        })
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<EcoString, Fault> {
        self.at += 1;
        let start = self.at;
        // Most strings hold no escape and are taken as they stand.
        let mut owned: Option<String> = None;
        let mut copied = start;
        loop {
            match self.peek() {
                Some(b'"') => {
                    let tail = self.text.get(copied..self.at).unwrap_or("");
                    self.at += 1;
                    return Ok(match owned {
                        Some(text) => (text + tail).into(),
                        None => tail.into(),
                    });
                }
                Some(b'\\') => {
                    let text = owned.get_or_insert_default();
                    text.push_str(self.text.get(copied..self.at).unwrap_or(""));
                    self.at += 1;
                    let c = self.escape()?;
                    owned.get_or_insert_default().push(c);
                    copied = self.at;
                }
                Some(0..=0x1f) => return Err(self.invalid("in string literal")),
                Some(_) => self.at += 1,
                None => return Err(self.invalid("")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unicode();
            }
            _ => return Err(self.invalid("in string escape code")),
        };
        self.at += 1;
        Ok(c)
    }

    /// After `\u`. A surrogate without its other half becomes U+FFFD, as in Go.
    fn unicode(&mut self) -> Result<char, Fault> {
        let high = self.hex4()?;
        if let Some(c) = char::from_u32(high) {
            return Ok(c);
        }
        let rest = self.bytes.get(self.at..).unwrap_or(&[]);
        if (0xd800..0xdc00).contains(&high) && rest.starts_with(b"\\u") {
            let before = self.at;
            self.at += 2;
            let low = self.hex4()?;
            if (0xdc00..0xe000).contains(&low) {
                let code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or('\u{fffd}'));
            }
            self.at = before;
        }
        Ok('\u{fffd}')
    }

    fn hex4(&mut self) -> Result<u32, Fault> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|b| char::from(b).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.invalid("in \\u hexadecimal character escape"));
            };
            code = code * 16 + digit;
            self.at += 1;
        }
        Ok(code)
    }
}

/// A character in single quotes as `strconv.Quote` shows it.
fn quote_char(c: char) -> String {
    match c {
        '\n' => "'\\n'".to_owned(),
        '\r' => "'\\r'".to_owned(),
        '\t' => "'\\t'".to_owned(),
        '\\' => "'\\\\'".to_owned(),
        '\x07' => "'\\a'".to_owned(),
        '\x08' => "'\\b'".to_owned(),
        '\x0b' => "'\\v'".to_owned(),
        '\x0c' => "'\\f'".to_owned(),
        '\0'..='\x1f' | '\x7f' => format!("'\\x{:02x}'", u32::from(c)),
        '\u{80}'..='\u{a0}' | '\u{ad}' => format!("'\\u{:04x}'", u32::from(c)),
        c => format!("'{c}'"),
    }
}
