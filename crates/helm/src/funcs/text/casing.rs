//! `snake_case`, `kebab-case` and `PascalCase`. (huandu/xstrings v1.5.0, convert.go)

use super::runes::{
    is_letter, is_number, is_punct, is_space, is_upper, runes, to_lower, to_upper,
};

fn is_connector(c: char) -> bool {
    c == '-' || c == '_' || is_space(c)
}

/// A letter, but no Chinese character. (`isAlphabet`)
fn is_alphabet(c: char) -> bool {
    let cjk = matches!(
        c,
        '\u{4E00}'..='\u{9FCC}' | '\u{3400}'..='\u{4D85}' | '\u{20000}'..='\u{2B81D}'
    );
    is_letter(c) && !cjk
}

/// Joins words, each with a capital. (`ToPascalCase`)
pub(crate) fn pascal_case(text: &[u8]) -> String {
    let chars: Vec<char> = runes(text).collect();
    let leading = chars.iter().take_while(|&&c| is_connector(c)).count();
    let mut out = String::with_capacity(text.len());
    let Some(&first) = chars.get(leading) else {
        // Upstream writes the last one twice.
        return chars.iter().chain(chars.last()).collect();
    };
    out.extend(chars.iter().take(leading));
    let mut run_of_capitals = is_upper(first);
    let mut last = to_upper(first);
    for &c in chars.iter().skip(leading + 1) {
        let before = last;
        last = c;
        if is_connector(c) && is_connector(before) {
            out.push(before);
            continue;
        }
        if is_connector(before) {
            run_of_capitals = is_upper(c);
            last = to_upper(c);
            continue;
        }
        if run_of_capitals {
            match is_upper(c) {
                true => last = to_lower(c),
                false => run_of_capitals = false,
            }
        }
        out.push(before);
    }
    out.push(last);
    out
}

/// What kind of word a run of characters is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The end of the text.
    Invalid,
    /// `20`
    Number,
    /// `HTTP`, `Server`
    UpperCase,
    /// `server`
    Alphabet,
    /// `_`, `-`, blanks
    Connector,
    /// `.`
    Punct,
    /// Everything else.
    Other,
}

/// Splits words at capitals and joins them, small, by `connector`.
/// (`camelCaseToLowerCase`)
pub(crate) fn lower_case(text: &[u8], connector: char) -> String {
    let chars: Vec<char> = runes(text).collect();
    let (valid, sizes) = valid_runes(&chars);
    let mut words = Words { rest: &chars, valid: &valid, sizes: &sizes };
    let mut out = Lower { out: String::with_capacity(text.len() + 8), connector };
    let (mut kind, mut word) = words.next();
    while !words.rest.is_empty() {
        if kind != Kind::Connector {
            out.word(kind, word);
        }
        let (before, last) = (kind, word);
        (kind, word) = words.next();
        match before {
            Kind::Number => {
                (kind, word) = out.join_run(&mut words, kind, word);
                if !matches!(kind, Kind::Invalid | Kind::Punct | Kind::Connector) {
                    out.out.push(connector);
                }
            }
            Kind::Connector => out.word(before, last),
            Kind::Punct => {}
            _ if kind != Kind::Number => {
                if !matches!(kind, Kind::Connector | Kind::Punct) {
                    out.out.push(connector);
                }
            }
            _ if words.rest.is_empty() => {}
            _ => (kind, word) = out.number_inside(&mut words, word),
        }
    }
    out.word(kind, word);
    out.out
}

struct Lower {
    out: String,
    connector: char,
}

impl Lower {
    fn word(&mut self, kind: Kind, word: &[char]) {
        if !matches!(kind, Kind::UpperCase | Kind::Connector) {
            self.out.extend(word);
            return;
        }
        for &c in word {
            self.out.push(match c {
                _ if is_connector(c) => self.connector,
                _ if is_upper(c) => to_lower(c),
                _ => c,
            });
        }
    }

    /// Writes letters and numbers as one word, up to what ends it.
    fn join_run<'c>(
        &mut self,
        words: &mut Words<'c>,
        mut kind: Kind,
        mut word: &'c [char],
    ) -> (Kind, &'c [char]) {
        while matches!(kind, Kind::Alphabet | Kind::Number) {
            self.word(kind, word);
            (kind, word) = words.next();
        }
        (kind, word)
    }

    /// Writes a number behind a word: part of it (`Bld4Floor`: `bld4_floor`), unless small
    /// letters follow (`http2xx`: `http_2xx`).
    fn number_inside<'c>(
        &mut self,
        words: &mut Words<'c>,
        number: &'c [char],
    ) -> (Kind, &'c [char]) {
        let (mut kind, mut word) = words.next();
        if kind != Kind::Alphabet {
            self.word(Kind::Number, number);
            if !matches!(kind, Kind::Connector | Kind::Punct) {
                self.out.push(self.connector);
            }
            return (kind, word);
        }
        self.out.push(self.connector);
        self.word(Kind::Number, number);
        (kind, word) = self.join_run(words, kind, word);
        if !matches!(kind, Kind::Invalid | Kind::Connector | Kind::Punct) {
            self.out.push(self.connector);
        }
        (kind, word)
    }
}

struct Words<'c> {
    rest: &'c [char],
    /// The valid characters of the rest.
    valid: &'c [char],
    /// How many characters of the rest each takes.
    sizes: &'c [usize],
}

/// The characters that are valid UTF-8, each with the others before it; what ends the text is
/// another one like the last. (`nextValidRune`)
fn valid_runes(chars: &[char]) -> (Vec<char>, Vec<usize>) {
    let (mut valid, mut sizes) = (Vec::new(), Vec::new());
    let mut size = 0;
    for &c in chars {
        size += 1;
        if c != char::REPLACEMENT_CHARACTER {
            valid.push(c);
            sizes.push(std::mem::take(&mut size));
        }
    }
    if size > 0 {
        valid.push(valid.last().copied().unwrap_or(char::REPLACEMENT_CHARACTER));
        sizes.push(size);
    }
    (valid, sizes)
}

impl<'c> Words<'c> {
    /// Takes the next word. (`nextWord`)
    fn next(&mut self) -> (Kind, &'c [char]) {
        let Some((&first, rest)) = self.valid.split_first() else {
            return (Kind::Invalid, &[]);
        };
        if self.rest.iter().all(|c| *c == char::REPLACEMENT_CHARACTER) {
            (self.valid, self.sizes) = (&[], &[]);
            return (Kind::Invalid, std::mem::take(&mut self.rest));
        }
        let small = |c: char| is_alphabet(c) && !is_upper(c);
        let while_ = |accepts: &dyn Fn(char) -> bool| {
            1 + rest.iter().take_while(|&&c| accepts(c)).count()
        };
        let (kind, len) = if is_connector(first) {
            (Kind::Connector, while_(&is_connector))
        } else if is_punct(first) {
            (Kind::Punct, while_(&is_punct))
        } else if is_upper(first) {
            (Kind::UpperCase, upper_length(rest))
        } else if is_alphabet(first) {
            (Kind::Alphabet, while_(&small))
        } else if is_number(first) {
            (Kind::Number, while_(&is_number))
        } else {
            let other =
                |c| !(is_connector(c) || is_alphabet(c) || is_number(c) || is_punct(c));
            (Kind::Other, while_(&other))
        };
        let (taken, sizes) =
            self.sizes.split_at_checked(len).unwrap_or((self.sizes, &[]));
        let size = taken.iter().sum();
        let (word, rest) = self.rest.split_at_checked(size).unwrap_or((self.rest, &[]));
        self.rest = rest;
        (self.valid, self.sizes) = (self.valid.get(len..).unwrap_or(&[]), sizes);
        (kind, word)
    }
}

/// The length of a word with a capital, given what follows it: `HTTP` of `HTTPStatus`.
fn upper_length(rest: &[char]) -> usize {
    let capitals = rest.iter().take_while(|&&c| is_upper(c)).count();
    let next = rest.get(capitals).copied();
    match (capitals, next) {
        (0, Some(c)) if is_alphabet(c) => {
            1 + rest.iter().take_while(|&&c| is_alphabet(c) && !is_upper(c)).count()
        }
        // The last capital begins the next word.
        (1.., Some(c)) if is_alphabet(c) => capitals,
        _ => capitals + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::{lower_case, pascal_case};

    #[test]
    fn as_upstream() {
        let cases = [
            ("FirstName", "first_name"),
            ("HTTPServer", "http_server"),
            ("NoHTTPS", "no_https"),
            ("GO PATH", "go_path"),
            ("http2xx", "http_2xx"),
            ("HTTP20xOK", "http_20x_ok"),
            ("Duration2m3s", "duration_2m3s"),
            ("Bld4Floor3rd", "bld4_floor_3rd"),
        ];
        for (text, expected) in cases {
            assert_eq!(lower_case(text.as_bytes(), '_'), expected);
        }
        // What is no UTF-8 belongs to what follows, at the end to what comes before.
        for (text, expected) in [
            (b"@a\xb0".as_slice(), "@a\u{fffd}"),
            (b"aB\xb0c", "a_b\u{fffd}c"),
            (b"\xb0\xb0", "\u{fffd}\u{fffd}"),
            (b"a\xb01\xb0", "a\u{fffd}1\u{fffd}"),
            (b"A\xb0B", "a\u{fffd}b"),
            (b"\xb0A", "\u{fffd}a"),
            (b"a \xb0", "a_\u{fffd}"),
            (b"ab\xb0C\xb0d", "ab_\u{fffd}c\u{fffd}d"),
        ] {
            assert_eq!(lower_case(text, '_'), expected);
        }
        assert_eq!(pascal_case(b"_complex__case_"), "_Complex_Case_");
        assert_eq!(pascal_case(b"GOLANG_IS_GREAT"), "GolangIsGreat");
        assert_eq!(pascal_case(b"http_server"), "HttpServer");
    }
}
