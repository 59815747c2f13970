//! Shell patterns as Go's `path/filepath.Match` reads them: of bytes, where `?` and classes
//! take a rune.

use gotemplate::fmt::decode_rune;

/// The pattern is malformed.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadPattern;

/// Does the whole `name` match `pattern`? `*` and `?` stop at `/`. (`filepath.Match`)
///
/// Quirk kept: a malformed pattern is noticed only as far as the match gets: up to the star
/// behind what did not match. (`path.Match` looks further.)
pub(crate) fn path_match(pattern: &str, name: &str) -> Result<bool, BadPattern> {
    let (mut pattern, mut name) = (pattern.as_bytes(), name.as_bytes());
    'pattern: while !pattern.is_empty() {
        let (star, chunk, rest) = scan_chunk(pattern);
        if star && chunk.is_empty() {
            return Ok(!name.contains(&b'/'));
        }
        if let Some(after) = match_chunk(chunk, name)?
            && (after.is_empty() || !rest.is_empty())
        {
            (name, pattern) = (after, rest);
            continue;
        }
        let mut skipped = name;
        while star && let Some((b, after)) = skipped.split_first() {
            if *b == b'/' {
                break;
            }
            skipped = after;
            if let Some(after) = match_chunk(chunk, skipped)? {
                if rest.is_empty() && !after.is_empty() {
                    continue;
                }
                (name, pattern) = (after, rest);
                continue 'pattern;
            }
        }
        return Ok(false);
    }
    Ok(name.is_empty())
}

/// Splits off leading stars and what stands up to the next star.
fn scan_chunk(pattern: &[u8]) -> (bool, &[u8], &[u8]) {
    let stars = pattern.iter().take_while(|b| **b == b'*').count();
    let (_, pattern) = pattern.split_at(stars);
    let (mut in_class, mut escaped) = (false, false);
    let ends = |b: &u8| {
        let plain = !std::mem::take(&mut escaped);
        match b {
            b'\\' => escaped = plain,
            b'[' if plain => in_class = true,
            b']' if plain => in_class = false,
            _ => {}
        }
        *b == b'*' && plain && !in_class
    };
    let end = pattern.iter().position(ends).unwrap_or(pattern.len());
    let (chunk, rest) = pattern.split_at(end);
    (stars > 0, chunk, rest)
}

/// Matches a chunk without stars at the start of `name`; answers what is left of it.
fn match_chunk<'n>(chunk: &[u8], name: &'n [u8]) -> Result<Option<&'n [u8]>, BadPattern> {
    let (mut chunk, mut name) = (chunk, name);
    let mut failed = false;
    while let Some((first, rest)) = chunk.split_first() {
        failed |= name.is_empty();
        // What follows a failed match is still checked, against nothing.
        let left = if failed { &[] } else { name };
        let (fits, taken);
        (chunk, fits, taken) = match first {
            b'[' => {
                let (c, width) = decode_rune(left);
                let (matched, after) = match_class(rest, c)?;
                (after, matched, width)
            }
            b'?' => (rest, left.first() != Some(&b'/'), decode_rune(left).1),
            b'\\' => {
                let (literal, after) = rest.split_first().ok_or(BadPattern)?;
                (after, left.first() == Some(literal), 1)
            }
            _ => (rest, left.first() == Some(first), 1),
        };
        failed |= !fits;
        name = name.get(taken..).unwrap_or(&[]);
    }
    Ok((!failed).then_some(name))
}

/// Matches `c` against a class whose `[` is read; answers what follows its `]`.
fn match_class(chunk: &[u8], c: u32) -> Result<(bool, &[u8]), BadPattern> {
    let inside = chunk.strip_prefix(b"^");
    let (negated, mut chunk) = (inside.is_some(), inside.unwrap_or(chunk));
    let (mut matched, mut ranges) = (false, 0);
    loop {
        if ranges > 0
            && let Some(after) = chunk.strip_prefix(b"]")
        {
            return Ok((matched != negated, after));
        }
        let (low, rest) = escaped(chunk)?;
        chunk = rest;
        let mut high = low;
        if let Some(rest) = chunk.strip_prefix(b"-") {
            (high, chunk) = escaped(rest)?;
        }
        matched |= low <= c && c <= high;
        ranges += 1;
    }
}

/// One character of a class.
fn escaped(chunk: &[u8]) -> Result<(u32, &[u8]), BadPattern> {
    let chunk = match chunk {
        [] | [b'-' | b']', ..] => return Err(BadPattern),
        [b'\\', rest @ ..] => rest,
        _ => chunk,
    };
    let (c, width) = decode_rune(chunk);
    match chunk.get(width..) {
        None | Some([]) => Err(BadPattern),
        Some(rest) => Ok((c, rest)),
    }
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
            ("?", "가", true),
            ("*??", "가", true),
            ("*???", "가", false),
            ("[가-힣]*", "한글", true),
            ("[^\u{fffd}]", "é", true),
            ("*[^\u{fffd}]", "é", true),
            ("x*[", "abc", false),
            ("*x*[", "abc", false),
        ];
        for (pattern, name, want) in cases {
            assert_eq!(path_match(pattern, name), Ok(want), "{pattern} {name}");
        }
        assert_eq!(path_match("[]a]", "]"), Err(BadPattern));
        assert_eq!(path_match("[", "a"), Err(BadPattern));
        assert_eq!(path_match("a[", "x"), Err(BadPattern));
        assert_eq!(path_match("a*x[", "abc"), Err(BadPattern));
    }
}
