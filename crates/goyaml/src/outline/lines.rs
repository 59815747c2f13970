//! The lines of a text, one after the other.

/// A line that holds something.
pub(super) struct Line<'t> {
    /// Where it begins.
    pub(super) start: usize,
    /// How many spaces it begins with.
    pub(super) indent: usize,
    /// The rest, without spaces at the end.
    pub(super) content: &'t str,
}

/// What is left of a text.
#[derive(Clone)]
pub(super) struct Lines<'t> {
    pub(super) text: &'t str,
    pub(super) at: usize,
}

impl<'t> Lines<'t> {
    /// The next line, blank or not, without its line break.
    pub(super) fn any(&mut self) -> Option<Line<'t>> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..).filter(|rest| !rest.is_empty())?;
        let indent = spaces(rest);
        let inside = rest.get(indent..).unwrap_or(&[]);
        let length = indent + memchr::memchr(b'\n', inside).unwrap_or(inside.len());
        self.at = start + length + 1;
        let line = rest.get(indent..length).unwrap_or(&[]);
        let after = line.iter().rev().take_while(|byte| **byte == b' ').count();
        let end = length - after;
        let content = self.text.get(start + indent..start + end).unwrap_or("");
        Some(Line { start, indent, content })
    }

    /// Skips lines that are blank or begin with so many spaces.
    pub(super) fn skip_indented(&mut self, indent: usize) {
        let text = self.text.as_bytes();
        while let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let found = spaces(rest);
            let inside = rest.get(found..).unwrap_or(&[]);
            let length = memchr::memchr(b'\n', inside).unwrap_or(inside.len());
            if found < indent && length > 0 {
                break;
            }
            self.at += found + length + 1;
        }
    }
}

/// How many spaces a text begins with.
fn spaces(text: &[u8]) -> usize {
    let (eights, _) = text.as_chunks::<8>();
    let whole = eights.iter().take_while(|eight| **eight == [b' '; 8]).count() * 8;
    let rest = text.get(whole..).unwrap_or(&[]);
    whole + rest.iter().take_while(|byte| **byte == b' ').count()
}

impl<'t> Iterator for Lines<'t> {
    type Item = Line<'t>;

    /// The next line that is neither blank nor a comment.
    fn next(&mut self) -> Option<Line<'t>> {
        loop {
            let line = self.any()?;
            if !line.content.is_empty() && !line.content.starts_with('#') {
                return Some(line);
            }
        }
    }
}
