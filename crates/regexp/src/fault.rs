//! What is wrong with an expression.

/// Go's `syntax.Error`.
#[derive(Debug)]
pub(crate) struct Fault<'p> {
    pub(crate) code: &'static str,
    pub(crate) at: &'p str,
}

/// Refuses a text that starts with what is no UTF-8. (`nextRune`)
pub(crate) fn readable(text: &str, unreadable: Option<char>) -> Result<(), Fault<'_>> {
    match unreadable.is_some_and(|c| text.starts_with(c)) {
        true => Err(Fault { code: "invalid UTF-8", at: text }),
        false => Ok(()),
    }
}

/// Refuses a text that holds what is no UTF-8. (`checkUTF8`)
pub(crate) fn all_readable(
    text: &str,
    unreadable: Option<char>,
) -> Result<(), Fault<'_>> {
    let at = unreadable.and_then(|c| text.find(c)).unwrap_or(text.len());
    readable(text.get(at..).unwrap_or_default(), unreadable)
}
