//! YAML inside the strings of YAML: `objstore.yml: |` and its relatives.

use goyaml::{Dialect, Node, Style};
use source::{FileId, Place, SourceMap, Span};

/// A document that a string holds.
pub struct Embedded<'n> {
    /// The string.
    pub outer: &'n Node,
    /// The document; its spans count from the beginning of the string's text.
    pub root: Node,
    /// Is the string the document's text, or does it hold it in some encoding?
    plain: bool,
}

impl<'n> Embedded<'n> {
    /// Reads the string as YAML; `None` unless it holds a mapping of several characters.
    #[must_use]
    pub fn read(outer: &'n Node) -> Option<Embedded<'n>> {
        Embedded::of_text(outer, outer.as_str()?)
    }

    /// Reads `text`, which `outer` holds in some encoding.
    #[must_use]
    pub fn of_text(outer: &'n Node, text: &str) -> Option<Embedded<'n>> {
        if !text.contains(':') {
            return None;
        }
        let document = goyaml::parse_first(text, FileId::NONE, Dialect::V3).ok()??;
        let root = document.root;
        root.entries()?;
        Some(Embedded { outer, root, plain: outer.as_str() == Some(text) })
    }

    /// The place of a node of the document, as exact as the outer text allows.
    #[must_use]
    pub fn place(&self, sources: &SourceMap, inner: &Node) -> Place {
        match self.outer.place() {
            Place::Span(outer) if self.plain => {
                Place::Span(inner_span(sources, self.outer, outer, inner))
            }
            // Places in a text that is encoded are none of the string's.
            outer => outer,
        }
    }
}

/// The span of `inner` in the file that holds the string `outer`.
fn inner_span(sources: &SourceMap, node: &Node, outer: Span, inner: &Node) -> Span {
    let file = sources.file(outer.file);
    let (Some(raw), Some(text)) = (file.text.get(outer.range()), node.text()) else {
        return outer;
    };
    let (start, end) = (inner.span.start as usize, inner.span.end as usize);
    let base = outer.start as usize;
    if raw == text {
        return Span::new(outer.file, base + start, base + end);
    }
    if node.style != Style::Literal {
        return outer;
    }
    match (outer_offset(raw, text, start), outer_offset(raw, text, end)) {
        (Some(start), Some(end)) => Span::new(outer.file, base + start, base + end),
        _ => outer,
    }
}

/// Where byte `at` of a literal block's text stands in its raw form, header included.
fn outer_offset(raw: &str, text: &str, at: usize) -> Option<usize> {
    let before = text.get(..at)?;
    let line = before.matches('\n').count();
    let column = at - before.rfind('\n').map_or(0, |n| n + 1);
    let mut start = raw.find('\n')? + 1;
    for _ in 0..line {
        start += raw.get(start..)?.find('\n')? + 1;
    }
    let raw_line = raw.get(start..)?.lines().next()?;
    let text_line = text.lines().nth(line)?;
    let indent = raw_line.len().checked_sub(text_line.len())?;
    Some(start + indent + column)
}

#[cfg(test)]
mod tests {
    use super::outer_offset;

    #[test]
    fn lines_of_a_literal_block_are_found_behind_their_indentation() {
        let raw = "|-\n    type: S3\n    config:\n      bucket: b";
        let text = "type: S3\nconfig:\n  bucket: b";
        let find = |word: &str| outer_offset(raw, text, text.find(word).unwrap());
        assert_eq!(find("S3"), raw.find("S3"));
        assert_eq!(find("bucket"), raw.find("bucket"));
    }
}
