//! Printing JSON.

use std::fmt::Write;

use crate::fault::{Fault, FaultKind};
use crate::number::format_json_float;
use crate::value::{Data, Map, Value};

/// Are `<`, `>` and `&` escaped in strings?
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Html {
    /// `json.Marshal`: `\u003c`.
    Escaped,
    /// `Encoder.SetEscapeHTML(false)`: `<`.
    Raw,
}

/// Prints a value as `json.Marshal` does: keys sorted by bytes, no blanks, no line break.
///
/// Fails as upstream does on infinities and NaN.
pub fn to_json(value: &Value, html: Html) -> Result<String, Fault> {
    let mut printer = Printer { out: String::new(), html, indent: None, depth: 0 };
    printer.value(value)?;
    Ok(printer.out)
}

/// Prints a value as `json.MarshalIndent(value, "", indent)` does.
pub fn to_json_indent(value: &Value, html: Html, indent: &str) -> Result<String, Fault> {
    let mut printer =
        Printer { out: String::new(), html, indent: Some(indent), depth: 0 };
    printer.value(value)?;
    Ok(printer.out)
}

struct Printer<'a> {
    out: String,
    html: Html,
    indent: Option<&'a str>,
    depth: usize,
}

impl Printer<'_> {
    fn value(&mut self, value: &Value) -> Result<(), Fault> {
        // Writing to a string cannot fail.
        let _written = match &value.data {
            Data::Null => self.out.write_str("null"),
            Data::Bool(value) => write!(self.out, "{value}"),
            Data::Int(value) => write!(self.out, "{value}"),
            Data::Uint(value) => write!(self.out, "{value}"),
            Data::Float(number) => {
                let text = format_json_float(*number).ok_or_else(|| {
                    let message = super::unsupported_float(*number);
                    Fault::plain(FaultKind::Json, value.span, message)
                })?;
                self.out.write_str(&text)
            }
            Data::Str(text) => {
                write_string(&mut self.out, text, self.html);
                Ok(())
            }
            Data::Seq(items) => return self.sequence(items),
            Data::Map(map) => return self.map(map),
        };
        Ok(())
    }

    fn sequence(&mut self, items: &[Value]) -> Result<(), Fault> {
        self.out.push('[');
        self.depth += 1;
        for (at, item) in items.iter().enumerate() {
            self.separate(at);
            self.value(item)?;
        }
        self.close(items.is_empty(), ']');
        Ok(())
    }

    fn map(&mut self, map: &Map) -> Result<(), Fault> {
        self.out.push('{');
        self.depth += 1;
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_by_key(|(key, _)| *key);
        for (at, (key, entry)) in entries.iter().enumerate() {
            self.separate(at);
            write_string(&mut self.out, key, self.html);
            self.out.push_str(if self.indent.is_some() { ": " } else { ":" });
            self.value(&entry.value)?;
        }
        self.close(entries.is_empty(), '}');
        Ok(())
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push(',');
        }
        self.line();
    }

    fn close(&mut self, empty: bool, bracket: char) {
        self.depth -= 1;
        if !empty {
            self.line();
        }
        self.out.push(bracket);
    }

    fn line(&mut self) {
        if let Some(indent) = self.indent {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n(indent, self.depth));
        }
    }
}

/// Prints a string in quotes.
fn write_string(out: &mut String, text: &str, html: Html) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '<' | '>' | '&' if html == Html::Escaped => escape(out, c),
            '\0'..='\x1f' | '\u{2028}' | '\u{2029}' => escape(out, c),
            c => out.push(c),
        }
    }
    out.push('"');
}

fn escape(out: &mut String, c: char) {
    let _written = write!(out, "\\u{:04x}", u32::from(c));
}
