//! Shell patterns as Go's `path/filepath.Match` reads them.

/// The pattern is malformed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

/// Does the whole `name` match `pattern`? `*` and `?` stop at `/`. (`filepath.Match`)
///
/// Quirk kept: a malformed pattern is only noticed as far as the match gets, except that
/// what follows a failed match is still checked.
pub(crate) fn path_match(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let mut pattern: Vec<char> = pattern.chars().collect();
    let mut name: Vec<char> = name.chars().collect();
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(&pattern);
        if star && chunk.is_empty() {
            return Ok(!name.contains(&'/'));
        }
        if let Some(after) = match_chunk(&chunk, &name)?
            && (after.is_empty() || !rest.is_empty())
        {
            name = after.to_vec();
            pattern = rest;
            continue;
        }
        if star {
            for skip in 0..name.len() {
                if name[skip] == '/' {
                    break;
                }
                if let Some(after) = match_chunk(&chunk, &name[skip + 1..])? {
                    if rest.is_empty() && !after.is_empty() {
                        continue;
                    }
                    name = after.to_vec();
                    pattern = rest;
                    continue 'pattern;
                }
            }
        }
        let mut unread = rest;
        while !unread.is_empty() {
            let (_, chunk, rest) = scan_chunk(&unread);
            match_chunk(&chunk, &[])?;
            unread = rest;
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Splits off leading stars and what stands up to the next star.
fn scan_chunk(pattern: &[char]) -> (bool, Vec<char>, Vec<char>) {
    let stars = pattern.iter().take_while(|c| **c == '*').count();
    let pattern = &pattern[stars..];
    let (mut at, mut in_range) = (0, false);
    while at < pattern.len() {
        match pattern[at] {
            '\\' => at += usize::from(at + 1 < pattern.len()),
            '[' => in_range = true,
            ']' => in_range = false,
            '*' if !in_range => break,
            _ => {}
        }
        at += 1;
    }
    (stars > 0, pattern[..at].to_vec(), pattern[at..].to_vec())
}

/// Matches a chunk without stars at the start of `name`; answers what is left of it.
fn match_chunk<'n>(
    mut chunk: &[char],
    mut name: &'n [char],
) -> Result<Option<&'n [char]>, BadPattern> {
    let mut failed = false;
    while let Some((first, rest)) = chunk.split_first() {
        failed |= name.is_empty();
        match first {
            '[' => {
                let (c, after) = match name.split_first() {
                    Some((c, after)) if !failed => (Some(*c), after),
                    _ => (None, name),
                };
                let (matched, left) = match_class(rest, c)?;
                chunk = left;
                failed |= c.is_some() && !matched;
                name = after;
            }
            '?' => {
                chunk = rest;
                if !failed {
                    failed = name[0] == '/';
                    name = &name[1..];
                }
            }
            _ => {
                let (literal, left) = match (first, rest.split_first()) {
                    ('\\', None) => return Err(BadPattern),
                    ('\\', Some((next, left))) => (next, left),
                    _ => (first, rest),
                };
                chunk = left;
                if !failed {
                    failed = name[0] != *literal;
                    name = &name[1..];
                }
            }
        }
    }
    Ok((!failed).then_some(name))
}

/// Matches `c` against a class whose `[` is read; answers what follows its `]`.
fn match_class(
    mut chunk: &[char],
    c: Option<char>,
) -> Result<(bool, &[char]), BadPattern> {
    let negated = chunk.first() == Some(&'^');
    if negated {
        chunk = &chunk[1..];
    }
    let (mut matched, mut ranges) = (false, 0);
    loop {
        if chunk.first() == Some(&']') && ranges > 0 {
            return Ok((matched != negated, &chunk[1..]));
        }
        let (low, rest) = escaped(chunk)?;
        chunk = rest;
        let mut high = low;
        if chunk.first() == Some(&'-') {
            (high, chunk) = escaped(&chunk[1..])?;
        }
        matched |= c.is_some_and(|c| low <= c && c <= high);
        ranges += 1;
    }
}

/// One character of a class.
fn escaped(chunk: &[char]) -> Result<(char, &[char]), BadPattern> {
    let (first, mut rest) = chunk.split_first().ok_or(BadPattern)?;
    let mut c = *first;
    if c == '-' || c == ']' {
        return Err(BadPattern);
    }
    if c == '\\' {
        let (next, after) = rest.split_first().ok_or(BadPattern)?;
        (c, rest) = (*next, after);
    }
    if rest.is_empty() {
        return Err(BadPattern);
    }
    Ok((c, rest))
}

#[cfg(test)]
mod tests {
    use super::{BadPattern, path_match};

    #[test]
    fn matches_as_go_does() {
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("ab[c]", "abc", true),
            ("ab[^b-d]", "abc", false),
            ("a\\*b", "a*b", true),
            ("a?b", "a/b", false),
            ("[\\-]", "-", true),
            ("*x", "xxx", true),
            ("templates/.?*", "templates/.git", true),
            ("templates/.?*", "templates/.", false),
        ];
        for (pattern, name, want) in cases {
            assert_eq!(path_match(pattern, name), Ok(want), "{pattern} {name}");
        }
        assert_eq!(path_match("[]a]", "]"), Err(BadPattern));
        assert_eq!(path_match("[", "a"), Err(BadPattern));
        assert_eq!(path_match("a[", "x"), Err(BadPattern));
    }
}
