//! Templates inside of texts: what they mention of the values.

use ecow::EcoString;

/// The paths that follow each `.Values` of a text: `{{ .Values.a.b }}` mentions `a.b`, and
/// `{{ index .Values "a" "b" }}` does, too.
#[must_use]
pub fn quoted_paths(text: &str) -> Vec<Vec<EcoString>> {
    let mut found = Vec::new();
    for (at, word) in text.match_indices(".Values") {
        let rest = text.get(at + word.len()..).unwrap_or("");
        let path = match rest.strip_prefix('.') {
            Some(chain) => chain_of(chain),
            None => keys_of(rest),
        };
        if !path.is_empty() {
            found.push(path);
        }
    }
    found
}

/// `a.b.c`
fn chain_of(text: &str) -> Vec<EcoString> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let end = text.find(|c| !is_name(c)).unwrap_or(text.len());
    let names = text.get(..end).unwrap_or("").split('.');
    names.take_while(|name| !name.is_empty()).map(EcoString::from).collect()
}

/// `"a" "b"`
fn keys_of(text: &str) -> Vec<EcoString> {
    let mut keys = Vec::new();
    let mut rest = text.trim_start_matches([' ', ')', '\\']);
    while let Some(after) = rest.strip_prefix('"') {
        let Some((key, after)) = after.split_once('"') else { break };
        keys.push(EcoString::from(key.trim_end_matches('\\')));
        rest = after.trim_start_matches([' ', ')', '\\']);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::quoted_paths;

    #[test]
    fn chains_and_keys_are_found() {
        let found = |text: &str| {
            let paths = quoted_paths(text).into_iter();
            paths.map(|path| path.join("/")).collect::<Vec<_>>()
        };
        assert_eq!(found("{{ .Values.a.b_c }}-{{ $.Values.d }}."), ["a/b_c", "d"]);
        assert_eq!(found("{{ index .Values \"a-b\" \"c\" }}"), ["a-b/c"]);
        assert_eq!(found("a sentence about .Values. And more"), [""; 0]);
    }
}
