//! `index.yaml` of a chart repository, read as it arrives.
//!
//! An index may have fifty megabytes and a thousand charts, of which a tree names three. It is
//! read line by line; only the entries of the wanted charts are kept, each version by itself,
//! and what is kept has a limit. An index that is JSON is read the same way, byte by byte.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufRead};

use goyaml::{Dialect, Node};
use helm::semver::{Constraints, Version};
use source::FileId;

use super::json_index;

/// The longest line, and the largest version of a chart.
const MAX_ITEM: usize = 1 << 20;

/// The most versions of all wanted charts together.
const MAX_VERSIONS: usize = 100_000;

/// One version of a chart in an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The version, as it is written.
    pub(crate) version: String,
    /// Where the archive is; relative to the index unless it says otherwise.
    pub(crate) urls: Vec<String>,
    /// The SHA-256 of the archive; empty if the index says none.
    pub(crate) digest: String,
}

/// The versions of the wanted charts.
pub(crate) type Index = BTreeMap<String, Vec<Entry>>;

/// Why an index is not read.
#[derive(Debug)]
pub(crate) enum IndexFault {
    /// It did not arrive as a whole.
    BrokeOff,
    /// It is none, and never will be.
    Wrong(String),
}

impl From<io::Error> for IndexFault {
    fn from(_: io::Error) -> IndexFault {
        IndexFault::BrokeOff
    }
}

impl From<String> for IndexFault {
    fn from(words: String) -> IndexFault {
        IndexFault::Wrong(words)
    }
}

/// Reads an index and keeps what is said of the charts of these names.
pub(crate) fn read(
    mut input: impl BufRead,
    wanted: &BTreeSet<String>,
) -> Result<Index, IndexFault> {
    loop {
        let buffer = input.fill_buf()?;
        let Some(&first) = buffer.first() else {
            return Err("it is empty".to_owned().into());
        };
        match first {
            b' ' | b'\t' | b'\r' | b'\n' => input.consume(1),
            b'{' => return json_index::read(input, wanted),
            _ => return Reader::new(wanted).read(input),
        }
    }
}

pub(super) fn no_entries() -> IndexFault {
    "it has no `entries`: is this a chart repository?".to_owned().into()
}

/// The newest version that a request means.
/// (upstream: `IndexFile.Get`, v4.2.4, over entries that are sorted)
pub(crate) fn find<'e>(
    entries: &'e [Entry],
    requested: &str,
    prereleases: bool,
) -> Result<Option<&'e Entry>, String> {
    if let Some(exact) =
        entries.iter().find(|e| e.version == requested && !e.version.is_empty())
    {
        return Ok(Some(exact));
    }
    let versions = entries.iter().map(|entry| entry.version.as_str());
    let newest = newest(versions, requested, prereleases)?;
    Ok(newest.and_then(|version| entries.iter().find(|e| e.version == version)))
}

/// The newest of these versions that satisfies a request; an empty one means any release.
pub(crate) fn newest<'v>(
    versions: impl Iterator<Item = &'v str>,
    requested: &str,
    prereleases: bool,
) -> Result<Option<&'v str>, String> {
    let range = match (requested, prereleases) {
        ("", true) => ">0.0.0-0",
        ("", false) => "*",
        (range, _) => range,
    };
    let range = Constraints::parse(range)
        .map_err(|words| format!("`{range}` is no version and no range: {words}"))?;
    let mut best: Option<(Version, &str)> = None;
    for text in versions {
        let Ok(version) = Version::parse(text) else { continue };
        let better = best.as_ref().is_none_or(|(b, _)| version.compare(b).is_gt());
        if better && range.check(&version) {
            best = Some((version, text));
        }
    }
    Ok(best.map(|(_, text)| text))
}

/// What a version of a chart says, of which little is needed.
pub(super) fn entry(text: &str) -> Result<Option<Entry>, String> {
    let parsed = goyaml::parse_first(text, FileId::NONE, Dialect::V2);
    let document = parsed.map_err(|fault| fault.message)?;
    let Some(document) = document else { return Ok(None) };
    let node = match document.root.items() {
        Some([only]) => only,
        _ => &document.root,
    };
    let field = |key| node.get(key).and_then(Node::text).unwrap_or("").to_owned();
    let urls = node.get("urls").and_then(Node::items).unwrap_or_default();
    let urls = urls.iter().filter_map(|url| url.text().map(str::to_owned)).collect();
    Ok(Some(Entry { version: field("version"), urls, digest: field("digest") }))
}

/// Where the reader is.
struct Reader<'w> {
    wanted: &'w BTreeSet<String>,
    index: Index,
    /// Are we below `entries:`?
    inside: bool,
    has_entries: bool,
    /// How far the names of charts are indented.
    names_at: Option<usize>,
    /// The wanted chart that we are at, and how far its versions are indented.
    chart: Option<(String, Option<usize>)>,
    item: String,
    versions: usize,
    line: usize,
}

impl Reader<'_> {
    fn new(wanted: &BTreeSet<String>) -> Reader<'_> {
        Reader {
            wanted,
            index: Index::new(),
            inside: false,
            has_entries: false,
            names_at: None,
            chart: None,
            item: String::new(),
            versions: 0,
            line: 0,
        }
    }

    fn read(mut self, mut input: impl BufRead) -> Result<Index, IndexFault> {
        let mut line = Vec::new();
        loop {
            line.clear();
            let mut limited = io::Read::take(&mut input, MAX_ITEM as u64);
            let read = limited.read_until(b'\n', &mut line)?;
            if read == 0 {
                break;
            }
            self.line += 1;
            if read == MAX_ITEM {
                return Err(format!("line {} is longer than 1 MiB", self.line).into());
            }
            let text = String::from_utf8_lossy(&line);
            self.take(&text).map_err(|words| format!("line {}: {words}", self.line))?;
        }
        self.end_item()?;
        match self.has_entries {
            true => Ok(self.index),
            false => Err(no_entries()),
        }
    }

    fn take(&mut self, line: &str) -> Result<(), String> {
        let text = line.trim_end();
        let bare = text.trim_start_matches(' ');
        if bare.is_empty() || bare.starts_with('#') {
            // It may be a part of a block of text.
            return self.keep(line);
        }
        let indent = text.len() - bare.len();
        let is_item = bare == "-" || bare.starts_with("- ");
        if indent == 0 && !is_item {
            self.end_item()?;
            self.chart = None;
            self.inside = key(bare).is_some_and(|(name, _)| name == "entries");
            self.has_entries |= self.inside;
            return match (self.inside, bare.split_once(':').map(|(_, rest)| rest.trim()))
            {
                (true, Some("" | "{}")) | (false, _) => Ok(()),
                (true, _) => Err("`entries` are written in one line".to_owned()),
            };
        }
        if !self.inside {
            return Ok(());
        }
        let names_at = *self.names_at.get_or_insert(indent);
        if indent <= names_at && !is_item {
            self.end_item()?;
            let name = key(bare).map(|(name, _)| name);
            self.chart =
                name.filter(|name| self.wanted.contains(name)).map(|n| (n, None));
            if let Some((name, _)) = &self.chart {
                self.index.entry(name.clone()).or_default();
            }
            return Ok(());
        }
        let Some((_, items_at)) = &mut self.chart else { return Ok(()) };
        if is_item && *items_at.get_or_insert(indent) == indent {
            self.end_item()?;
        }
        self.keep(line)
    }

    fn keep(&mut self, line: &str) -> Result<(), String> {
        if self.chart.is_none() {
            return Ok(());
        }
        if self.item.len() + line.len() > MAX_ITEM {
            return Err("a version of a chart is larger than 1 MiB".to_owned());
        }
        self.item.push_str(line);
        Ok(())
    }

    fn end_item(&mut self) -> Result<(), String> {
        let text = std::mem::take(&mut self.item);
        let Some((name, _)) = &self.chart else { return Ok(()) };
        if text.trim().is_empty() {
            return Ok(());
        }
        self.versions += 1;
        if self.versions > MAX_VERSIONS {
            return Err(format!("more than {MAX_VERSIONS} versions"));
        }
        // Helm passes over what it cannot read, too.
        if let Ok(Some(found)) = entry(&text) {
            self.index.entry(name.clone()).or_default().push(found);
        }
        Ok(())
    }
}

/// A key and what follows it: `name:`, `"name":`.
fn key(text: &str) -> Option<(String, &str)> {
    for quote in ['"', '\''] {
        if let Some(rest) = text.strip_prefix(quote) {
            let (name, rest) = rest.split_once(quote)?;
            let rest = rest.trim_start().strip_prefix(':')?;
            return Some((name.to_owned(), rest.trim()));
        }
    }
    let (name, rest) = text.split_once(':')?;
    Some((name.trim_end().to_owned(), rest.trim()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Entry, IndexFault, find, read};

    const INDEX: &str = "\
apiVersion: v1
entries:
  other:
  - name: other
    version: 9.9.9
  web:
  - annotations:
      text: |
        - name: not an item
        web:

          deeper
    digest: 0abc
    name: web
    urls:
    - https://charts.example.com/web-1.2.0.tgz
    version: 1.2.0
  - name: web
    description: 'a quoted
      text'
    urls: [web-2.0.0-rc.1.tgz]
    version: 2.0.0-rc.1
  - {name: web, version: 1.10.0, urls: [web-1.10.0.tgz]}
  \"webby\":
  - version: 7.0.0
generated: \"2026-01-01T00:00:00Z\"
";

    fn wanted(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn only_the_wanted_charts_are_kept() {
        let index = read(INDEX.as_bytes(), &wanted(&["web", "webby", "none"])).unwrap();
        let names: Vec<&String> = index.keys().collect();
        assert_eq!(names, ["web", "webby"]);
        let versions: Vec<&str> =
            index["web"].iter().map(|e| e.version.as_str()).collect();
        assert_eq!(versions, ["1.2.0", "2.0.0-rc.1", "1.10.0"]);
        let first = Entry {
            version: "1.2.0".into(),
            urls: vec!["https://charts.example.com/web-1.2.0.tgz".into()],
            digest: "0abc".into(),
        };
        assert_eq!(index["web"][0], first);
    }

    #[test]
    fn json_is_an_index_too() {
        let text = r#" {"apiVersion":"v1","x":[{"entries":{}}],"entries":{"a":[{"version":"1"}],
            "web":[{"version":"1.2.0","urls":["a\"b.tgz"],"digest":"0abc"},{"version":"1.3.0"}]},
            "generated":"x"}"#;
        let index = read(text.as_bytes(), &wanted(&["web"])).unwrap();
        assert_eq!(index["web"].len(), 2);
        assert_eq!(index["web"][0].urls, ["a\"b.tgz"]);
    }

    #[test]
    fn ranges_choose_the_newest_release() {
        let index = read(INDEX.as_bytes(), &wanted(&["web"])).unwrap();
        let version = |requested, prereleases| {
            let found = find(&index["web"], requested, prereleases).unwrap();
            found.map(|entry| entry.version.as_str())
        };
        assert_eq!(version("", false), Some("1.10.0"));
        assert_eq!(version("", true), Some("2.0.0-rc.1"));
        assert_eq!(version("~1.2", false), Some("1.2.0"));
        assert_eq!(version("^1", false), Some("1.10.0"));
        assert_eq!(version("2.0.0-rc.1", false), Some("2.0.0-rc.1"));
        assert_eq!(version("^3", false), None);
        assert!(find(&index["web"], "latest", false).is_err());
    }

    #[test]
    fn what_is_no_index_is_refused() {
        let none = wanted(&["web"]);
        for text in
            ["", "<html>\n<body>\n", "apiVersion: v1\n", "{\"a\":1}", "{\"entries\":{"]
        {
            assert!(read(text.as_bytes(), &none).is_err(), "{text}");
        }
        let endless = "x".repeat(3 << 20);
        let fault = read(endless.as_bytes(), &none).unwrap_err();
        let words = "line 1 is longer than 1 MiB";
        assert!(matches!(fault, IndexFault::Wrong(w) if w == words));
        assert!(read("entries: {}\n".as_bytes(), &none).unwrap().is_empty());
    }

    #[test]
    fn what_broke_off_is_told_from_what_is_wrong() {
        struct Broken;
        impl std::io::Read for Broken {
            fn read(&mut self, _buffer: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::ConnectionReset.into())
            }
        }
        for start in ["", "apiVersion: v1\nentries:\n  web:\n", "{\"entries\":{"] {
            let input = std::io::Read::chain(start.as_bytes(), Broken);
            let fault = read(std::io::BufReader::new(input), &wanted(&["web"]));
            assert!(matches!(fault, Err(IndexFault::BrokeOff)), "{start}");
        }
        let odd = "entries: it broke off";
        let fault = read(odd.as_bytes(), &wanted(&["web"]));
        assert!(matches!(fault, Err(IndexFault::Wrong(_))));
    }
}
