//! `.Files`: what a chart holds besides templates and values.
//!
//! Follows `pkg/engine/files.go` of Helm 4.2.

use std::collections::BTreeMap;
use std::sync::Arc;

use ecow::EcoString;
use gotemplate::{
    Call, Foreign, Func, Kind, List, Object, Str, This, Type, UintKind, Value, func,
};
use goyaml::{Dialect, Format};
use source::{FileId, Origin, Span};

use super::glob;
use crate::chart::ChartFile;

/// A set of a chart's files, by path: Go's `engine.files`.
pub(super) struct Files {
    files: BTreeMap<EcoString, Content>,
}

#[derive(Clone)]
struct Content {
    data: Arc<[u8]>,
    file: FileId,
}

static METHODS: &[Func] = &[
    func!("Get", get, Transparent),
    func!("GetBytes", get_bytes, Transparent),
    func!("Glob", glob_files, Transparent),
    func!("AsConfig", as_config, Transparent),
    func!("AsSecrets", as_secrets, Transparent),
    func!("Lines", lines, Transparent),
];

impl Files {
    /// The files of a chart.
    pub(super) fn new(files: &[ChartFile]) -> Files {
        let content = |f: &ChartFile| Content { data: f.data.clone(), file: f.file };
        let files = files.iter().map(|f| (f.name.clone(), content(f))).collect();
        Files { files }
    }

    fn base_names(&self) -> BTreeMap<&str, &Content> {
        let base = |path: &'_ EcoString| path.rfind('/').map_or(0, |at| at + 1);
        self.files.iter().map(|(path, file)| (&path[base(path)..], file)).collect()
    }
}

impl Content {
    fn span(&self) -> Span {
        match self.file {
            FileId::NONE => Span::NONE,
            file => Span::new(file, 0, self.data.len()),
        }
    }

    fn origin(&self, call: &mut Call<'_>) -> source::OriginId {
        let span = self.span();
        match span.is_none() {
            true => source::OriginId::NONE,
            false => call.origins().add(Origin::Source(span)),
        }
    }

    /// The text, each line of it with an origin of its own.
    fn text(&self, call: &mut Call<'_>) -> Value {
        Value::from(match self.file {
            FileId::NONE => Str::shared(self.data.clone()),
            file => call.verbatim(file, &self.data),
        })
    }

    fn bytes(&self) -> Value {
        Value::from(List::raw(self.data.clone()))
    }
}

impl Foreign for Files {
    fn type_name(&self) -> &'static str {
        "engine.files"
    }

    fn kind(&self) -> Kind {
        Kind::Map
    }

    fn field(&self, name: &str) -> Option<Value> {
        let none = || Value::from(List::nil(Type::Uint(UintKind::Uint8)));
        Some(self.files.get(name).map_or_else(none, Content::bytes))
    }

    fn methods(&self) -> &'static [Func] {
        METHODS
    }

    fn truth(&self) -> bool {
        !self.files.is_empty()
    }

    fn length(&self) -> Option<usize> {
        Some(self.files.len())
    }

    fn index(&self, key: &Value) -> Option<Value> {
        let name = key.as_str()?.to_str().into_owned();
        Some(match self.files.get(name.as_str()) {
            Some(content) => content.bytes(),
            None => Value::from(List::nil(Type::Uint(UintKind::Uint8))),
        })
    }

    fn entries(&self) -> Option<Vec<(Value, Value)>> {
        let pair = |(name, content): (&EcoString, &Content)| {
            (Value::str(name.as_bytes()), content.bytes())
        };
        Some(self.files.iter().map(pair).collect())
    }

    fn plain(&self) -> Option<Value> {
        let pair = |(name, content): (&EcoString, &Content)| {
            (Str::new(name.as_bytes()), content.bytes())
        };
        Some(Value::from(gotemplate::Map::of(
            Type::List(&Type::Uint(UintKind::Uint8)),
            self.files.iter().map(pair),
        )))
    }
}

/// The text of a file; empty if there is none. (`files.Get`)
fn get(call: &mut Call<'_>, this: This<Files>, name: String) -> Value {
    match this.0.files.get(name.as_str()) {
        None => Value::str(""),
        Some(content) => content.text(call),
    }
}

/// The bytes of a file. (`files.GetBytes`)
fn get_bytes(this: This<Files>, name: String) -> Value {
    match this.0.files.get(name.as_str()) {
        None => Value::from(List::of(Type::Uint(UintKind::Uint8), Vec::new())),
        Some(content) => content.bytes(),
    }
}

/// The files whose whole path matches. (`files.Glob`)
fn glob_files(this: This<Files>, pattern: String) -> Object {
    let matches = glob::compile(&pattern);
    let keep =
        |name: &EcoString| matches.as_ref().is_none_or(|m| m.is_match(name.as_bytes()));
    let files = this.0.files.iter().filter(|(name, _)| keep(name));
    let files = files.map(|(name, content)| (name.clone(), content.clone())).collect();
    Object::new(Files { files })
}

/// The files as `data` of a ConfigMap. (`files.AsConfig`)
fn as_config(call: &mut Call<'_>, this: This<Files>) -> Value {
    as_yaml(call, &this.0, |data| String::from_utf8_lossy(data).into_owned())
}

/// The files as `data` of a Secret. (`files.AsSecrets`)
fn as_secrets(call: &mut Call<'_>, this: This<Files>) -> Value {
    as_yaml(call, &this.0, base64)
}

/// A mapping of names to texts, each entry from its file.
fn as_yaml(call: &mut Call<'_>, files: &Files, text: fn(&[u8]) -> String) -> Value {
    let mut entries: Vec<(&str, &Content)> = files.base_names().into_iter().collect();
    if entries.is_empty() {
        return Value::str("{}");
    }
    goyaml::sort_keys(&mut entries, Dialect::V2, |(name, _)| name);
    let mut mapping = call.builder();
    let last = entries.len() - 1;
    for (at, (name, content)) in entries.into_iter().enumerate() {
        let mut map = goyaml::Map::default();
        let value = goyaml::Value::new(text(&content.data).as_str());
        map.insert(name.into(), value.into());
        let entry =
            goyaml::to_yaml(&goyaml::Value::new(map), Format::Sigs).unwrap_or_default();
        let ended = if at == last { entry.strip_suffix('\n') } else { None };
        mapping.push_from(ended.unwrap_or(&entry), content.origin(call));
    }
    mapping.finish()
}

/// The lines of a file. (`files.Lines`)
///
/// Of an empty file it looks for the last byte, and panics.
fn lines(
    call: &mut Call<'_>,
    this: This<Files>,
    name: String,
) -> Result<Value, &'static str> {
    let Some(content) = this.0.files.get(name.as_str()) else {
        return Ok(Value::from(List::strings(Vec::<Str>::new())));
    };
    if content.data.is_empty() {
        return Err("runtime error: index out of range [-1]");
    }
    let data = content.data.strip_suffix(b"\n").unwrap_or(&content.data);
    let mut start = 0;
    let mut line = |line: &[u8]| {
        let span = Span::new(content.file, start, start + line.len());
        start += line.len() + 1;
        let origin = match span.is_none() {
            true => source::OriginId::NONE,
            false => call.origins().add(Origin::Source(span)),
        };
        Value::str(line).with_origin(origin)
    };
    let lines = data.split(|b| *b == b'\n').map(&mut line).collect();
    Ok(Value::from(List::of(Type::String, lines)))
}

/// Standard base64 with padding.
fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(data.len().div_ceil(3) * 4);
    for chunk in data.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let group = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let index = (group >> (18 - 6 * digit)) & 63;
            match digit <= chunk.len() {
                true => out.push(char::from(DIGITS[index as usize])),
                false => out.push('='),
            }
        }
    }
    out
}
