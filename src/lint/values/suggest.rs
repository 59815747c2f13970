//! The key that was meant: a misspelling, another level, another spelling of words.

use goyaml::Value;
use helm::ChartKeys;

use super::given::Given;
use super::{kind, same};

/// How far a suggestion may be from what was written.
const MOST: u32 = 14;

/// A level that is missing or too many.
const LEVEL: u32 = 5;

/// How many suggestions are made.
const MANY: usize = 3;

/// The paths that were probably meant, the likeliest first; those that are as likely as the
/// first one, and no others.
pub(super) fn suggest(given: &Given, path: &[&str], value: &Value) -> Vec<String> {
    let Some(last) = path.last() else { return Vec::new() };
    let keys: &ChartKeys = &given.keys;
    let mut found: Vec<(u32, String)> = Vec::new();
    keys.each(&mut |known| {
        let near = known.last().and_then(|key| near(last, key));
        if near.is_none() || known.len().abs_diff(path.len()) > 2 || known == path {
            return;
        }
        let Some(cost) = distance(path, known).filter(|cost| *cost <= MOST) else {
            return;
        };
        if given.keys.mentions(known) {
            found.push((cost + unlike(given, known, value), super::dotted(known)));
        }
    });
    found.sort();
    let best = found.first().map_or(0, |(cost, _)| *cost);
    let alike = found.into_iter().take_while(|(cost, _)| *cost == best);
    alike.take(MANY).map(|(_, path)| path).collect()
}

/// How unlike the default of a key is to what was written.
fn unlike(given: &Given, path: &[&str], value: &Value) -> u32 {
    let Some(default) = given.keys.default(path) else { return 2 };
    if same(default, value) {
        return 0;
    }
    match (default.as_map(), value.as_map()) {
        (Some(default), Some(map)) => {
            let strange = map.keys().filter(|key| !default.contains_key(*key)).count();
            1 + u32::from(!default.is_empty() && strange == map.len())
        }
        _ if kind(default) == kind(value) || default.is_null() => 1,
        _ => 3,
    }
}

/// How far one path is from another: keys that are misspelt, missing, or too many.
fn distance(path: &[&str], known: &[&str]) -> Option<u32> {
    let mut last: Vec<Option<u32>> =
        (0u32..).take(known.len() + 1).map(|n| Some(n * LEVEL)).collect();
    for key in path {
        let mut row = vec![last.first().copied().flatten().map(|cost| cost + LEVEL)];
        for (j, other) in known.iter().enumerate() {
            let at = |row: &[Option<u32>], j: usize| row.get(j).copied().flatten();
            let changed = at(&last, j).zip(near(key, other)).map(|(a, b)| a + b);
            let removed = at(&last, j + 1).map(|cost| cost + LEVEL);
            let added = at(&row, j).map(|cost| cost + LEVEL);
            row.push([changed, removed, added].into_iter().flatten().min());
        }
        last = row;
    }
    last.last().copied().flatten()
}

/// How far one key is from another; `None` if they have nothing to do with each other.
fn near(key: &str, known: &str) -> Option<u32> {
    if key == known {
        return Some(0);
    }
    let (a, b) = (flat(key), flat(known));
    if a == b {
        return Some(1);
    }
    let (short, long) = if a.len() <= b.len() { (&a, &b) } else { (&b, &a) };
    let edits = edits(&a, &b);
    if edits <= (short.len().max(3) / 4).clamp(1, 3) && short.len() > 1 {
        return Some(1 + u32::try_from(edits).unwrap_or(MOST) * 2);
    }
    let half = short.len() > 3 && short.len() * 2 >= long.len();
    let singular = short.strip_suffix(&['s']).filter(|word| word.len() > 3);
    if half && (long.starts_with(short) || singular.is_some_and(|s| long.starts_with(s)))
    {
        return Some(4);
    }
    (half && short.len() > 4 && long.ends_with(short)).then_some(5)
}

/// Letters and digits, in lower case; only the first count, so that hostile words cost little.
fn flat(word: &str) -> Vec<char> {
    let kept = word.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_lowercase).take(64).collect()
}

/// Letters to insert, remove, replace or swap.
fn edits(a: &[char], b: &[char]) -> usize {
    crate::config::edits(a, b)
}

#[cfg(test)]
mod tests {
    use super::{distance, near};

    #[test]
    fn misspelt_words_are_near_and_others_are_not() {
        assert_eq!(near("replica_count", "replicaCount"), Some(1));
        assert_eq!(near("replcaCount", "replicaCount"), Some(3));
        assert_eq!(near("storageClass", "storageClassName"), Some(4));
        assert_eq!(near("image", "ingress"), None);
    }

    #[test]
    fn levels_cost_more_than_letters() {
        let far = |a: &str, b: &str| {
            let keys = |text: &'static str| text.split('.').collect::<Vec<_>>();
            distance(&keys(String::leak(a.to_owned())), &keys(String::leak(b.to_owned())))
        };
        assert_eq!(far("a.c", "a.b.c"), Some(5));
        assert_eq!(far("a.b.c", "a.c"), Some(5));
        assert_eq!(far("query.service.grpc", "query.serviceGrpc.grpc"), Some(4));
        assert_eq!(far("a.service", "a.ingress"), Some(10));
    }
}
