//! What values reach, for people and for programs.

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value, json};
use source::{MASK, SourceMap, Span};

use super::reach::Unreached;
use super::rows::{cut, on_one_line};
use super::{Reach, Reached, ReachedField};
use crate::report::document::{location, object, position, schema_of};

/// More fields of one object than this are counted, not listed.
const FIELDS: usize = 6;
/// More lines than this are not listed.
const LINES: usize = 20;

/// Writes what each value reaches, in `width` columns.
pub fn write_reach(
    sources: &SourceMap,
    reached: &[Reached],
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for (n, reached) in reached.iter().enumerate() {
        if n > 0 {
            writeln!(out)?;
        }
        let (place, line) = head(sources, reached);
        writeln!(out, "{}", cut(&format!("{place}  {line}"), width))?;
        for reach in [Reach::Sets, Reach::Decides, Reach::Removes] {
            let fields = reached.fields.iter().filter(|field| field.reach == reach);
            for (places, lines) in grouped(fields) {
                writeln!(
                    out,
                    "{}",
                    cut(&format!("  {} in {places}", word(reach)), width)
                )?;
                for line in lines.iter().take(LINES) {
                    writeln!(out, "    {}", cut(line, width.saturating_sub(4)))?;
                }
                if let Some(more @ 1..) = lines.len().checked_sub(LINES) {
                    writeln!(out, "    … and {more} more; `--format json` lists all")?;
                }
            }
        }
        if reached.fields.is_empty() {
            match why(sources, reached) {
                (true, words) => writeln!(out, "  {words}")?,
                (false, words) => writeln!(out, "  reaches nothing: {words}")?,
            }
        }
    }
    Ok(())
}

fn head(sources: &SourceMap, reached: &Reached) -> (String, String) {
    let span = reached.target.span;
    let Some(at) = sources.location(span) else { return Default::default() };
    let place = format!("{}:{}:{}", at.path, at.line, at.column);
    (place, sources.file(span.file).excerpt(at.line).trim().to_owned())
}

fn word(reach: Reach) -> &'static str {
    match reach {
        Reach::Sets => "sets",
        Reach::Decides => "decides",
        Reach::Removes => "removes",
    }
}

/// The fields that are alike in the same components, a line each; or a line for many of one
/// object.
fn grouped<'f>(
    fields: impl Iterator<Item = &'f ReachedField>,
) -> Vec<(String, Vec<String>)> {
    // Object, field and value; then where they are so.
    let mut alike: BTreeMap<(&str, &str, &str, String), Vec<String>> = BTreeMap::new();
    for field in fields {
        let value = field.value.as_deref().map_or(MASK.to_owned(), on_one_line);
        let place = format!("{}/{}", field.cluster, field.component);
        let key = (&*field.kind, &*field.name, &*field.path, value);
        alike.entry(key).or_default().push(place);
    }
    let mut groups: BTreeMap<String, BTreeMap<(&str, &str), Vec<String>>> =
        BTreeMap::new();
    for ((kind, name, path, value), places) in alike {
        let objects = groups.entry(places.join(", ")).or_default();
        let field = match path {
            // The whole object.
            "" => String::new(),
            path => format!("{path}: {value}"),
        };
        objects.entry((kind, name)).or_default().push(field);
    }
    let lines = |objects: BTreeMap<(&str, &str), Vec<String>>| {
        let mut lines = Vec::new();
        for ((kind, name), fields) in objects {
            let label = format!("{kind} `{name}`");
            match fields.len() {
                count if count > FIELDS => lines.push(format!("{label}  {count} fields")),
                _ => lines.extend(fields.iter().map(|field| match field.as_str() {
                    "" => label.clone(),
                    field => format!("{label}  {field}"),
                })),
            }
        }
        lines
    };
    groups.into_iter().map(|(places, objects)| (places, lines(objects))).collect()
}

/// Why a value reaches no field; it may have an effect for all that.
fn why(sources: &SourceMap, reached: &Reached) -> (bool, String) {
    let why = reached.why.map(|(why, _)| why);
    let effect = matches!(why, Some(Unreached::NamesFile | Unreached::Kustomization));
    (effect, why_words(sources, reached))
}

fn why_words(sources: &SourceMap, reached: &Reached) -> String {
    let place = |span: Span| match sources.location(span) {
        Some(at) => format!("{}:{}", at.path, at.line),
        None => "elsewhere".to_owned(),
    };
    match reached.why {
        Some((Unreached::Overridden, span)) => format!("{} overrides it", place(span)),
        Some((Unreached::Replaced, span)) => {
            format!("{} puts something else there", place(span))
        }
        Some((Unreached::Removed, span)) => format!("{} removes it", place(span)),
        Some((Unreached::SwitchedOff, span)) => {
            format!(
                "the condition at {} asks for it, and nothing is printed",
                place(span)
            )
        }
        Some((Unreached::FileUnread, _)) => "no build reads this file".to_owned(),
        Some((Unreached::NamesFile, span)) => match sources.location(span) {
            Some(at) => format!("names {}", at.path),
            None => "names a folder".to_owned(),
        },
        Some((Unreached::Kustomization, _)) => {
            "tells the build what to do; no field holds it".to_owned()
        }
        Some((Unreached::Unheld, _)) => "no field that was built holds it".to_owned(),
        None => "nothing that was rendered asked for it".to_owned(),
    }
}

/// What values reach as one document.
#[must_use]
pub fn reach_document(sources: &SourceMap, reached: &[Reached]) -> Value {
    let values = reached.iter().map(|reached| {
        let span = reached.target.span;
        let why = reached.why.filter(|_| reached.fields.is_empty());
        json!({
            "path": reached.target.path.to_string(),
            "location": location(sources, span),
            "reaches": reached.fields.iter().map(field).collect::<Vec<_>>(),
            "unreached": match (reached.fields.is_empty(), why) {
                (false, _) => Value::Null,
                (true, None) => json!({"reason": "not-asked-for", "location": Value::Null}),
                (true, Some((why, span))) => json!({
                    "reason": reason(why),
                    "location": location(sources, span),
                }),
            },
        })
    });
    json!({"version": 1, "values": values.collect::<Vec<_>>()})
}

fn reason(why: Unreached) -> &'static str {
    match why {
        Unreached::Overridden => "overridden",
        Unreached::Replaced => "replaced",
        Unreached::Removed => "removed",
        Unreached::SwitchedOff => "switched-off",
        Unreached::FileUnread => "file-not-read",
        Unreached::NamesFile => "names-a-file",
        Unreached::Kustomization => "kustomization",
        Unreached::Unheld => "not-held",
    }
}

fn field(field: &ReachedField) -> Value {
    json!({
        "cluster": field.cluster,
        "component": field.component,
        "kind": field.kind,
        "object": field.name,
        "path": field.path,
        "value": field.value,
        "secret": field.value.is_none(),
        "reach": word(field.reach),
    })
}

/// The JSON Schema of [`reach_document`].
///
/// The committed copy is `schemas/explain-values.v1.schema.json`; a test compares them.
#[must_use]
pub fn reach_schema() -> Value {
    let text = || json!({"type": "string"});
    let fields = object(&[
        ("cluster", text()),
        ("component", text()),
        ("kind", text()),
        ("object", text()),
        ("path", text()),
        ("value", json!({"type": ["string", "null"]})),
        ("secret", json!({"type": "boolean"})),
        ("reach", json!({"enum": ["sets", "decides", "removes"]})),
    ]);
    let reasons = [
        "overridden",
        "replaced",
        "removed",
        "switched-off",
        "file-not-read",
        "names-a-file",
        "kustomization",
        "not-held",
        "not-asked-for",
    ];
    let unreached =
        object(&[("reason", json!({"enum": reasons})), ("location", position())]);
    let values = object(&[
        ("path", text()),
        ("location", position()),
        ("reaches", json!({"type": "array", "items": fields})),
        ("unreached", json!({"anyOf": [{"type": "null"}, unreached]})),
    ]);
    let values = json!({"type": "array", "items": values});
    schema_of("thanos-gitops explain --values", &[("values", values)])
}
