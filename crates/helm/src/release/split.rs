//! Splitting of a rendered file into documents.

use std::ops::Range;

use crate::Compat;

/// The documents of a rendered file, as ranges of its text. (`releaseutil.SplitManifests`)
///
/// Helm 4 splits at `---` at the start of any line, also where text follows it, and keeps
/// white space at the end of a document; Helm 3 trims both ends.
pub(crate) fn split_manifests(text: &str, compat: Compat) -> Vec<Range<usize>> {
    let start = text.len() - text.trim_start().len();
    let end = match compat {
        Compat::Helm4 => text.len(),
        Compat::Helm3 => return split_by_expression(text, start),
    };
    let mut found = Vec::new();
    let mut from = start;
    let mut line = start;
    while line <= end {
        let rest = &text[line..end];
        if let Some(after) = rest.strip_prefix("---") {
            push(&mut found, text, from..line);
            let blanks = after.chars().take_while(|c| *c == ' ' || *c == '\t').count();
            from = line + 3 + blanks;
        }
        match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(at) => line += at + 1,
            None => break,
        }
    }
    push(&mut found, text, from..end);
    found
}

fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    let doc = &text[range.clone()];
    if doc.trim().is_empty() {
        return;
    }
    let start = range.start + doc.len() - doc.trim_start().len();
    found.push(start..range.end);
}

/// Splits at `(?:^|\s*\n)---\s*`, as Helm 3 does.
///
/// A separator takes the white space after it, so of two in a row the second is a document.
fn split_by_expression(text: &str, start: usize) -> Vec<Range<usize>> {
    let end = text.trim_end().len().max(start);
    let space = |byte: &u8| matches!(byte, b'\t' | b'\n' | b'\x0c' | b'\r' | b' ');
    let bytes = text.as_bytes();
    let skip = |at: usize| {
        at + bytes.get(at..end).unwrap_or(&[]).iter().take_while(|b| space(b)).count()
    };
    let mut found = Vec::new();
    let mut take = |range: Range<usize>| {
        let Some(doc) = text.get(range.clone()).filter(|doc| !doc.is_empty()) else {
            return;
        };
        let from = range.start + doc.len() - doc.trim_start().len();
        found.push(from..(range.start + doc.trim_end().len()).max(from));
    };
    let rest = text.get(start..end).unwrap_or("");
    let mut from = if rest.starts_with("---") { skip(start + 3) } else { start };
    let mut search = from;
    while let Some(at) = text.get(search..end).and_then(|rest| rest.find("\n---")) {
        let newline = search + at;
        let before = bytes.get(from..newline).unwrap_or(&[]);
        let blank = before.iter().rev().take_while(|b| space(b)).count();
        take(from..newline - blank);
        from = skip(newline + 4);
        search = from;
    }
    take(from..end);
    found
}

#[cfg(test)]
mod tests {
    use super::split_manifests;
    use crate::Compat;

    fn docs(text: &str, compat: Compat) -> Vec<&str> {
        split_manifests(text, compat).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn splits_where_helm_does() {
        let text = "\n\n---\na: 1\n\n--- \n# x\n---b: 2\n---\n";
        assert_eq!(docs(text, Compat::Helm4), ["a: 1\n\n", "# x\n", "b: 2\n"]);
        assert_eq!(docs(text, Compat::Helm3), ["a: 1", "# x", "b: 2"]);
        assert_eq!(docs("---\n---\n", Compat::Helm3), ["---"]);
        assert_eq!(docs("a: 1\n---\n---\nb: 2\n", Compat::Helm3), ["a: 1", "---\nb: 2"]);
        assert!(docs("---\n---\n", Compat::Helm4).is_empty());
        assert_eq!(docs(" --- a", Compat::Helm4), ["a"]);
        assert_eq!(docs("a: |\n  ---\n  b", Compat::Helm4), ["a: |\n  ---\n  b"]);
    }
}
