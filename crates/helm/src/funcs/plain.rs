//! Between template values and the trees that YAML, JSON and TOML are written from.

use ecow::EcoString;
use gotemplate::{
    Call, Data, IntKind, Kind, List, Map, Object, Str, Type, Value, slice_marks,
};
use goyaml::{Data as Plain, Entry, Value as Tree};
use source::{Mark, OriginId, Origins, Span};

use super::args::Text;
use super::certificates::Certificate;
use super::instant::{self, Moment};
use super::pieces::mended;
use super::raw::raw_text;
use super::text::base::encode64;

/// How deep values may be; a dictionary that holds itself is deeper.
const MAX_DEPTH: usize = 5_000;

/// How many values may be written at once: a list that holds another twice, which holds
/// another twice, and so on, would fill the memory.
const MAX_VALUES: usize = 2_000_000;

/// Whose eyes a value is seen with.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoder {
    /// `encoding/json`: nil lists are null; bytes that are no UTF-8 become [`BAD_BYTE`].
    Json,
    /// The same on the way to YAML: such bytes become U+FFFD.
    Sigs,
    /// go-yaml: nil lists and dictionaries are empty; see [`raw_bytes`](super::raw::raw_bytes).
    Go,
    /// TOML: nil lists and dictionaries are null.
    Toml,
}

/// Stands for a byte that is no UTF-8, which JSON escapes, until the text is written: a
/// character that is none.
pub(super) const BAD_BYTE: char = '\u{10FFFF}';

/// Stands before the key of a struct's field, with a character that tells its place, until
/// the text is written: an encoder sorts the keys of maps, but not the fields of structs.
pub(super) const FIELD: char = '\u{10FFFE}';

/// The character for the place of a first field.
pub(super) const FIRST_PLACE: char = '\u{E000}';

/// Stands before the text of a time, which TOML and go-yaml do not quote: a character that
/// is none. The form for YAML follows, a line break, and the form for TOML.
const MOMENT: char = '\u{10FFFD}';

/// How a time is written in YAML and in TOML, if a text is one.
pub(super) fn moment_forms(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(MOMENT)?.split_once('\n')
}

/// A key without what put it in order, if something did.
pub(super) fn field_name(key: &str) -> Option<&str> {
    let mut name = key.strip_prefix(FIELD)?.chars();
    name.next();
    Some(name.as_str())
}

/// What an encoder sees of a value: each scalar with its origin.
pub(super) fn to_tree(
    call: &mut Call<'_>,
    value: &Value,
    encoder: Encoder,
) -> Result<Tree, String> {
    Planter { call, encoder, planted: 0, bytes: 0 }.tree(value, OriginId::NONE, 0)
}

/// What a function that swallows faults answers to one: limits are told, not swallowed.
pub(super) fn told<T>(fault: String, otherwise: T) -> Result<T, String> {
    let limit = fault.contains(TOO_MUCH) || fault.contains(" steps");
    if limit { Err(fault) } else { Ok(otherwise) }
}

/// What a limit says of itself.
const TOO_MUCH: &str = "json: unsupported value: too much: ";

/// How many bytes the texts of one value may have together.
const MAX_BYTES: usize = 1 << 26;

struct Planter<'c, 'e> {
    call: &'c mut Call<'e>,
    encoder: Encoder,
    /// How many values there are so far.
    planted: usize,
    /// How many bytes their texts have.
    bytes: usize,
}

impl Planter<'_, '_> {
    fn tree(
        &mut self,
        value: &Value,
        container: OriginId,
        depth: usize,
    ) -> Result<Tree, String> {
        if depth > MAX_DEPTH {
            return Err(format!("json: unsupported value: more than {MAX_DEPTH} levels"));
        }
        self.planted += 1;
        if self.planted > MAX_VALUES {
            return Err(format!("{TOO_MUCH}more than {MAX_VALUES} values"));
        }
        let len = value.as_str().map_or(0, gotemplate::Str::len);
        self.bytes = self.bytes.saturating_add(len);
        if self.bytes > MAX_BYTES {
            return Err(format!("{TOO_MUCH}more than {MAX_BYTES} bytes"));
        }
        let steps = 1 + len as u64 / 64;
        self.call.charge(steps).map_err(|fault| fault.to_string())?;
        let own = self.call.origin_of(value);
        let origin = match own.is_none() {
            // What a template put into a map of the values is there because of the map.
            true if is_of_values(self.call.origins(), container) => {
                self.call.origins().because(OriginId::NONE, container)
            }
            true => container,
            false => self.call.origin_inside(own, container),
        };
        let data = match &value.data {
            Data::Nil => Plain::Null,
            Data::Bool(b) => Plain::Bool(*b),
            Data::Int(n, _) => Plain::Int(*n),
            Data::Uint(n, _) => Plain::Uint(*n),
            Data::Float(f) => Plain::Float(*f),
            Data::Str(text) => Plain::Str(eco(text, self.encoder)),
            Data::List(list) => self.list(list, origin, depth)?,
            Data::Map(map) => self.map(map, origin, depth)?,
            Data::Object(object) => return self.object(object, origin, depth),
            Data::Complex(_) if self.encoder == Encoder::Toml => {
                return Err(match depth {
                    0 => "unsupported type for key '': complex128".to_owned(),
                    _ => "unsupported type: complex128".to_owned(),
                });
            }
            Data::Complex(_) => {
                return Err("json: unsupported type: complex128".to_owned());
            }
            Data::Func(func) => {
                return Err(format!("json: unsupported type: {}", func.signature));
            }
        };
        Ok(Tree { data, span: Span::NONE, origin })
    }

    /// Is a nil list or dictionary null here? To TOML it is not if it is all there is.
    fn is_null(&self, depth: usize) -> bool {
        match self.encoder {
            Encoder::Json | Encoder::Sigs => true,
            Encoder::Go => false,
            Encoder::Toml => depth > 0,
        }
    }

    fn list(
        &mut self,
        list: &List,
        origin: OriginId,
        depth: usize,
    ) -> Result<Plain, String> {
        if list.is_nil() && self.is_null(depth) {
            return Ok(Plain::Null);
        }
        let as_text = matches!(self.encoder, Encoder::Json | Encoder::Sigs);
        if let Some(bytes) = list.bytes().filter(|_| as_text) {
            return Ok(Plain::Str(encode64(&bytes).into()));
        }
        let items = list.values().iter().map(|item| self.tree(item, origin, depth + 1));
        Ok(Plain::Seq(items.collect::<Result<_, _>>()?))
    }

    fn map(
        &mut self,
        map: &Map,
        origin: OriginId,
        depth: usize,
    ) -> Result<Plain, String> {
        if map.is_nil() && self.is_null(depth) {
            return Ok(Plain::Null);
        }
        let mut entries = goyaml::Map::default();
        for (key, item) in map.entries() {
            entries.insert(
                eco(&key, self.encoder),
                Entry::from(self.tree(&item, origin, depth + 1)?),
            );
        }
        Ok(Plain::Map(entries))
    }

    /// The fields of a struct; their keys sort in the struct's order.
    fn record(
        &mut self,
        fields: Vec<(&'static str, Value)>,
        origin: OriginId,
        depth: usize,
    ) -> Result<Tree, String> {
        let mut entries = goyaml::Map::default();
        for ((key, value), place) in fields.into_iter().zip(FIRST_PLACE..) {
            let key = format!("{FIELD}{place}{key}");
            let value = self.tree(&value, origin, depth + 1)?;
            entries.insert(key.into(), Entry::from(value));
        }
        Ok(Tree { data: Plain::Map(entries), span: Span::NONE, origin })
    }

    /// What an object's `MarshalJSON` writes, or its fields.
    fn object(
        &mut self,
        object: &Object,
        origin: OriginId,
        depth: usize,
    ) -> Result<Tree, String> {
        let text = |text: String| Tree {
            data: Plain::Str(text.into()),
            span: Span::NONE,
            origin,
        };
        if let Some(moment) = object.downcast::<Moment>() {
            return Ok(text(match self.encoder {
                Encoder::Go | Encoder::Toml => {
                    format!("{MOMENT}{}\n{}", moment.rfc3339(), moment.toml())
                }
                Encoder::Json | Encoder::Sigs => moment.rfc3339(),
            }));
        }
        if let Some(Certificate(pair)) = object.downcast() {
            let entries = [("Cert", &pair.cert), ("Key", &pair.key)];
            let entries =
                entries.map(|(key, part)| (key.into(), text(part.clone()).into()));
            let data = Plain::Map(entries.into_iter().collect());
            return Ok(Tree { data, span: Span::NONE, origin });
        }
        let by_name = matches!(self.encoder, Encoder::Go | Encoder::Toml);
        if by_name && let Some(mut fields) = object.fields() {
            // Go's own names; what is not exported stays inside.
            fields.retain(|(name, _)| name.starts_with(|c: char| c.is_uppercase()));
            return self.record(fields, origin, depth);
        }
        if self.encoder != Encoder::Sigs
            && let Some(fields) = object.json_fields()
        {
            return self.record(fields, origin, depth);
        }
        if let Some(plain) = object.plain() {
            return self.tree(&plain, origin, depth + 1);
        }
        if let (Kind::Map, Some(entries)) = (object.kind(), object.entries()) {
            let key = |key: Value| key.as_str().cloned().unwrap_or_default();
            let entries = entries.into_iter().map(|(k, value)| (key(k), value));
            let map: Map = entries.collect();
            return self.tree(&Value::from(map), origin, depth + 1);
        }
        Ok(match object.string() {
            Some(shown) => text(shown),
            None => Tree {
                data: Plain::Map(goyaml::Map::default()),
                span: Span::NONE,
                origin,
            },
        })
    }
}

fn eco(text: &Str, encoder: Encoder) -> EcoString {
    match std::str::from_utf8(text.as_bytes()) {
        Ok(text) => EcoString::from(text),
        Err(_) if encoder == Encoder::Json => text
            .as_bytes()
            .utf8_chunks()
            .flat_map(|chunk| {
                let bad = chunk.invalid().iter().map(|_| BAD_BYTE);
                chunk.valid().chars().chain(bad)
            })
            .collect(),
        Err(_) if matches!(encoder, Encoder::Go | Encoder::Toml) => raw_text(text),
        Err(_) => EcoString::from(mended(text.as_bytes()).as_ref()),
    }
}

/// What becomes of integers that are read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    /// They are floats: `encoding/json`.
    Floats,
    /// They are `int64`: TOML.
    Kept,
}

/// A template value of a tree that was read from `text`: each scalar has the origin of the
/// bytes it was read from.
pub(super) fn from_tree(
    call: &mut Call<'_>,
    tree: &Tree,
    text: &Text,
    numbers: Numbers,
) -> Value {
    grown(tree, numbers, &mut |data, span| {
        Value::new(data).with_origin(origin_of(call, span, text))
    })
}

/// A template value of a tree; `placed` makes a value of each scalar and its place.
pub(super) fn grown(
    tree: &Tree,
    numbers: Numbers,
    placed: &mut dyn FnMut(Data, Span) -> Value,
) -> Value {
    let data = match &tree.data {
        Plain::Null => Data::Nil,
        Plain::Bool(b) => Data::Bool(*b),
        Plain::Int(n) if numbers == Numbers::Kept => Data::Int(*n, IntKind::Int64),
        Plain::Int(n) => Data::Float(*n as f64),
        Plain::Uint(n) => Data::Float(*n as f64),
        Plain::Float(f) => Data::Float(*f),
        Plain::Str(shown) => match crate::toml::moment(shown) {
            Some(time) if numbers == Numbers::Kept => instant::object(time).data,
            _ => Data::Str(Str::from(shown.as_str())),
        },
        Plain::Seq(items) => {
            let items = items.iter().map(|item| grown(item, numbers, placed));
            // Tables under `[[a]]` stand at no one place, and Go knows that all are maps.
            let tables = numbers == Numbers::Kept && tree.span == Span::NONE;
            let of = if tables { Type::MAP } else { Type::Any };
            return Value::from(List::of(of, items.collect()));
        }
        Plain::Map(entries) => {
            let entries = entries.iter().map(|(key, entry)| {
                (Str::from(key.as_str()), grown(&entry.value, numbers, placed))
            });
            return Value::from(entries.collect::<Map>());
        }
    };
    placed(data, tree.span)
}

fn origin_of(call: &mut Call<'_>, span: Span, text: &Text) -> OriginId {
    if !text.text.is_marked() {
        return text.origin;
    }
    let range = span.start as usize..span.end as usize;
    call.origin_of_marks(&slice_marks(text.text.marks(), range))
}

/// Is it the origin of a node of the values, whatever chose that?
fn is_of_values(origins: &Origins, mut id: OriginId) -> bool {
    while let Some((data, _)) = origins.chosen(id) {
        id = data;
    }
    origins.is_slot(id)
}

/// A text that an emitter wrote, with the origins that it recorded.
pub(super) fn marked(
    call: &Call<'_>,
    text: &str,
    ranges: &[(u32, u32, OriginId)],
) -> Value {
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let (frame, at) = (call.frame(), call.span());
    let marks: Vec<Mark> = ranges
        .iter()
        .map(|&(start, stop, origin)| Mark {
            start,
            end: stop.min(end),
            origin,
            frame,
            at,
        })
        .filter(|mark| mark.start < mark.end)
        .collect();
    Value::from(Str::marked(text, marks))
}
