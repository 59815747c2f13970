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
        Compat::Helm3 => text.trim_end().len().max(start),
    };
    let mut found = Vec::new();
    let mut from = start;
    let mut line = start;
    while line <= end {
        let rest = &text[line..end];
        if let Some(after) = rest.strip_prefix("---") {
            push(&mut found, text, from..line, compat);
            let blanks = after.chars().take_while(|c| *c == ' ' || *c == '\t').count();
            from = line + 3 + blanks;
        }
        match rest.find('\n') {
            Some(at) => line += at + 1,
            None => break,
        }
    }
    push(&mut found, text, from..end, compat);
    found
}

fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>, compat: Compat) {
    let doc = &text[range.clone()];
    if doc.trim().is_empty() {
        return;
    }
    let start = range.start + doc.len() - doc.trim_start().len();
    let end = match compat {
        Compat::Helm4 => range.end,
        Compat::Helm3 => range.start + doc.trim_end().len(),
    };
    found.push(start..end);
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
        assert_eq!(docs(" --- a", Compat::Helm4), ["a"]);
        assert_eq!(docs("a: |\n  ---\n  b", Compat::Helm4), ["a: |\n  ---\n  b"]);
    }
}
