//! Violations as the library nests them, and as it prints them.

use crate::Violation;
use crate::path::Path;
use crate::quoting::quote;

/// What a fault is but for its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Something is wrong with the value itself; causes say more.
    Own,
    /// Several things are wrong, each of which is a cause. (`kind.Group`)
    Group,
    /// What is referred to or is among `allOf` found several things.
    Gathered,
}

/// One node of the tree. (`ValidationError`)
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    /// The path of the value.
    pub(crate) path: Vec<String>,
    /// Is the path left out of the text? Of names the library tells no place.
    pub(crate) unplaced: bool,
    pub(crate) words: String,
    /// The key of the value that is not allowed, if one key is at fault.
    pub(crate) key: Option<String>,
    pub(crate) kind: Kind,
    pub(crate) causes: Vec<Fault>,
}

impl Fault {
    pub(crate) fn own(path: Path<'_>, words: impl Into<String>) -> Fault {
        Fault::of(Kind::Own, path, words.into(), Vec::new())
    }

    pub(crate) fn of(
        kind: Kind,
        path: Path<'_>,
        words: String,
        causes: Vec<Fault>,
    ) -> Fault {
        Fault { path: path.parts(), unplaced: false, words, key: None, kind, causes }
    }

    /// Several faults of one value: one of them is it, more are a group.
    pub(crate) fn group(path: Path<'_>, mut found: Vec<Fault>) -> Option<Fault> {
        match found.len() {
            0 | 1 => found.pop(),
            _ => Some(Fault::of(Kind::Group, path, FAILED.to_owned(), found)),
        }
    }

    /// The same of what is no part of the value: the name of a property of it.
    pub(crate) fn unplaced(mut self, path: Path<'_>) -> Fault {
        (self.unplaced, self.path) = (true, path.parts());
        let causes = self.causes.into_iter();
        self.causes = causes.map(|cause| cause.unplaced(path)).collect();
        self
    }

    /// What a reference at a path makes of what it found: it stands in the place of a group.
    pub(crate) fn referred(self, path: Path<'_>) -> Fault {
        match self.kind {
            Kind::Group => Fault { kind: Kind::Gathered, path: path.parts(), ..self },
            _ => self,
        }
    }

    /// All lines, indented below what they belong to. The outermost group is what the schema
    /// failed for, and is not told itself. (`display`)
    pub(crate) fn text(&self) -> String {
        let mut out = String::new();
        match self.kind {
            Kind::Group => self.causes.iter().for_each(|cause| cause.write(0, &mut out)),
            _ => self.write(0, &mut out),
        }
        out
    }

    fn write(&self, indent: usize, out: &mut String) {
        let path = if self.unplaced { &[] } else { self.path.as_slice() };
        let pointer: String = path
            .iter()
            .map(|part| format!("/{}", part.replace('~', "~0").replace('/', "~1")))
            .collect();
        let (margin, at) = ("  ".repeat(indent), quote(&pointer));
        *out += &format!("{margin}- at {at}: {}\n", self.words);
        self.causes.iter().for_each(|cause| cause.write(indent + 1, out));
    }

    /// What is wrong, value by value: each in one line, with why no alternative fits.
    pub(crate) fn violations(self) -> Vec<Violation> {
        if self.kind != Kind::Own {
            return self.causes.into_iter().flat_map(Fault::violations).collect();
        }
        let mut why: Vec<String> = Vec::new();
        for cause in self.causes.into_iter().flat_map(Fault::violations) {
            if !why.contains(&cause.words) {
                why.push(cause.words);
            }
        }
        let mut words = self.words;
        if !why.is_empty() {
            words = format!("{words}: {}", why.join("; "));
        }
        vec![Violation { path: self.path, words, key: self.key }]
    }
}

/// What a group is called.
const FAILED: &str = "validation failed";
