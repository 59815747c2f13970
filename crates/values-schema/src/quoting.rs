//! Texts in quotes.

/// Single quotes around a text, as the library quotes.
pub(crate) fn quote(text: &str) -> String {
    let quoted = go_quoted(text).replace("\\\"", "\"").replace('\'', "\\'");
    let inside = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    format!("'{}'", inside.unwrap_or_default())
}

/// A text as Go writes it in source. (`%q`)
pub(crate) fn go_quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{b}' => quoted.push_str("\\v"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_ascii_control() => {
                quoted.push_str(&format!("\\x{:02x}", u32::from(c)))
            }
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
