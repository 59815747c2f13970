//! The line that a reader changes for a block of YAML.

use source::{SourceMap, Span};

/// The line above a block of YAML, which holds its key; the place itself if the value does
/// not begin on a line of its own.
pub(crate) fn header(sources: &SourceMap, span: Span) -> Span {
    let file = sources.file(span.file);
    let line = file.line_column(span.start as usize).0;
    let before = file.line_range(line).start..span.start as usize;
    let alone = file.text.get(before).is_some_and(|before| before.trim().is_empty());
    if !alone {
        return span;
    }
    let key = (1..line).rev().find_map(|line| {
        let range = file.line_range(line);
        let text = file.text.get(range.clone())?;
        let skipped = text.trim().is_empty() || text.trim_start().starts_with('#');
        (!skipped).then_some((range, text))
    });
    match key {
        Some((range, text)) if text.trim_end().ends_with(':') => {
            let indent = text.len() - text.trim_start().len();
            let end = range.start + text.trim_end().len();
            Span::new(span.file, range.start + indent, end)
        }
        _ => span,
    }
}
