//! `lint --fix`: edits of source files.

use std::collections::{BTreeMap, BTreeSet};

use source::{Diagnostic, DiskSink, DiskWorld, FileId, Fix, Sink, SourceMap, Span};
use source::{VPath, World};

/// The byte order mark, which no text holds.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Fixed {
    /// How many fixes were written.
    pub(crate) count: usize,
    /// Why files that a fix is for were left alone.
    pub(crate) left: BTreeSet<String>,
}

/// Applies the fixes of `findings` to the files of `world`.
///
/// A fix is applied whole or not at all: one whose edits overlap those of an earlier fix waits
/// for the next run, and one that touches a file which nobody should edit, or which is not the
/// text that was read, is left out.
pub(crate) fn apply(
    world: &DiskWorld,
    sources: &SourceMap,
    findings: &[Diagnostic],
) -> Result<Fixed, String> {
    let mut edits =
        Edits { world, sources, known: BTreeMap::new(), files: BTreeMap::new() };
    let mut fixed = Fixed::default();
    for fix in findings.iter().filter_map(|d| d.fix.as_ref()) {
        match edits.add(fix) {
            Ok(true) => fixed.count += 1,
            Ok(false) => {}
            Err(words) => {
                fixed.left.insert(words);
            }
        }
    }
    if fixed.count > 0 {
        edits.write()?;
    }
    Ok(fixed)
}

/// The edits of all files, and where each file is.
struct Edits<'a> {
    world: &'a DiskWorld,
    sources: &'a SourceMap,
    known: BTreeMap<FileId, Result<Option<VPath>, String>>,
    files: BTreeMap<VPath, File<'a>>,
}

/// A file as it is on the disk.
struct File<'a> {
    bytes: std::sync::Arc<[u8]>,
    edits: Vec<(Span, &'a str)>,
}

impl<'a> Edits<'a> {
    /// Takes a fix in; false if it cannot be.
    fn add(&mut self, fix: &'a Fix) -> Result<bool, String> {
        let mut places = Vec::new();
        for (span, text) in &fix.edits {
            let Some(place) = self.place(span.file)? else { return Ok(false) };
            let is_there = self.sources.file(span.file).text.get(span.range()).is_some();
            let free = self.files.get(&place).is_some_and(|file| {
                !file.edits.iter().any(|(k, _)| k.start < span.end && span.start < k.end)
            });
            if !is_there || !free {
                return Ok(false);
            }
            places.push((place, (*span, text.as_str())));
        }
        let is_some = !places.is_empty();
        for (place, edit) in places {
            if let Some(file) = self.files.get_mut(&place) {
                file.edits.push(edit);
            }
        }
        Ok(is_some)
    }

    /// Where a file is, its links resolved; `None` if nobody should edit it.
    fn place(&mut self, file: FileId) -> Result<Option<VPath>, String> {
        if let Some(known) = self.known.get(&file) {
            return known.clone();
        }
        let found = self.find(file);
        self.known.insert(file, found.clone());
        found
    }

    fn find(&mut self, id: FileId) -> Result<Option<VPath>, String> {
        let file = self.sources.file(id);
        let Some(place) = file.place.as_ref().filter(|_| file.editable) else {
            return Ok(None);
        };
        let real = self.world.canonical(place).map_err(|e| e.to_string())?;
        let bytes = self.world.read(&real).map_err(|e| e.to_string())?;
        let plain = bytes.strip_prefix(MARK).unwrap_or(&bytes);
        if std::str::from_utf8(plain).is_err() {
            return Err(format!("`{}` is left as it is: it is not UTF-8", file.path));
        }
        if plain != file.text.as_bytes() && *bytes != *file.text.as_bytes() {
            let words = "it is not the text that was checked";
            return Err(format!("`{}` is left as it is: {words}", file.path));
        }
        self.files.entry(real.clone()).or_insert(File { bytes, edits: Vec::new() });
        Ok(Some(real))
    }

    /// Writes every file that has edits.
    fn write(self) -> Result<(), String> {
        let shown = |path: &VPath| self.world.display(path);
        let sink = DiskSink::open(self.world.root(), &VPath::root(), ".thanos-gitops");
        let root = shown(&VPath::root());
        let sink = sink.map_err(|e| format!("cannot write to `{root}`: {e}"))?;
        let files = self.files.iter().filter(|(_, file)| !file.edits.is_empty());
        let staged: Vec<&VPath> = files
            .map(|(path, file)| {
                let staged = sink.stage(path, &file.edited(self.sources));
                staged.map_err(|e| format!("cannot write `{}`: {e}", shown(path)))?;
                Ok(path)
            })
            .collect::<Result<_, String>>()?;
        staged.into_iter().try_for_each(|path| {
            sink.publish(path).map_err(|e| format!("cannot write `{}`: {e}", shown(path)))
        })
    }
}

impl File<'_> {
    fn edited(&self, sources: &SourceMap) -> Vec<u8> {
        let mut edits = self.edits.clone();
        edits.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut bytes = self.bytes.to_vec();
        for (span, replacement) in edits {
            // A text may have been read without the mark.
            let skipped = self.bytes.len() - sources.file(span.file).text.len();
            let range = span.range().start + skipped..span.range().end + skipped;
            bytes.splice(range, replacement.bytes());
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use source::{Diagnostic, DiskWorld, Fix, SourceMap, Span, VPath};

    use super::apply;

    #[test]
    #[expect(clippy::disallowed_methods, reason = "the test looks at its files itself")]
    fn only_the_text_that_was_checked_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let files: [(&str, &[u8]); 4] = [
            ("marked.yaml", b"\xef\xbb\xbfold: 1\n"),
            ("bytes.yaml", b"old: \xff\n"),
            ("changed.yaml", b"meanwhile: 1\n"),
            ("plain.yaml", b"old: 1\n"),
        ];
        files.iter().for_each(|(n, b)| std::fs::write(folder.path().join(n), b).unwrap());
        let world = DiskWorld::new(folder.path(), folder.path()).unwrap();
        let sources = SourceMap::new();
        let finding = |name: &str| {
            let text = if name == "bytes.yaml" { "old: \u{fffd}\n" } else { "old: 1\n" };
            let file = sources.add_file(&world, &VPath::new(name).unwrap(), text);
            let mut finding = *Diagnostic::error(Span::new(file, 0, 3), "x");
            let edits = vec![(Span::new(file, 0, 3), "new".to_owned())];
            finding.fix = Some(Fix { title: String::new(), edits });
            finding
        };
        let mut findings: Vec<Diagnostic> =
            files.iter().map(|(n, _)| finding(n)).collect();
        // Nobody's file, by a name that one has.
        let flag = sources.add("plain.yaml", "old: 2\n");
        let mut other = finding("plain.yaml");
        other.fix = Some(Fix {
            title: String::new(),
            edits: vec![(Span::new(flag, 0, 3), "bad".to_owned())],
        });
        findings.insert(0, other);
        let fixed = apply(&world, &sources, &findings).unwrap();
        assert_eq!(fixed.count, 2);
        let left: Vec<bool> =
            fixed.left.iter().map(|words| words.ends_with("it is not UTF-8")).collect();
        assert_eq!(left, [true, false], "{:?}", fixed.left);
        let after: [&[u8]; 4] =
            [b"\xef\xbb\xbfnew: 1\n", b"old: \xff\n", b"meanwhile: 1\n", b"new: 1\n"];
        for ((name, _), after) in files.iter().zip(after) {
            assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), after, "{name}");
        }
    }
}
