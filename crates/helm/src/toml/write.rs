//! Writing. (encode.go)
//!
//! Tables come after plain keys, each two blanks deeper than its parent; nulls are left out.

use std::fmt::Write as _;

use goyaml::{Data, Map, Value};

/// What texts are written as they are: times.
type Unquoted<'u> = &'u dyn Fn(&str) -> Option<String>;

/// Writes a value as a document; an error is upstream's message. (`Encoder.Encode`)
pub(crate) fn encode(value: &Value, unquoted: Unquoted<'_>) -> Result<String, String> {
    let mut writer = Writer { out: String::new(), key: Vec::new(), unquoted };
    writer.value(value)?;
    Ok(writer.out)
}

type Written = Result<(), String>;

struct Writer<'v> {
    out: String,
    /// The keys on the way to the value at hand.
    key: Vec<&'v str>,
    unquoted: Unquoted<'v>,
}

/// What decides where a value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Null,
    Plain,
    Table,
    Tables,
}

/// The shape of a value; lists with null in them are errors. (`tomlTypeOfGo`)
fn shape(value: &Value) -> Result<Shape, String> {
    Ok(match &value.data {
        Data::Null => Shape::Null,
        Data::Map(_) => Shape::Table,
        Data::Seq(items) => {
            let mut all_tables = !items.is_empty();
            for item in items {
                match shape(item)? {
                    Shape::Null => {
                        return Err(
                            "toml: cannot encode array with nil element".to_owned()
                        );
                    }
                    found => all_tables &= found == Shape::Table,
                }
            }
            if all_tables { Shape::Tables } else { Shape::Plain }
        }
        _ => Shape::Plain,
    })
}

impl<'v> Writer<'v> {
    /// Writes what the current key stands for. (`encode`)
    fn value(&mut self, value: &'v Value) -> Written {
        match (&value.data, shape(value)?) {
            (Data::Map(map), _) => self.table(map),
            (Data::Seq(items), Shape::Tables) => self.tables(items),
            _ => self.pair(value),
        }
    }

    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn indent(&mut self) {
        for _ in 1..self.key.len() {
            self.out.push_str("  ");
        }
    }

    fn header(&mut self, open: &str, close: &str) {
        self.indent();
        self.out.push_str(open);
        for (n, part) in self.key.iter().enumerate() {
            if n > 0 {
                self.out.push('.');
            }
            push_key(&mut self.out, part);
        }
        self.out.push_str(close);
        self.newline();
    }

    fn table(&mut self, map: &'v Map) -> Written {
        if self.key.len() == 1 {
            self.newline();
        }
        if !self.key.is_empty() {
            self.header("[", "]");
        }
        self.entries(map)
    }

    fn tables(&mut self, items: &'v [Value]) -> Written {
        if self.key.is_empty() {
            let message = "toml: top-level values must be Go maps or structs";
            return Err(message.to_owned());
        }
        for map in items.iter().filter_map(Value::as_map) {
            self.newline();
            self.header("[[", "]]");
            self.entries(map)?;
        }
        Ok(())
    }

    fn entries(&mut self, map: &'v Map) -> Written {
        let (plain, tables) = sorted(map)?;
        for (key, value) in plain.into_iter().chain(tables) {
            if value.is_null() {
                continue;
            }
            self.key.push(key);
            self.value(value)?;
            self.key.pop();
        }
        Ok(())
    }

    fn pair(&mut self, value: &'v Value) -> Written {
        let Some(key) = self.key.last() else {
            return push_element(&mut self.out, value, self.unquoted);
        };
        let key = *key;
        self.indent();
        push_key(&mut self.out, key);
        self.out.push_str(" = ");
        push_element(&mut self.out, value, self.unquoted)?;
        self.newline();
        Ok(())
    }
}

type Entries<'v> = Vec<(&'v str, &'v Value)>;

/// The entries by key, plain ones and tables apart.
fn sorted(map: &Map) -> Result<(Entries<'_>, Entries<'_>), String> {
    let mut entries: Entries<'_> =
        map.iter().map(|(key, entry)| (key.as_str(), &entry.value)).collect();
    entries.sort_unstable_by_key(|(key, _)| *key);
    let (mut plain, mut tables) = (Vec::new(), Vec::new());
    for (key, value) in entries {
        match shape(value)? {
            Shape::Table | Shape::Tables => tables.push((key, value)),
            Shape::Null | Shape::Plain => plain.push((key, value)),
        }
    }
    Ok((plain, tables))
}

/// Writes a value behind `=` or within brackets. (`eElement`)
fn push_element(out: &mut String, value: &Value, unquoted: Unquoted<'_>) -> Written {
    match &value.data {
        Data::Null => {
            let message = "reflect: call of reflect.Value.Interface on zero Value";
            return Err(message.to_owned());
        }
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(n) => push_display(out, n),
        Data::Uint(n) => push_display(out, n),
        Data::Float(f) => out.push_str(&float(*f)),
        Data::Str(text) => match unquoted(text) {
            Some(plain) => out.push_str(&plain),
            None => push_quoted(out, text),
        },
        Data::Seq(items) => {
            out.push('[');
            for (n, item) in items.iter().enumerate() {
                if n > 0 {
                    out.push_str(", ");
                }
                push_element(out, item, unquoted)?;
            }
            out.push(']');
        }
        Data::Map(map) => push_inline(out, map, unquoted)?,
    }
    Ok(())
}

fn push_display(out: &mut String, n: impl std::fmt::Display) {
    let _ = write!(out, "{n}");
}

/// Writes `{a = 1, b = 2}`; a null that is left out leaves its comma, as upstream.
fn push_inline(out: &mut String, map: &Map, unquoted: Unquoted<'_>) -> Written {
    let (plain, tables) = sorted(map)?;
    let last_plain = if tables.is_empty() { plain.len() } else { usize::MAX };
    let last_table = tables.len();
    let plain = plain.into_iter().zip(1..).map(|(entry, n)| (entry, n != last_plain));
    let tables = tables.into_iter().zip(1..).map(|(entry, n)| (entry, n != last_table));
    out.push('{');
    for ((key, value), comma) in plain.chain(tables) {
        if value.is_null() {
            continue;
        }
        push_key(out, key);
        out.push_str(" = ");
        push_element(out, value, unquoted)?;
        if comma {
            out.push_str(", ");
        }
    }
    out.push('}');
    Ok(())
}

pub(super) fn push_key(out: &mut String, key: &str) {
    let is_bare = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    match !key.is_empty() && key.bytes().all(is_bare) {
        true => out.push_str(key),
        false => push_quoted(out, key),
    }
}

fn push_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{8}' => out.push_str(r"\b"),
            '\t' => out.push_str(r"\t"),
            '\n' => out.push_str(r"\n"),
            '\u{c}' => out.push_str(r"\f"),
            '\r' => out.push_str(r"\r"),
            '\0'..='\u{1f}' | '\u{7f}' => {
                let _ = write!(out, r"\u{:04x}", u32::from(c));
            }
            _ => out.push(c),
        }
    }
    out.push('"');
}

/// A float: Go's shortest `%g`, with a decimal point.
fn float(f: f64) -> String {
    if f.is_nan() {
        return if f.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if f.is_infinite() {
        return if f < 0.0 { "-inf" } else { "inf" }.to_owned();
    }
    let exponential = goyaml::shortest_exponential(f);
    let (mantissa, exponent) = exponential.split_once('e').unwrap_or((&exponential, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    match exponent {
        -4..6 => {
            let plain = format!("{f}");
            let has_point = plain.contains('.');
            if has_point { plain } else { plain + ".0" }
        }
        _ => {
            let sign = if exponent < 0 { '-' } else { '+' };
            format!("{mantissa}e{sign}{:02}", exponent.abs())
        }
    }
}
