//! "Did you mean": the word that a misspelt one is nearest to.

/// The candidate that `word` is most likely a misspelling of, if one is near enough.
///
/// Near means: equal but for case and punctuation, or at most one edit for three characters.
/// Among equals the first candidate wins.
#[must_use]
pub fn did_you_mean<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let flat = flat(word);
    let most = flat.len() / 3;
    let near = candidates.into_iter().filter_map(|candidate| {
        let distance = edits(&flat, &self::flat(candidate));
        (distance <= most).then_some((distance, candidate))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}

/// More names than this are counted, not listed.
const LISTED: usize = 12;

/// A hint for a name that is not there: the one it is nearest to, or else what there is.
#[must_use]
pub fn near_or_all<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> String {
    let names: Vec<&str> = candidates.into_iter().collect();
    match did_you_mean(word, names.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None if names.is_empty() => "there are none".to_owned(),
        None => format!("there are: {}", listed(&names)),
    }
}

/// The names in a line, as many as a reader takes in.
#[must_use]
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    let shown = names.iter().take(LISTED).map(AsRef::as_ref);
    let shown = shown.collect::<Vec<&str>>().join(", ");
    match names.len().checked_sub(LISTED) {
        None | Some(0) => shown,
        Some(more) => format!("{shown} and {more} more"),
    }
}

/// Only the first characters count, so that hostile words cost little.
fn flat(word: &str) -> Vec<char> {
    let kept = word.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).take(64).collect()
}

/// Edits (insert, remove, replace, swap neighbours) from one word to the other.
#[must_use]
pub fn edits(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut best =
                (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                best = best.min(before[j - 1] + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn misspellings_find_their_word() {
        let words = ["clusters", "overlays", "output", "lints"];
        assert_eq!(did_you_mean("cluster", words), Some("clusters"));
        assert_eq!(did_you_mean("ovrelays", words), Some("overlays"));
        assert_eq!(did_you_mean("LINTS", words), Some("lints"));
        assert_eq!(did_you_mean("zebra", words), None);
    }
}
