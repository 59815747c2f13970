//! A whole object as YAML, with the place of each line beside it.

use std::io;

use goyaml::{Format, Value};
use source::{MASK, Origins, SlotId, SourceMap};
use unicode_width::UnicodeWidthStr;

use super::text::head;
use super::{Explanation, Field, FieldPath, removed};

/// The widest line that moves the column of places.
const WIDEST: usize = 72;

/// Writes an object as it is rendered; beside each line the place that a reader would change.
pub fn write_whole(
    sources: &SourceMap,
    explanation: &Explanation<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    write!(out, "# ")?;
    head(explanation, out)?;
    let gone = explanation.fields.first().and_then(|field| field.removed);
    if let Some(gone) = gone {
        let origins = &explanation.object.built.origins;
        let place = removed::place(sources, origins, gone);
        writeln!(out, "# It is removed by {place}; without that it would be:")?;
    }
    let Some((text, places)) = printed(sources, explanation) else { return Ok(()) };
    let lines: Vec<&str> = text.lines().collect();
    let widths = lines.iter().map(|line| line.width()).filter(|width| *width <= WIDEST);
    let column = widths.max().unwrap_or(0);
    for (n, line) in lines.iter().enumerate() {
        let places = places.iter().filter(|(at, _)| *at == n).map(|(_, place)| place);
        let places: Vec<&str> = places.map(String::as_str).collect();
        if places.is_empty() {
            writeln!(out, "{line}")?;
            continue;
        }
        let pad = column.saturating_sub(line.width());
        writeln!(out, "{line}{:pad$}  # {}", "", places.join(", "))?;
    }
    let (object, whole) = (&explanation.object, FieldPath::default());
    for field in removed::fields(sources, object, &whole) {
        let Some(edit) = field.removed else { continue };
        let place = removed::place(sources, &object.built.origins, edit);
        writeln!(out, "# {} is removed by {place}", field.path)?;
    }
    Ok(())
}

/// The text of the object, secrets masked, and the places of its lines (counted from 0).
fn printed(
    sources: &SourceMap,
    explanation: &Explanation<'_>,
) -> Option<(String, Vec<(usize, String)>)> {
    let mut value = kustomize::typed(explanation.object.node()).ok()?;
    let fields = &explanation.fields;
    let numbers = Origins::with_slots(u32::try_from(fields.len()).ok()?);
    let mut numbered = Numbered { fields, numbers: &numbers, next: 0 };
    numbered.node(&mut value);
    let emitted = goyaml::to_yaml_marked(&value, Format::Sigs).ok()?;
    let starts: Vec<usize> = emitted.text.match_indices('\n').map(|(at, _)| at).collect();
    let place = |(start, _, id): &(u32, u32, source::OriginId)| {
        let Some(source::Origin::Slot(slot)) = numbers.get(*id) else { return None };
        let field = fields.get(slot.0 as usize)?;
        let origins = &explanation.object.built.origins;
        let cause = sources.written_at(origins, field.place, &field.causes)?;
        let at = sources.location(sources.found_at(cause))?;
        let line = starts.partition_point(|end| *end < *start as usize);
        Some((line, format!("{}:{}", at.path, at.line)))
    };
    let places = emitted.marks.iter().filter_map(place).collect();
    Some((emitted.text, places))
}

/// Gives each leaf of a tree the number of its field; both are in the same order.
struct Numbered<'a> {
    fields: &'a [Field],
    numbers: &'a Origins,
    next: u32,
}

impl Numbered<'_> {
    fn node(&mut self, value: &mut Value) {
        match &mut value.data {
            goyaml::Data::Map(map) if !map.is_empty() => {
                map.values_mut().for_each(|entry| self.node(&mut entry.value));
            }
            goyaml::Data::Seq(items) if !items.is_empty() => {
                items.iter_mut().for_each(|item| self.node(item));
            }
            _ => {
                let field = self.fields.get(self.next as usize);
                if let Some(field) = field
                    && field.value.as_ref() != Some(&field.text)
                {
                    let shown = field.value.as_deref().unwrap_or(MASK);
                    value.data = goyaml::Data::Str(shown.into());
                }
                value.origin = self.numbers.slot(SlotId(self.next));
                self.next += 1;
            }
        }
    }
}
