//! Lists of prefixes and suffixes.

use ecow::EcoString;

/// Adds a prefix or suffix to those that are known, the first time to what an annotation said.
pub(super) fn append_affix(
    list: &mut Vec<EcoString>,
    own: Option<EcoString>,
    affix: &EcoString,
) {
    if let Some(own) = own.filter(|_| list.is_empty()) {
        list.extend(own.split(',').map(EcoString::from));
    }
    list.push(affix.clone());
}

/// Does the shorter list end the longer one? (upstream: `SameEndingSubSlice`)
pub(super) fn same_ending(a: &[EcoString], b: &[EcoString]) -> bool {
    let (short, long) = if a.len() > b.len() { (b, a) } else { (a, b) };
    match short.is_empty() {
        true => long.is_empty(),
        false => long.ends_with(short),
    }
}
