//! Writing YAML byte for byte as go-yaml does: a push interface.
//!
//! [`Emitter`] takes maps, keys, sequences and scalars one by one, so that any tree can be
//! written without being copied into another. What it must know of a scalar is in
//! `style.rs`, how each style is written in `scalar.rs`, the output's state in `writer.rs`.

mod comment;
mod node;
mod scalar;
mod style;
mod writer;

use source::OriginId;

use crate::fault::{Fault, FaultKind};
use crate::number::{format_float, format_json_float};
use crate::resolve::{Resolved, resolve};
use crate::{Dialect, json};

pub use node::{document_to_yaml, node_to_yaml};
use style::ScalarStyle;
use writer::Writer;

/// Whose output an [`Emitter`] writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Format {
    /// `sigs.k8s.io/yaml` `Marshal`: through JSON, then go-yaml v2. Helm's `toYaml`,
    /// Kustomize's output.
    Sigs,
    /// `Marshal` of go-yaml v2.
    V2,
    /// go-yaml v3 with `SetIndent(2)`: Helm's `toYamlPretty`.
    Pretty,
    /// go-yaml v3 as kyaml sets it: two columns, sequences not indented.
    Kyaml,
}

impl Format {
    fn dialect(self) -> Dialect {
        match self {
            Format::Sigs | Format::V2 => Dialect::V2,
            Format::Pretty | Format::Kyaml => Dialect::V3,
        }
    }
}

/// One scalar to write.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Scalar<'a> {
    /// `null`
    Null,
    /// `true`
    Bool(bool),
    /// `1`
    Int(i64),
    /// `18446744073709551615`
    Uint(u64),
    /// `1.5`
    Float(f64),
    /// `a`, quoted as needed.
    Str(&'a str),
    /// Text that is written as it stands, whatever it reads as: a time.
    Plain(&'a str),
    /// Text that is no UTF-8: `!!binary`; with [`Format::Sigs`] as JSON mends it.
    Bytes(&'a [u8]),
}

/// What an [`Emitter`] wrote.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emitted {
    /// The document, with its last line break.
    pub text: String,
    /// For every scalar and empty collection that came with an origin: its bytes
    /// (start, end) in `text`. Sorted; ranges do not overlap.
    pub marks: Vec<(u32, u32, OriginId)>,
}

/// Writes one document.
///
/// Keys are written in the order in which they come: sort them with
/// [`key_order`](crate::key_order) first, as go-yaml does.
///
/// ```
/// use goyaml::{Emitter, Format, Scalar};
/// use source::OriginId;
/// let none = OriginId::NONE;
/// let mut emitter = Emitter::new(Format::Sigs);
/// emitter.begin_map(none);
/// emitter.key("replicas", none);
/// emitter.scalar(Scalar::Float(2.0), none);
/// emitter.end();
/// assert_eq!(emitter.finish().unwrap().text, "replicas: 2\n");
/// ```
#[derive(Debug)]
pub struct Emitter {
    format: Format,
    out: Writer,
    frames: Vec<Frame>,
    pending: Option<Open>,
    marks: Vec<(u32, u32, OriginId)>,
    fault: Option<Fault>,
}

/// A collection whose first entry did not come yet: it may turn out to be empty.
#[derive(Clone, Copy, Debug)]
struct Open {
    collection: Collection,
    origin: OriginId,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Collection {
    Map,
    Seq,
}

/// An open collection.
#[derive(Clone, Copy, Debug)]
struct Frame {
    collection: Collection,
    /// The indentation around it.
    outer: i32,
    /// `? key`: the value needs its own line.
    explicit: bool,
}

impl Emitter {
    /// An emitter of one document.
    #[must_use]
    pub fn new(format: Format) -> Emitter {
        Emitter {
            format,
            out: Writer::new(format),
            frames: Vec::new(),
            pending: None,
            marks: Vec::new(),
            fault: None,
        }
    }

    /// The dialect of its format: the one to sort keys in.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.format.dialect()
    }

    /// Begins a map: [`key`](Self::key) and a value come in turns, then [`end`](Self::end).
    /// The origin is recorded if it turns out empty.
    pub fn begin_map(&mut self, origin: OriginId) {
        self.begin(Collection::Map, origin);
    }

    /// Begins a sequence: values come, then [`end`](Self::end).
    pub fn begin_seq(&mut self, origin: OriginId) {
        self.begin(Collection::Seq, origin);
    }

    /// Ends the innermost map or sequence.
    pub fn end(&mut self) {
        if let Some(open) = self.pending.take() {
            let start = self.out.space_then_here();
            self.out.write_indicator(match open.collection {
                Collection::Map => "{}",
                Collection::Seq => "[]",
            });
            self.mark(start, open.origin);
        } else if let Some(frame) = self.frames.pop() {
            self.out.indent = frame.outer;
        }
    }

    /// A key of the innermost map.
    pub fn key(&mut self, text: &str, origin: OriginId) {
        self.open_pending();
        let text = match self.format {
            Format::Sigs => json::round_trip(text, json::Place::Key),
            _ => Ok(text.into()),
        };
        match text {
            Ok(text) => self.write_key(&text, origin),
            Err(fault) => self.fail(fault),
        }
    }

    /// A scalar: the value of a key, an item, or the whole document.
    pub fn scalar(&mut self, scalar: Scalar<'_>, origin: OriginId) {
        self.open_pending();
        self.before_value();
        match scalar {
            Scalar::Str(text) => self.string(text, origin),
            Scalar::Bytes(bytes) => self.bytes(bytes, origin),
            Scalar::Plain(text) => self.plain(text, origin),
            Scalar::Null => self.plain("null", origin),
            Scalar::Bool(true) => self.plain("true", origin),
            Scalar::Bool(false) => self.plain("false", origin),
            Scalar::Int(value) => self.plain(&value.to_string(), origin),
            Scalar::Uint(value) => self.plain(&value.to_string(), origin),
            Scalar::Float(value) => self.float(value, origin),
        }
    }

    /// The document; or the first thing that upstream refuses to write.
    pub fn finish(mut self) -> Result<Emitted, Fault> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        self.out.indent = 0;
        self.out.write_indent();
        Ok(Emitted { text: self.out.text, marks: self.marks })
    }

    fn begin(&mut self, collection: Collection, origin: OriginId) {
        self.open_pending();
        self.before_value();
        self.pending = Some(Open { collection, origin });
    }

    /// The collection that is pending has an entry: it is written as a block.
    fn open_pending(&mut self) {
        let Some(open) = self.pending.take() else { return };
        let in_sequence = self.in_sequence();
        let in_mapping = self.frames.last().is_some() && !in_sequence;
        let outer = self.out.indent;
        let compact = open.collection == Collection::Seq && in_mapping;
        self.out.increase_indent(in_sequence, compact);
        let collection = open.collection;
        self.frames.push(Frame { collection, outer, explicit: false });
    }

    fn in_sequence(&self) -> bool {
        self.frames.last().is_some_and(|f| f.collection == Collection::Seq)
    }

    /// Writes what stands before a value: `- ` of an item, `: ` of a long key.
    fn before_value(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        match frame.collection {
            Collection::Seq => {
                self.out.write_indent();
                self.out.write_block_indicator('-');
            }
            Collection::Map if frame.explicit => {
                frame.explicit = false;
                self.out.write_indent();
                self.out.write_block_indicator(':');
            }
            Collection::Map => {}
        }
    }

    fn write_key(&mut self, text: &str, origin: OriginId) {
        self.out.write_indent();
        let (text_style, analysis) = style::of_string(text, self.format.dialect());
        let simple = !analysis.multiline && text.len() <= 128;
        if simple {
            let style = analysis.select(text, text_style, true);
            self.write(text, style, true, origin);
            self.out.write_indicator(":");
            return;
        }
        self.out.write_block_indicator('?');
        let style = analysis.select(text, text_style, false);
        self.write(text, style, false, origin);
        if let Some(frame) = self.frames.last_mut() {
            frame.explicit = true;
        }
    }

    fn string(&mut self, text: &str, origin: OriginId) {
        let text = match self.format {
            Format::Sigs => json::round_trip(text, json::Place::Value),
            _ => Ok(text.into()),
        };
        match text {
            Ok(text) => {
                let (style, analysis) = style::of_string(&text, self.format.dialect());
                self.write(&text, analysis.select(&text, style, false), false, origin);
            }
            Err(fault) => self.fail(fault),
        }
    }

    fn bytes(&mut self, bytes: &[u8], origin: OriginId) {
        match (std::str::from_utf8(bytes), self.format) {
            (Ok(text), _) => self.string(text, origin),
            (Err(_), Format::Sigs) => self.string(&json::mend_utf8(bytes), origin),
            (Err(_), _) => {
                self.out.write_word("!!binary");
                let text = crate::base64::encode_lines(bytes);
                let style = match text.contains('\n') {
                    true => ScalarStyle::Literal,
                    false => ScalarStyle::Plain,
                };
                self.write(&text, style, false, origin);
            }
        }
    }

    fn float(&mut self, value: f64, origin: OriginId) {
        if self.format != Format::Sigs {
            return self.plain(&format_float(value), origin);
        }
        let Some(text) = format_json_float(value) else {
            let message = json::unsupported_float(value);
            return self.fail(Fault::plain(
                FaultKind::Json,
                source::Span::NONE,
                format!("error marshaling into JSON: {message}"),
            ));
        };
        match resolve(&text, Dialect::V2, true) {
            Resolved::Int(value) => self.plain(&value.to_string(), origin),
            Resolved::Uint(value) => self.plain(&value.to_string(), origin),
            Resolved::Float(value) => self.plain(&format_float(value), origin),
            _ => self.string(&text, origin),
        }
    }

    fn plain(&mut self, text: &str, origin: OriginId) {
        self.write(text, ScalarStyle::Plain, false, origin);
    }

    fn write(&mut self, text: &str, style: ScalarStyle, is_key: bool, origin: OriginId) {
        let outer = self.out.indent;
        let in_sequence = self.in_sequence();
        self.out.increase_scalar_indent(in_sequence);
        let start = self.out.space_then_here();
        self.out.write_scalar(text, style, !is_key);
        self.out.indent = outer;
        self.mark(start, origin);
    }

    fn mark(&mut self, start: usize, origin: OriginId) {
        if !origin.is_none() {
            let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
            self.marks.push((narrow(start), narrow(self.out.text.len()), origin));
        }
    }

    fn fail(&mut self, fault: Fault) {
        self.fault.get_or_insert(fault);
    }
}
