//! Replacement templates: `$1`, `${name}`, `$$`. (`Regexp.expand`)

use crate::Groups;

/// Fills in a template. `$1W` is the group named `1W`; unknown groups are empty.
pub(crate) fn expand(
    template: &[u8],
    searched: &[u8],
    groups: &Groups,
    names: &[String],
) -> Vec<u8> {
    let taken = |n: usize| groups.get(n).and_then(Option::as_ref);
    let mut out = Vec::with_capacity(template.len());
    let mut rest = template;
    while let Some(dollar) = rest.iter().position(|&b| b == b'$') {
        let (before, after) = rest.split_at_checked(dollar).unwrap_or((rest, &[]));
        out.extend_from_slice(before);
        rest = after.get(1..).unwrap_or_default();
        if rest.first() == Some(&b'$') {
            out.push(b'$');
            rest = rest.get(1..).unwrap_or_default();
        } else if let Some((name, after)) = reference(rest) {
            let group = group_number(name).or_else(|| {
                let of_name =
                    |n: &usize| names.get(*n).is_some_and(|known| known == name);
                (0..names.len()).find(|n| of_name(n) && taken(*n).is_some())
            });
            let text = group.and_then(taken).and_then(|at| searched.get(at.clone()));
            out.extend_from_slice(text.unwrap_or_default());
            rest = after;
        } else {
            out.push(b'$');
        }
    }
    out.extend_from_slice(rest);
    out
}

/// Reads `name` or `{name}`; a malformed one leaves its `$` as text. (`extract`)
fn reference(text: &[u8]) -> Option<(&str, &[u8])> {
    let braced = text.first() == Some(&b'{');
    let text = if braced { text.get(1..)? } else { text };
    let valid = text.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let is_word = |c: &char| c.is_alphanumeric() || *c == '_';
    let len: usize = valid.chars().take_while(is_word).map(char::len_utf8).sum();
    let (name, after) = (valid.get(..len)?, text.get(len..)?);
    if name.is_empty() {
        return None;
    }
    match braced {
        true => Some((name, after.strip_prefix(b"}")?)),
        false => Some((name, after)),
    }
}

/// The number that a name is; leading zeros make it a name.
fn group_number(name: &str) -> Option<usize> {
    let is_number = name.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = name.len() > 1 && name.starts_with('0');
    (is_number && !leading_zero).then(|| name.parse().unwrap_or(usize::MAX))
}
