//! Patterns of `.Files.Glob`, as `github.com/gobwas/glob` reads them with `/` between parts.

use regex::Regex;

/// Compiles a pattern; one that is malformed matches everything, as in Helm.
///
/// `*` and `?` stop at `/`, `**` does not; `[a-z]`, `[!a]`, `{a,b}` and `\` as usual.
pub(super) fn compile(pattern: &str) -> Option<Regex> {
    let body = translate(pattern)?;
    Regex::new(&format!("(?s)^(?:{body})$")).ok()
}

fn translate(pattern: &str) -> Option<String> {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(c) = chars.next() {
        match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                while chars.next_if_eq(&'*').is_some() {}
                out.push_str(".*");
            }
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
            '\\' => out.push_str(&regex::escape(&chars.next()?.to_string())),
            c => out.push_str(&regex::escape(&c.to_string())),
        }
    }
    (depth == 0).then_some(out)
}

fn class(
    chars: &mut std::iter::Peekable<std::str::Chars<'_>>,
    out: &mut String,
) -> Option<()> {
    out.push('[');
    if chars.next_if_eq(&'!').is_some() {
        out.push('^');
    }
    let mut any = false;
    loop {
        match chars.next()? {
            ']' if any => break,
            ']' => return None,
            '-' if any && chars.peek() != Some(&']') => out.push('-'),
            '\\' => out.push_str(&regex::escape(&chars.next()?.to_string())),
            c => {
                if matches!(c, '[' | '&' | '~' | '^' | '-') {
                    out.push('\\');
                }
                out.push(c);
            }
        }
        any = true;
    }
    out.push(']');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::compile;

    #[test]
    fn stars_and_separators() {
        let matches = |pattern, name| compile(pattern).unwrap().is_match(name);
        assert!(matches("files/*.conf", "files/a.conf"));
        assert!(!matches("files/*.conf", "files/sub/a.conf"));
        assert!(matches("files/**.conf", "files/sub/a.conf"));
        assert!(matches("**", "any/thing"));
        assert!(matches("{a,b}/[!x]?", "b/yz"));
        assert!(compile("{a").is_none());
    }
}
