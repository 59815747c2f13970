//! `fromYaml` of a chart's large file: what no template looks at is not read.

use gotemplate::{Call, Data, Map, Str, Value};
use goyaml::OutlineEntry;
use source::{FileId, Mark, Span};

use super::args::Text;
use super::plain::{Numbers, grown};
use crate::Host;
use crate::documents::LARGE;

/// The dictionary that a file holds, each dictionary in it read when someone asks.
///
/// `None` if the text is no large file or has no [`goyaml::Outline`].
pub(super) fn map(call: &mut Call<'_>, text: &Text) -> Option<Map> {
    let file = &text.text;
    let (bytes, whole) = file.as_verbatim().filter(|(bytes, _)| bytes.len() >= LARGE)?;
    // What decided that the file was taken would have to be said of each value.
    if call.origin_of_marks(&[whole]) != whole.origin {
        return None;
    }
    let outline = call.host::<Host>()?.documents.outline(bytes)?;
    let entry =
        |entry: &OutlineEntry| (Str::from(entry.key.as_str()), value(entry, file));
    Some(outline.entries.iter().map(entry).collect())
}

fn value(entry: &OutlineEntry, file: &Str) -> Value {
    if !entry.is_mapping {
        return read(entry, file);
    }
    let (entry, file) = (entry.clone(), file.clone());
    Value::from(Map::deferred(move || match read(&entry, &file).data {
        Data::Map(map) => map,
        _ => Map::new(),
    }))
}

fn read(entry: &OutlineEntry, file: &Str) -> Value {
    let tree = entry.read(file.as_bytes(), FileId::NONE);
    grown(&tree, Numbers::Floats, &mut |data, span| placed(data, span, file))
}

/// A scalar with the origin of the line that holds it; of several lines, each has its own.
fn placed(data: Data, span: Span, file: &Str) -> Value {
    let Some((bytes, whole)) = file.as_verbatim() else { return Value::new(data) };
    let written = bytes.get(span.range()).unwrap_or(&[]);
    let text = match data {
        Data::Str(text) if written.contains(&b'\n') => text,
        data => {
            let origin = whole.origin.after(span.start as usize);
            return Value::new(data).with_origin(origin);
        }
    };
    let is_literal = written.starts_with(b"|");
    let (mut marks, mut rest, mut from) =
        (Vec::new(), text.as_bytes(), span.start as usize);
    for (n, line) in written.split_inclusive(|byte| *byte == b'\n').enumerate() {
        let length = match is_literal {
            // The header.
            true if n == 0 => 0,
            true => {
                rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |n| n + 1)
            }
            // About what it became: the line and a space, but for escapes.
            false if line.trim_ascii().is_empty() => 0,
            false => rest.len().min(line.trim_ascii().len() + 1),
        };
        let start = narrow(text.len() - rest.len());
        let origin = whole.origin.after(from);
        rest = rest.get(length..).unwrap_or(&[]);
        from += line.len();
        if length > 0 {
            let end = narrow(text.len() - rest.len());
            marks.push(Mark { start, end, origin, ..whole });
        }
    }
    if let Some(last) = marks.last_mut() {
        last.end = narrow(text.len());
    }
    Value::from(Str::marked(text, marks))
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
