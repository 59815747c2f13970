//! Causes in the order in which people read them.

use source::{Cause, LayerKind, Location, Role, SourceMap};
use unicode_width::UnicodeWidthChar;

/// One cause as it is shown.
pub(super) struct Row {
    pub(super) cause: Cause,
    pub(super) location: Location,
    pub(super) excerpt: String,
}

/// The causes of one step: what the value is made of, the includes, and the reasons.
///
/// Of a template line that prints text around a value, one row is enough.
pub(super) fn rows(sources: &SourceMap, causes: &[Cause]) -> Vec<Row> {
    let mut classed: Vec<(u8, Row)> = Vec::new();
    let mut class = 0;
    for cause in causes {
        class = match cause.role {
            Role::Data | Role::Text | Role::Value(_) | Role::Template => 0,
            Role::Before => 1,
            Role::Include => 2,
            Role::Reason => 3,
            // Beside the layer that won.
            Role::Shadowed(_) => class,
            // Of a value that was taken from elsewhere: what was done to it there.
            Role::Edit(_) => 0,
        };
        classed.extend(row(sources, cause).map(|row| (class, row)));
    }
    classed.sort_by_key(|(class, _)| *class);
    let lines: Vec<(String, usize)> = classed
        .iter()
        .filter(|(_, row)| row.cause.role == Role::Template)
        .map(|(_, row)| (row.location.path.clone(), row.location.line))
        .collect();
    let rows = classed.into_iter().map(|(_, row)| row);
    let printed = |row: &Row| {
        let line = (row.location.path.clone(), row.location.line);
        row.cause.role == Role::Text && lines.contains(&line)
    };
    let mut told: Vec<(bool, String, usize)> = Vec::new();
    let mut again = |row: &Row| {
        // A line is told once, however often it had a part; the value before the reason.
        let at = &row.location;
        let shadowed = matches!(row.cause.role, Role::Shadowed(_));
        let key = (shadowed, at.path.clone(), at.line);
        let known = told.contains(&key);
        told.push(key);
        known
    };
    rows.filter(|row| !printed(row)).filter(|row| !again(row)).collect()
}

/// A cause with its place; `None` if it has none.
pub(super) fn row(sources: &SourceMap, cause: &Cause) -> Option<Row> {
    let location = sources.location(sources.found_at(cause))?;
    let file = sources.file(cause.span.file);
    let excerpt = file.excerpt(location.line).trim().to_owned();
    Some(Row { cause: *cause, location, excerpt })
}

/// What a line did, in two words.
pub(super) fn word(role: Role) -> &'static str {
    match role {
        Role::Data => "written in",
        Role::Text | Role::Template => "printed by",
        Role::Value(kind) => layer_word(kind),
        Role::Shadowed(_) => "overridden",
        Role::Include => "included by",
        Role::Reason => "because of",
        Role::Edit(by) => by,
        Role::Before => "instead of",
    }
}

fn layer_word(kind: LayerKind) -> &'static str {
    match kind {
        LayerKind::Chart => "chart default",
        LayerKind::File => "values file",
        LayerKind::Inline => "inline value",
        LayerKind::Set => "flag",
        LayerKind::Release => "release",
    }
}

/// Cuts a text to a width in columns.
pub(super) fn cut(text: &str, width: usize) -> String {
    let mut shown = String::new();
    let mut used = 0;
    for (at, c) in text.char_indices() {
        let wide = c.width().unwrap_or(0);
        let last = at + c.len_utf8() == text.len();
        if used + wide > width || (used + wide == width && !last) {
            shown.push('…');
            return shown;
        }
        used += wide;
        shown.push(if c.is_control() { ' ' } else { c });
    }
    shown
}

/// A value on one line.
pub(super) fn on_one_line(text: &str) -> String {
    match text.split_once('\n') {
        None => text.to_owned(),
        Some((first, "")) => first.to_owned(),
        Some((first, _)) => format!("{first} … ({} lines)", text.lines().count()),
    }
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn texts_are_cut_by_columns() {
        assert_eq!(cut("replicas: 2", 20), "replicas: 2");
        assert_eq!(cut("replicas: 2", 11), "replicas: 2");
        assert_eq!(cut("replicas: 2", 6), "repli…");
        assert_eq!(cut("한국어 텍스트", 6), "한국…");
    }
}
