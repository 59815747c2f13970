//! An explanation for people.

use std::io;

use source::{Cause, LayerKind, Role, SourceMap};

use super::{Explanation, Field};

/// Writes an explanation; with `whole`, every line that had a part, else the deciding one.
pub fn write(
    sources: &SourceMap,
    explanation: &Explanation<'_>,
    whole: bool,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let object = &explanation.object;
    let (cluster, component) = (object.render.cluster(), object.render.component());
    writeln!(out, "{} in {cluster}/{component}", object.label())?;
    for field in &explanation.fields {
        match whole {
            true => chain(sources, field, out)?,
            false => line(sources, field, out)?,
        }
    }
    Ok(())
}

/// `path: value   # file:line`
fn line(sources: &SourceMap, field: &Field, out: &mut dyn io::Write) -> io::Result<()> {
    let head = format!("{}: {}", field.path, shown(field));
    let place = main_cause(field).and_then(|cause| sources.location(cause.span));
    match place {
        Some(place) => writeln!(out, "  {head:<60}  # {}:{}", place.path, place.line),
        None => writeln!(out, "  {head}"),
    }
}

/// Every line that had a part, with its excerpt.
fn chain(sources: &SourceMap, field: &Field, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "\n  {}: {}", field.path, shown(field))?;
    let rows: Vec<(&str, String, String)> =
        field.causes.iter().filter_map(|cause| row(sources, cause)).collect();
    let words = rows.iter().map(|row| row.0.len()).max().unwrap_or(0);
    let places = rows.iter().map(|row| row.1.len()).max().unwrap_or(0);
    for (word, place, excerpt) in &rows {
        writeln!(out, "    {word:<words$}  {place:<places$}  {excerpt}")?;
    }
    Ok(())
}

fn row(sources: &SourceMap, cause: &Cause) -> Option<(&'static str, String, String)> {
    let place = sources.location(cause.span)?;
    let excerpt = sources.file(cause.span.file).excerpt(place.line);
    let at = format!("{}:{}:{}", place.path, place.line, place.column);
    Some((word(cause.role), at, excerpt.trim().to_owned()))
}

/// What a line did, in two words.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Data => "written in",
        Role::Value(LayerKind::Chart) => "chart default",
        Role::Value(LayerKind::File) => "values file",
        Role::Value(LayerKind::Inline) => "inline value",
        Role::Value(LayerKind::Set) => "flag",
        Role::Value(LayerKind::Release) => "release",
        Role::Shadowed(_) => "overridden",
        Role::Template => "printed by",
        Role::Include => "included by",
        Role::Reason => "because of",
        Role::Edit(by) => by,
        Role::Before => "instead of",
    }
}

/// The line that a reader would change.
fn main_cause(field: &Field) -> Option<&Cause> {
    let rank = |cause: &&Cause| match cause.role {
        Role::Value(_) => 0,
        Role::Data => 1,
        Role::Edit(_) => 2,
        Role::Template => 3,
        _ => 4,
    };
    field.causes.iter().min_by_key(rank)
}

fn shown(field: &Field) -> String {
    match &field.value {
        None => "•••••".to_owned(),
        Some(text) if text.contains('\n') => {
            format!(
                "{} … ({} lines)",
                text.lines().next().unwrap_or(""),
                text.lines().count()
            )
        }
        Some(text) => text.clone(),
    }
}
