//! The classes of characters that YAML 1.1 and go-yaml know (`yamlprivateh.go`).

/// Is it a line break: CR, LF, NEL, LS or PS?
pub(crate) fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// May it be written without an escape? Tabs and astral characters may not.
pub(crate) fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{fffd}') && c != '\u{feff}'
}

/// May it stand in a text that is read?
pub(crate) fn is_readable(c: char) -> bool {
    matches!(
        c,
        '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}'
            | '\u{10000}'..='\u{10ffff}'
    )
}
