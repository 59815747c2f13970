//! Characters of bytes, and what Go's `unicode` package says of them.

use std::sync::LazyLock;

use regex::Regex;

/// The characters of a text; each byte that belongs to none is U+FFFD, as in Go's `range`.
pub(crate) fn runes(text: &[u8]) -> impl Iterator<Item = char> + '_ {
    text.utf8_chunks().flat_map(|chunk| {
        let bad = chunk.invalid().iter().map(|_| char::REPLACEMENT_CHARACTER);
        chunk.valid().chars().chain(bad)
    })
}

/// `unicode.IsSpace`.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace()
}

/// `unicode.IsUpper`: category Lu.
pub(crate) fn is_upper(c: char) -> bool {
    static LU: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Lu}$").ok());
    if c.is_ascii() { c.is_ascii_uppercase() } else { c.is_uppercase() && is(&LU, c) }
}

/// `unicode.IsLower`: category Ll.
pub(crate) fn is_lower(c: char) -> bool {
    static LL: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Ll}$").ok());
    if c.is_ascii() { c.is_ascii_lowercase() } else { c.is_lowercase() && is(&LL, c) }
}

/// `unicode.IsTitle`: category Lt.
pub(crate) fn is_title(c: char) -> bool {
    static LT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Lt}$").ok());
    !c.is_ascii() && is(&LT, c)
}

/// `unicode.IsLetter`: category L.
pub(crate) fn is_letter(c: char) -> bool {
    static L: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{L}$").ok());
    if c.is_ascii() { c.is_ascii_alphabetic() } else { c.is_alphabetic() && is(&L, c) }
}

/// `unicode.IsNumber`: category N.
pub(crate) fn is_number(c: char) -> bool {
    static N: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{N}$").ok());
    if c.is_ascii() { c.is_ascii_digit() } else { is(&N, c) }
}

/// `unicode.IsDigit`: category Nd.
pub(crate) fn is_digit(c: char) -> bool {
    static ND: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{Nd}$").ok());
    if c.is_ascii() { c.is_ascii_digit() } else { is(&ND, c) }
}

/// `unicode.IsPunct`: category P.
pub(crate) fn is_punct(c: char) -> bool {
    static P: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{P}$").ok());
    is(&P, c)
}

fn is(class: &LazyLock<Option<Regex>>, c: char) -> bool {
    class.as_ref().is_some_and(|class| class.is_match(c.encode_utf8(&mut [0; 4])))
}

/// `unicode.ToUpper`: one character for one.
pub(crate) fn to_upper(c: char) -> char {
    let mut upper = c.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(one), None) => one,
        _ => c,
    }
}

/// `unicode.ToLower`: one character for one.
pub(crate) fn to_lower(c: char) -> char {
    let mut lower = c.to_lowercase();
    match (lower.next(), lower.next()) {
        (Some(one), None) => one,
        // `İ` is the one whose small form takes two characters.
        _ if c == 'İ' => 'i',
        _ => c,
    }
}

/// `unicode.ToTitle`: upper case, but for digraphs and Georgian.
pub(crate) fn to_title(c: char) -> char {
    match c {
        'Ǆ'..='ǆ' => 'ǅ',
        'Ǉ'..='ǉ' => 'ǈ',
        'Ǌ'..='ǌ' => 'ǋ',
        'Ǳ'..='ǳ' => 'ǲ',
        'ა'..='ჿ' => c,
        _ => to_upper(c),
    }
}
