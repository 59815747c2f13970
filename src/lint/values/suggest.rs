//! The key that was meant: a misspelling, another level, another spelling of words.

use std::cmp::Reverse;

use ecow::EcoString;
use goyaml::{Data, Value};
use helm::{ChartAt, ChartKeys};

use super::given::{Given, at};
use super::kind;

/// How far a suggestion may be from what was written.
const MOST: u32 = 12;

/// A level that is missing: all that was written is right, but for a key in between.
const LEVEL: u32 = 5;

/// A level that is too many: something that was written is wrong.
const EXTRA: u32 = LEVEL + 1;

/// Another key in the place of one that the chart knows there.
const KNOWN: u32 = 2;

/// How many suggestions are made.
const MANY: usize = 5;

/// The paths that were probably meant, the likeliest first; those that are as likely as the
/// first one, and no others.
pub(super) fn suggest(given: &Given, path: &[&str], value: &Value) -> Vec<String> {
    within(given, path, value, MOST)
}

/// As [`suggest`], but only what is one level away.
pub(super) fn close(given: &Given, path: &[&str], value: &Value) -> Vec<String> {
    within(given, path, value, EXTRA + KNOWN)
}

fn within(given: &Given, path: &[&str], value: &Value, most: u32) -> Vec<String> {
    let Some((last, parents)) = path.split_last() else { return Vec::new() };
    let keys: &ChartKeys = &given.keys;
    let right = (1..=parents.len())
        .take_while(|n| parents.get(..*n).is_some_and(|outer| given.knows(outer)))
        .count();
    let renamed = |chart: &&ChartAt| chart.path.last().is_some_and(|n| *n != chart.name);
    let aliases: Vec<&ChartAt> = keys.charts.iter().filter(renamed).collect();
    let mut found: Vec<(u32, Order, String)> = Vec::new();
    for known in given.paths().iter().filter(|k| k.len().abs_diff(path.len()) <= 2) {
        let known: Vec<&str> = known.iter().map(EcoString::as_str).collect();
        let names = names(&aliases, &known);
        let near = known.last().zip(names.last());
        let near = near.and_then(|(key, name)| alike(last, key, name));
        let Some(near) = near.filter(|_| known != path) else { continue };
        let cost = distance(path, &known, &names, right).filter(|cost| *cost <= most);
        if let Some(cost) = cost.filter(|_| keys.mentions(&known)) {
            let unlike = unlike(given, &known, value);
            // Of another name, at another level, and with nothing in it that is known there.
            let strange = near > 1 && known.len() != path.len() && unlike > 0;
            if strange && value.as_map().is_some() {
                continue;
            }
            let cost = cost + unlike;
            found.push((cost, order(given, parents, &known), super::dotted(&known)));
        }
    }
    found.sort();
    let best = found.first().map_or(0, |(cost, ..)| *cost);
    let alike = found.into_iter().take_while(|(cost, ..)| *cost == best);
    alike.take(MANY).map(|(.., path)| path).collect()
}

/// What comes first among keys that are as near: those that the document does not set already,
/// those in maps that it writes beside what is wrong, those in the map of which the chart knows
/// most, and those with the fewest levels.
type Order = (bool, bool, Reverse<usize>, usize);

fn order(given: &Given, parents: &[&str], known: &[&str]) -> Order {
    let is_written = |path: &[&str]| at(&given.values, path).is_some();
    let below = known.len() > parents.len() + 1 && known.starts_with(parents);
    let map = known.get(..=parents.len()).filter(|_| below);
    let beside = map.is_some_and(is_written);
    let keys = map.map_or(0, |map| given.count_below(map));
    (is_written(known), !beside, Reverse(keys), known.len())
}

/// How unlike the default of a key is to what was written: another kind, or another shape.
/// Whether it says the same is no clue.
fn unlike(given: &Given, path: &[&str], value: &Value) -> u32 {
    let Some(default) = given.keys.default(path) else { return 2 };
    match (&default.data, &value.data) {
        (Data::Map(default), Data::Map(map)) => {
            let strange = map.keys().filter(|key| !default.contains_key(*key)).count();
            u32::from(!default.is_empty() && strange == map.len())
        }
        (Data::Str(default), Data::Str(text)) => u32::from(!resembles(default, text)),
        _ if kind(default) == kind(value) => 0,
        (Data::Null, _) => 1,
        _ => 3,
    }
}

/// Is one text a variant of the other: `v1.2` and `v1.3`, `10Gi` and `20Gi`?
fn resembles(default: &str, text: &str) -> bool {
    let shape = |text: &str| {
        let mut shape: Vec<char> = Vec::new();
        for c in text.chars().take(64) {
            let class = match c {
                'a'..='z' | 'A'..='Z' => 'a',
                '0'..='9' => '0',
                c => c,
            };
            if shape.last() != Some(&class) || !class.is_ascii_alphanumeric() {
                shape.push(class);
            }
        }
        shape
    };
    let alike = default.chars().zip(text.chars()).take_while(|(a, b)| a == b).count();
    default.is_empty() || alike > 3 || shape(default) == shape(text)
}

/// How far one path is from another: keys that are misspelt, missing, or too many. Of its
/// first keys, `right` are known to the chart as they are; `names` are those of charts under
/// other names.
fn distance(
    path: &[&str],
    known: &[&str],
    names: &[Option<&str>],
    right: usize,
) -> Option<u32> {
    let mut last: Vec<Option<u32>> =
        (0u32..).take(known.len() + 1).map(|n| Some(n * LEVEL)).collect();
    for (i, key) in path.iter().enumerate() {
        let more = if i < right { KNOWN } else { 0 };
        let mut row = vec![last.first().copied().flatten().map(|cost| cost + EXTRA)];
        for (j, (other, name)) in known.iter().zip(names).enumerate() {
            let at = |row: &[Option<u32>], j: usize| row.get(j).copied().flatten();
            let near = alike(key, other, name).map(|cost| match cost {
                0 => 0,
                cost => cost + more,
            });
            let changed = at(&last, j).zip(near).map(|(a, b)| a + b);
            let removed = at(&last, j + 1).map(|cost| cost + EXTRA);
            let added = at(&row, j).map(|cost| cost + LEVEL);
            row.push([changed, removed, added].into_iter().flatten().min());
        }
        last = row;
    }
    last.last().copied().flatten()
}

/// The name that each key of a path stands for, if it is a chart's alias.
fn names<'k>(aliases: &[&'k ChartAt], path: &[&str]) -> Vec<Option<&'k str>> {
    let of = |n: usize| {
        let at = path.get(..=n)?;
        let alias = aliases.iter().find(|chart| chart.path.iter().eq(at))?;
        Some(alias.name.as_str())
    };
    (0..path.len()).map(of).collect()
}

/// As [`near`]; a chart's own name is nearly its alias.
fn alike(key: &str, known: &str, name: &Option<&str>) -> Option<u32> {
    if *name == Some(key) { Some(1) } else { near(key, known) }
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
        let edits = u32::try_from(edits).unwrap_or(MOST);
        return Some(if edits > 1 { LEVEL + edits } else { 1 + 2 * edits });
    }
    let half = short.len() > 3 && short.len() * 2 >= long.len();
    let singular = short.strip_suffix(&['s']).filter(|word| word.len() > 3);
    if half && (long.starts_with(short) || singular.is_some_and(|s| long.starts_with(s)))
    {
        return Some(4);
    }
    (half && short.len() > 4 && long.ends_with(short)).then_some(LEVEL + 1)
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
            let (a, b) = (String::leak(a.to_owned()), String::leak(b.to_owned()));
            let (a, b) = (keys(a), keys(b));
            distance(&a, &b, &vec![None; b.len()], 0)
        };
        assert_eq!(far("a.c", "a.b.c"), Some(5));
        assert_eq!(far("a.b.c", "a.c"), Some(6));
        assert_eq!(far("query.service.grpc", "query.serviceGrpc.grpc"), Some(4));
        assert_eq!(far("a.service", "a.ingress"), Some(11));
    }
}
