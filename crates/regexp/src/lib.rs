//! Go's `regexp`, on the `regex` crate.
//!
//! Both engines search leftmost-first in linear time; their languages differ. `translate`
//! reads Go's syntax (regexp/syntax/parse.go of Go 1.26), finds Go's errors, and writes the
//! same pattern in the crate's syntax; `expand` fills in Go's replacement templates.

mod class;
mod escape;
mod expand;
mod fault;
mod translate;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use regex::bytes::{Regex, RegexBuilder};

pub use escape::quote_meta;

/// A compiled expression.
#[derive(Debug)]
pub struct Regexp {
    regex: Regex,
    /// The names of the groups, group 0 first; empty where there is none.
    names: Vec<String>,
    is_empty: bool,
}

thread_local! {
    /// Templates compile the same few expressions in loops.
    static HERE: RefCell<Cache> = const { RefCell::new(Cache::new()) };
}

/// The next render of a chart is another thread's, and compiles the same.
static ALL: Mutex<Cache> = Mutex::new(Cache::new());

/// The last expressions that were compiled.
type Cache = Vec<(Vec<u8>, Arc<Regexp>)>;

const CACHED: usize = 32;

fn find(cache: &Cache, pattern: &[u8]) -> Option<Arc<Regexp>> {
    cache.iter().find(|(key, _)| key == pattern).map(|(_, regexp)| regexp.clone())
}

fn add(cache: &mut Cache, pattern: &[u8], regexp: &Arc<Regexp>) {
    if cache.len() == CACHED {
        cache.remove(0);
    }
    cache.push((pattern.to_vec(), regexp.clone()));
}

fn all() -> MutexGuard<'static, Cache> {
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Regexp {
    /// Compiles an expression, or finds it among the last ones.
    ///
    /// # Errors
    ///
    /// As [`Regexp::new`].
    pub fn compile(pattern: &[u8]) -> Result<Arc<Regexp>, String> {
        if let Some(known) = HERE.with_borrow(|cache| find(cache, pattern)) {
            return Ok(known);
        }
        let known = find(&all(), pattern);
        let regexp = match known {
            Some(known) => known,
            None => {
                let made = Arc::new(Regexp::new(pattern)?);
                add(&mut all(), pattern, &made);
                made
            }
        };
        HERE.with_borrow_mut(|cache| add(cache, pattern, &regexp));
        Ok(regexp)
    }

    /// Compiles an expression; the error in Go's words. (`regexp.Compile`)
    ///
    /// # Errors
    ///
    /// What Go's parser refuses, and what the engine finds too large.
    pub fn new(pattern: &[u8]) -> Result<Regexp, String> {
        let (text, unreadable) = readable(pattern);
        let fail = |code: &str, at: &str| {
            let at = unreadable
                .map_or(Cow::Borrowed(at), |c| at.replace(c, "\u{FFFD}").into());
            format!("error parsing regexp: {code}: `{at}`")
        };
        let translated =
            translate::translate(&text, unreadable).map_err(|e| fail(e.code, e.at))?;
        let regex = RegexBuilder::new(&translated.pattern)
            .nest_limit(2000)
            .build()
            .map_err(|_| fail("expression too large", &text))?;
        Ok(Regexp { regex, names: translated.names, is_empty: text.is_empty() })
    }

    /// Is there a match?
    #[must_use]
    pub fn is_match(&self, text: &[u8]) -> bool {
        self.regex.is_match(&Haystack::new(text).text)
    }

    /// The first match.
    #[must_use]
    pub fn find(&self, text: &[u8]) -> Option<Range<usize>> {
        let haystack = Haystack::new(text);
        self.regex.find(&haystack.text).map(|m| haystack.range(m.range()))
    }

    /// The first `limit` matches, all if negative. (`FindAllStringIndex`)
    ///
    /// An empty match right after a match does not count.
    #[must_use]
    pub fn find_all(&self, text: &[u8], limit: i64) -> Vec<Range<usize>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let haystack = Haystack::new(text);
        let text = &*haystack.text;
        let mut found = Vec::new();
        let mut last_end = None;
        let mut at = 0;
        while found.len() < limit && at <= text.len() {
            let Some(m) = self.regex.find_at(text, at) else { break };
            let accepted = m.end() != at || Some(m.start()) != last_end;
            at = match m.end() == at {
                true => at + width(text, at).max(1),
                false => m.end(),
            };
            last_end = Some(m.end());
            if accepted {
                found.push(haystack.range(m.range()));
            }
        }
        found
    }

    /// Replaces every match by what `replacement` makes of it; the pieces of the result,
    /// each with the range of `text` that it is a copy of. (`replaceAll`)
    pub fn replace_all<'t>(
        &self,
        text: &'t [u8],
        replacement: impl Fn(&Groups) -> Vec<u8>,
    ) -> Vec<Piece<'t>> {
        let original = text;
        let haystack = Haystack::new(text);
        let text = &*haystack.text;
        let mut pieces = Vec::new();
        let (mut last_end, mut at, mut made_so_far) = (0, 0, 0);
        // A text of that length is refused by whoever asked for it.
        while at <= text.len() && made_so_far <= MAX_MADE {
            let Some(m) = self.regex.captures_at(text, at) else { break };
            let Some(whole) = m.get(0) else { break };
            let before = haystack.range(last_end..whole.start());
            pieces.push(Piece::kept(original, before));
            if whole.end() > last_end || whole.start() == 0 {
                let groups = m.iter().map(|group| Some(haystack.range(group?.range())));
                let made = replacement(&groups.collect());
                made_so_far += made.len();
                pieces.push(Piece { from: None, text: Cow::Owned(made) });
            }
            last_end = whole.end();
            at = whole.end().max(at + width(text, at).max(1));
        }
        let rest = haystack.range(last_end.min(text.len())..text.len());
        pieces.push(Piece::kept(original, rest));
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    }

    /// Fills in a replacement template. (`Expand`)
    #[must_use]
    pub fn expand(&self, template: &[u8], text: &[u8], groups: &Groups) -> Vec<u8> {
        expand::expand(template, text, groups, &self.names)
    }

    /// Cuts the text at every match, into `limit` pieces at most. (`Split`)
    #[must_use]
    pub fn split(&self, text: &[u8], limit: i64) -> Vec<Range<usize>> {
        if limit == 0 {
            return Vec::new();
        }
        if !self.is_empty && text.is_empty() {
            return std::iter::once(0..0).collect();
        }
        let most = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut pieces = Vec::new();
        let (mut start, mut end) = (0, 0);
        for m in self.find_all(text, limit) {
            if pieces.len() >= most - 1 {
                break;
            }
            end = m.start;
            if m.end != 0 {
                pieces.push(start..end);
            }
            start = m.end;
        }
        if end != text.len() {
            pieces.push(start..text.len());
        }
        pieces
    }
}

/// How many bytes replacements may make before they are too much for a text.
const MAX_MADE: usize = 1 << 28;

/// Where the groups of a match stand in the searched text, the whole match first.
pub type Groups = Vec<Option<Range<usize>>>;

/// An expression as text, and the character that stands in it for each byte that is no UTF-8,
/// one that it does not hold: Go finds such a byte when it comes to it, and other faults first.
fn readable(pattern: &[u8]) -> (Cow<'_, str>, Option<char>) {
    if let Ok(text) = std::str::from_utf8(pattern) {
        return (Cow::Borrowed(text), None);
    }
    let chunks = || pattern.utf8_chunks();
    let is_free = |c: &char| chunks().all(|chunk| !chunk.valid().contains(*c));
    let stands_in = ('\u{F0000}'..='\u{FFFFD}').find(is_free).unwrap_or('\u{FFFD}');
    let mut text = String::with_capacity(pattern.len());
    for chunk in chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| stands_in));
    }
    (Cow::Owned(text), Some(stands_in))
}

/// The text that is searched: where bytes are no UTF-8, Go sees U+FFFD for each of them.
struct Haystack<'t> {
    text: Cow<'t, [u8]>,
    /// For every offset of a mended text the offset in the original.
    offsets: Vec<usize>,
}

impl<'t> Haystack<'t> {
    fn new(text: &'t [u8]) -> Haystack<'t> {
        if std::str::from_utf8(text).is_ok() {
            return Haystack { text: Cow::Borrowed(text), offsets: Vec::new() };
        }
        let mut mended = Vec::with_capacity(text.len() + 8);
        let mut offsets = Vec::with_capacity(text.len() + 8);
        let mut at = 0;
        for chunk in text.utf8_chunks() {
            mended.extend_from_slice(chunk.valid().as_bytes());
            offsets.extend(at..at + chunk.valid().len());
            at += chunk.valid().len();
            for _ in chunk.invalid() {
                mended.extend_from_slice("\u{fffd}".as_bytes());
                offsets.extend([at; 3]);
                at += 1;
            }
        }
        offsets.push(at);
        Haystack { text: Cow::Owned(mended), offsets }
    }

    /// The range of the original text.
    fn range(&self, range: Range<usize>) -> Range<usize> {
        let at = |offset: usize| self.offsets.get(offset).copied().unwrap_or(offset);
        at(range.start)..at(range.end)
    }
}

/// A piece of the text that a replacement made.
#[derive(Clone, Debug)]
pub struct Piece<'t> {
    /// Where in the searched text it was copied from; `None` if a replacement wrote it.
    pub from: Option<Range<usize>>,
    /// The text of the piece.
    pub text: Cow<'t, [u8]>,
}

impl<'t> Piece<'t> {
    fn kept(text: &'t [u8], range: Range<usize>) -> Piece<'t> {
        let kept = text.get(range.clone()).unwrap_or_default();
        Piece { from: Some(range), text: Cow::Borrowed(kept) }
    }
}

/// The length of the character at `at`; 1 for a byte that starts none, 0 at the end.
fn width(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let head = rest.get(..4.min(rest.len())).unwrap_or_default();
    match head.utf8_chunks().next() {
        None => 0,
        Some(chunk) => chunk.valid().chars().next().map_or(1, char::len_utf8),
    }
}

/// The example of the README, as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

#[cfg(test)]
mod tests {
    use super::Regexp;

    fn replace(pattern: &str, text: &str, template: &str) -> String {
        let regexp = Regexp::compile(pattern.as_bytes()).unwrap();
        let text = text.as_bytes();
        let pieces =
            regexp.replace_all(text, |m| regexp.expand(template.as_bytes(), text, m));
        pieces.iter().map(|p| String::from_utf8_lossy(&p.text).into_owned()).collect()
    }

    #[test]
    fn replaces_as_go() {
        assert_eq!(replace("a(x*)b", "-ab-axxb-", "${1}W"), "-W-xxW-");
        assert_eq!(replace("a(x*)b", "-ab-axxb-", "$1W"), "---");
        assert_eq!(replace("a*", "baaac", "x"), "xbxcx");
        assert_eq!(replace("(?P<n>b)", "abc", "<$n>"), "a<b>c");
        assert_eq!(replace(r"\bfoo\b", "foo food", "$$"), "$ food");
    }

    #[test]
    fn faults_as_go() {
        let fault = |p: &str| Regexp::compile(p.as_bytes()).err().unwrap_or_default();
        let cases = [
            ("[", "missing closing ]: `[`"),
            ("a(b", "missing closing ): `a(b`"),
            ("a)b", "unexpected ): `a)b`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("*", "missing argument to repetition operator: `*`"),
            (r"\q", "invalid escape sequence: `\\q`"),
            ("\\", "trailing backslash at end of expression: ``"),
            ("[b-a]", "invalid character class range: `b-a`"),
            ("(?z)", "invalid or unsupported Perl syntax: `(?z`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
        ];
        for (pattern, message) in cases {
            assert_eq!(fault(pattern), format!("error parsing regexp: {message}"));
        }
    }
}
