//! Printing JSON.

use std::fmt::Write;

use source::OriginId;

use crate::emit::Emitted;
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
    print(value, html, None).map(|printer| printer.out)
}

/// Prints a value as `json.MarshalIndent(value, "", indent)` does.
pub fn to_json_indent(value: &Value, html: Html, indent: &str) -> Result<String, Fault> {
    print(value, html, Some(indent)).map(|printer| printer.out)
}

/// Prints a value as [`to_json`] does, or with an indent as [`to_json_indent`], and says where
/// scalars and empty collections with an origin stand.
pub fn to_json_marked(
    value: &Value,
    html: Html,
    indent: Option<&str>,
) -> Result<Emitted, Fault> {
    let printer = print(value, html, indent)?;
    Ok(Emitted { text: printer.out, marks: printer.marks })
}

fn print<'a>(
    value: &Value,
    html: Html,
    indent: Option<&'a str>,
) -> Result<Printer<'a>, Fault> {
    let (out, marks) = (String::new(), Vec::new());
    let mut printer = Printer { out, html, indent, depth: 0, marks };
    printer.value(value)?;
    Ok(printer)
}

struct Printer<'a> {
    out: String,
    html: Html,
    indent: Option<&'a str>,
    depth: usize,
    marks: Vec<(u32, u32, OriginId)>,
}

impl Printer<'_> {
    fn value(&mut self, value: &Value) -> Result<(), Fault> {
        let start = self.out.len();
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
            Data::Seq(items) if !items.is_empty() => return self.sequence(items),
            Data::Map(map) if !map.is_empty() => return self.map(map),
            Data::Seq(_) => self.out.write_str("[]"),
            Data::Map(_) => self.out.write_str("{}"),
        };
        if !value.origin.is_none() {
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.marks.push((narrow(start), narrow(self.out.len()), value.origin));
        }
        Ok(())
    }

    fn sequence(&mut self, items: &[Value]) -> Result<(), Fault> {
        self.out.push('[');
        self.depth += 1;
        for (at, item) in items.iter().enumerate() {
            self.separate(at);
            self.value(item)?;
        }
        self.close(']');
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
        self.close('}');
        Ok(())
    }

    fn separate(&mut self, at: usize) {
        if at > 0 {
            self.out.push(',');
        }
        self.line();
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        self.line();
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
