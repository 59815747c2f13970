//! Secrets that words alone tell: `--password=x`, `token = x`, `https://user:x@host`.

use std::ops::Range;

use source::is_secret_key;

use super::is_secret_text;

/// The secrets in a text that is no YAML, in order: assignments and addresses.
pub(super) fn in_text(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (start, line) in lines(text) {
        let in_line = addresses(line).into_iter().chain(assignments(line));
        found.extend(in_line.map(|range| start + range.start..start + range.end));
    }
    found.sort_by_key(|range| (range.start, range.end));
    found
}

/// The secrets in a text that would be YAML but for a fault, or a template.
pub(super) fn in_lines(text: &str) -> Vec<Range<usize>> {
    let mut found = in_text(text);
    // Lines further in than a secret key belong to its block.
    let mut block: Option<usize> = None;
    let mut data = DataOfSecrets::new(text);
    for (start, line) in lines(text) {
        found.extend(data.next(start, line));
        let indent = line.len() - line.trim_start().len();
        let whole = start + indent..start + line.trim_end().len();
        if block.is_some_and(|at| indent > at) {
            found.push(whole);
            continue;
        }
        let entry = line.trim_start().trim_start_matches("- ");
        let from = line.len() - entry.len();
        block = None;
        let Some((key, value)) = entry.split_once(':') else { continue };
        if !is_secret_key(key) || key.contains(char::is_whitespace) {
            continue;
        }
        let text = value.trim();
        if text.is_empty() || text.starts_with(['|', '>']) {
            block = Some(from);
        } else if is_secret_text(text.trim_matches(['"', '\''])) && !text.contains("{{") {
            let at = start + line.len() - value.trim_start().len();
            found.push(at..at + text.len());
        }
    }
    found
}

/// Follows the lines of a text, and knows which stand in `data` or `stringData` of a Secret:
/// there every value is one, whatever its key is called.
struct DataOfSecrets<'t> {
    text: &'t str,
    /// Does the document say `kind: Secret`?
    secret: bool,
    /// How far in the key of the block is that the line may belong to.
    block: Option<usize>,
}

impl<'t> DataOfSecrets<'t> {
    fn new(text: &'t str) -> DataOfSecrets<'t> {
        DataOfSecrets { text, secret: says_secret(text), block: None }
    }

    /// What is secret of the next line. Lines of templates compute theirs.
    fn next(&mut self, start: usize, line: &str) -> Option<Range<usize>> {
        if line.starts_with("---") {
            let rest = self.text.get(start + line.len()..).unwrap_or("");
            (self.secret, self.block) = (says_secret(rest), None);
        }
        let entry = line.trim();
        if !self.secret || entry.is_empty() {
            return None;
        }
        let indent = line.len() - line.trim_start().len();
        let (key, value) = entry.split_once(':').unwrap_or(("", entry));
        let value = value.trim();
        if self.block.is_none_or(|at| indent <= at) {
            let opens = matches!(key, "data" | "stringData");
            self.block = opens.then_some(indent);
            if !opens || value.is_empty() {
                return None;
            }
        }
        let at = start + line.trim_end().len() - value.len();
        let shown = value.is_empty() || matches!(value, "|" | "|-" | ">" | ">-");
        (!shown && !line.contains("{{")).then_some(at..at + value.len())
    }
}

/// Does the first document of a text say that it is a Secret?
fn says_secret(text: &str) -> bool {
    let document = text.lines().take_while(|line| !line.starts_with("---"));
    document
        .into_iter()
        .any(|line| matches!(line.trim_end(), "kind: Secret" | "kind: \"Secret\""))
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split_inclusive('\n').map(move |line| {
        let at = start;
        start += line.len();
        (at, line)
    })
}

/// The password of each `scheme://user:password@host`.
fn addresses(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (scheme, _) in line.match_indices("://") {
        let start = scheme + 3;
        let rest = &line[start..];
        let end = rest.find(['/', '?', '#', '"', '\'', '<', '>', ' ', '\t', '\n', ',']);
        let authority = &rest[..end.unwrap_or(rest.len())];
        let Some(user) = authority.rfind('@') else { continue };
        let Some(colon) = authority[..user].find(':') else { continue };
        if is_secret_text(&authority[colon + 1..user]) {
            found.push(start + colon + 1..start + user);
        }
    }
    found
}

/// The value of each `password=value` and `password = "value"`.
fn assignments(line: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in line.match_indices('=') {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let head = line[..at].trim_end().trim_end_matches(['"', '\'', ']']);
        let key = head.rsplit(|c| !word(c)).next().unwrap_or("");
        if !is_secret_key(key) || line[at + 1..].starts_with('=') {
            continue;
        }
        let rest = &line[at + 1..];
        let value = rest.trim_start_matches([' ', '\t']);
        let start = at + 1 + rest.len() - value.len();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (start, value) = match quote {
            Some(quote) => {
                let inner = &value[1..];
                (start + 1, &inner[..inner.find(quote).unwrap_or(inner.trim_end().len())])
            }
            None => {
                let ends = |c: char| {
                    c.is_whitespace() || matches!(c, ',' | ';' | '&' | '"' | '\'')
                };
                (start, &value[..value.find(ends).unwrap_or(value.len())])
            }
        };
        if is_secret_text(value) && !value.starts_with('$') {
            found.push(start..start + value.len());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::ops::Range;

    use super::{in_lines, in_text};

    fn parts(text: &str, ranges: Vec<Range<usize>>) -> Vec<&str> {
        ranges.into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn assignments_and_addresses_are_found() {
        let text = "run --password=hunter2 --user=u --api-key \"x\" --auth-token='y z'\n\
                    admin_password = s3cret ; token_file = /a\n\
                    PASSWORD=$PASSWORD x=postgres://u:p4ss@db:5432/n?a=b\n\
                    if password == 1: http://host:80/a@b\n";
        assert_eq!(parts(text, in_text(text)), ["hunter2", "y z", "s3cret", "p4ss"]);
    }

    #[test]
    fn lines_of_broken_secrets_are_secret_whatever_their_keys() {
        let text = "data:\n  a: open\n---\nkind: Secret\ndata:\n  user: \"hunter2\n  b: {{ .x }}\n  c: |\n    \
                    one\nstringData: {d: e\ntype: Opaque\n---\ndata:\n  f: open\n";
        assert_eq!(parts(text, in_lines(text)), ["\"hunter2", "one", "{d: e"]);
    }

    #[test]
    fn lines_of_broken_yaml_tell_their_secrets() {
        let text = "a: [\n- password: \"hunter2\"\n  token: {{ .x }}\nprivateKey: |\n  one\n  two\n\
                    adminPassword: {{ .Values.p }}\nb: c\n";
        assert_eq!(parts(text, in_lines(text)), ["\"hunter2\"", "one", "two"]);
    }
}
