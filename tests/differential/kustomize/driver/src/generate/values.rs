//! Scalars, odd ones among them, and names.

use super::Generate;
use crate::yaml::{Yaml, map, s, seq};

const SCALARS: &[&str] = &[
    "a",
    "b",
    "'5'",
    "5",
    "80",
    "8080",
    "true",
    "'yes'",
    "yes",
    "\"q\"",
    "1.5",
    "1e3",
    "0x10",
    "2001-01-01",
    "''",
    "null",
    "~",
    "on",
    "'on'",
    "1.0",
    "1000000",
    "100000000000",
    "foo bar",
    "a:b",
    "'#x'",
    "-1",
    "TCP",
    "0.1",
    "010",
    "0o7",
    ".inf",
    "1_000",
    "'null'",
    "\"\"",
    "nginx:1.2",
    "\"a\\nb\"",
    "$(VAR)",
    "\"a\\tb\"",
    "'it''s'",
    "!!str 7",
    "+1",
    "12:30",
    "=",
    "<<",
    "'- x'",
    "x # note",
    "\"\\u00e9\"",
    "é",
    "1e-7",
    "123456789012345678901234567890",
    "0.30000000000000004",
    "'  lead'",
    "\"trail \"",
    "a-very-long-text-that-goes-on-and-on-and-on with spaces so that a \
     line of eighty characters cannot hold it and more",
];

/// Names of objects; few, so that references hit.
pub const NAMES: &[&str] = &["a", "b", "web", "db", "cfg"];

impl Generate {
    /// A scalar.
    pub fn scalar(&mut self) -> Yaml {
        if self.random.chance(40) {
            return s(self.random.pick(&["a", "b", "c", "x", "5", "'5'", "true"]));
        }
        if self.random.chance(4) {
            let header = self.random.pick(&["|", "|-", ">", ">-", "|+"]);
            let header = ["|", "|-", ">", ">-", "|+"].into_iter().find(|h| *h == header);
            let text = self.random.pick(&["one\ntwo\n", "a: b\nc:\n- d\n", "x\n\n  y\n"]);
            return Yaml::Block(header.unwrap_or("|"), text.to_owned());
        }
        let text = self.random.pick(SCALARS);
        // JSON has no word for it.
        s(if self.careful && text == ".inf" { "inf" } else { text })
    }

    /// A text that Kubernetes would take for a label.
    pub fn word(&mut self) -> Yaml {
        s(self.random.pick(&["a", "b", "web", "'5'", "\"true\"", "v1.2", "x-y"]))
    }

    /// A name of an object.
    pub fn name(&mut self) -> &'static str {
        let at = self.random.below(NAMES.len());
        NAMES[at]
    }

    /// A name that no object of the kind has, mostly.
    pub fn fresh_name(&mut self, kind: &str) -> String {
        for _ in 0..6 {
            let name = self.name();
            let taken = |known: &super::Known| known.kind == kind && known.name == name;
            if self.wrong() || !self.known.iter().any(taken) {
                return name.to_owned();
            }
        }
        format!("{}{}", self.name(), self.next())
    }

    /// Anything.
    pub fn any(&mut self, depth: usize) -> Yaml {
        let r = self.random.below(100);
        let flow = self.random.chance(30);
        if depth < 3 && r < 25 {
            let mut entries = Vec::new();
            for key in ["a", "b", "name", "k1", "k.2/x", "'5'", "yes"] {
                if self.random.chance(25) {
                    entries.push((key.to_owned(), self.any(depth + 1)));
                }
            }
            return Yaml::Map(flow, entries);
        }
        if depth < 3 && r < 40 {
            let n = self.random.below(4);
            return Yaml::Seq(flow, (0..n).map(|_| self.any(depth + 1)).collect());
        }
        self.scalar()
    }

    /// Anything, of a shape that the key decides in careful trees: a patch of it fits.
    pub fn any_at(&mut self, key: &str) -> Yaml {
        if !self.careful || self.random.chance(3) {
            return self.any(0);
        }
        let flow = self.random.chance(30);
        match key {
            "a" => self.scalar(),
            "containers" => {
                let n = self.random.below(3);
                let item = |g: &mut Generate| {
                    let (name, value) = (g.name(), g.scalar());
                    map([("name", s(name)), ("k1", value), ("image", s("nginx:1"))])
                };
                Yaml::Seq(flow, (0..n).map(|_| item(self)).collect())
            }
            _ => {
                let mut entries = Vec::new();
                for key in ["a", "name", "k1", "k.2/x", "'5'", "yes"] {
                    if self.random.chance(35) {
                        entries.push((key.to_owned(), self.scalar()));
                    }
                }
                if self.random.chance(20) {
                    let n = self.random.below(3);
                    let items = (0..n).map(|_| self.scalar()).collect();
                    entries.push(("list".to_owned(), Yaml::Seq(false, items)));
                }
                Yaml::Map(flow, entries)
            }
        }
    }

    /// A few labels or annotations.
    pub fn pairs(&mut self) -> Yaml {
        let mut pairs = map([]);
        for key in ["app", "tier", "l1", "example.com/x"] {
            if self.random.chance(35) {
                let value = self.word();
                pairs.put(key, value);
            }
        }
        pairs
    }

    /// `data` of a ConfigMap.
    pub fn data(&mut self) -> Yaml {
        let mut data = map([]);
        for key in ["k1", "k2", "conf.json", "conf.yaml"] {
            if !self.random.chance(40) {
                continue;
            }
            let value = match key {
                "conf.json" => {
                    let text = self.random.pick(&[
                        "{\"a\": {\"b\": \"c\"}, \"n\": 5, \"l\": [1,2]}",
                        "{\n  \"a\": {\n    \"b\": \"c\"\n  },\n  \"n\": 5\n}\n",
                        "[{\"name\": \"a\", \"v\": 1}]",
                        "{\"a\": \"<x> & y\", \"n\": 1.0, \"e\": 1e3}",
                    ]);
                    Yaml::Block("|-", text.to_owned())
                }
                "conf.yaml" => {
                    let text = self.random.pick(&[
                        "a:\n  b: c\n  n: 5\nl:\n- x\n- y: 1\n",
                        "a:\n  b: \"c\"\n  s: 'q'\nn: 5\n",
                        "a: b # note\nc: d\n",
                        "# top\na:\n    b: c\n\nn: 0x1\n",
                        "l:\n  - x\n  - y: 2\n    z: [1, 2]\n",
                        "a: {b: c}\nd: |\n  line1\n  line2\n",
                        "a: !!str 7\nn: !!int \"5\"\n",
                        "a: 1\n---\na: 2\n",
                        "plain text\n",
                        "a: &x {b: c}\nn: *x\n",
                    ]);
                    Yaml::Block("|", text.to_owned())
                }
                _ => match self.random.chance(70) {
                    true => self.word(),
                    false => self.scalar(),
                },
            };
            data.put(key, value);
        }
        data
    }

    /// A short list of texts.
    pub fn words(&mut self) -> Yaml {
        let n = self.random.below(4);
        seq((0..n).map(|_| self.scalar()).collect())
    }
}
