//! Patterns of `.Files.Glob`, as `github.com/gobwas/glob` reads them with `/` between parts.

use std::sync::Arc;

use regexp::Regexp;

/// Compiles a pattern; one that is malformed matches everything, as in Helm.
///
/// `*` and `?` stop at `/`, `**` does not; `[a-z]`, `[!ab]`, `{a,b}` and `\` as usual. Braces
/// that are open at the end close there.
pub(super) fn compile(pattern: &str) -> Option<Arc<Regexp>> {
    let body = translate(pattern)?;
    Regexp::compile(format!("(?s)^(?:{body})$").as_bytes()).ok()
}

type Chars<'p> = std::iter::Peekable<std::str::Chars<'p>>;

fn translate(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => out.push_str(".*"),
            '*' => out.push_str("[^/]*"),
            '?' => out.push_str("[^/]"),
            '[' => class(&mut chars, &mut out)?,
            '{' => {
                depth += 1;
                out.push_str("(?:");
            }
            '}' if depth > 0 => {
                depth -= 1;
                out.push(')');
            }
            ',' if depth > 0 => out.push('|'),
            '\\' => out.extend(chars.next().map(literal)),
            c => out.push_str(&literal(c)),
        }
    }
    out.extend(std::iter::repeat_n(')', depth));
    Some(out)
}

fn literal(c: char) -> String {
    regex::escape(&c.to_string())
}

/// One range, or one list of characters: `[a-z]`, `[!abc]`. (`fetchRange`)
fn class(chars: &mut Chars<'_>, out: &mut String) -> Option<()> {
    let not = if chars.next_if_eq(&'!').is_some() { "^" } else { "" };
    let mut ahead = chars.clone();
    let first = ahead.next()?;
    if ahead.next() == Some('-') {
        let last = ahead.next()?;
        *chars = ahead;
        if last < first || chars.next() != Some(']') {
            return None;
        }
        let (first, last) = (in_class(first), in_class(last));
        *out += &format!("[{not}{first}-{last}]");
        return Some(());
    }
    let mut list = String::new();
    loop {
        match chars.next()? {
            ']' => break,
            '\\' => list += &in_class(chars.next()?),
            c => list += &in_class(c),
        }
    }
    if list.is_empty() {
        return None;
    }
    *out += &format!("[{not}{list}]");
    Some(())
}

fn in_class(c: char) -> String {
    match c.is_alphanumeric() {
        true => c.to_string(),
        false => format!("\\x{{{:x}}}", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn stars_and_separators() {
        let matches = |pattern, name: &str| {
            compile(pattern).is_some_and(|compiled| compiled.is_match(name.as_bytes()))
        };
        assert!(matches("files/*.conf", "files/a.conf"));
        assert!(!matches("files/*.conf", "files/sub/a.conf"));
        assert!(matches("files/**.conf", "files/sub/a.conf"));
        assert!(matches("**", "any/thing"));
        assert!(matches("{a,b}/[!x]?", "b/yz"));
        assert!(matches("{a,b", "b"));
        assert!(matches("[!b-d][-x]", "a-"));
        assert!(compile("[a").is_none());
        assert!(compile("[]").is_none());
        assert!(compile("[b-a]").is_none());
    }
}
