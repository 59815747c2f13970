//! A chain for people: how a field came to be, then each edit of it.

use std::io;

use source::{MASK, Role, SourceMap, Span, Step};
use unicode_width::UnicodeWidthStr;

use super::rows::{Row, cut, on_one_line, row, rows, word};
use super::{Explanation, Gone, removed};
use crate::mask::Mask;

/// The widest column of places; longer ones push the excerpt aside.
const PLACES: usize = 64;
/// An excerpt is never cut to less.
const LEAST: usize = 24;

/// Writes every line that had a part in each field of an explanation, in `width` columns.
pub fn write(
    sources: &SourceMap,
    explanation: &Explanation<'_>,
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    head(explanation, out)?;
    for field in &explanation.fields {
        let origins = &explanation.object.built.origins;
        let steps = removed::steps(sources, origins, field);
        let shown = match field.removed {
            Some(edit) => {
                format!("removed by {}", removed::place(sources, origins, edit))
            }
            None => field.value.as_deref().map_or(MASK.to_owned(), on_one_line),
        };
        writeln!(out, "\n  {}: {}", field.path, cut(&shown, width))?;
        let after = (field.removed.is_none()).then_some(&*field.text);
        Table::new(sources, after, &field.mask, &steps).write(width, out)?;
    }
    Ok(())
}

/// Writes of each object that a patch took away which patch did it, and what had made it.
pub fn write_gone(
    sources: &SourceMap,
    gone: &[Gone<'_>],
    width: usize,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    for gone in gone {
        let (kind, name) = (&gone.deleted.id.gvk.kind, gone.full_name());
        let (cluster, component) = (gone.render.cluster(), gone.render.component());
        let place = removed::place(sources, &gone.built.origins, gone.removed());
        writeln!(out, "{kind} `{name}` is not in {cluster}/{component}")?;
        writeln!(out, "\n  removed by {place}")?;
        let steps = gone.steps(sources);
        Table::new(sources, None, &Mask::default(), &steps).write(width, out)?;
    }
    Ok(())
}

/// ``Deployment `monitoring/query` in hub/thanos``
pub(super) fn head(
    explanation: &Explanation<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let object = &explanation.object;
    let (cluster, component) = (object.render.cluster(), object.render.component());
    writeln!(out, "{} in {cluster}/{component}", object.label())
}

/// The lines of one field, and how wide their columns are.
struct Table {
    lines: Vec<Line>,
    words: usize,
    places: usize,
}

enum Line {
    /// A cause; those of an edit stand further in.
    Cause { inner: bool, word: &'static str, place: String, excerpt: String },
    /// An edit whose entry is nowhere written.
    Edit { word: &'static str },
    /// `2 → 3`
    Change(String),
}

impl Table {
    fn new(
        sources: &SourceMap,
        text: Option<&str>,
        mask: &Mask,
        steps: &[Step],
    ) -> Table {
        let mut table = Table { lines: Vec::new(), words: 0, places: 0 };
        for (n, step) in steps.iter().enumerate() {
            let inner = step.edit.is_some();
            if let Some((by, span)) = step.edit {
                table.edit(sources, by, span);
                let next = steps.get(n + 1);
                let after = next.map_or(text, |next| next.was.as_deref());
                let goes = next.is_none() && text.is_none();
                match step.was.as_deref().filter(|_| goes) {
                    Some(was) => table.removal(was, mask),
                    None => table.change(step.was.as_deref(), after, mask),
                }
            }
            for row in rows(sources, &step.causes) {
                // What an edit keeps was told by the step before it.
                let before = steps.get(..n).unwrap_or_default();
                let edited = before.iter().any(|step| is_edit(step, &row));
                let kept = || before.last().is_some_and(|step| told(sources, step, &row));
                if !(inner && (edited || kept())) {
                    table.cause(inner, word(row.cause.role), &row);
                }
            }
        }
        let width = |line: &Line| match line {
            Line::Cause { inner, word, place, .. } => {
                (word.len() + 2 * usize::from(*inner), place.width())
            }
            Line::Edit { word } => (word.len(), 0),
            Line::Change(_) => (0, 0),
        };
        let widths: Vec<(usize, usize)> = table.lines.iter().map(width).collect();
        table.words = widths.iter().map(|w| w.0).max().unwrap_or(0);
        let places = widths.iter().map(|w| w.1).filter(|place| *place <= PLACES);
        table.places = places.max().unwrap_or(0);
        table
    }

    fn cause(&mut self, inner: bool, word: &'static str, row: &Row) {
        let at = &row.location;
        let place = format!("{}:{}:{}", at.path, at.line, at.column);
        let excerpt = row.excerpt.clone();
        self.lines.push(Line::Cause { inner, word, place, excerpt });
    }

    fn edit(&mut self, sources: &SourceMap, by: &'static str, span: Span) {
        let cause = source::Cause { span, role: Role::Edit(by) };
        match row(sources, &cause) {
            Some(row) => self.cause(false, by, &row),
            None => self.lines.push(Line::Edit { word: by }),
        }
    }

    fn write(&self, width: usize, out: &mut dyn io::Write) -> io::Result<()> {
        let mut lines = self.lines.iter();
        lines.try_for_each(|line| writeln!(out, "{}", line.text(self, width)))
    }

    fn removal(&mut self, was: &str, mask: &Mask) {
        let shown = on_one_line(&mask.shown_or_mask(was));
        self.lines.push(Line::Change(format!("removes {shown}")));
    }

    fn change(&mut self, was: Option<&str>, after: Option<&str>, mask: &Mask) {
        let shown = |text: &str| on_one_line(&mask.shown_or_mask(text));
        let text = match (was, after) {
            (Some(""), Some(after)) => format!("adds {}", shown(after)),
            (Some(was), Some(after)) if was == after => {
                format!("{} as before", shown(was))
            }
            (Some(was), Some(after)) => format!("{} → {}", shown(was), shown(after)),
            (None, Some(after)) => format!("adds {}", shown(after)),
            (_, None) => return,
        };
        self.lines.push(Line::Change(text));
    }
}

/// Is the row the edit of a step?
fn is_edit(step: &Step, row: &Row) -> bool {
    let Role::Edit(by) = row.cause.role else { return false };
    step.edit == Some((by, row.cause.span))
}

/// Is the row's place among the causes of a step?
fn told(sources: &SourceMap, step: &Step, row: &Row) -> bool {
    step.causes.iter().any(|cause| {
        cause.span == row.cause.span
            && sources.location(sources.found_at(cause)).as_ref() == Some(&row.location)
    })
}

impl Line {
    fn text(&self, table: &Table, width: usize) -> String {
        let (words, places) = (table.words, table.places);
        match self {
            Line::Edit { word } => format!("    {word}"),
            Line::Change(text) => {
                let indent = words + 6;
                format!(
                    "{:indent$}{}",
                    "",
                    cut(text, width.saturating_sub(indent).max(LEAST))
                )
            }
            Line::Cause { inner, word, place, excerpt } => {
                let word = format!("{}{word}", if *inner { "  " } else { "" });
                let head = format!("    {word:<words$}  {place:<places$}  ");
                let room = width.saturating_sub(head.width()).max(LEAST);
                format!("{head}{}", cut(excerpt, room))
            }
        }
    }
}
