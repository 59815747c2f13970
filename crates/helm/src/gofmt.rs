//! The few verbs of Go's `fmt` that Helm's own messages use.

use std::fmt::Write;

/// `%q` of a string: double quotes, Go's escapes.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    text.chars().for_each(|c| escape(&mut out, c, '"'));
    out.push('"');
    out
}

/// `%q` of a rune: single quotes, Go's escapes.
pub(crate) fn quote_rune(c: char) -> String {
    let mut out = String::from("'");
    escape(&mut out, c, '\'');
    out.push('\'');
    out
}

fn escape(out: &mut String, c: char, mark: char) {
    match c {
        '\\' => out.push_str("\\\\"),
        c if c == mark => {
            out.push('\\');
            out.push(c);
        }
        '\u{7}' => out.push_str("\\a"),
        '\u{8}' => out.push_str("\\b"),
        '\u{c}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\u{b}' => out.push_str("\\v"),
        c if (c as u32) < 0x20 || c == '\u{7f}' => {
            let _ok = write!(out, "\\x{:02x}", c as u32);
        }
        c if c.is_control() || c == '\u{feff}' => {
            let _ok = write!(out, "\\u{:04x}", c as u32);
        }
        c => out.push(c),
    }
}
