//! Keys that charts have moved, by chart and version.

use goyaml::Value;
use helm::semver::Version;
use source::Span;

use super::given::Given;
use super::status::{Key, plain};

/// The table; its head tells how to read it.
const TABLE: &str = include_str!("moved_keys.txt");

/// Where a value has gone.
pub(super) struct Moved {
    /// The chart that moved it, and its version in use: `grafana 10.1.0`.
    pub(super) chart: String,
    /// The version that moved it.
    pub(super) since: &'static str,
    /// Its path of today.
    pub(super) path: String,
}

/// The moved values in one of which nothing had an effect: itself, or what is in it.
pub(super) fn moved_in<'k>(
    given: &Given,
    key: &Key<'k>,
) -> Vec<(Vec<&'k str>, Span, Moved)> {
    let mut found = Vec::new();
    let mut path = key.path.clone();
    visit(given, &mut path, key.span, key.value, &mut found);
    found
}

fn visit<'k>(
    given: &Given,
    path: &mut Vec<&'k str>,
    span: Span,
    value: &'k Value,
    found: &mut Vec<(Vec<&'k str>, Span, Moved)>,
) {
    let keys: Vec<&str> = path.iter().map(|key| plain(key)).collect();
    if let Some(moved) = moved(given, &keys) {
        found.push((path.clone(), span, moved));
        return;
    }
    for (key, entry) in value.as_map().into_iter().flatten() {
        path.push(key);
        visit(given, path, entry.key_span, &entry.value, found);
        path.pop();
    }
}

/// Where the chart of a value, or a chart inside of it, has moved it.
fn moved(given: &Given, path: &[&str]) -> Option<Moved> {
    given.keys.charts.iter().find_map(|chart| {
        let of = chart.path.len();
        let own = path.len() > of && chart.path.iter().zip(path).all(|(a, b)| a == b);
        let inner = if own { path.get(of..)? } else { return None };
        let (since, new) = rows(&chart.name)
            .filter(|(since, ..)| at_least(&chart.version, since))
            .find_map(|(since, old, new)| Some((since, renamed(inner, old, new)?)))?;
        let outer = path.iter().take(of).map(|key| (*key).to_owned());
        let path: Vec<String> = outer.chain(new).collect();
        let keys: Vec<&str> = path.iter().map(String::as_str).collect();
        // A table can be wrong for a version that it does not know.
        if !given.keys.mentions(&keys) {
            return None;
        }
        let chart = format!("{} {}", chart.name, chart.version);
        Some(Moved { chart, since, path: super::dotted(&keys) })
    })
}

/// The rows of a chart: since when, from where, and where to.
fn rows(chart: &str) -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TABLE.lines().filter_map(move |line| {
        let mut words = line.split_whitespace();
        let fits = words.next() == Some(chart);
        let row = (words.next()?, words.next()?, words.next()?);
        fits.then_some(row)
    })
}

fn at_least(version: &str, since: &str) -> bool {
    match (Version::parse(version), Version::parse(since)) {
        (Ok(version), Ok(since)) => version.compare(&since).is_ge(),
        _ => false,
    }
}

/// The path with its old beginning replaced.
fn renamed(path: &[&str], old: &str, new: &str) -> Option<Vec<String>> {
    let mut free = Vec::new();
    let mut rest = path.iter();
    for key in old.split('.') {
        let own = rest.next()?;
        match key {
            "*" => free.push(*own),
            key if key == *own => {}
            _ => return None,
        }
    }
    let mut free = free.into_iter();
    let mut out = Vec::new();
    for key in new.split('.') {
        let key = if key == "*" { free.next()? } else { key };
        out.push(key.to_owned());
    }
    out.extend(rest.map(|key| (*key).to_owned()));
    Some(out)
}

#[cfg(test)]
mod tests {
    use helm::semver::Version;

    use super::{TABLE, renamed};

    #[test]
    fn every_row_can_be_read() {
        for line in TABLE.lines().filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(words.len(), 4, "{line}");
            assert!(Version::parse(words[1]).is_ok(), "{line}");
        }
    }

    #[test]
    fn stars_and_what_is_below_are_kept() {
        let new = renamed(
            &["query", "service", "http", "port"],
            "*.service.http.port",
            "*.service.ports.http",
        );
        assert_eq!(new.unwrap().join("."), "query.service.ports.http");
        let new = renamed(&["querier", "a", "b"], "querier", "query");
        assert_eq!(new.unwrap().join("."), "query.a.b");
        assert!(renamed(&["other"], "querier", "query").is_none());
    }
}
