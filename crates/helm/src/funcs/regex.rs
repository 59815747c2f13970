//! Regular expressions. (sprig: regex.go)
//!
//! The functions without `must` panic upstream where the others return an error; both fail a
//! render, with other words.

use ::regexp::{Regexp, quote_meta};
use gotemplate::{Call, Func, List, Str, Type, Value, func};

use super::args::Text;

pub(super) static FUNCS: &[Func] = &[
    func!("regexMatch", regex_match),
    func!("mustRegexMatch", must_regex_match),
    func!("regexFindAll", regex_find_all, Transparent),
    func!("mustRegexFindAll", regex_find_all, Transparent),
    func!("regexFind", regex_find, Transparent),
    func!("mustRegexFind", regex_find, Transparent),
    func!("regexReplaceAll", regex_replace_all, Transparent),
    func!("mustRegexReplaceAll", regex_replace_all, Transparent),
    func!("regexReplaceAllLiteral", regex_replace_all_literal, Transparent),
    func!("mustRegexReplaceAllLiteral", regex_replace_all_literal, Transparent),
    func!("regexSplit", regex_split, Transparent),
    func!("mustRegexSplit", regex_split, Transparent),
    func!("regexQuoteMeta", regex_quote_meta),
];

/// Compiles; the error is that of `Compile` for `must…`, the panic of `MustCompile` else.
fn compile(call: &Call<'_>, pattern: &Str) -> Result<std::sync::Arc<Regexp>, String> {
    Regexp::compile(pattern.as_bytes()).map_err(|error| {
        if call.name().starts_with("must") {
            return error;
        }
        let bytes = pattern.as_bytes();
        let quoted = match gotemplate::fmt::can_backquote(bytes) {
            true => format!("`{}`", pattern.to_str()),
            false => gotemplate::fmt::quote(bytes),
        };
        format!("regexp: Compile({quoted}): {error}")
    })
}

/// Is there a match? A bad expression matches nothing. (regex.go, `regexMatch`)
fn regex_match(pattern: Str, text: Str) -> bool {
    Regexp::compile(pattern.as_bytes())
        .is_ok_and(|regexp| regexp.is_match(text.as_bytes()))
}

/// Is there a match? (regex.go, `mustRegexMatch`)
fn must_regex_match(pattern: Str, text: Str) -> Result<bool, String> {
    Ok(Regexp::compile(pattern.as_bytes())?.is_match(text.as_bytes()))
}

/// The first matches, all if `count` is negative. (regex.go, `regexFindAll`)
fn regex_find_all(
    call: &mut Call<'_>,
    pattern: Str,
    text: Text,
    count: isize,
) -> Result<Value, String> {
    let found = compile(call, &pattern)?.find_all(text.text.as_bytes(), count as i64);
    Ok(match found.is_empty() {
        true => Value::from(List::nil(Type::String)),
        false => slices(&text, found),
    })
}

fn slices(text: &Text, ranges: Vec<std::ops::Range<usize>>) -> Value {
    let slice = |range| Value::from(text.text.slice(range)).with_origin(text.origin);
    Value::from(List::strings(ranges.into_iter().map(slice)))
}

/// The first match. (regex.go, `regexFind`)
fn regex_find(call: &mut Call<'_>, pattern: Str, text: Text) -> Result<Value, String> {
    let found = compile(call, &pattern)?.find(text.text.as_bytes());
    let found = found.map_or_else(Str::default, |range| text.text.slice(range));
    Ok(Value::from(found).with_origin(text.origin))
}

/// Replaces matches by a template: `$1`, `${name}`. (regex.go, `regexReplaceAll`)
fn regex_replace_all(
    call: &mut Call<'_>,
    pattern: Str,
    text: Text,
    with: Text,
) -> Result<Value, String> {
    let regexp = compile(call, &pattern)?;
    let searched = text.text.as_bytes();
    let pieces = regexp
        .replace_all(searched, |m| regexp.expand(with.text.as_bytes(), searched, m));
    let origin = call.origins().union([text.origin, with.origin]);
    Ok(joined(call, &text, pieces, origin))
}

/// Replaces matches by a text as it stands. (regex.go, `regexReplaceAllLiteral`)
fn regex_replace_all_literal(
    call: &mut Call<'_>,
    pattern: Str,
    text: Text,
    with: Text,
) -> Result<Value, String> {
    let regexp = compile(call, &pattern)?;
    let pieces =
        regexp.replace_all(text.text.as_bytes(), |_| with.text.as_bytes().to_vec());
    Ok(joined(call, &text, pieces, with.origin))
}

/// Puts pieces together: what was copied keeps its origin, the rest has `origin`.
fn joined(
    call: &Call<'_>,
    text: &Text,
    pieces: Vec<::regexp::Piece<'_>>,
    origin: source::OriginId,
) -> Value {
    let mut out = call.builder();
    for piece in pieces {
        match piece.from {
            Some(range) => out.push_str(&text.text.slice(range), text.origin),
            None => out.push_from(&piece.text, origin),
        }
    }
    out.finish()
}

/// Cuts at matches, into `count` pieces at most. (regex.go, `regexSplit`)
fn regex_split(
    call: &mut Call<'_>,
    pattern: Str,
    text: Text,
    count: isize,
) -> Result<Value, String> {
    let regexp = compile(call, &pattern)?;
    Ok(match count {
        0 => Value::from(List::nil(Type::String)),
        _ => slices(&text, regexp.split(text.text.as_bytes(), count as i64)),
    })
}

/// Escapes what means something in expressions. (regexp.QuoteMeta)
fn regex_quote_meta(text: Str) -> Str {
    quote_meta(text.as_bytes()).into()
}
