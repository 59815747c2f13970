//! Every text that was read or rendered in this process, by [`FileId`].

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::secret::MASK;
use crate::secret::is_word_for_secrets;
use crate::{FileId, Rendered, Span, VPath, World, masked};

/// Words are not searched for secrets that are shorter: they would mask half of a message.
const SHORTEST_SECRET: usize = 4;

/// Finds the secrets of a text: the bytes that nothing may show, sorted by start.
pub type SecretFinder = fn(&str) -> Vec<Range<usize>>;

/// A secret that is as long is no part of a longer word by chance.
const LONG_SECRET: usize = 8;

/// All files of a run. Shared by every thread; files are only ever added.
#[derive(Debug)]
pub struct SourceMap {
    files: RwLock<Files>,
    find_secrets: SecretFinder,
}

#[derive(Debug)]
struct Files {
    list: Vec<Arc<SourceFile>>,
    /// The last file of each path that people wrote: a base is read once for every cluster,
    /// and must not take room each time.
    by_path: HashMap<String, FileId>,
}

/// A file: its name for people, its text, and (if it was rendered) where its text came from.
#[derive(Debug)]
pub struct SourceFile {
    /// The path as people should read it.
    pub path: String,
    /// Where it is in its world; `None` for a text that is no file of one.
    pub place: Option<VPath>,
    /// The text. Bytes that are no UTF-8 were replaced when it was added.
    pub text: Arc<str>,
    /// May a person change this file? False for vendored charts and rendered text.
    pub editable: bool,
    /// Where the text came from, if a template made it.
    pub rendered: Option<Rendered>,
    line_starts: std::sync::OnceLock<Vec<u32>>,
    /// What somebody marked.
    tainted: Mutex<Vec<(u32, u32)>>,
    /// What the text itself says, searched when it is first shown.
    secrets: std::sync::OnceLock<Vec<Range<usize>>>,
    find_secrets: SecretFinder,
}

/// A place for people: both numbers count from 1, columns count characters.
#[derive(Clone, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The path as people should read it.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Default for SourceMap {
    fn default() -> Self {
        SourceMap::new()
    }
}

impl SourceMap {
    /// An empty map; it holds [`FileId::NONE`] only. What is secret must be marked.
    #[must_use]
    pub fn new() -> SourceMap {
        SourceMap::hiding(|_| Vec::new())
    }

    /// An empty map whose files are searched for secrets before any of their text is shown.
    #[must_use]
    pub fn hiding(find_secrets: SecretFinder) -> SourceMap {
        let none =
            SourceFile::new(String::new(), Arc::from(""), false, None, find_secrets);
        let files = Files { list: vec![Arc::new(none)], by_path: HashMap::new() };
        SourceMap { files: RwLock::new(files), find_secrets }
    }

    /// Adds a text that people wrote. The same text under the same path is the same file.
    pub fn add(&self, path: impl Into<String>, text: impl Into<Arc<str>>) -> FileId {
        self.add_written(path.into(), text.into(), None)
    }

    /// Adds the text of a file of a world, as [`add`](SourceMap::add) does; it can be found
    /// there again.
    pub fn add_file(
        &self,
        world: &dyn World,
        place: &VPath,
        text: impl Into<Arc<str>>,
    ) -> FileId {
        self.add_written(world.display(place), text.into(), Some(place.clone()))
    }

    fn add_written(&self, path: String, text: Arc<str>, place: Option<VPath>) -> FileId {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        let known = files.by_path.get(&path).copied();
        if let Some(id) = known
            && files.list.get(id.index()).is_some_and(|file| {
                file.text == text && (file.place == place || place.is_none())
            })
        {
            return id;
        }
        let id = FileId::new(files.list.len());
        files.by_path.insert(path.clone(), id);
        let file = SourceFile::new(path, text, true, None, self.find_secrets);
        files.list.push(Arc::new(SourceFile { place, ..file }));
        id
    }

    /// Adds a text that people should not change: a vendored chart's file.
    pub fn add_vendored(
        &self,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
    ) -> FileId {
        self.push(SourceFile::new(
            path.into(),
            text.into(),
            false,
            None,
            self.find_secrets,
        ))
    }

    /// Adds a text that a template made, with the record of where it came from.
    pub fn add_rendered(
        &self,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
        rendered: Rendered,
    ) -> FileId {
        let (path, text) = (path.into(), text.into());
        self.push(SourceFile::new(path, text, false, Some(rendered), self.find_secrets))
    }

    fn push(&self, file: SourceFile) -> FileId {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        files.list.push(Arc::new(file));
        FileId::new(files.list.len() - 1)
    }

    /// Shows every file.
    pub(crate) fn each(&self, see: &mut dyn FnMut(&SourceFile)) {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.list.iter().for_each(|file| see(file));
    }

    /// Lets go of texts that templates made; nothing may point into them any more.
    ///
    /// What people wrote stays, whatever it is called with.
    pub fn forget(&self, rendered: &[FileId]) {
        let mut files = self.files.write().unwrap_or_else(PoisonError::into_inner);
        let none = files.list[0].clone();
        for id in rendered {
            if let Some(file) = files.list.get_mut(id.index())
                && file.rendered.is_some()
            {
                *file = none.clone();
            }
        }
    }

    /// The file with this id.
    #[must_use]
    pub fn file(&self, id: FileId) -> Arc<SourceFile> {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        files.list.get(id.index()).unwrap_or(&files.list[0]).clone()
    }

    /// The text of a span; empty for a span of no file.
    #[must_use]
    pub fn text(&self, span: Span) -> String {
        self.file(span.file).text.get(span.range()).unwrap_or("").to_owned()
    }

    /// Path, line and column of a span's first byte; `None` for a span of no file.
    #[must_use]
    pub fn location(&self, span: Span) -> Option<Location> {
        if span.is_none() {
            return None;
        }
        let file = self.file(span.file);
        let (line, column) = file.line_column(span.start as usize);
        Some(Location { path: file.path.clone(), line, column })
    }

    /// Masks in some words every text that is secret in a file that people write.
    pub fn mask<'w>(&self, words: impl Iterator<Item = &'w mut String>) {
        let mut words = words.peekable();
        if words.peek().is_none() {
            return;
        }
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        let mut secrets: Vec<String> = Vec::new();
        for file in &files.list {
            // What charts bring is public, and what is rendered was written elsewhere.
            let searched = file.editable;
            let told = file.secrets_of(searched, 0..file.text.len());
            let told = told.filter(|line| line.chars().count() >= SHORTEST_SECRET);
            // A secret that is the name of a key, as in an example, is told by that name.
            let told = told.filter(|line| !names_a_key(&file.text, line));
            secrets.extend(told.map(str::to_owned));
        }
        drop(files);
        // A longer one may hold a shorter one.
        secrets.sort_unstable_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        secrets.dedup();
        for word in words {
            for secret in &secrets {
                if let Some(masked) = without(word, secret) {
                    *word = masked;
                }
            }
        }
    }

    /// Marks a span as secret: [`SourceFile::excerpt`] never shows it again.
    pub fn taint(&self, span: Span) {
        if !span.is_none() {
            self.file(span.file).taint(span.start, span.end);
        }
    }
}

/// Is a text the name of a key in a file?
fn names_a_key(file: &str, text: &str) -> bool {
    file.match_indices(text).any(|(at, found)| {
        let before = file.get(..at).and_then(|file| file.chars().next_back());
        let after = file.get(at + found.len()..).unwrap_or_default();
        before.is_none_or(char::is_whitespace) && after.starts_with(':')
    })
}

/// The text without a secret, if it tells it. A short one inside of a longer word (`admin` in
/// `adminPassword`) is told by chance, and so is one that is the word for it (`PASSWORD` in
/// `PASSWORDS ERROR` and in `$ROOT_PASSWORD`).
fn without(text: &str, secret: &str) -> Option<String> {
    let word = is_word_for_secrets(secret);
    let short = word || secret.chars().count() < LONG_SECRET;
    let (mut out, mut from) = (String::new(), 0);
    for (at, found) in text.match_indices(secret) {
        let end = at + found.len();
        let joins = |c: char| c.is_alphanumeric() || word && matches!(c, '_' | '-');
        let inside = |c: Option<char>| c.is_some_and(joins);
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(end..).and_then(|text| text.chars().next());
        if short && (inside(before) || inside(after)) {
            continue;
        }
        out.push_str(text.get(from..at).unwrap_or(""));
        out.push_str(MASK);
        from = end;
    }
    (from > 0).then(|| out + text.get(from..).unwrap_or(""))
}

impl SourceFile {
    fn new(
        path: String,
        text: Arc<str>,
        editable: bool,
        rendered: Option<Rendered>,
        find_secrets: SecretFinder,
    ) -> SourceFile {
        SourceFile {
            path,
            place: None,
            text,
            editable,
            rendered,
            line_starts: std::sync::OnceLock::new(),
            tainted: Mutex::new(Vec::new()),
            secrets: std::sync::OnceLock::new(),
            find_secrets,
        }
    }

    /// The first byte of every line.
    #[must_use]
    pub fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            let after = breaks.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX));
            std::iter::once(0).chain(after).collect()
        })
    }

    /// Line and column (in characters) of a byte, both from 1.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let starts = self.line_starts();
        let line = starts.partition_point(|s| *s as usize <= byte).max(1);
        let start = starts[line - 1] as usize;
        let mut end = byte.min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text.get(start..end).unwrap_or("").chars().count() + 1;
        (line, column)
    }

    /// The range of bytes of a line (from 1), without its line break.
    #[must_use]
    pub fn line_range(&self, line: usize) -> Range<usize> {
        let starts = self.line_starts();
        let start = starts.get(line.max(1) - 1).map_or(self.text.len(), |s| *s as usize);
        let end = starts.get(line.max(1)).map_or(self.text.len(), |s| *s as usize);
        let text = self.text.get(start..end).unwrap_or("");
        start..start + text.trim_end_matches(['\n', '\r']).len()
    }

    /// A line (from 1) as it may be shown: secrets masked.
    #[must_use]
    pub fn excerpt(&self, line: usize) -> String {
        self.masked_range(self.line_range(line))
    }

    /// A range of bytes as it may be shown: secrets masked.
    #[must_use]
    pub fn masked_range(&self, range: Range<usize>) -> String {
        let hidden = self.hidden(true, &range);
        masked(&self.text, range, &hidden)
    }

    /// The secrets that overlap a range, marked ones and, if the text is `searched`, found
    /// ones, sorted by start.
    fn hidden(&self, searched: bool, range: &Range<usize>) -> Vec<Range<usize>> {
        let tainted = self.tainted.lock().unwrap_or_else(PoisonError::into_inner);
        let marked = tainted.iter().map(|(start, end)| *start as usize..*end as usize);
        let found: &[Range<usize>] = match searched {
            true => self.secrets.get_or_init(|| (self.find_secrets)(&self.text)),
            false => &[],
        };
        let all = marked.chain(found.iter().cloned());
        let mut hidden: Vec<Range<usize>> =
            all.filter(|r| r.start < range.end && range.start < r.end).collect();
        hidden.sort_by_key(|range| (range.start, range.end));
        hidden
    }

    /// The secret texts within a span, a line each, without quotes: for whoever must not
    /// show them elsewhere.
    #[must_use]
    pub fn secrets_in(&self, span: Span) -> Vec<&str> {
        self.secrets_of(true, span.range()).collect()
    }

    fn secrets_of(
        &self,
        searched: bool,
        range: Range<usize>,
    ) -> impl Iterator<Item = &str> {
        let parts = self.hidden(searched, &range).into_iter();
        let parts = parts.map(move |r| r.start.max(range.start)..r.end.min(range.end));
        let lines = parts.flat_map(|part| self.text.get(part).unwrap_or("").lines());
        let bare = lines.map(|line| line.trim().trim_matches(['"', '\'']));
        bare.filter(|line| !line.is_empty())
    }

    fn taint(&self, start: u32, end: u32) {
        let mut tainted = self.tainted.lock().unwrap_or_else(PoisonError::into_inner);
        let at = tainted.partition_point(|range| *range < (start, end));
        if tainted.get(at) != Some(&(start, end)) {
            tainted.insert(at, (start, end));
        }
    }

    /// Does the span hold a byte that is marked as secret?
    #[must_use]
    pub fn is_tainted(&self, span: Span) -> bool {
        !self.hidden(true, &span.range()).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::SourceMap;
    use crate::Span;

    #[test]
    fn a_short_secret_is_masked_where_it_stands_alone() {
        let masked = |text: &str, secret| super::without(text, secret);
        assert_eq!(
            masked("`adminPassword` is `admin`", "admin").as_deref(),
            Some("`adminPassword` is `•••••`")
        );
        assert_eq!(masked("`adminPassword`", "admin"), None);
        let long = masked("xhunter2hunter2x", "hunter2hunter2");
        assert_eq!(long.as_deref(), Some("x•••••x"));
        let words = "PASSWORDS ERROR: --set a=$ROOT_PASSWORD";
        assert_eq!(masked(words, "PASSWORD"), None);
        assert_eq!(
            masked("it is PASSWORD.", "PASSWORD").as_deref(),
            Some("it is •••••.")
        );
        let file = "a:\n  adminPassword: adminPassword\n";
        assert!(super::names_a_key(file, "adminPassword"));
        assert!(!super::names_a_key(file, "Password"));
        assert!(!super::names_a_key("password: hunter2hunter2\n", "hunter2hunter2"));
    }

    #[test]
    fn columns_count_characters() {
        let map = SourceMap::new();
        let file = map.add("v.yaml", "a: 한국\nb: é!\n");
        let bang = map.file(file).text.find('!').unwrap();
        let place = map.location(Span::new(file, bang, bang + 1)).unwrap();
        assert_eq!((place.line, place.column), (2, 5));
        assert_eq!(map.file(file).excerpt(2), "b: é!");
    }

    #[test]
    fn a_file_that_is_read_twice_is_one() {
        let map = SourceMap::new();
        let first = map.add("a.yaml", "a: 1");
        assert_eq!(map.add("a.yaml", "a: 1"), first);
        assert_ne!(map.add("a.yaml", "a: 2"), first);
        assert_ne!(map.add("b.yaml", "a: 1"), first);
    }

    #[test]
    fn only_rendered_texts_are_forgotten() {
        let map = SourceMap::new();
        let written = map.add("a.yaml", "a: 1");
        let made = crate::Rendered {
            marks: [].into(),
            trace: crate::Trace::default().into(),
            slots: crate::SlotTable::default().into(),
            given: [].into(),
        };
        let rendered = map.add_rendered("chart", "b: 2", made);
        map.forget(&[written, rendered]);
        assert_eq!(&*map.file(written).text, "a: 1");
        assert_eq!(&*map.file(rendered).text, "");
    }

    #[test]
    fn tainted_text_is_masked_in_excerpts() {
        let map = SourceMap::new();
        let file = map.add("v.yaml", "user: a\npassword: hunter2 # x\n");
        let at = map.file(file).text.find("hunter2").unwrap();
        map.taint(Span::new(file, at, at + 7));
        assert_eq!(map.file(file).excerpt(2), "password: ••••• # x");
        assert_eq!(map.file(file).excerpt(1), "user: a");
    }
}
