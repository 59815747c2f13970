//! Strings. (sprig: strings.go, functions.go)

use gotemplate::{Call, Data, Func, List, Map, Rest, Str, Type, Value, concat, func};

use super::args::Text;
use super::kinds::{as_list, show, strval};
use super::pieces::{self, map_chars, trimmed};
use super::text::casing::{lower_case, pascal_case};
use super::text::runes::{to_lower, to_upper};
use super::text::words;

pub(super) static FUNCS: &[Func] = &[
    func!("abbrev", abbrev),
    func!("abbrevboth", abbrev_both),
    func!("trunc", trunc, Transparent),
    func!("trim", trim, Transparent),
    func!("upper", upper, Transparent),
    func!("lower", lower, Transparent),
    func!("title", title),
    func!("untitle", untitle),
    func!("substr", substr, Transparent),
    func!("repeat", repeat),
    func!("trimall", trim_all, Transparent),
    func!("trimAll", trim_all, Transparent),
    func!("trimSuffix", trim_suffix, Transparent),
    func!("trimPrefix", trim_prefix, Transparent),
    func!("nospace", nospace),
    func!("initials", initials),
    func!("swapcase", swap_case),
    func!("snakecase", snake_case),
    func!("camelcase", camel_case),
    func!("kebabcase", kebab_case),
    func!("wrap", wrap),
    func!("wrapWith", wrap_with),
    func!("contains", contains),
    func!("hasPrefix", has_prefix),
    func!("hasSuffix", has_suffix),
    func!("quote", quote, Transparent),
    func!("squote", squote, Transparent),
    func!("cat", cat, Transparent),
    func!("indent", indent, Transparent),
    func!("nindent", nindent, Transparent),
    func!("replace", replace, Transparent),
    func!("plural", plural),
    func!("toString", to_string, Transparent),
    func!("split", split, Transparent),
    func!("splitList", split_list, Transparent),
    func!("splitn", split_n, Transparent),
    func!("toStrings", to_strings, Transparent),
    func!("join", join, Transparent),
];

/// How long a repeated text may be; upstream stops when memory ends.
const MAX_REPEATED: usize = 1 << 26;

/// Shortens to a width in bytes, with an ellipsis; widths below 4 do nothing.
/// (strings.go, `abbrev`)
fn abbrev(width: isize, text: Str) -> Str {
    if width < 4 {
        return text;
    }
    words::abbreviate(text.as_bytes(), 0, width as i64)
        .map_or_else(Str::default, Str::from)
}

/// Shortens on both sides. (strings.go, `abbrevboth`)
fn abbrev_both(left: isize, right: isize, text: Str) -> Str {
    if right < 4 || left > 0 && right < 7 {
        return text;
    }
    words::abbreviate(text.as_bytes(), left as i64, right as i64)
        .map_or_else(Str::default, Str::from)
}

/// Keeps so many bytes, of the end if negative; characters may be cut. (strings.go, `trunc`)
fn trunc(count: isize, text: Str) -> Str {
    let len = text.len();
    let n = count.unsigned_abs();
    match count < 0 {
        true if n < len => text.slice(len - n..len),
        false if n < len => text.slice(0..n),
        _ => text,
    }
}

/// Removes blanks around. (strings.TrimSpace)
fn trim(text: Str) -> Str {
    text.slice(trimmed(text.as_bytes(), char::is_whitespace))
}

/// Removes all characters of a set around. (strings.Trim)
fn trim_all(set: Str, text: Str) -> Str {
    let set = set.to_str();
    text.slice(trimmed(text.as_bytes(), |c| set.contains(c)))
}

/// Removes a suffix, once. (strings.TrimSuffix)
fn trim_suffix(suffix: Str, text: Str) -> Str {
    match text.as_bytes().ends_with(suffix.as_bytes()) {
        true => text.slice(0..text.len() - suffix.len()),
        false => text,
    }
}

/// Removes a prefix, once. (strings.TrimPrefix)
fn trim_prefix(prefix: Str, text: Str) -> Str {
    match text.as_bytes().starts_with(prefix.as_bytes()) {
        true => text.slice(prefix.len()..text.len()),
        false => text,
    }
}

/// Upper case, one character for one. (strings.ToUpper)
fn upper(text: Str) -> Str {
    map_chars(&text, to_upper)
}

/// Lower case, one character for one. (strings.ToLower)
fn lower(text: Str) -> Str {
    map_chars(&text, to_lower)
}

/// Title case for the first letter of words. (strings.Title)
fn title(text: Str) -> String {
    words::title(text.as_bytes())
}

/// Lower case for the first letter of words. (goutils, `Uncapitalize`)
fn untitle(text: Str) -> String {
    words::uncapitalize(text.as_bytes())
}

/// The bytes from `start` to `end`; a negative start is the beginning, a negative or large
/// end the end. Panics of Go's slices are errors. (strings.go, `substring`)
fn substr(start: isize, end: isize, text: Str) -> Result<Str, String> {
    const BOUNDS: &str = "runtime error: slice bounds out of range";
    let len = text.len();
    match (usize::try_from(start), usize::try_from(end)) {
        (Err(_), Err(_)) => Err(format!("{BOUNDS} [:{end}]")),
        (Err(_), Ok(end)) if end > len => {
            Err(format!("{BOUNDS} [:{end}] with length {len}"))
        }
        (Err(_), Ok(end)) => Ok(text.slice(0..end)),
        (Ok(start), Ok(end)) if end <= len => match start > end {
            true => Err(format!("{BOUNDS} [{start}:{end}]")),
            false => Ok(text.slice(start..end)),
        },
        (Ok(start), _) if start > len => Err(format!("{BOUNDS} [{start}:{len}]")),
        (Ok(start), _) => Ok(text.slice(start..len)),
    }
}

/// Repeats a text. (strings.Repeat)
fn repeat(count: isize, text: Str) -> Result<Str, String> {
    repeated(text.as_bytes(), count).map(Str::from)
}

fn repeated(text: &[u8], count: isize) -> Result<Vec<u8>, String> {
    let count = usize::try_from(count).map_err(|_| "strings: negative Repeat count")?;
    match text.len().checked_mul(count) {
        None => Err("strings: Repeat output length overflow".to_owned()),
        Some(MAX_REPEATED..) => Err(format!("a text of more than {MAX_REPEATED} bytes")),
        Some(_) => Ok(text.repeat(count)),
    }
}

/// Removes all blanks. (goutils, `DeleteWhiteSpace`)
fn nospace(text: Str) -> Str {
    words::delete_white_space(text.as_bytes()).into()
}

/// The first letters of words. (goutils, `Initials`)
fn initials(text: Str) -> Str {
    words::initials(text.as_bytes()).into()
}

/// Swaps upper and lower case. (goutils, `SwapCase`)
fn swap_case(text: Str) -> String {
    words::swap_case(text.as_bytes())
}

/// `FirstName` as `first_name`. (xstrings, `ToSnakeCase`)
fn snake_case(text: Str) -> String {
    lower_case(text.as_bytes(), '_')
}

/// `http_server` as `HttpServer`. (xstrings, `ToPascalCase`)
fn camel_case(text: Str) -> String {
    pascal_case(text.as_bytes())
}

/// `FirstName` as `first-name`. (xstrings, `ToKebabCase`)
fn kebab_case(text: Str) -> String {
    lower_case(text.as_bytes(), '-')
}

/// Wraps at blanks; long words stay whole. (goutils, `Wrap`)
fn wrap(width: isize, text: Str) -> Str {
    words::wrap(text.as_bytes(), width as i64, b"", false).into()
}

/// Wraps with a separator of one's own; long words are cut. (goutils, `WrapCustom`)
fn wrap_with(width: isize, newline: Str, text: Str) -> Str {
    words::wrap(text.as_bytes(), width as i64, newline.as_bytes(), true).into()
}

/// Does the text hold the other? (strings.Contains)
fn contains(part: Str, text: Str) -> bool {
    pieces::contains(text.as_bytes(), part.as_bytes())
}

/// Does the text begin so? (strings.HasPrefix)
fn has_prefix(prefix: Str, text: Str) -> bool {
    text.as_bytes().starts_with(prefix.as_bytes())
}

/// Does the text end so? (strings.HasSuffix)
fn has_suffix(suffix: Str, text: Str) -> bool {
    text.as_bytes().ends_with(suffix.as_bytes())
}

/// Double quotes, as Go's `%q`; nil is left out. (strings.go, `quote`)
fn quote(call: &mut Call<'_>, values: Rest<Value>) -> Value {
    let mut out = call.builder();
    for value in values.0.iter().filter(|value| !value.is_nil()) {
        if !out.is_empty() {
            out.push(" ");
        }
        let text = strval(value);
        let quoted = gotemplate::fmt::quote(text.as_bytes());
        if quoted.len() == text.len() + 2 {
            // Nothing was escaped: the text keeps its marks.
            out.push("\"");
            out.push_str(&text, value.origin);
            out.push("\"");
        } else if let Some(escaped) = pieces::escaped(&text, &quoted) {
            out.push("\"");
            out.push_str(&escaped, value.origin);
            out.push("\"");
        } else {
            let origin = call.origin_of(value);
            out.push_from(quoted, origin);
        }
    }
    out.finish()
}

/// Single quotes around, nothing escaped; nil is left out. (strings.go, `squote`)
fn squote(call: &mut Call<'_>, values: Rest<Value>) -> Value {
    let mut out = call.builder();
    for value in values.0.iter().filter(|value| !value.is_nil()) {
        out.push(if out.is_empty() { "'" } else { " '" });
        out.push_str(&shown(value), value.origin);
        out.push("'");
    }
    out.finish()
}

/// `%v`, with the marks of a string.
fn shown(value: &Value) -> Str {
    value.as_str().cloned().unwrap_or_else(|| show(value))
}

/// Joins what is not nil with blanks. (strings.go, `cat`)
fn cat(call: &mut Call<'_>, values: Rest<Value>) -> Value {
    let texts: Vec<(Str, _)> = values
        .0
        .iter()
        .filter(|value| !value.is_nil())
        .map(|value| (shown(value), value.origin))
        .collect();
    concat(call.builder(), texts.iter().map(|(text, origin)| (text, *origin)), b" ")
}

/// Puts blanks before every line. (strings.go, `indent`)
fn indent(spaces: isize, text: Str) -> Result<Str, String> {
    pieces::indent(&text, &repeated(b" ", spaces)?, b"", MAX_REPEATED)
}

/// A line break, then `indent`. (strings.go, `nindent`)
fn nindent(spaces: isize, text: Str) -> Result<Str, String> {
    pieces::indent(&text, &repeated(b" ", spaces)?, b"\n", MAX_REPEATED)
}

/// Replaces every `old`. (strings.ReplaceAll)
fn replace(call: &mut Call<'_>, old: Str, new: Text, text: Text) -> Value {
    pieces::replace(call, &old, &new, text)
}

/// One word for one, another for many. (strings.go, `plural`)
fn plural(one: Str, many: Str, count: isize) -> Str {
    if count == 1 { one } else { many }
}

/// The text of any value. (strings.go, `strval`)
fn to_string(value: Value) -> Str {
    strval(&value)
}

/// Cuts at separators; a map with the keys `_0`, `_1`, …. (strings.go, `split`)
fn split(separator: Str, text: Text) -> Value {
    keyed(pieces::split(&separator, &text, None))
}

/// Cuts into so many pieces at most. (strings.go, `splitn`)
fn split_n(separator: Str, count: isize, text: Text) -> Value {
    let limit = usize::try_from(count).ok();
    keyed(pieces::split(&separator, &text, limit))
}

fn keyed(pieces: Vec<Value>) -> Value {
    let entries = pieces.into_iter().enumerate();
    let entries = entries.map(|(n, piece)| (Str::from(format!("_{n}")), piece));
    Value::from(Map::of(Type::String, entries))
}

/// Cuts at separators; a list. (strings.Split)
fn split_list(separator: Str, text: Text) -> Value {
    Value::from(List::strings(pieces::split(&separator, &text, None)))
}

/// The texts of a list's elements, nil left out; of anything else, a list of its text.
/// (strings.go, `strslice`)
fn to_strings(value: Value) -> Value {
    match is_nil_strings(&value) {
        true => value,
        false => Value::from(List::strings(strslice(&value))),
    }
}

/// A `[]string` is taken as it is, nil included.
pub(super) fn is_nil_strings(value: &Value) -> bool {
    value
        .as_list()
        .is_some_and(|list| list.is_nil() && list.element_type() == Type::String)
}

/// As [`to_strings`]: strings with the origins of what they were made from.
pub(super) fn strslice(value: &Value) -> Vec<Value> {
    let text = |item: &Value| Value::from(strval(item)).with_origin(item.origin);
    match (as_list(value), &value.data) {
        (Some(list), _) => {
            list.values().iter().filter(|item| !item.is_nil()).map(text).collect()
        }
        (None, Data::Nil) => Vec::new(),
        (None, _) => vec![text(value)],
    }
}

/// Joins a list's texts. (strings.go, `join`)
fn join(call: &mut Call<'_>, separator: Str, list: Value) -> Value {
    let items = strslice(&list);
    let texts = items.iter().filter_map(|item| Some((item.as_str()?, item.origin)));
    concat(call.builder(), texts, separator.as_bytes())
}
