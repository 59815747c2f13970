//! How often explanations were right.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Counts of one kind of sources.
#[derive(Default, Clone, Copy)]
pub(super) struct Score {
    pub(super) scalars: usize,
    pub(super) failed: usize,
    pub(super) without_effect: usize,
    pub(super) named: usize,
    pub(super) named_and_changed: usize,
    pub(super) changed: usize,
    pub(super) changed_and_named: usize,
}

/// All counts, and what was not as it should be.
#[derive(Default)]
pub(super) struct Scores {
    groups: BTreeMap<String, Score>,
    misses: Vec<String>,
}

/// So many misses are listed.
const LISTED: usize = 150;

impl Scores {
    pub(super) fn of(&mut self, group: &str) -> &mut Score {
        self.groups.entry(group.to_owned()).or_default()
    }

    pub(super) fn miss(&mut self, words: String) {
        self.misses.push(words);
    }

    /// Says which file the misses are in.
    pub(super) fn place_in(&mut self, file: &Path) {
        let chart = file.ancestors().nth(1).and_then(Path::file_name).unwrap_or_default();
        let name = file.file_name().unwrap_or_default();
        let name = format!("{}/{}", chart.to_string_lossy(), name.to_string_lossy());
        for miss in &mut self.misses {
            *miss = miss.replace(super::corpus::VALUES, &name);
        }
    }

    /// Puts all of another's counts under one name.
    pub(super) fn add(&mut self, group: &str, other: &Scores) {
        self.of(group).add(&other.total());
        self.misses.extend(other.misses.iter().cloned());
    }

    pub(super) fn total(&self) -> Score {
        let mut total = Score::default();
        self.groups.values().for_each(|score| total.add(score));
        total
    }

    pub(super) fn report(&self, what: &str) -> String {
        let mut text = format!("Of {what}, one at a time:\n\n");
        text.push_str(
            "| sources | scalars | build fails | no effect | named | precision | changed | recall |\n\
             |---|---:|---:|---:|---:|---:|---:|---:|\n",
        );
        let total = self.total();
        let rows = self.groups.iter().map(|(name, score)| (name.as_str(), score));
        for (name, s) in rows.chain([("all", &total)]) {
            writeln!(
                text,
                "| {name} | {} | {} | {} | {} | {:.2} % | {} | {:.2} % |",
                s.scalars,
                s.failed,
                s.without_effect,
                s.named,
                s.precision(),
                s.changed,
                s.recall(),
            )
            .expect("room");
        }
        if !self.misses.is_empty() {
            text.push_str("\nNot as they should be:\n\n");
        }
        for miss in self.misses.iter().take(LISTED) {
            writeln!(text, "- {miss}").expect("room");
        }
        if let Some(more @ 1..) = self.misses.len().checked_sub(LISTED) {
            writeln!(text, "- and {more} more").expect("room");
        }
        text
    }
}

impl Score {
    fn add(&mut self, other: &Score) {
        self.scalars += other.scalars;
        self.failed += other.failed;
        self.without_effect += other.without_effect;
        self.named += other.named;
        self.named_and_changed += other.named_and_changed;
        self.changed += other.changed;
        self.changed_and_named += other.changed_and_named;
    }

    pub(super) fn precision(&self) -> f64 {
        share(self.named_and_changed, self.named)
    }

    pub(super) fn recall(&self) -> f64 {
        share(self.changed_and_named, self.changed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 100.0 } else { part as f64 * 100.0 / whole as f64 }
}

const HEAD: &str = "\
# Origins are true

Scalars of the sources were changed one at a time, and the fleet was built again. Precision: of
the fields that name the scalar as data, how many changed. Recall: of the fields that changed, how
many name it as data or as a reason. `tests/origins.rs` says how this file is written.
";

/// Writes one part of the report, and leaves the others.
pub(super) fn write(part: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/origins.md");
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let mut parts: BTreeMap<String, String> = found
        .split("\n## ")
        .skip(1)
        .filter_map(|part| part.split_once('\n'))
        .map(|(name, text)| (name.to_owned(), text.trim().to_owned()))
        .filter(|(name, _)| {
            ["repo-template", "charts", "every scalar"].contains(&name.as_str())
        })
        .collect();
    parts.insert(part.to_owned(), text.trim().to_owned());
    let mut all = HEAD.to_owned();
    for (name, text) in parts.iter().rev() {
        write!(all, "\n## {name}\n\n{text}\n").expect("room");
    }
    std::fs::write(path, all).expect("the report");
}
