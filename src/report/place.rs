//! From spans to places that people can open.

use source::{
    Cause, Diagnostic, Location, Origins, Place, Role, SourceMap, Span, Tracepoint,
};

/// A range in a file as people count it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    /// The first character.
    pub(crate) start: Location,
    /// The line of the last character, from 1.
    pub(crate) end_line: usize,
    /// The column after the last character, from 1.
    pub(crate) end_column: usize,
}

/// The span to show for `span`: text that a template made is traced to the line that a
/// reader can change.
pub(crate) fn shown(sources: &SourceMap, span: Span) -> Span {
    if span.is_none() || sources.file(span.file).rendered.is_none() {
        return span;
    }
    let span = with_value(sources, span);
    let found = sources.changeable(&Origins::new(), Place::Span(span));
    if found.is_none() { span } else { found }
}

/// A key that a template printed, with its value: keys remember no values.
fn with_value(sources: &SourceMap, span: Span) -> Span {
    let is_value = |cause: &Cause| matches!(cause.role, Role::Value(_));
    let has_value = |span| {
        let causes = sources.causes(&Origins::new(), Place::Span(span));
        causes.iter().any(is_value)
    };
    let file = sources.file(span.file);
    let line = file.line_range(file.line_column(span.start as usize).0);
    let whole = Span::new(span.file, span.start as usize, line.end);
    match !has_value(span) && has_value(whole) {
        true => whole,
        false => span,
    }
}

/// The template line that printed a span of rendered text; nothing for a file that was read.
pub(crate) fn printed(sources: &SourceMap, span: Span) -> Option<Span> {
    if span.is_none() || sources.file(span.file).rendered.is_none() {
        return None;
    }
    let causes = sources.causes(&Origins::new(), Place::Span(span));
    let template = |cause: &&Cause| matches!(cause.role, Role::Template | Role::Text);
    causes.iter().find(template).map(|cause| cause.span)
}

/// How the value that a diagnostic is about came to be; the place that is shown left out.
pub(crate) fn chain(sources: &SourceMap, d: &Diagnostic) -> Vec<Tracepoint> {
    let rendered = !d.span.is_none() && sources.file(d.span.file).rendered.is_some();
    let mut chain = match (d.chain.is_empty(), rendered) {
        (true, true) => {
            let causes = sources.causes(&Origins::new(), Place::Span(d.span));
            sources.chain(&causes)
        }
        _ => d.chain.clone(),
    };
    let main = shown(sources, d.span);
    chain.retain(|step| step.span != main);
    chain
}

/// The region of the span to show; `None` if it lies in no file.
pub(crate) fn region(sources: &SourceMap, span: Span) -> Option<Region> {
    let span = shown(sources, span);
    let start = sources.location(span)?;
    let end = (span.end as usize).max(span.start as usize);
    let (end_line, end_column) = sources.file(span.file).line_column(end);
    Some(Region { start, end_line, end_column })
}
